"""Timelines: bars from a start to an end, on rows with names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Axis
from plots.description.phrases import about, join_parts, list_names
from plots.description.series import Entry, name_of, no_rows
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared.annotations import MAX_LABELS, limit_to_box
from plots.kinds.shared.contrast import text_style_on
from plots.kinds.shared.labels import value_labels
from plots.kinds.shared.notes import too_many_labels_note

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes
    from plots.kinds.styles import SeriesStyle


MAX_SEPARATED = 30  # rows
MAX_COMPARED = 1000  # bars of a row that may cover each other
COVERED = 0.6  # the height of a bar within another, as a part of that one's
MOST_NAMES = 12  # of rows, in the summary


class TimelineOptions(forms.Form):
    barheight = forms.FloatField(
        min_value=0.05,
        max_value=1,
        initial=0.62,
        required=False,
        help_text="Height of a bar, as a part of its row's.",
    )
    alpha = AlphaField(initial=1)


def transform_timeline(data: Data, **unused: object) -> Data:
    """Add x, and turn y into rows. Raise a PlotError for an end before its start."""
    axes = dict(data.axes)
    for channel in ("start", "end"):
        if axes[channel].dtype == "category":
            value = {"value": axes[channel].names[0]}
            message = _("“%(value)s” is neither a date nor a number.") % value
            raise PlotError(message, "not-a-date", channel)
    if axes["start"].dtype != axes["end"].dtype:
        message = _("start has %(dtype)s; give the same in end.") % {"dtype": axes["start"].shows}
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
        message = _("The end %(end)s is before its start, %(start)s.") % {
            "end": end,
            "start": start,
        }
        raise PlotError(message, "out-of-range", "end")


def count_bars(count: int) -> str:
    return ngettext("%(count)s bar", "%(count)s bars", count)


def describe_rows(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the extent of all bars, and the bars of each row from the top."""
    rows: dict[str, list[tuple[float, str]]] = {name: [] for name in data.axis("y").names}
    starts, ends = [np.inf], [-np.inf]
    for series in data.series:
        for row in np.flatnonzero(wording.drawn(series)).tolist():
            start, end = float(series.start[row]), float(series.end[row])
            starts.append(start)
            ends.append(end)
            name = _name_of_bar(data, wording, series, row)
            text = about(name, wording.range("start", start, end))
            rows[wording.value("y", float(series.y[row]))].append((start, text))
    if len(starts) == 1:
        yield "", [no_rows(wording, series) for series in data.series[:1]]
        return
    count = ngettext("in %(count)d row: %(names)s", "in %(count)d rows: %(names)s", len(rows))
    whole = count % {"count": len(rows), "names": list_names([*rows], MOST_NAMES)}
    # The summary has the range of dates anyway.
    is_date = wording.axis("x").dtype == "date"
    yield "", ["" if is_date else wording.range("start", min(starts), max(ends)), whole]
    for name, bars in rows.items():
        yield name, [join_parts(text for _start, text in sorted(bars))]


def _name_of_bar(data: Data, wording: Wording, series: Series, row: int) -> str:
    """Return the text of a bar and, beside others, its series in brackets."""
    text = series.columns.get("text")
    known = text is not None and np.isfinite(text[row])
    name = wording.value("text", float(text[row])) if text is not None and known else ""
    label = name_of(data, series)
    return (
        _("%(name)s (%(series)s)") % {"name": name, "series": label}
        if name and label
        else (name or label)
    )


@plots.kind(
    "timeline",
    title="Timeline",
    aliases={"matplotlib": "broken_barh"},
    family="Change over time",
    options=TimelineOptions,
    channels=[
        plots.Channel("start", "The start of each bar: dates or numbers.", True),
        plots.Channel(
            "end", "The end of each bar. Where it equals the start, a diamond is drawn.", True
        ),
        plots.Channel("y", "The name of each bar's row. The first is at the top.", True),
        plots.Channel("text", "A text to write into each bar, if it fits."),
        plots.BY,
        plots.LINK,
    ],
    transform=transform_timeline,
    describe=describe_rows,
    marks=count_bars,
    example={
        "start": "2026-01-05,2026-02-02,2026-02-16,2026-03-30,2026-03-09,2026-04-27,2026-05-29",
        "end": "2026-01-30,2026-03-13,2026-04-10,2026-05-01,2026-04-17,2026-05-22,2026-05-29",
        "y": "Research,Design,Application,Application,Website,Launch,Launch",
        "text": "Interviews,Drafts,First version,Fixes,Pages,Trial,",
        "by": "Learning,Learning,Building,Building,Building,Opening,Opening",
    },
)
def timeline(ax: Axes, data: Data, *, barheight: float, alpha: float) -> None:
    """Bars from a start to an end, as in a project plan or a history."""
    half = barheight / 2
    # A line in the background's colour separates bars that overlap, unless they are thin.
    edge = 0.8 if len(data.axis("y").names) <= MAX_SEPARATED else 0
    inks: list[Any] = []
    covered = []  # bars that are drawn later, with their depth
    depths = _depths(data.series)
    for series, depth in zip(data.series, depths, strict=True):
        style = ax.next_style()
        inks.append(text_style_on(ax, style, alpha))
        known = np.isfinite(series.start) & np.isfinite(series.end) & np.isfinite(series.y)
        is_bar = known & (series.end > series.start)
        look: dict[str, Any] = {"facecolor": style.color, "edgecolor": ax.get_facecolor()}
        look |= {"linewidth": edge, "alpha": alpha}
        if is_bar.any():
            named = look | {"label": series.label}
            _draw_bars(ax, series, is_bar & (depth == 0), half, style, named)
        covered += [
            (level, series, is_bar & (depth == level), style, look)
            for level in np.unique(depth[is_bar & (depth > 0)]).tolist()
        ]
        rows = np.flatnonzero(known & (series.end == series.start))
        dot: dict[str, Any] = {"marker": style.marker("D"), "linestyle": "", "color": style.color}
        dot |= {"markersize": 7 * ax.marker_scale, "alpha": alpha}
        label: dict[str, Any] = {} if is_bar.any() else {"label": series.label}
        (dots,) = ax.plot(series.start[rows], series.y[rows], **dot, **label)
        ax.set_tooltips(dots, _shown(series), rows, at=dots.get_xydata())
    for level, series, chosen, style, look in sorted(covered, key=lambda each: each[0]):
        _draw_bars(ax, series, chosen, half * COVERED**level, style, look)
    if "text" in dict(data.axes):
        _write(ax, data, half, inks)
    ax.invert_yaxis()
    ax.margins(y=0.02 if len(data.axis("y").names) > 1 else 0.5)


def _draw_bars(
    ax: Axes, series: Series, chosen: Any, half: float, style: SeriesStyle, look: dict[str, Any]
) -> None:
    from matplotlib.collections import PolyCollection

    start, end, y = (each[chosen] for each in (series.start, series.end, series.y))
    across = np.stack([start, start, end, end], axis=-1)
    bars: Any = np.stack([across, np.stack([y - half, y + half, y + half, y - half], -1)], -1)
    drawn = ax.add_collection(PolyCollection(bars, **look))
    ax.hatch(drawn, style)
    ax.set_tooltips(drawn, _shown(series), np.flatnonzero(chosen))


def _shown(series: Series) -> Series:
    return replace(series, columns={n: c for n, c in series.columns.items() if n != "x"})


def _depths(series: tuple[Series, ...]) -> list[Any]:
    """Return for each bar how many later bars would cover all of it."""
    start, end, y = (
        np.concatenate([each.columns[name] for each in series]) for name in ("start", "end", "y")
    )
    depth = np.zeros(y.size, int)
    order = np.argsort(y, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(y[order])) + 1):
        if 1 < rows.size <= MAX_COMPARED:
            first, last = start[rows], end[rows]
            covers = (first[None] <= first[:, None]) & (last[None] >= last[:, None])
            depth[rows] = np.triu(covers, 1).sum(axis=1)
    return np.split(depth, np.cumsum([each.y.size for each in series])[:-1])


def _write(ax: Axes, data: Data, half: float, inks: list[Any]) -> None:
    """Write the text of each bar into the part that no later bar covers, if it fits."""
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
        written = ax.annotate(name, (middle, y[place]), ha="center", va="center", **colors[row])
        limit_to_box(
            written, (start[place], y[place] - half), (right, y[place] + half), ax.transData
        )
