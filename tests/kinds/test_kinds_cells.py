"""What image, mesh and heatmap draw, read back from the Artists."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.test import Client
from numpy.testing import assert_allclose

from tests.gridded import Z, corners, mapped
from tests.helpers import problems
from tests.measure import axes_of, tick_texts

# image


def test_image_draws_its_numbers() -> None:
    drawn = mapped("image", z="1,2;3,;5,6", x="10,20", y="1,2,3")
    assert np.ma.filled(drawn.get_array(), -1).tolist() == [[1, 2], [3, -1], [5, 6]]
    assert list(drawn.get_extent()) == [5, 25, 0.5, 3.5]
    assert drawn.origin == "lower"


def test_image_of_one_number_row_and_column() -> None:
    assert list(mapped("image", z="7").get_extent()) == [-0.5, 0.5, -0.5, 0.5]
    assert list(mapped("image", z="7,8").get_extent()) == [-0.5, 1.5, -0.5, 0.5]
    assert list(mapped("image", z="7;8").get_extent()) == [-0.5, 0.5, -0.5, 1.5]


def test_image_options() -> None:
    drawn = mapped("image", z=Z, interpolation="bicubic", colormap="magma")
    assert (drawn.get_interpolation(), drawn.get_cmap().name) == ("bicubic", "magma")
    assert axes_of("image", z=Z, origin="upper").yaxis.get_inverted()
    assert not axes_of("image", z=Z).yaxis.get_inverted()


def test_cells_all_alike_need_even_places(client: Client) -> None:
    for query, found in (
        ({"x": "1,2,4"}, ("x", "uneven")),
        ({"x": "1,2,3", "xscale": "log"}, ("xscale", "invalid-scale")),
        ({"yscale": "symlog"}, ("yscale", "invalid-scale")),
    ):
        assert problems(client, "/plot/image.png", {"z": Z} | query) == [found]


# mesh


def test_mesh_meets_halfway() -> None:
    drawn = mapped("mesh", z="1,2,3;,5,6", x="0,1,3", y="10,20")
    assert np.ma.filled(drawn.get_array(), -1).tolist() == [[1, 2, 3], [-1, 5, 6]]
    assert corners(drawn) == ([-0.5, 0.5, 2, 4], [5, 15, 25])


def test_mesh_meets_halfway_on_the_scale_that_is_seen() -> None:
    x, y = corners(mapped("mesh", z="1,2,3", x="1,100,10000", xscale="log"))
    assert_allclose(x, [0.1, 10, 1000, 100_000])
    assert y == [-0.5, 0.5]
    x, _ = corners(mapped("mesh", z="5", x="100", y="1", xscale="log"))
    assert_allclose(x, [100 / 10**0.5, 100 * 10**0.5])


def test_a_large_mesh_is_a_picture_in_the_picture() -> None:
    for side, rasterized in ((70, False), (71, True)):
        z = ";".join([",".join(map(str, range(side)))] * side)
        assert bool(mapped("mesh", z=z).get_rasterized()) == rasterized


# heatmap


def written(ax: Any) -> list[tuple[str, str, tuple[float, float]]]:
    """What is drawn in the cells: text, colour and place."""
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


def test_numbers_in_cells_are_short() -> None:
    texts = [text for text, _, _ in written(axes_of("heatmap", z="1.23456,-20.5;12345,0.001"))]
    assert texts == ["1", "\N{MINUS SIGN}20", "12,345", "0"]
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
