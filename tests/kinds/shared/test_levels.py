"""Contour levels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from plots.kinds.shared.levels import levels_between


@pytest.mark.parametrize("norm", ["linear", "log"])
@pytest.mark.parametrize("levels", [1, 2, 7, 50])
@pytest.mark.parametrize(
    ("low", "high"), [(1, 10), (2, 8), (1e-300, 1e300), (3, 3.5), (1, 1e6), (0.02, 500)]
)
def test_levels_enclose_all_numbers(low: float, high: float, levels: int, norm: str) -> None:
    found = levels_between(low, high, norm=norm, levels=levels)
    assert found[0] <= low < high <= found[-1]
    assert (np.diff(found) > 0).all()
    assert 2 <= len(found) <= levels + 3
    if norm == "log":
        assert (found > 0).all()


def test_levels_of_decades() -> None:
    assert_allclose(levels_between(1, 1e4, norm="log", levels=5), [1, 10, 100, 1e3, 1e4])
    assert_allclose(levels_between(1, 100, norm="log", levels=6), [1, 2, 5, 10, 20, 50, 100])
    assert_allclose(levels_between(2, 8, norm="log", levels=6), [2, 3, 4, 5, 6, 7, 8])
