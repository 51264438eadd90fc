"""The admin of boards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from plots.boards.models import Board
from plots.presets.models import Preset
from tests.boards.boards_html import PATH, board, preset

pytestmark = pytest.mark.django_db


LIST = "/admin/plots_boards/board/"


def filled(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send of the form at ``url`` as it stands."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {
        field.html_name: value
        for form in forms
        for field in form
        if (value := field.value()) is not None
    }


def item(number: int, preset: Preset, **fields: Any) -> dict[str, Any]:
    given = {"preset": preset.pk, "width": 1, "order": 10 * number, **fields}
    return {f"items-{number}-{name}": value for name, value in given.items()}


def errors(response: Any) -> str:
    context = response.context
    (inline,) = context["inline_admin_formsets"]
    found = [
        context["adminform"].form.errors,
        inline.formset.non_form_errors(),
        *inline.formset.errors,
    ]
    return " ".join(map(str, filter(None, found)))


def test_add_and_change_a_board(admin_client: Client, admin_user: User) -> None:
    first, second = preset("one", "linewidth"), preset("two")
    data = filled(admin_client, f"{LIST}add/")
    data |= {"title": "New", "slug": "new", "controls": ["linewidth"], "refresh": 60}
    data |= {"items-TOTAL_FORMS": 2, **item(0, first, order=20), **item(1, second, width=2)}
    response = admin_client.post(f"{LIST}add/", data)
    assert response.status_code == 302, errors(response)
    made = Board.objects.get()
    assert (made.controls, made.refresh, made.author) == (["linewidth"], 60, admin_user)
    assert [(each.preset.slug, each.width) for each in made.items.all()] == [("two", 2), ("one", 1)]
    html = admin_client.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "/admin/r/" in html  # to its page
    # Saved as it stands, it stays as it is.
    url = f"{LIST}{made.pk}/change/"
    assert admin_client.post(url, filled(admin_client, url)).status_code == 302
    assert [each.preset.slug for each in made.items.all()] == ["two", "one"]
    assert 'href="/boards/new/"' in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"controls": ["grid"]}, "“grid”: no preset on this board lets visitors change it."),
        ({"items-0-fixed": "linewidth=thick"}, "linewidth: “thick” is not a number."),
        ({"items-0-fixed": "linwidth=3"}, "Did you mean “linewidth”?"),
        ({"items-0-fixed": "width=300"}, "follows from the width"),
        ({"items-0-fixed": "thick"}, "Enter name=value"),
        ({"items-0-width": "7"}, "7 is not one of the available choices"),
        ({"refresh": "1"}, "1 is not one of the available choices"),
    ],
)
def test_invalid_input_is_not_saved(
    changed: dict[str, Any], message: str, admin_client: Client
) -> None:
    preset("other", "grid")
    data = filled(admin_client, f"{LIST}add/") | {"title": "New", "slug": "new"}
    data |= {"items-TOTAL_FORMS": 1, **item(0, preset("one", "linewidth")), **changed}
    response = admin_client.post(f"{LIST}add/", data)
    assert response.status_code == 200
    assert message in errors(response)
    assert not Board.objects.exists()


@pytest.fixture
def editor(client: Client) -> Iterator[Client]:
    """May do all with boards, except to publish them."""
    user = User.objects.create_user("editor", is_staff=True)
    names = [f"{verb}_board" for verb in ("add", "change", "delete", "view")]
    user.user_permissions.set(Permission.objects.filter(codename__in=[*names, "view_preset"]))
    client.force_login(user)
    yield client


def test_without_publish_permission_new_boards_are_staff_only(editor: Client) -> None:
    data = filled(editor, f"{LIST}add/")
    assert data["visibility"] == "staff"
    data |= {"title": "New", "slug": "new", "items-TOTAL_FORMS": 1, **item(0, preset("one"))}
    assert "publi" in errors(editor.post(f"{LIST}add/", data | {"visibility": "public"}))
    assert editor.post(f"{LIST}add/", data).status_code == 302
    made = Board.objects.get()
    assert (made.visibility, made.items.count()) == ("staff", 1)
    url = f"{LIST}{made.pk}/change/"
    assert editor.post(url, filled(editor, url) | {"title": "Newer"}).status_code == 302
    assert Board.objects.get().title == "Newer"


def test_without_publish_permission_public_boards_are_read_only(editor: Client) -> None:
    made = board(preset("one"))
    url = f"{LIST}{made.pk}/change/"
    assert editor.get(url).status_code == 200  # to look at
    assert editor.post(url, {"title": "Mine"}).status_code == 403
    assert editor.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": made.pk, "post": "yes"}
    editor.post(LIST, bulk)
    assert [each.title for each in Board.objects.all()] == ["Both"]
    editor.logout()
    assert editor.get(LIST).status_code == 302


def test_edit_link_requires_permission(editor: Client, admin_client: Client) -> None:
    made = board(preset("one"))
    url = f"{LIST}{made.pk}/change/"
    assert url in admin_client.get(PATH).content.decode()
    assert url not in editor.get(PATH).content.decode()
