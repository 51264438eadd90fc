"""Event plots: rows of ticks, each when or where something was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext

import plots
from plots.data.model import Axis, Data, Series
from plots.forms.options import AlphaField
from plots.kinds.shared.annotations import draw_segments

if TYPE_CHECKING:
    from plots.data.model import Numbers
    from plots.kinds.axes import Axes


MOST_TICKS = 4096  # in a row; a picture has no more columns of pixels


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


def transform_events(data: Data, **unused: object) -> Data:
    """``data`` with a row of y for each series, which the y axis names."""
    names = tuple(series.label for series in data.series)
    placed = tuple(
        Series("", {"x": series.x, "y": np.full(series.x.shape, float(row))})
        for row, series in enumerate(data.series)
    )
    drawn = replace(data, series=placed, axes={**data.axes, "y": Axis("category", names)})
    if all(series.x.size <= MOST_TICKS for series in placed):
        return drawn
    return drawn.with_notes(
        gettext("Of ticks nearer to each other than can be seen, one is drawn.")
    )


@plots.kind(
    "event",
    title="Event plot",
    aliases={"matplotlib": "eventplot"},
    family="Distribution",
    options=EventOptions,
    channels=[
        plots.Channel("x", "When or where: numbers or dates; repeat it for more rows.", True, True),
        plots.BY,
    ],
    transform=transform_events,
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
        seen = _apart(ax.xaxis.get_transform().transform(series.x))
        x, y = series.x[seen], series.y[seen]
        style = {"color": ax.next_color(), "linewidth": linewidth, "alpha": alpha}
        ticks = draw_segments(ax, x, y - length / 2, x, y + length / 2, **style)
        ax.set_tooltips(ticks, series, seen)
    ax.invert_yaxis()


def _apart(places: Numbers) -> Any:
    """Which of ``places`` to draw: of many, one for each that a picture has room for."""
    known = np.flatnonzero(np.isfinite(places))
    if known.size <= MOST_TICKS:
        return known
    found = places[known] / 2  # so that no difference overflows
    room = found.max() - found.min() or 1.0
    columns = np.round((found - found.min()) / room * MOST_TICKS)
    return known[np.unique(columns, return_index=True)[1]]
