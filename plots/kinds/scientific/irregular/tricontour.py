"""Contours of scattered points: lines of equal value, and bands between them."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import plots
from plots.kinds.shared.colorscale import check_colors
from plots.kinds.shared.levels import (
    LevelsForm,
    LinesForm,
    check_lines,
    describe_bands,
    describe_lines,
    draw_lines,
    fill_levels,
)

from .triangles import XYZ, check_points, distinct_points, triangulate

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes


def _stations() -> dict[str, str]:
    """Return the rain at weather stations around a bay."""
    draw = random.Random(4).uniform
    places = [(draw(0, 60), draw(0, 40)) for _ in range(90)]
    rain = [
        18 + 30 * math.exp(-((x - 42) ** 2) / 500 - (y - 26) ** 2 / 250) - 0.2 * x + 0.1 * y
        for x, y in places
    ]
    return {
        "x": ",".join(f"{x:.1f}" for x, _ in places),
        "y": ",".join(f"{y:.1f}" for _, y in places),
        "z": ",".join(f"{z:.1f}" for z in rain),
        "xlabel": "East (km)",
        "ylabel": "North (km)",
        "zlabel": "Rain (mm)",
    }


EXAMPLE = _stations()


def check_lined(data: Data, **options: Any) -> Data:
    """Raise a PlotError if there is no contour line."""
    data = check_points(data)
    return check_lines(data, distinct_points(data)[2], **options)


def check_filled(data: Data, **options: Any) -> Data:
    """Raise a PlotError if nothing can be filled."""
    return check_colors(check_points(data), **options)


@plots.kind(
    "tricontour",
    title="Contour lines of scattered points",
    aliases={"matplotlib": "tricontour"},
    family="Scientific",
    options=LinesForm,
    channels=XYZ,
    transform=check_lined,
    describe=describe_lines,
    example=EXAMPLE,
)
def tricontour(ax: Axes, data: Data, **options: Any) -> Any:
    """Lines of equal value, estimated between measurements at any places."""
    x, y, z = distinct_points(data)
    if not z.size:
        return None
    drawn = draw_lines(ax, data, ax.tricontour, triangulate(ax, x, y), z, **options)
    ax.set_point_tooltips(ax.collections[0], data.series[0])
    return drawn


@plots.kind(
    "tricontourf",
    title="Filled contours of scattered points",
    aliases={"matplotlib": "tricontourf"},
    family="Scientific",
    options=LevelsForm,
    channels=XYZ,
    transform=check_filled,
    describe=describe_bands,
    example=EXAMPLE | {"colormap": "Blues"},
)
def tricontourf(ax: Axes, data: Data, **options: Any) -> Any:
    """Bands of colour between lines of equal value, estimated between any places."""
    x, y, z = distinct_points(data)
    if not z.size:
        return None
    drawn = fill_levels(data, ax.tricontourf, triangulate(ax, x, y), z, **options)
    ax.set_point_tooltips(ax.collections[0], data.series[0])
    return drawn
