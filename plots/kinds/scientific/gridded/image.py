"""Images: a coloured cell for each number of an evenly spaced grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.errors import PlotError
from plots.forms.options import choices
from plots.kinds.shared.colorscale import (
    ColorScaleForm,
    check_colors,
    color_scale,
    count_cells,
    shared_z,
)
from plots.kinds.shared.notes import add_cells_note
from plots.values.grids import fold, spaced_evenly

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


class ImageOptions(ColorScaleForm):
    interpolation = forms.ChoiceField(
        choices=choices(["nearest", "bilinear", "bicubic"]),
        initial="nearest",
        required=False,
        help_text="Cells of one colour each, or smooth transitions.",
    )
    origin = forms.ChoiceField(
        choices=choices(["lower", "upper"]),
        initial="lower",
        required=False,
        help_text="Whether y starts at the bottom or at the top.",
    )


def check_spacing(data: Data, **options: Any) -> Data:
    """Raise a PlotError if the grid is not evenly spaced."""
    data = check_colors(data, **options)
    (series,) = data.series
    x, y, _ = fold(series.x, series.y, series.z)
    for places, name in ((x, "x"), (y, "y")):
        if places.size:
            spaced_evenly(places, name)
    return data


def _light(x: float, y: float) -> float:
    """Return the light of two stars, one with a ring."""
    near, far = math.hypot(x - 12, y - 13), math.hypot(x - 25, y - 6)
    ring = 60 * math.exp(-((near - 7.5) ** 2) / 3)
    return 12 + 240 * math.exp(-(near**2) / 6) + 120 * math.exp(-(far**2) / 3) + ring


@plots.kind(
    "image",
    title="Image",
    aliases={"matplotlib": "imshow"},
    family="Scientific",
    options=ImageOptions,
    channels=plots.XYZ,
    transform=check_spacing,
    fit=add_cells_note,
    marks=count_cells,
    example={
        "z": ";".join(",".join(f"{_light(x, y):.0f}" for x in range(32)) for y in range(24)),
        "xlabel": "Column",
        "ylabel": "Row",
        "zlabel": "Photons",
        "colormap": "inferno",
    },
)
def image(ax: Axes, data: Data, *, interpolation: str, origin: str, **scale: Any) -> Any:
    """A grid of numbers as coloured cells, evenly spaced, like the pixels of a photograph."""
    for name, axis in (("xscale", ax.xaxis), ("yscale", ax.yaxis)):
        if axis.get_scale() != "linear":
            message = _("An image has a linear scale. For other scales, draw a mesh.")
            raise PlotError(message, "invalid-scale", name)
    (series,) = data.series
    x, y, z = fold(series.x, series.y, series.z)
    if not np.isfinite(z).any():
        return None
    extent = (*_ends(x), *_ends(y))
    drawn = ax.imshow(
        np.ma.masked_invalid(z),
        origin="lower",
        extent=extent,
        aspect="auto",
        interpolation=interpolation,
        **color_scale(shared_z(data, z), **scale),
    )
    edges = [np.linspace(*_ends(each), each.size + 1) for each in (x, y)]
    ax.set_cell_tooltips(drawn, x, y, z, edges)
    if origin == "upper":
        ax.invert_yaxis()
    return drawn


def _ends(places: Numbers) -> tuple[float, float]:
    """Return the positions half a cell beyond the first and the last of ``places``."""
    room = (places[-1] - places[0]) / (len(places) - 1) if len(places) > 1 else 0.0
    room = room or max(1.0, abs(float(places[0])) * 1e-3)
    return float(places[0] - room / 2), float(places[-1] + room / 2)
