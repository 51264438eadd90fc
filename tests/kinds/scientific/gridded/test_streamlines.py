"""The paths of streamlines, compared with those of matplotlib."""

from __future__ import annotations

from inspect import signature
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from plots.kinds.scientific.gridded.streamlines import TOLERANCE, Streamlines
from tests.helpers import problems
from tests.measure import axes_of, figure_of

STEPS: dict[str, Any] = {
    "broken_streamlines": True,
    "integration_max_error_scale": TOLERANCE / 0.003,
}


def flow(seed: int) -> tuple[Any, Any, Any, Any]:
    """Return x, y and a flow: noise, or turns, sources and sinks, some with gaps."""
    random = np.random.default_rng(seed)
    rows, columns = random.integers(2, 30, 2)
    x, y = np.linspace(-2, random.uniform(0, 9), columns), np.linspace(0, 5, rows)
    if seed % 3 == 0:
        u, v = random.normal(size=(2, rows, columns))
    else:
        across, up = np.meshgrid(np.linspace(0, 6, columns), np.linspace(0, 6, rows))
        a, b, c, d = random.normal(size=4)
        u, v = a + np.sin(b * across + c * up), d + np.cos(c * across - b * up)
    if seed % 4 == 0:
        u[random.random(u.shape) < 0.1] = np.nan
    return x, y, u, v


@pytest.mark.parametrize("density", [0.2, 0.7, 1.3])
@pytest.mark.parametrize("seed", range(8))
def test_paths_are_those_of_matplotlib(seed: int, density: float) -> None:
    ax = Figure().add_subplot()
    if "integration_max_error_scale" not in signature(ax.streamplot).parameters:
        pytest.skip("matplotlib 3.10 has no tolerance")
    x, y, u, v = flow(seed)
    across, up = (np.ma.masked_invalid(part) for part in (u, v))
    expected = ax.streamplot(x, y, across, up, density=density, **STEPS).lines.get_segments()
    step = np.array([x[1] - x[0], y[1] - y[0]])
    lines = Streamlines(u * (1 / step[0]), v * (1 / step[1]), density).trace()
    assert len(lines) == len(expected) > 0
    for line, path in zip(lines, expected, strict=True):
        assert_allclose(line * step + (x[0], y[0]), path, atol=1e-9)


def test_each_line_has_an_arrow_in_its_middle() -> None:
    ax = axes_of("stream", dx="1,1;1,1", dy="0,0;0,0", colormap="viridis")
    assert len(ax.patches) == 30
    ax.figure.canvas.draw()
    for arrow in ax.patches:
        assert 0.4 < arrow.get_path().vertices[0, 0] < 0.6
    (lines,) = ax.collections
    assert set(map(tuple, lines.to_rgba(lines.get_array()))) == {
        arrow.get_edgecolor() for arrow in ax.patches
    }


def test_sparse_lines_in_many_panels() -> None:
    """There are at least two cells side by side, however low the density of a panel is."""
    count = 16
    flow = {"x": "0,1,0,1", "y": "0,0,1,1", "dx": "1,1,1,1", "dy": "0,0,0,0"}
    columns = {name: ",".join([values] * count) for name, values in flow.items()}
    facet = ",".join(str(number) for number in range(count) for _ in range(4))
    figure: Any = figure_of("stream", **columns, facet=facet, density="0.2")
    assert all(ax.collections[0].get_segments() for ax in figure.axes)


def test_the_number_of_steps_is_limited(client: Client) -> None:
    """Between opposite arrows, each line steps back and forth."""
    row = ",".join(["1,-1"] * 30)
    query = {"dx": ";".join([row] * 60), "dy": ";".join([",".join(["0"] * 60)] * 60)}
    assert problems(client, "/plot/stream.png", query | {"density": "2"}) == [
        ("density", "too-much")
    ]
    assert client.get("/plot/stream.png", query | {"density": "0.5"}).status_code == 200
