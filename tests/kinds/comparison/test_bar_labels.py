"""Values at bars, and errors of bars."""

from __future__ import annotations

import pytest
from django.test import Client
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from plots.rendering.figure import notes_of
from plots.spec.themes import LIGHT
from tests.helpers import problems
from tests.kinds.artists import annotations_of
from tests.measure import axes_of, figure_of, panels_of, tick_texts


def test_bars_with_errors() -> None:
    ax = axes_of("bar", y=["3,5", "2,4"], error=["1,", "0.5,2"])
    lines = [each for each in ax.collections if isinstance(each, LineCollection)]
    drawn = [[segment.round(9).tolist() for segment in each.get_segments()] for each in lines]
    assert drawn == [
        [[[-0.19, 2], [-0.19, 4]]],
        [[[0.19, 1.5], [0.19, 2.5]], [[1.19, 2], [1.19, 6]]],
    ]
    assert ax.lines[0].get_ydata().tolist() == [2, 4]  # the caps
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 6


def test_values_are_beyond_their_errors() -> None:
    for orientation, at in (("vertical", 1), ("horizontal", 0)):
        options = {"values": "1", "orientation": orientation}
        ax = axes_of("bar", y="3,-2,4", error="1,0.5,", **options)
        assert [text.xy[at] for text in ax.texts] == [4, -2.5, 4]


def test_one_column_of_errors_is_for_all_bars() -> None:
    ax = axes_of("bar", y=["3,5", "2,4"], error="1,1", orientation="horizontal")
    lines = [each for each in ax.collections if isinstance(each, LineCollection)]
    ends = [[segment[:, 0].tolist() for segment in each.get_segments()] for each in lines]
    assert ends == [[[2, 4], [4, 6]], [[1, 3], [3, 5]]]
    assert [(caps.get_marker(), caps.get_xdata().tolist()) for caps in ax.lines] == [
        ("|", [2, 4, 4, 6]),
        ("|", [1, 3, 3, 5]),
    ]


def test_invalid_errors_of_bars(client: Client) -> None:
    path, two = "/plot/bar.png", {"y": ["1,2", "3,4"]}
    assert problems(client, path, {"y": "1,2", "error": "1,-1"}) == [("error", "out-of-range")]
    found = problems(client, path, {**two, "error": "1,1", "mode": "stacked"})
    assert found == [("error", "invalid")]
    assert problems(client, path, {**two, "error": ["1,1"] * 3}) == [("error", "unequal-lengths")]
    assert problems(client, path, {"y": "1,-2", "mode": "percent"}) == [("y", "out-of-range")]


def test_values_at_bars() -> None:
    y = ["12,-1234.6,", "7,0.25,3"]
    assert annotations_of(axes_of("bar", x="a,b,c", y=y)) == []
    assert annotations_of(axes_of("bar", x="a,b,c", y=y, values="1")) == [
        "12.00", "−1,234.60", "7.00", "0.25", "3.00"
    ]  # fmt: skip
    lying = {"orientation": "horizontal", "mode": "stacked"}
    ax = axes_of("bar", x="a,b", y=["10,9", "20,0"], values="1", **lying)
    assert annotations_of(ax) == ["10", "9", "20"]  # a bar of 0 is not visible
    ax = axes_of("bar", x="a,b", y=["10,9", "20,0.01"], values="1", **lying)
    assert annotations_of(ax) == []  # there is no room for 0.01
    ax = axes_of("bar", x="a,b", y=["1,3", "2,1"], values="1", mode="percent")
    assert annotations_of(ax) == ["33%", "75%", "67%", "25%"]


@pytest.mark.parametrize(
    ("y", "texts"),
    [
        ("1200000,800000", ["1.2M", "0.8M"]),
        ("1000001,1000002", ["1,000,001", "1,000,002"]),
        ("36:00:00,00:30:00", ["36:00:00", "00:30:00"]),
    ],
)
def test_values_of_all_panels_have_one_unit(y: str, texts: list[str]) -> None:
    figure = figure_of("bar", x="a,b", y=y, values="1", facet="one,two")
    assert [text for ax in panels_of(figure) for text in annotations_of(ax)] == texts
    assert notes_of(figure) == ()


@pytest.mark.parametrize("mode", ["grouped", "stacked"])
def test_all_values_are_written_or_none(client: Client, mode: str) -> None:
    note = "The values are not written, because there is no room for all of them."
    query = {"x": "a,b", "y": ["100,90", "100,0.1"], "values": "1", "mode": mode}
    if mode == "grouped":
        query["x"] = ",".join(f"n{place}" for place in range(20))
        query["y"] = ",".join(str(1_000_000 + place) for place in range(20))
    ax = axes_of("bar", **query)
    assert annotations_of(ax) == []
    assert note in client.get("/plot/bar.txt", query).content.decode().splitlines()
    assert note in client.get("/plot/bar.svg", query).content.decode()


@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_axes_of_percents_say_so(orientation: str) -> None:
    query = {"x": "a,b", "y": ["1,3", "2,1"], "mode": "percent", "orientation": orientation}
    ax = axes_of("bar", **query)
    axis = ax.yaxis if orientation == "vertical" else ax.xaxis
    assert tick_texts(axis)[0] == "0%" and tick_texts(axis)[-1] == "100%"


def test_values_are_legible_on_their_bars() -> None:
    for colors, ink in (("000", LIGHT.ground), ("ffe", LIGHT.ink)):
        ax = axes_of("bar", y=["9", "8"], values="1", mode="stacked", colors=colors)
        assert {to_hex(text.get_color()) for text in ax.texts} == {ink}


def test_values_that_would_overlap_are_left_out() -> None:
    y = ",".join(["1000"] * 40)
    narrow = axes_of("bar", y=y, values="1")
    assert annotations_of(narrow) == []
    renderer = narrow.figure.canvas.get_renderer()
    shown = axes_of("bar", y=",".join(["10"] * 20), values="1")
    boxes = [text.get_window_extent(renderer) for text in shown.texts if text.get_visible()]
    assert len(boxes) == 20
    assert all(a.x1 < b.x0 for a, b in zip(boxes, boxes[1:], strict=False))
    assert annotations_of(axes_of("bar", y="1,2", values="1", width="160", height="100")) == []
