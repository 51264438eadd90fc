"""Heat maps."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.test import Client
from numpy.testing import assert_allclose

from tests.gridded import Z, corners
from tests.helpers import problems
from tests.measure import axes_of, tick_texts


def written(ax: Any) -> list[tuple[str, str, tuple[float, float]]]:
    """Return text, colour and position of what is written into cells."""
    drawn: list[Any] = []
    ax.figure.canvas.draw()
    renderer = ax.figure.canvas.get_renderer()

    class Spy:
        def __getattr__(self, name: str) -> Any:
            return getattr(renderer, name)

        def draw_text(self, gc: Any, x: float, y: float, s: str, *rest: Any, **more: Any) -> None:
            place = ax.transData.inverted().transform((x, ax.figure.bbox.height - y))
            drawn.append((s, gc.get_rgb(), tuple(place)))

    (cells,) = (each for each in ax.get_children() if type(each).__name__ == "Values")
    cells.draw(Spy())
    return drawn


def test_heatmap_writes_its_numbers() -> None:
    ax = axes_of("heatmap", z="1,2;3,;5,60", x="a,b", y="top,middle,bottom")
    assert np.ma.filled(ax.collections[0].get_array(), -1).tolist() == [[1, 2], [3, -1], [5, 60]]
    assert corners(ax.collections[0]) == ([-0.5, 0.5, 1.5], [-0.5, 0.5, 1.5, 2.5])
    assert ax.yaxis.get_inverted()
    assert tick_texts(ax.yaxis) == ["top", "middle", "bottom"]
    found = written(ax)
    assert [text for text, _, _ in found] == ["1", "2", "3", "5", "60"]
    assert_allclose(
        [np.floor(np.add(place, 0.5)) for _, _, place in found],
        [(0, 0), (1, 0), (0, 1), (0, 2), (1, 2)],
    )
    assert found[0][1][:3] == (1, 1, 1)  # white on viridis' dark violet
    assert found[-1][1][:3] == (0, 0, 0)  # black on its yellow


def test_heatmap_without_values() -> None:
    def has_values(**given: Any) -> bool:
        children = axes_of("heatmap", **given).get_children()
        return any(type(child).__name__ == "Values" for child in children)

    assert has_values(z=Z)
    assert not has_values(z=Z, values="0")
    row = ",".join("1" * 26)
    assert not has_values(z=";".join([row] * 26))


def test_values_are_left_out_where_they_do_not_fit() -> None:
    assert written(axes_of("heatmap", z="1,2;3,4"))
    assert not written(axes_of("heatmap", z="1,2;3,4", width="40", height="20"))
    assert not written(axes_of("heatmap", z=",".join(["123456"] * 40)))


def test_numbers_in_cells_have_equal_decimals() -> None:
    """As many as keep different numbers apart, and three digits otherwise."""
    texts = [text for text, _, _ in written(axes_of("heatmap", z="1.23456,-20.5;12345,0.001"))]
    assert texts == ["1.235", "\N{MINUS SIGN}20.500", "12,345.000", "0.001"]
    texts = [text for text, _, _ in written(axes_of("heatmap", z="0.123456,0.5"))]
    assert texts == ["0.123", "0.500"]


def test_numbers_and_dates_are_names_in_order() -> None:
    ax = axes_of(
        "heatmap", x="3,1,3,1", y="2026-01-02,2026-01-02,2026-01-01,2026-01-01", z="1,2,3,4"
    )
    assert ax.collections[0].get_array().tolist() == [[4, 3], [2, 1]]
    assert tick_texts(ax.xaxis) == ["1", "3"]
    assert tick_texts(ax.yaxis) == ["2026-01-01", "2026-01-02"]
    ax = axes_of("heatmap", z="1,2", x="2026-01-01T00:00,2026-01-01T12:30")
    assert tick_texts(ax.xaxis) == ["2026-01-01", "2026-01-01 12:30:00"]


def test_heatmap_of_one_number() -> None:
    assert [text for text, _, _ in written(axes_of("heatmap", z="7"))] == ["7"]


def test_names_have_no_log_scale(client: Client) -> None:
    query = {"z": Z, "x": "1,2,3", "xscale": "log"}
    assert problems(client, "/plot/heatmap.png", query) == [("xscale", "invalid-scale")]
