"""Radar charts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import messages, picture_of, problems
from tests.kinds.artists import DAYS
from tests.measure import axes_of, figure_of, words_apart, words_of


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


def test_radar_has_rings_for_negative_numbers() -> None:
    ax = axes_of("radar", x="a,b,c", y="-10,0,10")
    assert radii_of(ax.lines[0]) == [0, 0.5, 1, 0]
    (rings,) = [c for c in ax.collections if len(c.get_segments()[0]) > 2]
    zero = [to_hex(color) for color in rings.get_colors()].index(LIGHT.line)
    assert_allclose(np.hypot(*rings.get_segments()[zero][0]), 0.5)


def test_radar_of_dates_and_gaps() -> None:
    ax = axes_of("radar", x=DAYS + "," + DAYS, y="1,2,3,3,2,", by="u,u,u,v,v,v")
    assert words_of(ax)[:3] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert [line.get_label() for line in ax.lines] == ["u", "v"]
    assert len(ax.figure.legends) == 1
    ax = axes_of("radar", x="1,2,4,2", y="5,9,1,3")
    assert words_of(ax)[:3] == ["1", "2", "4"]
    assert radii_of(ax.lines[0]) == pytest.approx([5 / 6, 1, 1 / 6, 5 / 6])  # mean: 6


def test_radar_of_nothing(client: Client) -> None:
    assert "No data" in words_of(axes_of("radar", x="a,b,c", y="nan,,"))
    picture_of(client, "radar", x="a,b,c", y="0,0,0")


@pytest.mark.parametrize("limits", [{"rmin": "5"}, {"rmax": "5"}, {"rmin": "50"}, {"rmax": "-5"}])
def test_radar_respects_its_limits(limits: dict[str, str]) -> None:
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
