"""Event plots: rows of ticks, each when or where something was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django import forms

import plots

from ..data import Axis, Data, Series
from ..options import AlphaField
from .boxes import next_color
from .marks import draw_segments

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class EventOptions(forms.Form):
    length = forms.FloatField(
        min_value=0.05,
        max_value=1,
        initial=0.7,
        required=False,
        help_text="How much of a row's height a tick takes: 1 is all.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.5, required=False, help_text="Width in points."
    )
    alpha = AlphaField(initial=1)


def rows(data: Data, **_: object) -> Data:
    """``data`` with a row of y for each series, which the y axis names."""
    import numpy as np

    names = tuple(series.label for series in data.series)
    placed = tuple(
        Series("", {"x": series.x, "y": np.full(series.x.shape, float(row))})
        for row, series in enumerate(data.series)
    )
    return replace(data, series=placed, axes={**data.axes, "y": Axis("category", names)})


@plots.kind(
    "event",
    family="Distributions",
    options=EventOptions,
    channels=[
        plots.Channel("x", "When or where: numbers or dates; repeat it for more rows.", True, True),
        plots.BY,
    ],
    prepare=rows,
    example={
        "x": "0.4,0.9,1.1,1.3,2.6,2.8,4.1,4.2,4.4,4.9,0.2,1.8,1.9,2.1,2.2,3.6,3.8,4.7,"
        "0.7,1.5,2.4,2.5,2.6,2.7,2.9,3.9,4.6",
        "by": ",".join(["Neuron 1"] * 10 + ["Neuron 2"] * 8 + ["Neuron 3"] * 9),
        "xlabel": "Time (s)",
    },
)
def event(ax: Axes, data: Data, *, length: float, linewidth: float, alpha: float) -> None:
    """A row of ticks for each series, the first on top."""
    for series in data.series:
        low, high = series.y - length / 2, series.y + length / 2
        style = {"color": next_color(ax), "linewidth": linewidth, "alpha": alpha}
        draw_segments(ax, series.x, low, series.x, high, **style)
    ax.invert_yaxis()
