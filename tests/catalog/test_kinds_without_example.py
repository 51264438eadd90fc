"""The catalogue with kinds that declare no example, or one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client

import plots
from plots.spec.registry import kinds
from tests.helpers import ask


def fail(*args: Any, **kwargs: Any) -> Any:
    raise ZeroDivisionError("in the code of a project")


def draw(ax: plots.Axes, data: plots.Data) -> None:
    for series in data.series:
        ax.plot(series.x, series.y)


@pytest.fixture
def own_kinds() -> Iterator[None]:
    plots.kind("guessed", channels=plots.XY)(draw)
    plots.kind("needs-more", channels=plots.XY, transform=reject)(draw)
    plots.kind("failing", channels=plots.XY, transform=fail, example={"y": "1"})(draw)
    plots.kind("generating", channels=plots.XY, generate=fail)(draw)
    yield
    for name in ("guessed", "needs-more", "failing", "generating"):
        kinds.unregister(name)


def reject(data: plots.Data) -> plots.Data:
    raise plots.PlotError("Ten values are needed.", "too-few", "y")


def card_of(page: str, kind: str) -> str:
    """Return the HTML of a kind in the catalogue."""
    (card,) = (each for each in page.split('<li class="card">') if f'/plot/{kind}/"' in each)
    return card.partition("</li>")[0]


@pytest.mark.django_db
def test_the_catalogue_shows_pictures_where_there_are_some(own_kinds: None, client: Client) -> None:
    response = client.get("/plot/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "/plot/guessed.png?y=3,5,2,4" in card_of(page, "guessed")
    for name in ("needs-more", "failing", "generating"):
        assert "<img" not in card_of(page, name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["guessed", "needs-more", "failing", "generating"])
def test_every_page_of_a_kind_is_served(own_kinds: None, client: Client, name: str) -> None:
    page = client.get(f"/plot/{name}/")
    assert page.status_code == 200
    has_picture = name == "guessed"
    assert (f"/plot/{name}.svg?y=3,5,2,4" in page.content.decode()) == has_picture
    assert ("Enter values to draw this chart." in page.content.decode()) != has_picture
    assert "cannot be drawn" not in page.content.decode()  # the visitor made no mistake
    assert client.get("/plot/openapi.json").status_code == 200


@pytest.mark.django_db
def test_a_failing_kind_is_an_error_at_its_url(own_kinds: None, client: Client) -> None:
    response = ask(client, "/plot/failing.png", {"y": "1,2"})
    assert response.status_code == 500
    (error,) = response.json()["errors"]
    assert error["code"] == "failed"
    assert error["message"] == "The kind “failing” failed; it has been logged."
    shown = client.get("/plot/failing/", {"y": "1,2"})
    assert shown.status_code == 200
    assert "The kind “failing” failed" in shown.content.decode()


def test_with_debug_the_exception_is_named(own_kinds: None, client: Client, settings: Any) -> None:
    settings.DEBUG = True
    (error,) = ask(client, "/plot/failing.png", {"y": "1,2"}).json()["errors"]
    assert error["message"].endswith("ZeroDivisionError: in the code of a project")


def test_the_commands_list_all_kinds(own_kinds: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("kinds")
    assert "| `generating` |" in capsys.readouterr().out


def test_tags_of_failing_kinds_do_not_break_a_page(own_kinds: None) -> None:
    for name in ("failing", "generating", "guessed"):
        tag = f'{{% load plots %}}{{% plot_img "{name}"{" y=y" if name != "generating" else ""} %}}'
        assert "<img" in Template(tag).render(Context({"y": [1, 2]}))
