"""Pages for everybody do not tell the names of sources and columns that are not for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

import plots
from plots.presets.models import Preset
from plots.spec.registry import sources

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def preset() -> Iterator[Preset]:
    """A public preset of a source for a group."""
    plots.source("wages", visibility="groups", groups=["Editors"], version="1")(
        lambda: {"gross_pay": [1, 2], "name": ["Ada", "Bob"]}
    )
    yield Preset.objects.create(
        slug="p", title="P", kind="line", source="wages", visibility="public",
        parameters={"y": ["gross_pay"]},
    )  # fmt: skip
    sources.unregister("wages")


@pytest.fixture
def editor() -> Client:
    user = User.objects.create(username="editor")
    user.groups.add(Group.objects.create(name="Editors"))
    client = Client()
    client.force_login(user)
    return client


def is_found(client: Client, words: str) -> bool:
    return "/presets/p/" in client.get("/", {"q": words}).content.decode()


def test_a_search_does_not_find_hidden_sources(client: Client, editor: Client) -> None:
    for words in ("wages", "wage", "w"):
        assert is_found(editor, words) and not is_found(client, words), words
    assert is_found(client, "P") and is_found(client, "line")


def test_a_broken_preset_does_not_name_other_columns(client: Client, preset: Preset) -> None:
    preset.parameters = {"y": ["gros_pay"]}
    preset.save()
    for url in ("/presets/p.png", "/presets/p.csv", "/presets/p/", "/presets/p/embed/"):
        answer = client.get(url, headers={"accept": "text/html,image/png"})
        shown = answer.content.decode(errors="replace") + answer.get("X-Plot-Error", "")
        assert "gross_pay" not in shown and "Ada" not in shown, url


def test_the_page_names_the_source_only_to_its_users(client: Client, editor: Client) -> None:
    assert "Wages" in editor.get("/presets/p/").content.decode()
    shown: Any = client.get("/presets/p/")
    assert shown.status_code == 200 and "wages" not in shown.content.decode().lower()
