"""Sparklines."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import picture_of, problems
from tests.kinds.artists import DAYS
from tests.measure import axes_of, figure_of, words_of


def test_sparkline_marks_the_last_point() -> None:
    line, dots = axes_of("sparkline", x="1,2,4,5", y="3,9,1,").lines
    assert_allclose(line.get_xydata(), [(1, 3), (2, 9), (4, 1), (5, np.nan)])
    assert dots.get_xydata().tolist() == [[4, 1]]
    assert (dots.get_marker(), dots.get_linestyle()) == ("o", "None")


@pytest.mark.parametrize(
    ("mark", "places"), [("last", [4, 7]), ("extremes", [1, 2, 4, 7]), ("none", [4])]
)
def test_sparkline_marks(mark: str, places: list[int]) -> None:
    """A point between two gaps is always visible."""
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
def test_a_small_sparkline_fills_its_picture(size: tuple[int, int]) -> None:
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
