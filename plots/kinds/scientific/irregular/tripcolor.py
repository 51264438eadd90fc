"""Coloured triangles between scattered points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plots
from plots.data.model import Series
from plots.kinds.shared.colorscale import ColorScaleForm, color_scale, shared_z

from .triangles import XYZ, distinct_points, triangulate
from .tricontour import EXAMPLE, check_filled

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes


class TripcolorOptions(ColorScaleForm):
    pass


@plots.kind(
    "tripcolor",
    title="Coloured triangles",
    aliases={"matplotlib": "tripcolor"},
    family="Scientific",
    options=TripcolorOptions,
    channels=XYZ,
    transform=check_filled,
    example=EXAMPLE,
)
def tripcolor(ax: Axes, data: Data, **scale: Any) -> Any:
    """Triangles between measurements at any places, coloured by the mean of their corners."""
    x, y, z = distinct_points(data)
    if not z.size:
        return None
    faces = ax.tripcolor(triangulate(ax, x, y), z, **color_scale(shared_z(data, z), **scale))
    ax.set_tooltips(faces, Series("", {"z": faces.get_array()}))
    return faces
