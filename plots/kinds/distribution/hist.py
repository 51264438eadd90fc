"""Histograms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.data.model import Series
from plots.description import facts
from plots.description.numbers import DAY, round_to, write_clock, write_moment, write_number
from plots.description.series import Entry, name_of, no_rows
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared.rectangles import box_corners, default_baseline, draw_boxes
from plots.sources.histograms.edges import MAX_BINS

from .by_group import count_values

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

# Lines separate the bins of a single series, unless there are too many for the pixels.
# Lines of several series would cross.
MAX_SEPARATED = 60
SECOND = 1 / 86_400  # in days


class HistOptions(forms.Form):
    bins = forms.IntegerField(
        min_value=1,
        max_value=MAX_BINS,
        required=False,
        help_text="The number of intervals. Left out: round ones that suit the data. Dates are "
        "counted by minutes, hours, days, weeks, months, quarters or years, about this many.",
    )
    mode = forms.ChoiceField(
        choices=[("overlay", "overlay"), ("stacked", "stacked")],
        initial="overlay",
        required=False,
        help_text="Several series in front of each other, or on top of each other.",
    )
    density = forms.BooleanField(
        initial=False, required=False, help_text="Scale the area of each series to 1."
    )
    cumulative = forms.BooleanField(
        initial=False, required=False, help_text="Count all values up to each interval."
    )
    alpha = AlphaField(initial=0.75)


def check_weights(data: Data, *, mode: str, **unused: object) -> Data:
    """Raise a PlotError for a negative weight."""
    if (data.concat("weight") < 0).any():
        raise PlotError(_("A weight cannot be negative."), "out-of-range", "weight")
    return replace(data, stacked=mode == "stacked")


def describe_bins(
    data: Data, wording: Wording, *, cumulative: bool, **unused: object
) -> Iterator[Entry]:
    """Yield the range and the median of each series, and its fullest bin."""
    edges = data.bin_edges
    if edges is None:
        return
    for series in data.series:
        rows = wording.drawn(series)
        seen = Series("", {name: column[rows] for name, column in series.columns.items()})
        values, weights = _known([seen])
        values, weights = values[weights > 0], weights[weights > 0]
        counts = np.histogram(values, edges, weights=weights)[0]
        if not counts.any():
            yield name_of(data, series), [no_rows(wording, series)]
            continue
        if data.rows is not None:
            found = [*_about_bins(wording, counts, edges, data.concat("x"))]
        else:
            known = weights if "weight" in seen.columns else None
            found = [facts.extent(wording, "x", values)]
            found += facts.middle_half(wording, "x", values, known)
        yield name_of(data, series), [*found, _fullest(wording, counts, edges)]


def _about_bins(wording: Wording, counts: Numbers, edges: Numbers, every: Numbers) -> Iterator[str]:
    """Yield the range and the median of values that a source counted in bins.

    ``every`` has the smallest and the largest value of all series.
    """
    filled = np.flatnonzero(counts)
    ends = [float(edges[filled[0]]), float(edges[filled[-1] + 1])]
    ends = [max(ends[0], float(np.nanmin(every))), min(ends[1], float(np.nanmax(every)))]
    parts = counts.cumsum()
    at = int(np.searchsorted(parts, parts[-1] / 2))
    width = float(edges[at + 1] - edges[at])
    inside = (parts[-1] / 2 - (parts[at] - counts[at])) / counts[at]
    median = float(edges[at] + width * inside)
    low, high, middle = (_about(wording, each, width / 10) for each in (*ends, median))
    yield _("from about %(first)s to %(last)s") % {"first": low, "last": high}
    yield _("median about %(value)s") % {"value": middle}


def _fullest(wording: Wording, counts: Numbers, edges: Numbers) -> str:
    """Return the fullest bin and how many values it has."""
    at = int(counts.argmax())
    count = write_number(float(counts[at]))
    middle = (edges[at] + edges[at + 1]) / 2
    if edges[at + 1] - edges[at] == 1 and middle == round(middle):  # a bin of one whole number
        return _("most (%(count)s) at %(value)s") % {
            "count": count, "value": wording.value("x", middle)
        }  # fmt: skip
    room = float(edges[at + 1] - edges[at]) / 100
    ends = {
        name: _about(wording, float(edge), room)
        for name, edge in zip(("first", "last"), edges[at : at + 2], strict=True)
    }
    return _("most (%(count)s) from %(first)s to %(last)s") % {
        **ends, "count": count
    }  # fmt: skip


def _about(wording: Wording, value: float, room: float) -> str:
    """Write ``value``, rounded by at most ``room``; of dates and durations, without fractions."""
    axis = wording.axis("x")
    if axis.dtype == "date" and room > SECOND:
        unit = 1.0 if room > 0.5 else SECOND
        return write_moment(round(value / unit) * unit, axis, DAY)
    if axis.dtype in ("duration", "time") and room > 0.01:
        return write_clock(float(round(value)), 60.0, is_time=axis.dtype == "time")
    return wording.value("x", round_to(value, room))


@plots.kind(
    "hist",
    title="Histogram",
    aliases={"matplotlib": "hist"},
    family="Distribution",
    options=HistOptions,
    channels=[
        plots.Channel(
            "x", "Numbers or dates to count; repeat it for more series.", True, True, "ordered"
        ),
        plots.Channel("weight", "How often each number counts. Left out: once.", dtype="number"),
        plots.BY,
    ],
    transform=check_weights,
    describe=describe_bins,
    marks=count_values,
    downsample="counts",
    example={
        "x": "3.6,1.8,3.3,2.3,4.5,2.9,4.7,3.6,1.9,4.3,4.0,1.8,4.7,2.2,1.8,4.8,1.6,4.3,1.8,1.8,3.5,"
        "3.1,4.5,3.6,2.0,4.1,3.9,4.4,4.1,4.9,4.0,4.5,2.2,4.6,2.0,4.8,1.8,4.6,4.0,4.2",
        "xlabel": "Eruption of Old Faithful (minutes)",
        "ylabel": "Eruptions",
    },
)
def hist(
    ax: Axes,
    data: Data,
    *,
    mode: str,
    density: bool,
    cumulative: bool,
    alpha: float,
    **unused: object,
) -> None:
    """How many numbers or dates fall into each of a row of intervals."""
    edges = data.bin_edges
    if edges is None:
        return
    counts = [_count(series, edges, density, cumulative) for series in data.series]
    bottom = 0.0
    if ax.get_yscale() == "log":
        all_counts = [_count(each, edges, density, cumulative) for each in data.all_series]
        bottom = default_baseline("log", np.concatenate(all_counts))
    tops = np.zeros(len(edges) - 1)
    for series, heights in zip(data.series, counts, strict=True):
        bottoms = tops if mode == "stacked" else np.zeros_like(tops)
        tops = bottoms + heights
        look = ax.next_style()
        style: dict[str, Any] = {"label": series.label, "alpha": alpha, "facecolor": look.color}
        shown_rows = Series(series.label, {"start": edges[:-1], "end": edges[1:], "y": heights})
        if len(counts) == 1 and len(tops) <= MAX_SEPARATED:
            style |= {"edgecolor": ax.get_facecolor(), "linewidth": 0.8}
            boxes = draw_boxes(ax, edges[:-1], edges[1:], bottoms, tops, baseline=bottom, **style)
            ax.set_tooltips(boxes, shown_rows)
        else:
            # An outline has as many points as edges, so the last height is repeated.
            lower, upper = (np.maximum(np.append(e, e[-1]), bottom) for e in (bottoms, tops))
            area = ax.fill_between(edges, lower, upper, step="post", linewidth=0, **style)
            area.sticky_edges.y.append(bottom)
            ax.hatch(area, look)
            ax.set_tooltips(
                area, shown_rows, at=box_corners(edges[:-1], edges[1:], lower[:-1], upper[:-1])
            )
    ax.join_layers([*ax.collections] if mode == "stacked" else [])


def _known(series: Iterable[Series]) -> tuple[Numbers, Numbers]:
    """Return the numbers of all ``series`` and how often each counts."""
    found = [(each.x, each.columns.get("weight", np.ones_like(each.x))) for each in series]
    values, weights = (np.concatenate(columns) for columns in zip(*found, strict=True))
    known = np.isfinite(values) & np.isfinite(weights)
    return values[known], weights[known]


def _count(series: Series, edges: Numbers, density: bool, cumulative: bool) -> Numbers:
    values, weights = _known([series])
    counts = np.histogram(values, edges, weights=weights)[0].astype("float64")
    if density:
        # A series without values has no area.
        counts /= weights.sum() or 1
    if cumulative:
        return counts.cumsum()
    return counts / np.diff(edges) if density else counts
