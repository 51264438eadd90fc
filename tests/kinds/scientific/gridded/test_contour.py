"""Contours of grids."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from numpy.testing import assert_allclose

from tests.gridded import Z, mapped
from tests.helpers import problems
from tests.measure import axes_of, figure_of, tick_texts


def test_contour_goes_through_equal_numbers() -> None:
    drawn = mapped("contour", z="0,10;0,10", levels="5", linewidth="3")
    assert drawn.levels.tolist() == [2, 4, 6, 8]
    for level, path in zip(drawn.levels, drawn.get_paths(), strict=True):
        assert_allclose(path.vertices[:, 0], level / 10)
    assert set(drawn.get_linewidth()) == {3}


def test_contour_leaves_gaps() -> None:
    whole, holed = (
        mapped("contour", z=f"0,0,0,0,0;1,{z},{z},{z},1;2,2,2,2,2", levels="3").get_paths()
        for z in ("1", "")
    )
    assert all(np.ptp(path.vertices[:, 0]) == 4 for path in whole)
    for path in holed:  # the corners beside the gaps are filled
        assert not ((path.vertices[:, 0] > 1) & (path.vertices[:, 0] < 3)).any()
        assert (path.codes == path.MOVETO).sum() == 2


def test_labels_are_written_along_lines() -> None:
    z = ";".join(",".join(str(x * x + y * y) for x in range(-9, 10)) for y in range(-9, 10))
    ax = axes_of("contour", z=z, levels="5", labels="1")
    texts = {text.get_text() for text in ax.texts}
    assert texts and texts <= {str(level) for level in ax.collections[0].levels.astype(int)}
    assert len(ax.figure.axes) == 1
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(box.count_overlaps(boxes[:i]) for i, box in enumerate(boxes))
    assert not axes_of("contour", z=z, labels="1", width="200", height="100").texts
    plain = figure_of("contour", z=z)
    assert (len(plain.axes[0].texts), len(plain.axes)) == (0, 2)


def test_too_many_lines_have_no_labels() -> None:
    values = np.random.default_rng(1).normal(size=(60, 60)).round(2)
    z = ";".join(",".join(map(str, row)) for row in values)
    assert not axes_of("contour", z=z, labels="1").texts


@pytest.mark.parametrize("kind", ["contour", "contourf"])
def test_contours_need_two_rows_and_columns(client: Client, kind: str) -> None:
    for z in ("1,2,3", "1;2;3", "7"):
        assert problems(client, f"/plot/{kind}.png", {"z": z}) == [("z", "too-few")]


def test_no_line_between_equal_numbers(client: Client) -> None:
    assert problems(client, "/plot/contour.png", {"z": "5,5;5,5"}) == [("z", "no-lines")]
    query = {"z": Z, "vmin": "100", "vmax": "200"}
    assert problems(client, "/plot/contour.png", query) == [("vmin", "no-lines")]


@pytest.mark.parametrize("kind", ["contour", "contourf"])
def test_levels_are_bounded(client: Client, kind: str) -> None:
    for levels in ("0", "51", "10000", "1.5", "many"):
        found = problems(client, f"/plot/{kind}.png", {"z": Z, "levels": levels})
        assert [name for name, _ in found] == ["levels"]
    assert len(mapped(kind, z=Z, levels="50").levels) in range(20, 52)


def test_contourf_fills_between_levels() -> None:
    drawn = mapped("contourf", z="0,10;0,10", levels="5")
    assert drawn.levels.tolist() == [0, 2, 4, 6, 8, 10]
    for low, path in zip((0, 0.2, 0.4, 0.6, 0.8), drawn.get_paths(), strict=True):
        assert_allclose(sorted({*path.vertices[:, 0].round(9)}), [low, low + 0.2])


@pytest.mark.parametrize(
    ("limits", "extend"),
    [
        ({}, "neither"),
        ({"vmin": "2"}, "min"),
        ({"vmax": "8"}, "max"),
        ({"vmin": "2", "vmax": "8"}, "both"),
    ],
)
def test_contourf_shows_numbers_beyond_the_limits(limits: dict[str, str], extend: str) -> None:
    drawn = mapped("contourf", z="0,10;0,10", **limits)
    assert drawn.extend == extend
    assert sum(len(path.vertices) > 0 for path in drawn.get_paths()) == len(drawn.get_paths())


def test_contours_of_noise_are_rasterized() -> None:
    values = np.random.default_rng(1).normal(size=(120, 120)).round(2)
    z = ";".join(",".join(map(str, row)) for row in values)
    assert mapped("contourf", z=z).get_rasterized()
    assert not mapped("contourf", z=Z).get_rasterized()


def test_a_colorbar_of_one_line_shows_the_colors_around_it() -> None:
    figure = figure_of("contour", z="0,10;0,10", levels="2")
    assert len(figure.axes[0].collections[0].get_paths()) == 1
    assert tick_texts(figure.axes[1].yaxis)[0] == "0"
