"""Radar, polar, gauge, candlestick, sparkline, timeline and formula, read back from the Artists."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.text import Annotation
from numpy.testing import assert_allclose

from plots.forms import read_spec, write_parameters
from plots.registry import kinds
from plots.shortcuts import plot_spec
from plots.themes import LIGHT
from tests.helpers import ask, pixels, problems
from tests.measure import axes_of, figure_of, layout_problems, tick_texts

DAYS = "2026-01-01,2026-01-02,2026-01-03"


def words_of(ax: Any) -> list[str]:
    """The words that are seen in the drawing."""
    return [text.get_text() for text in ax.texts if text.get_visible()]


def drawn(client: Client, kind: str, **query: Any) -> Any:
    response = client.get(f"/plot/{kind}.png", query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return pixels(response)


def messages(client: Client, kind: str, **query: Any) -> dict[str, str]:
    """What each parameter that is at fault is told."""
    response = ask(client, f"/plot/{kind}.png", query)
    assert response.status_code == 400
    return {error["parameter"]: error["message"] for error in response.json()["errors"]}


def words_apart(figure: Any) -> bool:
    """Whether no words in the drawing overlap or leave the picture."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    seen = [text for text in figure.axes[0].texts if text.get_visible() and text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in seen]
    width, height = figure.bbox.size
    inside = all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= width and b.y1 <= height for b in boxes)
    return inside and not any(
        a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[place + 1 :]
    )


# radar


def radii_of(line: Any) -> list[float]:
    return [round(float(r), 9) for r in np.hypot(*np.asarray(line.get_xydata()).T)]


def test_radar_draws_a_closed_polygon_on_its_spokes() -> None:
    ax = axes_of("radar", x="a,b,c,d", y="10,5,0,2", rmin="0", rmax="10")
    (line,) = ax.lines
    assert_allclose(line.get_xydata(), [(0, 1), (0.5, 0), (0, 0), (-0.2, 0), (0, 1)], atol=1e-9)
    assert_allclose(ax.patches[0].get_xy()[:4], line.get_xydata()[:4], atol=1e-9)
    assert to_hex(line.get_color()) == LIGHT.palette[0]
    assert words_of(ax)[:4] == ["a", "b", "c", "d"]
    assert {"2", "4", "6", "8"} <= set(words_of(ax))
    assert not ax.axison


def test_radar_with_a_gap_and_with_one_point() -> None:
    ax = axes_of("radar", x="a,b,c,d", y="4,,4,4")
    assert radii_of(ax.lines[0])[0] == 1.0 and math.isnan(radii_of(ax.lines[0])[1])
    # The area has nothing where the line has a gap.
    assert_allclose(ax.patches[0].get_xy()[1], (0, 0), atol=1e-12)
    (line,) = axes_of("radar", x="a,b,c", y=",3,").lines
    assert np.isfinite(radii_of(line)).sum() == 1
    assert line.get_marker() == "o"


def test_radar_of_negatives_has_a_ring_for_them() -> None:
    ax = axes_of("radar", x="a,b,c", y="-10,0,10")
    assert radii_of(ax.lines[0]) == [0, 0.5, 1, 0]
    (rings,) = [c for c in ax.collections if len(c.get_segments()[0]) > 2]
    zero = [to_hex(color) for color in rings.get_colors()].index(LIGHT.line)
    assert_allclose(np.hypot(*rings.get_segments()[zero][0]), 0.5)


def test_radar_of_series_of_dates_and_of_what_is_missing() -> None:
    ax = axes_of("radar", x=DAYS + "," + DAYS, y="1,2,3,3,2,", by="u,u,u,v,v,v")
    assert words_of(ax)[:3] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert [line.get_label() for line in ax.lines] == ["u", "v"]
    assert len(ax.figure.legends) == 1
    ax = axes_of("radar", x="1,2,4,2", y="5,9,1,3")
    assert words_of(ax)[:3] == ["1", "2", "4"]
    assert radii_of(ax.lines[0]) == [1, 0.6, 0.2, 1]  # of two for one spoke, the last


def test_radar_of_nothing(client: Client) -> None:
    assert "No data" in words_of(axes_of("radar", x="a,b,c", y="nan,,"))
    drawn(client, "radar", x="a,b,c", y="0,0,0")


@pytest.mark.parametrize("limits", [{"rmin": "5"}, {"rmax": "5"}, {"rmin": "50"}, {"rmax": "-5"}])
def test_radar_keeps_to_its_limits(limits: dict[str, str]) -> None:
    ax = axes_of("radar", x="a,b,c", y="3,6,9", **limits)
    assert ax.lines[0].get_clip_path() is not None or max(radii_of(ax.lines[0])) <= 1
    if "rmin" in limits:
        assert radii_of(ax.lines[0])[0] == 0  # 3 is below: in the middle, not on its other side


def test_radar_options() -> None:
    given = {"x": "a,b,c", "y": "3,6,9"}
    style = {"linewidth": "5", "marker": "star", "markersize": "9"}
    (line,) = axes_of("radar", **given, **style).lines
    assert (line.get_linewidth(), line.get_marker(), line.get_markersize()) == (5, "*", 9)
    assert axes_of("radar", **given, fill="0.4").patches[0].get_alpha() == 0.4
    assert not axes_of("radar", **given, fill="0").patches
    for rings, corners in (("circle", 181), ("polygon", 4)):
        lines = axes_of("radar", **given, rings=rings).collections
        assert max(len(line) for each in lines for line in each.get_segments()) == corners


def test_radar_refuses(client: Client) -> None:
    assert problems(client, "/plot/radar.png", {"x": "a,b", "y": "1,2"}) == [("x", "too-few")]
    many = ",".join(map(str, range(101)))
    assert problems(client, "/plot/radar.png", {"x": many, "y": many}) == [("x", "too-many")]
    assert problems(client, "/plot/radar.png", {"x": "a,b,c"}) == [("y", "required")]
    assert "y" in messages(client, "radar", x="a,b,c", y="a,b,c")
    wrong = {"x": "a,b,c", "y": "1,2,3", "rmin": "3", "rmax": "3"}
    assert problems(client, "/plot/radar.png", wrong) == [("rmin", "invalid")]
    assert "xmin" in messages(client, "radar", x="a,b,c", y="1,2,3", xmin="3")


@pytest.mark.parametrize("values", ["-1e300,1e300,0", "1e-323,0,1e-323", "7,7,7", "1e15,1e15,1e15"])
def test_radar_of_extremes(client: Client, values: str) -> None:
    drawn(client, "radar", x="a,b,c", y=values)


def test_radar_names_never_overlap() -> None:
    names = ",".join(f"a name that is long {i}" for i in range(40))
    figure = figure_of("radar", x=names, y=",".join("1" * 40), width="400", height="300")
    assert words_apart(figure)
    assert 5 < len(words_of(figure.axes[0])) < 46


# polar


def sectors_of(ax: Any) -> list[tuple[float, ...]]:
    """The first and the last angle, in turns clockwise from the top, and the radius of each."""
    found = []
    (drawn,) = [each for each in ax.collections if isinstance(each, PolyCollection)]
    for path in drawn.get_paths():
        corners = np.asarray(path.vertices)[:-1]  # the last closes it
        arc = corners[np.hypot(*corners.T) > 1e-9]
        turns = np.unwrap(np.arctan2(*arc.T)) / (2 * np.pi)
        ends = (turns[0], turns[-1], np.hypot(*arc.T).max()) if len(arc) else (0, 0, 0)
        found.append(tuple(round(float(number), 6) for number in ends))
    return found


def test_polar_areas_are_as_their_numbers() -> None:
    ax = axes_of("polar", x="a,b,c,d", y="16,4,1,0", rmax="16", alpha="0.5")
    one, two, three, none = sectors_of(ax)
    assert (one, two) == ((0, 0.25, 1), (0.25, 0.5, 0.5))
    assert (three[2], none) == (0.25, (0, 0, 0))
    (drawn,) = [each for each in ax.collections if isinstance(each, PolyCollection)]
    assert [to_hex(color) for color in np.asarray(drawn.get_facecolor())] == list(LIGHT.palette[:4])
    assert drawn.get_alpha() == 0.5
    assert words_of(ax)[:4] == ["a", "b", "c", "d"]


def test_polar_rings_are_where_the_numbers_are() -> None:
    ax = axes_of("polar", y="10,40")
    (rings,) = [each for each in ax.collections if isinstance(each, LineCollection)]
    radii = [float(np.hypot(*ring[0])) for ring in rings.get_segments()]
    numbers = words_of(ax)[-(len(radii) - 1) :]
    assert_allclose(np.square(radii[1:]) * 40, [float(number) for number in numbers])


def test_polar_with_a_gap_of_one_and_of_none(client: Client) -> None:
    assert sectors_of(axes_of("polar", x="a,b", y="4,", rmax="4")) == [(0, 0.5, 1), (0, 0, 0)]
    assert sectors_of(axes_of("polar", y="9", rmax="9")) == [(0, 1, 1)]
    assert "No data" in words_of(axes_of("polar", x="a", y="nan"))
    assert words_of(axes_of("polar", x=DAYS, y="1,2,3"))[0] == "2026-01-01"
    for values in ("0,0", "1e300,1", "1e-323,0", "5,5,5"):
        drawn(client, "polar", y=values)


def test_polar_refuses(client: Client) -> None:
    assert problems(client, "/plot/polar.png", {"y": "1,-2"}) == [("y", "out-of-range")]
    many = ",".join("1" * 51)
    assert problems(client, "/plot/polar.png", {"y": many}) == [("y", "too-many")]
    assert problems(client, "/plot/polar.png", {"y": ["1", "2"]}) == [("y", "repeated-parameter")]
    assert problems(client, "/plot/polar.png", {"x": "a"}) == [("y", "required")]
    assert problems(client, "/plot/polar.png", {"y": "1", "rmax": "0"}) == [("rmax", "min_value")]


# gauge


def arc_of(ax: Any) -> tuple[float, str]:
    """How far the value's piece reaches, in turns from the top, and its colour."""
    piece = [each for each in ax.patches if to_hex(each.get_facecolor()) in LIGHT.palette][-1]
    corners = piece.get_xy()[:91]
    turn = math.atan2(*corners[-1]) / (2 * math.pi)
    return round(turn, 6), to_hex(piece.get_facecolor())


@pytest.mark.parametrize(
    ("value", "turn", "place"),
    [("25", -0.125, 0), ("50", 0, 1), ("75", 0.125, 2), ("999", 0.25, 2)],
)
def test_gauge_reaches_its_number_in_the_colour_of_its_band(
    value: str, turn: float, place: int
) -> None:
    ax = axes_of("gauge", value=value, thresholds="50,75")
    assert arc_of(ax) == (turn, LIGHT.palette[place])


@pytest.mark.parametrize("value", [72, 72.0, Decimal(72), np.int64(72), [72], "72"])
def test_gauge_takes_a_number_from_python(value: Any) -> None:
    assert plot_spec("gauge", value=value).data.columns == {"value": ((72.0,),)}


def test_gauge_says_its_ends_and_thresholds() -> None:
    given = {"value": "0.5", "min": "-1", "max": "1", "thresholds": "0,7", "unit": "V"}
    assert words_of(axes_of("gauge", **given)) == ["−1", "0", "1"]
    assert words_of(axes_of("gauge", **given, shape="ring")) == ["0"]
    assert words_of(axes_of("gauge", **given, shape="bar")) == ["−1", "0", "1"]


def test_a_gauge_as_a_bar() -> None:
    ax = axes_of("gauge", value="25", shape="bar")
    track, filled = (each.get_xy() for each in ax.patches[:2])
    assert (track[:, 0].min(), track[:, 0].max()) == (-1, 1)
    assert (filled[:, 0].min(), filled[:, 0].max()) == (-1, -0.5)


def test_gauge_writes_its_number_as_large_as_fits() -> None:
    def width(**options: str) -> float:
        outline = axes_of("gauge", **options).patches[-1]
        assert to_hex(outline.get_facecolor()) == LIGHT.ink
        return float(outline.get_path().get_extents().width)

    plain, unit, long = (
        width(value="7"),
        width(value="7", unit="km/h"),
        width(value="7", unit="W" * 99),
    )
    assert plain < unit <= 1.1 + 1e-9
    assert long == pytest.approx(1.1)
    assert width(value="7", unit=r"$\foo$") > plain


def test_gauge_of_nothing(client: Client) -> None:
    ax = axes_of("gauge", value="nan")
    assert "No data" in words_of(ax)
    assert len(ax.patches) == 1
    for value in ("1e300", "-1e300", "1e-323", "0"):
        drawn(client, "gauge", value=value, min="-1e300", max="1e300")


def test_gauge_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/gauge.png", {"value": "5"} | query)

    assert wrong(value="1,2") == [("value", "too-many")]
    assert wrong(value="") == [("value", "required")]
    assert wrong(value="five") == [("value", "not-a-number")]
    assert wrong(min="5", max="5") == [("min", "invalid")]
    assert wrong(thresholds="8,7") == [("thresholds", "invalid")]
    assert wrong(thresholds="8,,9") == [("thresholds", "invalid")]
    assert wrong(thresholds="a") == [("thresholds", "not-a-number")]
    assert wrong(unit="a\0")[0][0] == "unit"
    assert wrong(shape="square") == [("shape", "invalid_choice")]


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
        == "Item 2, 1, is below low, 2."
    )
    assert wrong(low="") == [("low", "required")]
    assert wrong(open="a,b,c")[0][0] == "open"
    assert wrong(close="1,2") == [("close", "unequal-lengths")]
    cold = dict.fromkeys(PRICES, "-1,-1,-1")
    assert wrong(**cold, yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(gaps="hide") == [("gaps", "invalid_choice")]
    drawn(client, "candlestick", **PRICES, yscale="log")


@pytest.mark.parametrize("value", ["1e300", "-1e300", "0", "1e-323"])
def test_candlesticks_all_alike(client: Client, value: str) -> None:
    drawn(client, "candlestick", **dict.fromkeys(PRICES, f"{value},{value}"))


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
        drawn(client, "sparkline", y=values, width="120", height="30")
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
        drawn(client, "timeline", start=start, end=end, y="a")
    drawn(client, "timeline", start="0001-01-01", end="9999-12-31", y="a")
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
    drawn(client, "timeline", **PLAN, xscale="log")


# formula


def test_formula_draws_its_curve() -> None:
    (line,) = axes_of("formula", expr="x**2 - 1", start="-2", stop="2", n="5").lines
    assert_allclose(line.get_xydata(), [(-2, 3), (-1, 0), (0, -1), (1, 0), (2, 3)])


def test_formulas_are_named_after_themselves_or_by_labels(client: Client) -> None:
    ax = axes_of("formula", expr=["sin(x)", "cos(x)", "2"], label=["wave"])
    assert [line.get_label() for line in ax.lines] == ["wave", "cos(x)", "2"]
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["wave", "cos(x)", "2"]
    query = {"expr": ["x+1", "2*x"], "n": "2", "start": "0", "stop": "3"}
    table = client.get("/plot/formula.csv", query).content.decode()
    assert table.splitlines() == ["x,x+1,2*x", "0,1,0", "3,4,6"]


def test_formula_has_gaps_where_it_has_no_value() -> None:
    (line,) = axes_of("formula", expr="sqrt(x)", start="-1", stop="1", n="3").lines
    assert_allclose(line.get_ydata(), [np.nan, 0, 1])
    assert words_of(axes_of("formula", expr="log(-1)")) == ["No data"]
    (line,) = axes_of("formula", expr="exp(700)*exp(x)", start="-100", stop="100", n="3").lines
    assert np.isnan(line.get_ydata()).tolist() == [False, True, True]  # beyond 1e300


@pytest.mark.parametrize(
    ("expr", "poles"),
    [("tan(x)", 6), ("1/x", 1), ("1/(x**2 - 4)", 2), ("sin(x)", 0), ("x**3 - x", 0), ("sign(x)", 0)]
    + [("1000*x", 0), ("atan(50*x)", 0), ("floor(x) + 0.5", 0)],
)
def test_a_pole_is_no_vertical_line(expr: str, poles: int) -> None:
    ax = axes_of("formula", expr=expr)
    (line,) = ax.lines
    x, y = line.get_xydata().T
    assert np.isnan(y).sum() == poles
    assert len(np.unique(x[~np.isnan(y)])) == 1000  # nothing is lost
    low, high = ax.get_ylim()
    if poles:
        assert high - low < 100 and high < np.nanmax(y)
    else:
        assert low <= np.nanmin(y) <= np.nanmax(y) <= high


def test_a_narrow_peak_is_shown_whole() -> None:
    ax = axes_of("formula", expr="1/(1 + 10000*x**2)", n="1001")
    assert ax.get_ylim()[1] > 1


def test_formula_options() -> None:
    (line,) = axes_of("formula", expr="x", linestyle="dashed", linewidth="4", alpha="0.5").lines
    assert (line.get_linestyle(), line.get_linewidth(), line.get_alpha()) == ("--", 4, 0.5)


def test_formula_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/formula.png", {"expr": "x"} | query)

    assert wrong(expr="") == [("expr", "required")]
    assert wrong(expr="sine(x)") == [("expr", "invalid-expression")]
    told = messages(client, "formula", expr=["x", "x + sine(x)"])["expr"]
    assert "“sine” is not known (column 5). Did you mean “sin”?" in told
    assert wrong(expr=["x"] * 51) == [("expr", "too-many-series")]
    assert wrong(expr="x" + "+x" * 100) == [("expr", "too-long-text")]
    assert wrong(start="3", stop="3") == [("start", "invalid")]
    assert wrong(n="10001") == [("n", "max_value")]
    assert wrong(label=["a", "b"]) == [("label", "too-many-labels")]
    assert wrong(y="1,2") == [("y", "unknown-parameter")]
    assert wrong(source="days") == [("source", "unknown-parameter")]
    assert wrong(yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(xmin="2026-01-01") == [("xmin", "not-a-number")]
    drawn(client, "formula", expr="exp(x)", yscale="log")


def test_as_many_formulas_as_there_may_be(client: Client) -> None:
    expr = [f"sin({i}*x)" for i in range(1, 51)]
    drawn(client, "formula", expr=expr, n="10000", width="320", height="200")


def test_a_formula_has_an_address_of_its_own() -> None:
    given = {"expr": ["sin(x)*2", "x % 3"], "label": ["wave"], "n": ["50"]}
    spec = read_spec("formula", given)
    assert write_parameters(spec) == given
    assert spec.digest == read_spec("formula", given).digest
    assert spec.digest != read_spec("formula", given | {"expr": ["sin(x)*2", "x % 2"]}).digest


# all of them


@pytest.mark.parametrize("kind", ["candlestick", "formula", "gauge", "polar", "radar", "timeline"])
@pytest.mark.parametrize("size", [("640", "480"), ("320", "240"), ("400", "160")])
def test_words_in_drawings_are_apart(kind: str, size: tuple[str, str]) -> None:
    figure = figure_of(kind, **kinds.get(kind).example, width=size[0], height=size[1])
    assert words_apart(figure)
    assert layout_problems(figure) == []
    assert all(isinstance(text, Annotation) for text in figure.axes[0].texts)


def many(count: int, low: float = 0, high: float = 1) -> str:
    numbers = np.random.default_rng(count).uniform(low, high, count)
    return ",".join(f"{number:.3f}" for number in numbers)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("sparkline", {"y": many(100_000)}),
        ("sparkline", {"y": [many(2000)] * 50}),
        ("radar", {"x": ",".join(str(i % 100) for i in range(50_000)), "y": many(50_000)}),
        (
            "candlestick",
            {
                "open": many(24_999),
                "close": many(24_999, 0, 2),
                "high": many(24_999, 2, 3),
                "low": many(24_999, -1, 0),
            },
        ),
        ("timeline", {"start": many(33_000, 0, 5), "end": many(33_000, 5, 6), "y": many(33_000)}),
        ("timeline", dict.fromkeys(("start", "end", "y", "text"), many(25_000))),
    ],
)
def test_as_much_as_may_be_given(
    client: Client, settings: Any, kind: str, query: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    response = client.get(f"/plot/{kind}.{format}", query)
    assert response.status_code == 200, response["X-Plot-Error"]
    assert len(response.content) < 2_500_000  # as marks of their own, far more
