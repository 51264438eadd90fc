"""Groups that may see an object are chosen in its form, and count at the next request."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from plots.boards.models import Board
from plots.presets.models import Preset
from tests.boards.test_admin import filled as filled_board
from tests.datasets.uploads import create_dataset
from tests.presets.editor import filled, form
from tests.publishing.site import editor

pytestmark = pytest.mark.django_db
URLS = {
    "preset": "/presets/own.png",
    "board": "/boards/own/",
    "dataset": "/plot/bar.csv?source=own&x=town&y=people",
}


@pytest.fixture(params=URLS)
def saved(request: pytest.FixtureRequest) -> Any:
    """A staff-only object."""
    given = {"slug": "own", "title": "Own"}
    if request.param == "preset":
        return Preset.objects.create(kind="line", parameters={"y": ["1,2"]}, **given)
    if request.param == "board":
        return Board.objects.create(**given)
    return create_dataset(name="own", visibility="staff")


def save(client: Client, saved: Any, **fields: Any) -> Any:
    name = saved._meta.model_name
    url = f"/admin/{saved._meta.app_label}/{name}/{saved.pk}/change/"
    data = filled_board(client, url) if name == "board" else filled(form(client, url))
    data.pop("upload", None)
    return client.post(url, data | fields)


def test_groups_in_the_form(saved: Any, admin_client: Client) -> None:
    url = URLS[saved._meta.model_name]
    user = User.objects.create(username="ada")
    chosen, other = (Group.objects.create(name=name) for name in ("Editors", "Others"))
    user.groups.set([chosen])
    client = Client()
    client.force_login(user)
    assert client.get(url).status_code == 404

    refused = save(admin_client, saved, visibility="groups")
    errors = refused.context["adminform"].form.errors
    assert errors["groups"] == ["Choose at least one group, or another visibility."]
    saved.refresh_from_db()
    assert saved.visibility == "staff"

    assert save(admin_client, saved, visibility="groups", groups=[chosen.pk]).status_code == 302
    shown = client.get(url)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-cache")
    assert Client().get(url).status_code == 404
    user.groups.clear()
    assert client.get(url, headers={"if-none-match": shown.get("ETag", "")}).status_code == 404
    user.groups.set([other])
    assert client.get(url).status_code == 404
    user.groups.set([chosen])
    assert client.get(url).status_code == 200
    assert save(admin_client, saved, groups=[other.pk]).status_code == 302
    assert client.get(url).status_code == 404
    user.groups.set([other])
    assert client.get(url).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(url).status_code == 404


def test_groups_count_only_for_their_visibility(saved: Any, admin_client: Client) -> None:
    url = URLS[saved._meta.model_name]
    group = Group.objects.create(name="Editors")
    user = User.objects.create(username="ada")
    user.groups.set([group])
    client = Client()
    client.force_login(user)
    assert save(admin_client, saved, visibility="groups", groups=[group.pk]).status_code == 302
    assert client.get(url).status_code == 200
    assert save(admin_client, saved, visibility="staff").status_code == 302
    assert client.get(url).status_code == 404
    assert save(admin_client, saved, visibility="members").status_code == 302
    assert client.get(url).status_code == 200 and Client().get(url).status_code == 404


def test_groups_are_chosen_only_by_those_who_may_publish(saved: Any) -> None:
    chosen, other = (Group.objects.create(name=name) for name in ("Editors", "Others"))
    saved.groups.set([chosen])
    client = editor(publishes=False)
    assert save(client, saved, title="Changed", groups=[other.pk]).status_code == 302
    saved.refresh_from_db()
    assert saved.title == "Changed" and [*saved.groups.all()] == [chosen]
