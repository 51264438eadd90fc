"""Hexagonal bins: how many points fall into each hexagon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

import plots

from ..options import ColormapField
from .hist2d import CHANNELS, POINTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..data import Data


class HexbinOptions(forms.Form):
    gridsize = forms.IntegerField(
        min_value=2,
        max_value=200,
        initial=20,
        required=False,
        help_text="How many hexagons fit side by side.",
    )
    colormap = ColormapField()


@plots.kind(
    "hexbin",
    family="Distributions",
    options=HexbinOptions,
    channels=CHANNELS,
    example={**POINTS, "gridsize": "12"},
)
def hexbin(ax: Axes, data: Data, *, gridsize: int, colormap: str) -> Any:
    """How many points fall into each hexagon, as colours: fairer to slopes than squares are."""
    import numpy as np

    (series,) = data.series
    known = np.isfinite(series.x) & np.isfinite(series.y)
    if not known.any():
        return None
    scales = {"xscale": ax.get_xscale(), "yscale": ax.get_yscale()}
    logarithmic: dict[str, Any] = {name: scale for name, scale in scales.items() if scale == "log"}
    return ax.hexbin(
        series.x[known],
        series.y[known],
        gridsize=gridsize,
        cmap=colormap,
        mincnt=1,
        linewidths=0.2,
        **logarithmic,
    )
