"""Edges of histograms of extreme numbers and dates."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from plots.sources.histograms.edges import MAX_AUTOMATIC, MAX_BINS, choose_edges, values_of
from plots.sources.selection import Histogram

EXTREMES: list[list[float]] = [
    [0.0], [7.0] * 9, [1e20] * 3, [1e300, 1e300], [-1e300, 1e300], [0, 1e-300], [1, 1 + 2**-52],
    [1e20, *range(1000)], [0.0] * 1000 + [1.0], [2**53, 2**53 + 2], [0.1, 0.2], [-0.0, 5e-324],
]  # fmt: skip


@pytest.mark.parametrize("values", EXTREMES, ids=lambda values: str(values[:3]))
@pytest.mark.parametrize("dtype", ["number", "duration"])
def test_edges_increase_and_are_limited(values: list[float], dtype: str) -> None:
    numbers = np.array(values, dtype=float)
    for bins in (None, 1, 7, MAX_BINS):
        for scale in ("linear", "log", "symlog"):
            edges = choose_edges(values_of(numbers, None, dtype), Histogram((), bins, scale=scale))
            assert np.isfinite(edges).all()
            assert (np.diff(edges) > 0).all()
            assert 2 <= len(edges) <= (bins or 3 * MAX_AUTOMATIC) + 1
            assert edges[0] <= min(values) <= max(values) <= edges[-1]


@pytest.mark.parametrize("count", [1, 2, 10, 1000])
def test_a_requested_number_of_bins_is_kept(count: int) -> None:
    numbers = np.random.default_rng(count).normal(size=count)
    found = choose_edges(values_of(numbers, None, "number"), Histogram((), 7))
    assert_allclose(found, np.histogram_bin_edges(numbers, 7))


@pytest.mark.parametrize("seed", range(40))
def test_edges_of_random_dates(seed: int) -> None:
    """Every date is in a bin, there are about as many as requested, and all begin at a unit."""
    random = np.random.default_rng(seed)
    ends = np.sort(random.integers(-719_162, 2_932_896, size=2))
    low, high = (0, 10.0 ** random.integers(-4, 4)) if seed % 2 else ends
    numbers = random.uniform(low, high, size=50)
    bins = int(random.integers(1, 200))
    edges = choose_edges(values_of(numbers, None, "date"), Histogram((), bins))
    assert edges[0] <= numbers.min() and numbers.max() <= edges[-1]
    assert len(edges) <= MAX_BINS + 1
    assert (np.diff(edges) > 0).all()
    if np.ptp(numbers) / bins > 1 / 86_400:
        assert len(edges) - 1 <= 3.2 * bins + 2
