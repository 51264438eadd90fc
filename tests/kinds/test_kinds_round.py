"""What radar, polar and gauge draw, read back from the Artists."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.forms.parameters_to_spec import plot_spec
from plots.spec.themes import LIGHT
from tests.helpers import messages, picture_of, problems
from tests.measure import axes_of, figure_of, words_apart, words_of

DAYS = "2026-01-01,2026-01-02,2026-01-03"


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
    picture_of(client, "radar", x="a,b,c", y="0,0,0")


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
    picture_of(client, "radar", x="a,b,c", y=values)


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
        picture_of(client, "polar", y=values)


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
        picture_of(client, "gauge", value=value, min="-1e300", max="1e300")


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
