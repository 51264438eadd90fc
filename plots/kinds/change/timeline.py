"""Timelines: bars from a start to an end, on rows with names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.data.model import Axis
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared.annotations import MAX_LABELS, limit_to_box, text_color_on
from plots.kinds.shared.notes import too_many_labels_note
from plots.kinds.shared.polar_axes import value_labels

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.kinds.axes import Axes


MOST_PARTED = 30  # rows


class TimelineOptions(forms.Form):
    barheight = forms.FloatField(
        min_value=0.05,
        max_value=1,
        initial=0.62,
        required=False,
        help_text="Height of a bar, as a part of its row.",
    )
    alpha = AlphaField(initial=1)


def transform_timeline(data: Data, **unused: object) -> Data:
    """``data`` with x along the bars and y the rows; a PlotError for an end before its start."""
    axes = dict(data.axes)
    for channel in ("start", "end"):
        if axes[channel].dtype == "category":
            message = f"“{axes[channel].names[0]}” is neither a date nor a number."
            raise PlotError(message, "not-a-date", channel)
    if axes["start"].dtype != axes["end"].dtype:
        message = f"start has {axes['start'].dtype}s; give end as the same."
        raise PlotError(message, f"not-a-{axes['start'].dtype}", "end")
    for series in data.series:
        _check(series, axes["start"])
    rows = np.unique(data.concat("y"))
    places = rows[np.isfinite(rows)]
    names = tuple(value_labels(places, axes["y"]))
    axes |= {"x": axes["start"], "y": Axis("category", names)}
    drawn = []
    for series in data.series:
        y = np.where(np.isfinite(series.y), np.searchsorted(places, series.y), np.nan)
        drawn.append(replace(series, columns=dict(series.columns) | {"x": series.start, "y": y}))
    if "text" in axes:
        data = data.with_notes(too_many_labels_note(rows.size, MAX_LABELS))
    return replace(data, series=tuple(drawn), axes=axes)


def _check(series: Series, meaning: Axis) -> None:
    wrong = (series.end < series.start).nonzero()[0]
    if wrong.size:
        ends = (series.end[wrong[:1]], series.start[wrong[:1]])
        end, start = (value_labels(each, meaning)[0] for each in ends)
        message = f"The end {end} is before its start, {start}."
        raise PlotError(message, "out-of-range", "end")


@plots.kind(
    "timeline",
    title="Timeline",
    aliases={"matplotlib": "broken_barh"},
    family="Change over time",
    options=TimelineOptions,
    channels=[
        plots.Channel("start", "Where each bar begins: dates or numbers.", True),
        plots.Channel("end", "Where it ends; at its start, it is a diamond.", True),
        plots.Channel("y", "The row of each bar, by name; the first is on top.", True),
        plots.Channel("text", "Words to write into each bar, where they fit."),
        plots.BY,
        plots.LINK,
    ],
    transform=transform_timeline,
    example={
        "start": "2026-01-05,2026-02-02,2026-02-16,2026-03-30,2026-03-09,2026-04-27,2026-05-29",
        "end": "2026-01-30,2026-03-13,2026-04-10,2026-05-01,2026-04-17,2026-05-22,2026-05-29",
        "y": "Research,Design,Application,Application,Website,Launch,Launch",
        "text": "Interviews,Drafts,First version,Fixes,Pages,Trial,",
        "by": "Learning,Learning,Building,Building,Building,Opening,Opening",
    },
)
def timeline(ax: Axes, data: Data, *, barheight: float, alpha: float) -> None:
    """Bars from a start to an end on rows with names, as in a plan or a history."""
    from matplotlib.collections import PolyCollection

    half = barheight / 2
    # A line in the ground's colour parts bars that overlap, unless it would hide thin ones.
    edge = 0.8 if len(data.axis("y").names) <= MOST_PARTED else 0
    inks: list[Any] = []
    for series in data.series:
        color = ax.next_color()
        inks.append(text_color_on(ax, color, alpha))
        known = np.isfinite(series.start) & np.isfinite(series.end) & np.isfinite(series.y)
        start, end, y = (each[known] for each in (series.start, series.end, series.y))
        across = np.stack([start, start, end, end], axis=-1)
        along = np.stack([y - half, y + half, y + half, y - half], axis=-1)
        bars: Any = np.stack([across, along], axis=-1)[end > start]
        style = {"facecolor": color, "edgecolor": ax.get_facecolor(), "linewidth": edge}
        told = replace(series, columns={n: c for n, c in series.columns.items() if n != "x"})
        rows = np.flatnonzero(known)
        if len(bars):
            drawn = PolyCollection(bars, label=series.label, alpha=alpha, **style)
            ax.set_tooltips(ax.add_collection(drawn), told, rows[end > start])
        at = end == start
        dot: dict[str, Any] = {
            "marker": "D",
            "linestyle": "",
            "markersize": 7 * ax.marker_scale,
            "alpha": alpha,
        }
        label: dict[str, Any] = {} if len(bars) else {"label": series.label}
        (dots,) = ax.plot(start[at], y[at], color=color, **dot, **label)
        ax.set_tooltips(dots, told, rows[at], at=dots.get_xydata())
    if "text" in dict(data.axes):
        _write(ax, data, half, inks)
    ax.invert_yaxis()
    ax.margins(y=0.02 if len(data.axis("y").names) > 1 else 0.5)  # one alone leaves air


def _write(ax: Axes, data: Data, half: float, inks: list[Any]) -> None:
    """The words of each bar in the part that no later one covers, if it has room for them."""
    columns = {
        name: np.concatenate([series.columns[name] for series in data.series])
        for name in ("start", "end", "y", "text")
    }
    colors = [ink for ink, series in zip(inks, data.series, strict=True) for _ in series.x]
    known = np.flatnonzero(np.logical_and.reduce([np.isfinite(each) for each in columns.values()]))
    if known.size * max(1, len(data.panels)) > MAX_LABELS:
        return
    start, end, y, text = (each[known] for each in columns.values())
    words = value_labels(text, data.axis("text"))
    for place, (row, name) in enumerate(zip(known.tolist(), words, strict=True)):
        later = start[place + 1 :][y[place + 1 :] == y[place]]
        later = later[(start[place] < later) & (later < end[place])]
        right = float(later.min(initial=end[place]))
        middle = start[place] + (right - start[place]) / 2
        written = ax.annotate(name, (middle, y[place]), ha="center", va="center", color=colors[row])
        limit_to_box(
            written, (start[place], y[place] - half), (right, y[place] + half), ax.transData
        )
