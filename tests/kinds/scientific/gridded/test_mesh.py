"""Meshes."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose

from tests.gridded import corners, mapped


def test_mesh_meets_halfway() -> None:
    drawn = mapped("mesh", z="1,2,3;,5,6", x="0,1,3", y="10,20")
    assert np.ma.filled(drawn.get_array(), -1).tolist() == [[1, 2, 3], [-1, 5, 6]]
    assert corners(drawn) == ([-0.5, 0.5, 2, 4], [5, 15, 25])


def test_mesh_meets_halfway_on_a_log_scale() -> None:
    x, y = corners(mapped("mesh", z="1,2,3", x="1,100,10000", xscale="log"))
    assert_allclose(x, [0.1, 10, 1000, 100_000])
    assert y == [-0.5, 0.5]
    x, _ = corners(mapped("mesh", z="5", x="100", y="1", xscale="log"))
    assert_allclose(x, [100 / 10**0.5, 100 * 10**0.5])


def test_a_large_mesh_is_rasterized() -> None:
    for side, rasterized in ((70, False), (71, True)):
        z = ";".join([",".join(map(str, range(side)))] * side)
        assert bool(mapped("mesh", z=z).get_rasterized()) == rasterized
