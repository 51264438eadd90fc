"""Event plots: a row of short lines for each series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Axis, Data, Series
from plots.description.phrases import format_count
from plots.description.series import Entry, no_rows
from plots.forms.options import AlphaField
from plots.kinds.shared.annotations import draw_segments

if TYPE_CHECKING:
    from plots.data.model import Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


MAX_TICKS = 4096  # in a row; a picture is at most as many pixels wide


class EventOptions(forms.Form):
    length = forms.FloatField(
        min_value=0.05,
        max_value=1,
        initial=0.7,
        required=False,
        help_text="The length of the lines, as a part of the row's height.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.5, required=False, help_text="Width in points."
    )
    alpha = AlphaField(initial=1)


def transform_events(data: Data, **unused: object) -> Data:
    """Give each series a row, with its label on the y axis."""
    names = tuple(series.label for series in data.series)
    placed = tuple(
        Series("", {"x": series.x, "y": np.full(series.x.shape, float(row))}, name=series.label)
        for row, series in enumerate(data.series)
    )
    drawn = replace(data, series=placed, axes={**data.axes, "y": Axis("category", names)})
    if all(series.x.size <= MAX_TICKS for series in placed):
        return drawn
    return drawn.with_notes(_("Ticks that are too close to be told apart are drawn as one."))


def count_events(count: int) -> str:
    return ngettext("%(count)s event", "%(count)s events", count)


def describe_events(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the number of events of each row, and the first and the last."""
    names = data.axis("y").names
    for name, series in zip(names, data.series, strict=False):
        x = series.x[wording.drawn(series)]
        if not x.size:
            yield name, [no_rows(wording, series)]
            continue
        count = count_events(x.size) % {"count": format_count(x.size)}
        reach = wording.range("x", float(x.min()), float(x.max()))
        if len(names) > 1:
            yield name, [count, reach]
        elif wording.axis("x").dtype != "date":  # else the summary has it
            yield "", [reach]


@plots.kind(
    "event",
    title="Event plot",
    aliases={"matplotlib": "eventplot"},
    family="Distribution",
    options=EventOptions,
    channels=[
        plots.Channel(
            "x", "Times or positions: dates or numbers. Repeat it for more rows.", True, True
        ),
        plots.BY,
    ],
    transform=transform_events,
    describe=describe_events,
    marks=count_events,
    example={
        "x": "0.4,0.9,1.1,1.3,2.6,2.8,4.1,4.2,4.4,4.9,0.2,1.8,1.9,2.1,2.2,3.6,3.8,4.7,"
        "0.7,1.5,2.4,2.5,2.6,2.7,2.9,3.9,4.6",
        "by": ",".join(["Neuron 1"] * 10 + ["Neuron 2"] * 8 + ["Neuron 3"] * 9),
        "xlabel": "Time (s)",
    },
)
def event(ax: Axes, data: Data, *, length: float, linewidth: float, alpha: float) -> None:
    """A row of short lines for each series, one line for each time that something happened."""
    for series in data.series:
        seen = _apart(ax.xaxis.get_transform().transform(series.x))
        x, y = series.x[seen], series.y[seen]
        style: dict[str, Any] = {
            "color": ax.next_style().color,
            "linewidth": linewidth,
            "alpha": alpha,
        }
        ticks = draw_segments(ax, x, y - length / 2, x, y + length / 2, **style)
        ax.set_tooltips(ticks, series, seen)
    ax.invert_yaxis()


def _apart(places: Numbers) -> Any:
    """Return the indices of ``places`` to draw: of many, one for each pixel column."""
    known = np.flatnonzero(np.isfinite(places))
    if known.size <= MAX_TICKS:
        return known
    found = places[known] / 2  # no difference can overflow
    room = found.max() - found.min() or 1.0
    columns = np.round((found - found.min()) / room * MAX_TICKS)
    return known[np.unique(columns, return_index=True)[1]]
