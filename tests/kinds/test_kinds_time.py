"""What candlestick, sparkline and timeline draw, read back from the Artists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import messages, picture_of, problems
from tests.measure import axes_of, figure_of, tick_texts, words_of

DAYS = "2026-01-01,2026-01-02,2026-01-03"


# candlestick


PRICES = {"open": "1,5,3", "high": "6,7,3", "low": "0.5,2,3", "close": "5,3,3"}


def candles_of(ax: Any) -> dict[str, list[list[float]]]:
    """The bodies of each label as left, right, bottom, top."""
    return {
        str(each.get_label()): [
            [*path.get_extents().intervalx, *path.get_extents().intervaly]
            for path in each.get_paths()
        ]
        for each in ax.collections
        if isinstance(each, PolyCollection)
    }


def test_candlestick_draws_bodies_and_wicks() -> None:
    ax = axes_of("candlestick", x="1,2,3", **PRICES, bodywidth="0.5")
    bodies = candles_of(ax)
    assert_allclose(bodies["Up"], [(0.75, 1.25, 1, 5), (2.75, 3.25, 3, 3)])
    assert_allclose(bodies["Down"], [(1.75, 2.25, 3, 5)])
    up, down = (each for each in ax.collections if isinstance(each, LineCollection))
    ends: Any = [[(1, 0.5), (1, 1)], [(3, 3), (3, 3)], [(1, 5), (1, 6)], [(3, 3), (3, 3)]]
    assert_allclose(up.get_segments(), ends)
    assert_allclose(down.get_segments(), [[(2, 2), (2, 3)], [(2, 5), (2, 7)]])
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["Up", "Down"]


def test_candlestick_up_and_down_differ_in_colour_and_in_filling() -> None:
    def fills(**options: str) -> list[tuple[str, str]]:
        bodies = axes_of("candlestick", **PRICES, **options).collections[1::2]
        return [
            (to_hex(each.get_facecolor()[0]), to_hex(each.get_edgecolor()[0])) for each in bodies
        ]

    blue, orange = LIGHT.palette[:2]
    assert fills() == [(LIGHT.ground, blue), (orange, orange)]
    assert fills(rising="filled") == [(blue, blue), (orange, orange)]
    assert fills(colors="111111,999999")[1][0] == "#999999"
    widths = {
        each.get_linewidth()[0]
        for each in axes_of("candlestick", **PRICES, linewidth="3").collections
    }
    assert widths == {3}


def test_candlesticks_as_bars() -> None:
    ax = axes_of("candlestick", x="1,2,3", **PRICES, shape="bars", bodywidth="0.5")
    down: Any = ax.collections[1].get_segments()
    expected: Any = [[(2, 2), (2, 7)], [(1.75, 5), (2, 5)], [(2, 3), (2.25, 3)]]
    assert_allclose(down, expected)
    assert [each.get_label() for each in ax.collections] == ["Up", "Down"]
    assert len(ax.figure.legends[0].get_texts()) == 2


def test_candlestick_skips_days_without_a_row() -> None:
    days = "2026-01-02,2026-01-05,2026-01-06"
    shown = axes_of("candlestick", x=days, **PRICES)
    assert_allclose([body[0] for body in candles_of(shown)["Up"]], [20454.68, 20458.68], atol=0.01)
    skipped = axes_of("candlestick", x=days, **PRICES, gaps="skip")
    assert_allclose(candles_of(skipped)["Up"], [(-0.32, 0.32, 1, 5), (1.68, 2.32, 3, 3)])
    assert tick_texts(skipped.xaxis) == days.split(",")
    named = axes_of("candlestick", x="a,b,c", **PRICES, gaps="skip")
    assert tick_texts(named.xaxis) == ["a", "b", "c"]


def test_candlestick_with_a_gap_with_one_row_and_with_none(client: Client) -> None:
    gap = PRICES | {"high": "6,,3"}
    assert [*candles_of(axes_of("candlestick", **gap))] == ["Up"]
    one = dict.fromkeys(PRICES, "7")
    assert_allclose(
        candles_of(axes_of("candlestick", x="2026-01-01", **one))["Up"],
        [(20453.68, 20454.32, 7, 7)],
    )
    nothing = axes_of("candlestick", **(one | {"low": "nan"}))
    assert words_of(nothing) == ["No data"]
    table = client.get("/plot/candlestick.csv", PRICES).content.decode()
    assert table.splitlines()[:2] == ["open,high,low,close", "1,6,0.5,5"]


def test_candlestick_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/candlestick.png", PRICES | query)

    assert wrong(high="6,1,3") == [("high", "out-of-range")]
    assert (
        messages(client, "candlestick", **(PRICES | {"high": "6,1,3"}))["high"]
        == "In row 2, high (1) is below low (2)."
    )
    assert wrong(low="") == [("low", "required")]
    assert wrong(open="a,b,c")[0][0] == "open"
    assert wrong(close="1,2") == [("close", "unequal-lengths")]
    cold = dict.fromkeys(PRICES, "-1,-1,-1")
    assert wrong(**cold, yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(gaps="hide") == [("gaps", "invalid_choice")]
    picture_of(client, "candlestick", **PRICES, yscale="log")


@pytest.mark.parametrize("value", ["1e300", "-1e300", "0", "1e-323"])
def test_candlesticks_all_alike(client: Client, value: str) -> None:
    picture_of(client, "candlestick", **dict.fromkeys(PRICES, f"{value},{value}"))


# sparkline


def test_sparkline_marks_the_last_point() -> None:
    line, dots = axes_of("sparkline", x="1,2,4,5", y="3,9,1,").lines
    assert_allclose(line.get_xydata(), [(1, 3), (2, 9), (4, 1), (5, np.nan)])
    assert dots.get_xydata().tolist() == [[4, 1]]
    assert (dots.get_marker(), dots.get_linestyle()) == ("o", "None")


@pytest.mark.parametrize(
    ("mark", "places"), [("last", [4, 7]), ("extremes", [1, 2, 4, 7]), ("none", [4])]
)
def test_sparkline_marks(mark: str, places: list[int]) -> None:
    """A point between two gaps is always seen."""
    y = "5,1,9,,2,,4,3"
    dots = axes_of("sparkline", y=y, mark=mark).lines[1]
    assert dots.get_xydata().tolist() == [[place, float(y.split(",")[place])] for place in places]


def test_sparkline_options() -> None:
    ax = axes_of("sparkline", y="2,1,3", linewidth="3", markersize="9", fill="0.5")
    assert (ax.lines[0].get_linewidth(), ax.lines[1].get_markersize()) == (3, 9)
    assert ax.collections[0].get_alpha() == 0.5
    assert ax.collections[0].get_paths()[0].get_extents().ymin == 1
    assert not axes_of("sparkline", y="2,1,3", fill="0").collections


@pytest.mark.parametrize("size", [(120, 30), (64, 16), (240, 60)])
def test_a_small_sparkline_fills_its_picture_and_is_whole(size: tuple[int, int]) -> None:
    width, height = map(str, size)
    figure = figure_of("sparkline", y="1,4,2,9", width=width, height=height)
    figure.canvas.draw()
    boxes = [line.get_window_extent() for line in figure.axes[0].lines]
    room = figure.axes[0].lines[1].get_markersize() / 2 * figure.dpi / 72
    assert not any(line.get_clip_on() for line in figure.axes[0].lines)
    assert boxes[0].width > 0.88 * size[0] and boxes[0].height > 0.5 * size[1]
    assert boxes[1].x1 <= size[0] and boxes[1].y1 <= size[1]
    assert boxes[0].x1 + room <= size[0] + 0.1 and boxes[0].y1 + room <= size[1] + 0.1


def test_sparklines_of_dates_names_series_and_nothing(client: Client) -> None:
    assert_allclose(
        axes_of("sparkline", x=DAYS, y="1,2,3").lines[0].get_xdata(), [20454, 20455, 20456]
    )
    assert_allclose(axes_of("sparkline", x="a,b,a", y="1,2,3").lines[0].get_xdata(), [0, 1, 0])
    ax = axes_of("sparkline", y=["1,2", "3,4"], label=["one", "two"])
    colors = [to_hex(line.get_color()) for line in ax.lines]
    assert colors == [color for color in LIGHT.palette[:2] for _ in "ld"]
    assert words_of(axes_of("sparkline", y="nan")) == ["No data"]
    for values in ("5", "1e300,-1e300", "1e300,1e300", "7,7,7", "1e-323,0"):
        picture_of(client, "sparkline", y=values, width="120", height="30")
    assert problems(client, "/plot/sparkline.png", {"x": "1"}) == [("y", "required")]
    assert problems(client, "/plot/sparkline.png", {"y": "a,b"})[0][0] == "y"


# timeline


PLAN = {"start": "1,2,6", "end": "5,4,9", "y": "one,two,one"}


def bars_of(ax: Any) -> dict[str, list[list[float]]]:
    return candles_of(ax)


def test_timeline_draws_bars_on_rows_the_first_on_top() -> None:
    ax = axes_of("timeline", **PLAN, barheight="0.5")
    (bars,) = bars_of(ax).values()
    assert_allclose(bars, [(1, 5, -0.25, 0.25), (2, 4, 0.75, 1.25), (6, 9, -0.25, 0.25)])
    assert ax.yaxis.get_inverted()
    assert tick_texts(ax.yaxis) == ["one", "two"]


def test_timeline_of_dates_and_of_rows_by_number() -> None:
    ax = axes_of("timeline", start=DAYS, end="2026-02-01,2026-02-01T12:00,2026-02-02", y="7,3,7")
    (bars,) = bars_of(ax).values()
    assert_allclose([bar[:2] for bar in bars], [(20454, 20485), (20455, 20485.5), (20456, 20486)])
    assert tick_texts(ax.yaxis) == ["3", "7"]
    assert tick_texts(ax.xaxis)[0] == "Jan 1\n2026"
    assert (
        axes_of(
            "timeline", start="2026-01-01", end="2026-02-01", y="a", xmin="2026-01-15"
        ).get_xlim()[0]
        == 20468
    )


def test_timeline_by_name() -> None:
    ax = axes_of("timeline", **PLAN, by="u,v,u", alpha="0.5")
    assert {label: len(bars) for label, bars in bars_of(ax).items()} == {"u": 2, "v": 1}
    colors = [to_hex(each.get_facecolor()[0]) for each in ax.collections]
    assert colors == list(LIGHT.palette[:2])
    assert {each.get_alpha() for each in ax.collections} == {0.5}


def test_a_bar_of_no_length_is_a_diamond() -> None:
    ax = axes_of("timeline", start="1,3", end="2,3", y="a,b", by="bar,moment")
    (diamond,) = [line for line in ax.lines if len(line.get_xdata())]
    assert (diamond.get_xydata().tolist(), diamond.get_marker()) == ([[3, 1]], "D")
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["bar", "moment"]


def test_timeline_writes_into_bars_where_words_fit() -> None:
    given = PLAN | {"text": "short,words that are much too long for so short a bar as this one is,"}
    ax = axes_of("timeline", **given)
    assert words_of(ax) == ["short"]
    (words,) = [text for text in ax.texts if text.get_visible()]
    assert words.xy == (3, 0)
    # A later bar covers the second half of this one: the words stand in the first.
    ax = axes_of("timeline", start="0,5", end="10,15", y="a,a", text="1,2")
    assert [(text.xy[0], text.get_text()) for text in ax.texts] == [(2.5, "1"), (10, "2")]
    many = ",".join(map(str, range(501)))
    assert not axes_of("timeline", start=many, end=many, y=many, text=many).texts


def test_timeline_with_a_gap_and_with_nothing(client: Client) -> None:
    (bars,) = bars_of(axes_of("timeline", start="1,,3", end="2,3,", y="a,b,c")).values()
    assert_allclose(bars, [(1, 2, -0.31, 0.31)])
    assert words_of(axes_of("timeline", start="1", end="nan", y="a")) == ["No data"]
    for start, end in (("-1e300", "1e300"), ("5", "5"), ("0", "1e-323")):
        picture_of(client, "timeline", start=start, end=end, y="a")
    picture_of(client, "timeline", start="0001-01-01", end="9999-12-31", y="a")
    table = client.get("/plot/timeline.csv", PLAN).content.decode()
    assert table.splitlines()[:2] == ["start,end,y", "1,5,one"]


def test_timeline_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/timeline.png", PLAN | query)

    assert wrong(end="5,1,9") == [("end", "out-of-range")]
    days = messages(client, "timeline", start="2026-01-02", end="2026-01-01", y="a")
    assert days["end"] == "The end 2026-01-01 is before its start, 2026-01-02."
    assert wrong(end=DAYS) == [("end", "not-a-number")]
    assert wrong(start=DAYS) == [("end", "not-a-date")]
    assert wrong(start="a,b,c") == [("start", "not-a-date")]
    assert wrong(y="") == [("y", "required")]
    assert wrong(start="0,1,2", xscale="log") == [("xscale", "invalid-scale")]
    assert wrong(yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(xmin="2026-01-01") == [("xmin", "not-a-number")]
    picture_of(client, "timeline", **PLAN, xscale="log")
