"""Contours of a grid: lines of equal value, and bands between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

import plots
from plots.errors import PlotError
from plots.kinds.shared.colorscale import check_colors
from plots.kinds.shared.duplicates import average
from plots.kinds.shared.levels import (
    LevelsForm,
    LinesForm,
    check_lines,
    describe_bands,
    describe_lines,
    draw_lines,
    fill_levels,
)
from plots.values.grids import fold

from .mesh import cell_edges

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


def _height(x: float, y: float) -> float:
    """Return the height of two hills on a slope."""
    first = 620 * math.exp(-((x - 1.2) ** 2) - (y - 1.9) ** 2)
    return first + 410 * math.exp(-((x - 3) ** 2) / 1.6 - (y - 0.9) ** 2) + 60 * y


_EAST, _NORTH = ([i / 8 for i in range(count)] for count in (33, 25))
EXAMPLE = {
    "x": ",".join(map(str, _EAST)),
    "y": ",".join(map(str, _NORTH)),
    "z": ";".join(",".join(f"{_height(x, y):.0f}" for x in _EAST) for y in _NORTH),
    "xlabel": "East (km)",
    "ylabel": "North (km)",
}


def contour_grid(data: Data) -> tuple[Numbers, Numbers, Numbers]:
    """Return x, y and z of the grid. Raise a PlotError if it is too small."""
    (series,) = data.series
    x, y, z = fold(series.x, series.y, series.z)
    if np.isfinite(z).any() and min(z.shape) < 2:
        rows, columns = z.shape
        size = {"rows": rows, "columns": columns}
        message = (
            _("Contours need two rows and two columns; z has %(rows)d and %(columns)d.") % size
        )
        raise PlotError(message, "too-few", "z")
    return x, y, z


def check_lined(data: Data, **options: Any) -> Data:
    """Raise a PlotError if there is no contour line."""
    data = average(data, ("x", "y"), "z")
    return check_lines(data, contour_grid(data)[2], **options)


def check_filled(data: Data, **options: Any) -> Data:
    """Raise a PlotError if nothing can be filled."""
    contour_grid(data)
    return check_colors(data, **options)


@plots.kind(
    "contour",
    title="Contour lines",
    aliases={"matplotlib": "contour"},
    family="Scientific",
    options=LinesForm,
    channels=plots.XYZ,
    transform=check_lined,
    describe=describe_lines,
    example={**EXAMPLE, "labels": "1", "levels": "12"},
)
def contour(ax: Axes, data: Data, **options: Any) -> Any:
    """Lines that join points of equal value, like the heights on a map."""
    x, y, z = contour_grid(data)
    drawn = draw_lines(ax, data, ax.contour, x, y, z, **options)
    _set_tooltips(ax, x, y, z)
    return drawn


@plots.kind(
    "contourf",
    title="Filled contours",
    aliases={"matplotlib": "contourf"},
    family="Scientific",
    options=LevelsForm,
    channels=plots.XYZ,
    transform=check_filled,
    describe=describe_bands,
    example={**EXAMPLE, "zlabel": "Height (m)", "levels": "12"},
)
def contourf(ax: Axes, data: Data, **options: Any) -> Any:
    """Bands of colour between lines of equal value, like the heights on a map."""
    x, y, z = contour_grid(data)
    drawn = fill_levels(data, ax.contourf, x, y, z, **options)
    _set_tooltips(ax, x, y, z)
    return drawn


def _set_tooltips(ax: Axes, x: Numbers, y: Numbers, z: Numbers) -> None:
    """Set the tooltips of the grid's cells; lines and bands have none."""
    if ax.collections:
        edges = cell_edges(x, ax.xaxis), cell_edges(y, ax.yaxis)
        ax.set_cell_tooltips(ax.collections[0], x, y, z, edges)
