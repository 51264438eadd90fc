"""Meshes: a coloured cell for each number of a grid with any spacing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

import plots
from plots.kinds.shared.colorscale import (
    ColorScaleForm,
    check_colors,
    color_scale,
    count_cells,
    shared_z,
)
from plots.kinds.shared.notes import add_cells_note
from plots.values.grids import fold

if TYPE_CHECKING:
    from matplotlib.axis import Axis as MatplotlibAxis

    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


class MeshOptions(ColorScaleForm):
    pass


# Measurements in a lake: month and day, and depths.
_VISITS = (
    (1, 14), (2, 11), (3, 5), (3, 28), (4, 14), (5, 2), (5, 19), (6, 4), (6, 20), (7, 6), (7, 23),
    (8, 8), (8, 27), (9, 18), (10, 12), (11, 10), (12, 9),
)  # fmt: skip
_DEPTHS = (0, 1, 2, 4, 6, 8, 11, 15, 20, 27, 36)


def _warmth(month: float, depth: float) -> float:
    """Return the temperature in °C at a time of the year and a depth."""
    summer = math.sin((month - 4.2 - depth / 25) / 12 * 2 * math.pi)
    return 5 + 16 * max(0.0, summer) / (1 + math.exp((depth - 9) / 2.5)) + 3 * max(0.0, summer) / 4


@plots.kind(
    "mesh",
    title="Colour mesh",
    aliases={"matplotlib": "pcolormesh"},
    family="Scientific",
    options=MeshOptions,
    channels=plots.XYZ,
    transform=check_colors,
    fit=add_cells_note,
    marks=count_cells,
    example={
        "x": ",".join(f"2026-{month:02}-{day:02}" for month, day in _VISITS),
        "y": ",".join(f"-{depth}" for depth in _DEPTHS),
        "z": ";".join(
            ",".join(f"{_warmth(month + day / 30, depth):.1f}" for month, day in _VISITS)
            for depth in _DEPTHS
        ),
        "ylabel": "Below the surface (m)",
        "zlabel": "Water (°C)",
    },
)
def mesh(ax: Axes, data: Data, **scale: Any) -> Any:
    """A grid of numbers as coloured cells whose sizes follow their positions."""
    (series,) = data.series
    x, y, z = fold(series.x, series.y, series.z)
    if not np.isfinite(z).any():
        return None
    edges = cell_edges(x, ax.xaxis), cell_edges(y, ax.yaxis)
    cells = ax.pcolormesh(
        *edges, np.ma.masked_invalid(z), **color_scale(shared_z(data, z), **scale)
    )
    ax.set_cell_tooltips(cells, x, y, z)
    return cells


def cell_edges(places: Numbers, axis: MatplotlibAxis) -> Numbers:
    """Return the n + 1 edges of cells around ``places`` (n, ascending), halfway on ``axis``.

    A single cell is one unit wide, on a log scale one decade.
    """
    transform = axis.get_transform()
    ends = transform.transform([1e-305 if axis.get_scale() == "log" else -1e305, 1e305])
    at = transform.transform(places)
    if len(at) == 1:
        room = max(0.5, abs(float(at[0])) * 1e-3)
        edges = np.array([at[0] - room, at[0] + room])
    else:
        between = (at[1:] + at[:-1]) / 2
        edges = np.concatenate([[2 * at[0] - between[0]], between, [2 * at[-1] - between[-1]]])
    inverted: Numbers = transform.inverted().transform(np.clip(edges, *ends))
    return inverted
