"""A picture without anything to see says so, and so does its description."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

import plots
from plots.boards.models import Board, BoardItem
from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.presets.models import Preset
from plots.spec.registry import Kind, kinds, sources
from tests.html_pages import page, words
from tests.measure import axes_of, figure_of

BEYOND = "No data within the limits"
WITH_AXES = [kind for kind in kinds if not kind.no_axes]


def message_of(ax: Any) -> str:
    return " ".join(text.get_text() for text in ax.texts if "No data" in text.get_text())


def described(client: Client, kind: str, **query: str) -> list[str]:
    response = client.get(f"/plot/{kind}.txt", query)
    assert response.status_code == 200
    return response.content.decode().splitlines()


@pytest.mark.parametrize("kind", WITH_AXES, ids=lambda kind: kind.name)
@pytest.mark.parametrize("end", ["xmin", "xmax"])
def test_limits_beyond_all_data(kind: Kind, end: str, client: Client) -> None:
    given = {**kind.example}
    spec = read_spec(kind.name, as_parameters(given))
    channel = kind.axis_channels(spec.options)[0]
    is_date = load(spec).axis(channel).dtype == "date"
    far = ("9000-01-01", "1000-01-01") if is_date else ("1e6", "-1e6")
    given |= {end: far[end == "xmax"]}
    given.pop("xmax" if end == "xmin" else "xmin", None)
    assert message_of(axes_of(kind.name, **given)) == BEYOND
    response = client.get(f"/plot/{kind.name}.txt", as_parameters(given))
    first, *rest = response.content.decode().splitlines()
    if load(spec).series and not kind.is_random(spec.options):
        assert first.endswith(f"{BEYOND}.") and f"{BEYOND}." in rest
    assert client.get(f"/plot/{kind.name}.png", as_parameters(given)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("line", {"x": "0,10", "y": "1,5", "xmin": "4", "xmax": "6"}),  # crosses the picture
        ("line", {"x": "0,10", "y": "1,5", "xmin": "4", "xmax": "6", "steps": "after"}),
        ("area", {"x": "0,10", "y": "1,5", "xmin": "4", "xmax": "6", "ymax": "0.5"}),
        ("bar", {"y": "50,60", "ymin": "10", "ymax": "20"}),  # covers the picture
        ("bar", {"x": "1,2,3", "y": "5,6,7", "xmin": "3.2", "xmax": "5"}),  # a part of the last
        ("mesh", {"z": "1,2;3,4", "xmin": "0.1", "xmax": "0.2"}),  # within a cell
        ("scatter", {"x": "1,2", "y": "1,2", "xmin": "2"}),  # on the edge
        ("timeline", {"start": "1,2", "end": "9,3", "y": "a,b", "xmin": "5", "xmax": "6"}),
        ("stairs", {"x": "0,10", "y": "1", "xmin": "4", "xmax": "6"}),
        ("contourf", {"z": "1,2;3,4", "xmin": "0.4", "xmax": "0.6"}),
    ],
)
def test_what_reaches_into_the_picture_is_seen(kind: str, given: dict[str, str]) -> None:
    assert message_of(axes_of(kind, **given)) == ""


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("line", {"x": "1,2,3", "y": "1,,3", "xmin": "1.5", "xmax": "2.5"}),  # a gap
        ("bar", {"y": "5,6", "ymin": "10"}),  # below the picture
        ("scatter", {"x": "1,9", "y": "1,9", "xmin": "4", "xmax": "6"}),  # between points
        ("heatmap", {"z": "1,;,4", "xmin": "0.6", "ymax": "0.4"}),  # a cell without a number
        ("stem", {"y": "1,2,3", "xmin": "10"}),  # the base line is no data
        ("line", {"y": "1,2,3", "xmin": "10", "hline": "2,Goal"}),  # nor is a reference
    ],
)
def test_what_does_not_reach_into_the_picture_is_missed(kind: str, given: dict[str, str]) -> None:
    assert message_of(axes_of(kind, **given)) == BEYOND


def test_each_panel_says_it() -> None:
    given = {"y": "1,2,3,4,,", "facet": "a,a,b,b,c,c", "ymin": "2.5"}
    figure = figure_of("line", **given)
    assert [message_of(ax) for ax in figure.axes] == [BEYOND, "", "No data"]


@pytest.mark.parametrize("size", [(160, 60), (90, 120), (320, 240), (640, 480), (1600, 300)])
@pytest.mark.parametrize("lang", ["en", "ko", "zh-hans"])
def test_the_message_is_within_the_axes(size: tuple[int, int], lang: str) -> None:
    width, height = map(str, size)
    given = {"y": "1,2", "xmin": "10", "width": width, "height": height, "lang": lang}
    figure = figure_of("line", **given)
    (ax,) = figure.axes
    (text,) = ax.texts
    box, room = text.get_window_extent(), ax.bbox
    assert room.x0 <= box.x0 and box.x1 <= room.x1
    assert room.y0 <= box.y0 and box.y1 <= room.y1


def test_a_filter_that_leaves_no_rows(client: Client) -> None:
    plots.source("towns", version="1", visibility="public")(
        lambda: {"town": ["a", "b"], "people": [1, 2]}
    )
    try:
        query = {"source": "towns", "x": "town", "y": "people", "filter": "people__gt:5"}
        for kind in ("bar", "line", "scatter", "box", "pie", "stack"):
            response = client.get(f"/plot/{kind}.png", query)
            assert response.status_code == 200, (kind, response["X-Plot-Error"])
            first, *rest = described(client, kind, **query)
            assert first.endswith(" No data.") and rest == ["No data."]
        assert message_of(axes_of("bar", **query)) == "No data"
    finally:
        sources.unregister("towns")


@pytest.mark.django_db
def test_a_preset_and_its_tile_on_a_board(client: Client) -> None:
    preset = Preset.objects.create(
        visibility="public", slug="rain", title="Rain", kind="line",
        parameters={"y": "1,2,3", "xmin": "10"},
    )  # fmt: skip
    board = Board.objects.create(visibility="public", slug="all", title="All")
    BoardItem.objects.create(board=board, preset=preset, order=0)
    alt = f"Line chart: Rain. {BEYOND}."
    for path in ("/presets/rain/", "/boards/all/", "/"):
        assert alt in [image.get("alt") for image in page(client, path).iter("img")], path
    shown = page(client, "/presets/rain/").find(".//div[@class='description']")
    assert f"{BEYOND}." in words(shown)
    assert client.get("/presets/rain.png").status_code == 200
    assert f"{BEYOND}." in client.get("/presets/rain.txt").content.decode().splitlines()
