"""Panels of small multiples are laid out in rows, with their texts around them."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.colors import to_hex

from plots.rendering.axes.panels import columns_for
from plots.spec.themes import LIGHT
from tests.measure import figure_of, layout_problems, panels_of
from tests.multiples import many, panels
from tests.rendering.axes.panel_labels import labels


def test_only_outer_panels_have_labels() -> None:
    figure: Any = figure_of("line", **many(5), xlabel="Along", ylabel="Up", title="All")
    figure.canvas.draw()
    found = panels_of(figure)
    assert (found[0].panels.columns, found[0].panels.rows) == (3, 2)
    assert [bool(labels(ax.yaxis)) for ax in found] == [True, False, False, True, False]
    # The last column ends a row before the others.
    assert [bool(labels(ax.xaxis)) for ax in found] == [False, False, True, True, True]
    words = [axis.label.get_text() for ax in found for axis in (ax.xaxis, ax.yaxis)]
    assert sorted(filter(None, words)) == ["Along", "Up"]
    renderer = figure.canvas.get_renderer()
    along = found[3].xaxis.label.get_window_extent(renderer)
    assert (along.x0 + along.x1) / 2 == pytest.approx(
        (found[0].bbox.x0 + found[2].bbox.x1) / 2, abs=1
    )
    up = found[3].yaxis.label.get_window_extent(renderer)
    assert (up.y0 + up.y1) / 2 == pytest.approx((found[3].bbox.y0 + found[0].bbox.y1) / 2, abs=1)


def test_there_is_one_legend_even_of_series_that_the_first_panel_lacks() -> None:
    figure: Any = figure_of("timeline", start="0,0", end="1,1", y="r,r", by="p,q", facet="a,b")
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["p", "q"]
    colors = [to_hex(handle.get_facecolor()) for handle in legend.get_patches()]
    assert colors == list(LIGHT.palette[:2])  # both bars, as q is drawn where it is


@pytest.mark.parametrize("where", ["upper left", "upper right", "lower left", "lower right"])
def test_a_corner_legend_is_in_the_corner_panel(where: str) -> None:
    clear = {"ymin": "-100", "ymax": "200"}  # else it would stand above all of them
    found = panels_of(figure_of("line", **many(5), **clear, legend=where))
    holders = [place for place, ax in enumerate(found) if ax.get_legend()]
    assert holders == [
        {"upper left": 0, "upper right": 2, "lower left": 3, "lower right": 2}[where]
    ]


SIZES = [(343, 300), (640, 480), (1200, 800), (240, 150), (200, 200), (150, 90), (1600, 200)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [2, 3, 5, 9, 16])
def test_nothing_is_cut_off_or_overlaps(size: tuple[int, int], count: int) -> None:
    width, height = map(str, size)
    frame = {"width": width, "height": height, "xlabel": "Week of the year", "ylabel": "Orders"}
    for given in (
        many(count, title="Orders by region"),
        many(count, x=",".join(f"2026-{1 + i % 6:02}-01" for i in range(6 * count))),
        many(count, x=",".join(("Monday", "Tuesday and on")[i % 2] for i in range(6 * count))),
        many(
            count,
            facet=",".join(f"A long name, {i // 6}".replace(",", "") for i in range(6 * count)),
        ),
    ):
        figure: Any = figure_of("line", **(given | frame))
        assert layout_problems(figure) == []
        found = panels_of(figure)
        assert len(found) == count
        apart = [
            (one, other)
            for one in found
            for other in found
            if one is not other and one.bbox.padded(-0.5).overlaps(other.bbox)
        ]
        assert not apart
        columns, rows = found[0].panels.columns, found[0].panels.rows
        assert all(ax.bbox.width > 0.4 * size[0] / columns for ax in found)
        assert all(ax.bbox.height > 0.1 * size[1] / rows for ax in found)


def test_titles_are_cut_to_their_panels() -> None:
    names = ["The quick brown fox jumps over the lazy dog"[i:] for i in range(9)]
    figure: Any = figure_of("line", y="1,2,3,4,5,6,7,8,9", facet=",".join(names), width="343")
    figure.canvas.draw()
    for ax in panels_of(figure):
        assert ax.get_title("left").endswith("…")
        box = ax._left_title.get_window_extent(figure.canvas.get_renderer())
        assert box.width <= ax.bbox.width


def test_tiny_pictures_keep_the_panels_and_drop_their_words() -> None:
    for ax in panels("line", **many(16), width="150", height="90", title="T").values():
        assert not ax.xaxis.get_visible() and not ax.yaxis.get_visible()
    assert len(panels("line", **many(4), width="150", height="90", title="T")) == 1  # "" of all
    assert len(panels("line", **many(4), width="240", height="150", title="T")) == 4


@pytest.mark.parametrize("given", [{}, {"orientation": "horizontal"}])
def test_values_at_bars_stay_within_their_panel(given: dict[str, str]) -> None:
    given = {"values": "1", "width": "1200", "height": "800"} | given
    figure: Any = figure_of("bar", **many(9, rows=4), **given)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    shown = 0
    for ax in panels_of(figure):
        room = ax.bbox.padded(8)
        for words in ax.texts:
            box = words.get_window_extent(renderer)
            shown += words.get_visible()
            assert not words.get_visible() or (room.x0 <= box.x0 and box.x1 <= room.x1)
            assert not words.get_visible() or (room.y0 <= box.y0 and box.y1 <= room.y1)
    assert shown == 36


@pytest.mark.parametrize(
    ("count", "shape", "columns"),
    [(1, 1.3, 1), (2, 1.33, 2), (2, 0.7, 1), (3, 4, 3), (4, 1.33, 2), (5, 1.33, 3), (9, 1.33, 3),
     (16, 1.33, 4), (16, 8, 8), (16, 0.2, 2)],
)  # fmt: skip
def test_rows_and_columns_suit_the_picture(count: int, shape: float, columns: int) -> None:
    assert columns_for(count, shape) == columns
