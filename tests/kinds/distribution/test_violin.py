"""Violin plots."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.kinds.distribution.violin import estimate_density
from plots.spec.themes import LIGHT
from tests.kinds.artists import noise, segments_of
from tests.measure import axes_of, tick_texts


@pytest.mark.parametrize("count", [2, 30, 2048])
def test_densities_use_scotts_rule(count: int) -> None:
    values = np.random.default_rng(count).normal(5, 2, count)
    heights, density = estimate_density(values)
    width = values.std(ddof=1) * count**-0.2
    exact = [np.exp(-(((height - values) / width) ** 2) / 2).sum() for height in heights]
    assert (heights[0], heights[-1]) == (values.min(), pytest.approx(values.max()))
    assert_allclose(density, np.array(exact) / max(exact), atol=1e-9)


def test_densities_of_many_are_nearly_the_same() -> None:
    values = np.random.default_rng(1).normal(5, 2, 20_000)
    heights, density = estimate_density(values)
    width = values.std(ddof=1) * values.size**-0.2
    exact = np.exp(-(((heights[:, None] - values) / width) ** 2) / 2).sum(axis=1)
    assert_allclose(density, exact / exact.max(), atol=0.005)


def test_violins_are_as_wide_as_dense() -> None:
    values = [float(each) for each in noise(50).split(",")]
    ax = axes_of("violin", y=noise(50), bandwidth="2")
    (outline,) = [path.vertices for path in ax.collections[0].get_paths()]
    heights, density = estimate_density(np.array(values), 2)
    assert_allclose(outline[:120, 0], -0.38 * density)
    assert_allclose(outline[:120, 1], heights)
    quartiles = np.percentile(values, [25, 50, 75])
    assert_allclose(segments_of(ax), [[[[0, quartiles[0]], [0, quartiles[2]]]]])
    assert_allclose(ax.lines[0].get_xydata(), [[0, quartiles[1]]])


def test_violins_take_groups_as_boxes_do() -> None:
    ax = axes_of("violin", y=["1,2,3,9", "4,5,6,7"], x="a,a,b,b", label=["one", "two"])
    assert tick_texts(ax.xaxis) == ["a", "b"]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["one", "two"]
    drawn: list[Any] = [each for each in ax.collections if isinstance(each, PolyCollection)]
    middles = [path.vertices[:, 0].mean() for each in drawn for path in each.get_paths()]
    assert_allclose(middles, [-0.19, 0.81, 0.19, 1.19], atol=0.01)
    assert [to_hex(each.get_edgecolor()[0]) for each in drawn] == list(LIGHT.palette[:2])


def test_options_of_violins() -> None:
    ax = axes_of("violin", y="1,2,5", quartiles="0", alpha="0.25", orientation="horizontal")
    assert not ax.lines and not segments_of(ax)
    assert ax.collections[0].get_facecolor()[0][3] == 0.25
    assert ax.collections[0].get_paths()[0].vertices[:, 0].max() == 5
