"""Permissions of presets in the admin."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client

from plots.datasets.models import Dataset
from plots.permissions import SITE, may_change, may_publish
from plots.presets.models import Preset
from tests.presets.editor import LIST, change, filled, form
from tests.presets.test_admin import ADD

pytestmark = pytest.mark.django_db
ROLES = ("view", "add", "change", "delete", "publish")


def member(*rights: str, **kwargs: Any) -> Client:
    user = User.objects.create(username="-".join(rights) or "none", is_staff=True, **kwargs)
    named = Permission.objects.filter(codename__in=[f"{right}_preset" for right in rights])
    assert len(named) == len(rights)
    user.user_permissions.set(named)
    client = Client()
    client.force_login(user)
    return client


def made(visibility: str) -> Preset:
    return Preset.objects.create(
        slug=visibility, title=visibility.title(), kind="line", visibility=visibility,
        parameters={"y": ["1,3,2"], "title": ["Drawn <i>"]},
    )  # fmt: skip


@pytest.fixture
def staff() -> Preset:
    return made("staff")


@pytest.fixture(params=["public", "unlisted"])
def published(request: pytest.FixtureRequest) -> Preset:
    return made(request.param)


def delete(preset: Preset) -> str:
    return f"{LIST}{preset.pk}/delete/"


def ask(client: Client, place: object, name: str) -> int:
    data = {"kind": "line", "source": "", "plot_y": "1,2"}
    return client.post(f"{LIST}{place}/{name}/", data).status_code


@pytest.mark.parametrize("right", [None, *ROLES])
def test_each_permission_grants_only_its_own_views(right: str | None, staff: Preset) -> None:
    client = member(*filter(None, [right]))
    sees = right in ("view", "change")
    assert client.get(LIST).status_code == (200 if sees else 403)
    assert client.get(change(staff)).status_code == (200 if sees else 403)
    assert client.get(ADD).status_code == (200 if right == "add" else 403)
    assert client.get(delete(staff)).status_code == (200 if right == "delete" else 403)
    for name in ("preview", "fields"):
        assert ask(client, "add", name) == (200 if right == "add" else 403)
        assert ask(client, staff.pk, name) == (200 if right == "change" else 403)
    posted = client.post(change(staff), {"title": "Forged"}).status_code
    assert posted == (200 if right == "change" else 403)  # 200: with errors at its fields
    assert Preset.objects.get().title == "Staff"
    posted = client.post(delete(staff), {"post": "yes"}).status_code
    assert posted == (302 if right == "delete" else 403)
    assert Preset.objects.count() == (right != "delete")


def test_without_publish_permission_new_presets_are_staff_only(staff: Preset) -> None:
    client = member("add", "change")
    shown = form(client, change(staff))
    assert [value for value, _ in shown.fields["visibility"].choices] == ["staff"]
    data = filled(shown) | {"title": "Better"}
    assert client.post(change(staff), data).status_code == 302
    assert Preset.objects.get().title == "Better"
    forged = client.post(change(staff), data | {"visibility": "public", "title": "Out"})
    assert "permission to publish" in forged.context["adminform"].form.errors["visibility"][0]
    new = filled(form(client, ADD)) | {"title": "N", "slug": "n", "plot_y": "1,2"}
    assert new["visibility"] == "staff"
    for wanted in ("public", "unlisted"):
        assert client.post(ADD, new | {"visibility": wanted}).status_code == 200
    assert client.post(ADD, new).status_code == 302
    assert {*Preset.objects.values_list("visibility", "title")} == {
        ("staff", "Better"), ("staff", "N"),
    }  # fmt: skip


def test_without_publish_permission_public_presets_are_read_only(published: Preset) -> None:
    client = member("add", "change", "delete")
    html = client.get(change(published)).content.decode()
    for hidden in (
        "_save",
        "_refresh",
        "deletelink",
        "preset_editor.js",
        "<select",
        "data-preview",
    ):
        assert hidden not in html, hidden
    assert "Drawn &lt;i&gt;" in html and f'src="/presets/{published.slug}.png' in html
    data = {"title": "Forged", "slug": "x", "kind": "line", "plot_y": "1", "visibility": "staff"}
    assert client.post(change(published), data).status_code == 403
    assert client.post(delete(published), {"post": "yes"}).status_code == 403
    assert ask(client, published.pk, "preview") == ask(client, published.pk, "fields") == 403
    chosen = {"action": "delete_selected", "_selected_action": [published.pk], "post": "yes"}
    client.post(LIST, chosen)
    assert Preset.objects.get().title == published.title


def test_a_preset_published_meanwhile_is_not_overwritten(staff: Preset) -> None:
    client = member("change")
    data = filled(form(client, change(staff))) | {"title": "Late"}
    Preset.objects.update(visibility="public")
    assert client.post(change(staff), data).status_code == 403
    assert Preset.objects.get().title == "Staff"


def test_publish_and_unpublish(staff: Preset) -> None:
    client = member("change", "delete", "publish")
    for wanted in ("public", "unlisted", "staff", "public"):
        data = filled(form(client, change(staff))) | {"visibility": wanted}
        assert client.post(change(staff), data).status_code == 302
        assert Preset.objects.get().visibility == wanted
    assert client.post(delete(staff), {"post": "yes"}).status_code == 302
    assert not Preset.objects.exists()


def test_view_permission_shows_image_and_values(staff: Preset) -> None:
    Preset.objects.update(overrides=["title"])
    html = member("view").get(change(staff)).content.decode()
    assert "Drawn &lt;i&gt;" in html and ">1,3,2<" in html
    assert html.count('src="/presets/staff.png') == 2
    for hidden in ("_save", "_refresh", 'name="plot_', "preset_editor.js"):
        assert hidden not in html, hidden


def test_edit_link_requires_permission(staff: Preset, published: Preset) -> None:
    for rights, preset, linked in (
        (["change"], staff, True),
        (["change"], published, False),
        (["change", "publish"], published, True),
        (["view"], staff, False),
    ):
        html = member(*rights).get(f"/presets/{preset.slug}/").content.decode()
        assert (change(preset) in html) == linked
        User.objects.all().delete()


def test_new_chart_link_requires_permission(tmp_path: Path) -> None:
    file = tmp_path / "hills.csv"
    file.write_text("place,height\na,1\nb,2\n")
    call_command("import_dataset", str(file), stdout=StringIO())
    url = f"/admin/plots_datasets/dataset/{Dataset.objects.get().pk}/change/"
    user = User.objects.create(username="reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_dataset"))
    client = Client()
    client.force_login(user)
    link = f"{ADD}?source=hills"
    assert link not in client.get(url).content.decode()
    user.user_permissions.add(Permission.objects.get(codename="add_preset"))
    assert link in client.get(url).content.decode()


def test_may_publish_and_may_change(staff: Preset, published: Preset) -> None:
    user = User.objects.create(username="u", is_staff=True)
    assert not may_publish(user, Preset) and not may_publish(None, Preset)
    assert may_publish(SITE, Preset)
    assert may_change(user, staff) and not may_change(user, published)
    user = User.objects.create_superuser("inactive", is_active=False)
    assert not may_publish(user, Preset)
