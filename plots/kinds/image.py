"""Images: a cell of colour for each number of an evenly spaced grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

import plots

from ..grids import fold
from ..options import ColormapField

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..data import Data


class ImageOptions(forms.Form):
    colormap = ColormapField()


@plots.kind(
    "image",
    family="Gridded",
    options=ImageOptions,
    channels=plots.XYZ,
    example={
        "z": ";".join(
            ",".join(f"{(x - 5) ** 2 - (y - 4) ** 2 + 3 * x}" for x in range(12)) for y in range(9)
        )
    },
)
def image(ax: Axes, data: Data, *, colormap: str) -> Any:
    """A grid of numbers as cells of colour, evenly spaced. A gap stays empty."""
    import numpy as np

    (series,) = data.series
    x, y, z = fold(series.x, series.y, series.z)
    left, right = _edges(x)
    bottom, top = _edges(y)
    return ax.imshow(
        np.ma.masked_invalid(z),
        cmap=colormap,
        origin="lower",
        extent=(left, right, bottom, top),
        aspect="auto",
        interpolation="nearest",
    )


def _edges(places: Any) -> tuple[float, float]:
    """Half a cell beyond the first and the last of ``places``."""
    step = (places[-1] - places[0]) / (len(places) - 1) if len(places) > 1 else 1.0
    return float(places[0] - step / 2), float(places[-1] + step / 2)
