"""Sizes, margins and texts in small pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.text import Annotation
from numpy.testing import assert_allclose

from plots.spec.registry import kinds
from tests.measure import axes_of, figure_of, layout_problems, words_apart


@pytest.mark.parametrize(
    ("kind", "given"),
    [(name, {}) for name in ("line", "stem", "errorbar", "triplot", "radar", "timeline", "box")]
    + [("violin", {}), ("line", {"y": "1,,3"}), ("bar", {"y": "1,2", "error": "1,1"})],
)
def test_markers_are_smaller_in_small_pictures(kind: str, given: dict[str, str]) -> None:
    parameters = given or kinds.get(kind).example

    def sizes(width: str, height: str) -> list[float]:
        lines = axes_of(kind, **parameters, width=width, height=height).lines
        return [line.get_markersize() for line in lines if line.get_marker() not in ("", "None")]

    assert sizes("480", "320") == sizes("960", "960")
    assert_allclose(sizes("240", "320"), np.array(sizes("480", "320")) / 2)
    assert sizes("240", "320") == sizes("960", "90") != []


@pytest.mark.parametrize("kind", ["scatter", "normal"])
def test_dots_are_smaller_in_small_pictures(kind: str) -> None:
    given = {} if kind == "normal" else {"y": "1,2,3"}
    whole, half = (
        axes_of(kind, **given, width=width).collections[0].get_sizes()[0]
        for width in ("480", "240")
    )
    assert whole == 4 * half


@pytest.mark.parametrize("kind", ["barbs", "quiver"])
@pytest.mark.parametrize("size", [(640, 480), (343, 260), (150, 90)])
def test_arrows_and_barbs_are_not_cut_off(kind: str, size: tuple[int, int]) -> None:
    width, height = map(str, size)
    ax = axes_of(kind, **kinds.get(kind).example, width=width, height=height)
    (drawn,) = ax.collections
    pictures = []
    for clipped in (True, False):
        drawn.set_clip_on(clipped)
        ax.figure.canvas.draw()
        pictures.append(np.array(ax.figure.canvas.buffer_rgba()))
    assert (pictures[0] == pictures[1]).all()


@pytest.mark.parametrize("kind", ["bar", "box", "violin"])
@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_a_single_group_has_margins(kind: str, orientation: str) -> None:
    values = {"y": "5"} if kind == "bar" else {"y": "1,2,3,4"}
    ax = axes_of(kind, **values, orientation=orientation)
    low, high = sorted(ax.get_xlim() if orientation == "vertical" else ax.get_ylim())
    assert high - low > 1.4  # of which a bar takes 0.76


def test_one_candle_and_one_row_have_margins() -> None:
    low, high = axes_of("candlestick", x="1", open="1", high="3", low="0", close="2").get_xlim()
    assert high - low > 1.4
    low, high = sorted(axes_of("timeline", start="1", end="2", y="a").get_ylim())
    assert high - low > 1


@pytest.mark.parametrize("kind", ["candlestick", "formula", "gauge", "polar", "radar", "timeline"])
@pytest.mark.parametrize("size", [("640", "480"), ("320", "240"), ("400", "160")])
def test_texts_in_drawings_do_not_overlap(kind: str, size: tuple[str, str]) -> None:
    figure = figure_of(kind, **kinds.get(kind).example, width=size[0], height=size[1])
    assert words_apart(figure)
    assert layout_problems(figure) == []
    assert all(isinstance(text, Annotation) for text in figure.axes[0].texts)


def test_a_legend_is_in_the_emptiest_corner() -> None:
    """The legend is beside a pie, but above it if there are names around it."""
    for kind, side in (("pie", "beside"), ("radar", "above")):
        figure: Any = figure_of(kind, **kinds.get(kind).example)
        legend = figure.legends[0].get_window_extent()
        drawing = figure.axes[0].bbox
        assert (legend.x0 > drawing.x1) == (side == "beside")
        assert (legend.y0 > drawing.y1) == (side == "above")
