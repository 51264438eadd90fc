"""Histograms."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from plots.kinds.distribution.hist import bin_edges
from tests.kinds.artists import boxes_of, heights_of
from tests.measure import axes_of


def test_hist_counts() -> None:
    ax = axes_of("hist", x="0,1,1,2,2,2,4,", bins="4")
    assert boxes_of(ax) == [[(0, 1, 0, 1), (1, 2, 0, 2), (2, 3, 0, 3), (3, 4, 0, 1)]]
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("cumulative", [False, True])
def test_hist_counts_as_numpy_does(density: bool, cumulative: bool) -> None:
    values = np.random.default_rng(1).normal(size=300).round(3)
    options = {"density": str(int(density)), "cumulative": str(int(cumulative)), "bins": "12"}
    heights = heights_of(axes_of("hist", x=",".join(map(str, values)), **options))[0]
    expected, edges = np.histogram(values, 12, density=density)
    if cumulative:
        expected = np.cumsum(expected * np.diff(edges) if density else expected)
    assert_allclose(heights, expected, atol=1e-8)


@pytest.mark.parametrize("mode", ["overlay", "stacked"])
def test_series_share_bins(mode: str) -> None:
    ax = axes_of("hist", x=["0,0,1", "1,2,2"], bins="2", mode=mode, alpha="0.4")
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in ax.collections]
    assert tops == ([2, 3] if mode == "overlay" else [2, 4])
    assert {area.get_alpha() for area in ax.collections} == {0.4}


def test_many_bins_have_no_lines_between_them() -> None:
    few, many = (axes_of("hist", x="1,2,3", bins=n).collections[0] for n in ("60", "61"))
    assert (few.get_linewidth()[0], many.get_linewidth()[0]) == (0.8, 0)


def test_hist_of_nothing() -> None:
    for options in ({}, {"bins": "5"}, {"mode": "stacked", "density": "1"}):
        ax = axes_of("hist", x="nan,nan", **options)
        assert [text.get_text() for text in ax.texts] == ["No data"]
        assert not ax.collections


@pytest.mark.parametrize("size", [1, 2, 10, 1000])
def test_bin_edges_match_numpy(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    assert_allclose(bin_edges(values, 7), np.histogram_bin_edges(values, 7))
    if size == 1000:
        assert_allclose(bin_edges(values, None), np.histogram_bin_edges(values, "auto"))


@pytest.mark.parametrize(
    "values",
    [[0.0], [7.0] * 9, [1e20] * 3, [1e300, 1e300], [-1e300, 1e300], [0, 1e-300], [1, 1 + 2**-52]]
    + [[1e20, *range(1000)], [0.0] * 1000 + [1.0]],
)
def test_bin_edges_increase_and_are_limited(values: list[float]) -> None:
    for bins in (None, 1, 500):
        edges = bin_edges(np.array(values, dtype=float), bins)
        assert np.isfinite(edges).all()
        assert (np.diff(edges) > 0).all()
        assert 2 <= len(edges) <= (bins or 200) + 1
        assert edges[0] <= min(values) <= max(values) <= edges[-1]
