"""Scatter plots: a marker for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

import plots

from ..options import MARKERS, AlphaField, MarkerField

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..data import Data


class ScatterOptions(forms.Form):
    marker = MarkerField(initial="circle", can_be_none=False)
    markersize = forms.FloatField(
        min_value=1, max_value=40, initial=6, required=False, help_text="Diameter in points."
    )
    alpha = AlphaField(initial=0.8)


@plots.kind(
    "scatter",
    family="Pairwise",
    options=ScatterOptions,
    channels=plots.XY,
    example={
        "x": "39.1,39.5,40.3,36.7,39.3,38.9,46.5,50,51.3,45.4,52.7,45.2,46.1,50,48.7,50,47.6,46.5",
        "y": "18.7,17.4,18,19.3,20.6,17.8,17.9,19.5,19.2,18.7,19.8,17.8,13.2,16.3,14.1,15.2,14.5,"
        "13.5",
        "by": "Adelie,Adelie,Adelie,Adelie,Adelie,Adelie,Chinstrap,Chinstrap,Chinstrap,Chinstrap,"
        "Chinstrap,Chinstrap,Gentoo,Gentoo,Gentoo,Gentoo,Gentoo,Gentoo",
        "xlabel": "Bill length (mm)",
        "ylabel": "Bill depth (mm)",
        "markersize": "9",
    },
)
def scatter(ax: Axes, data: Data, *, marker: str, markersize: float, alpha: float) -> None:
    """A marker for each row, one colour for each series."""
    for series in data.series:
        ax.scatter(
            series.x,
            series.y,
            label=series.label,
            marker=MARKERS[marker],
            s=markersize**2,  # matplotlib's s is an area, in points squared
            alpha=alpha,
            linewidths=0,
        )
