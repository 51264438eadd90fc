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
from plots.description.numbers import round_to, write_number
from plots.description.series import Entry, name_of, no_rows
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared.rectangles import box_corners, default_baseline, draw_boxes
from plots.sources.selection import HISTOGRAM_BINS

from .by_group import count_values

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

MAX_BINS = 500
MAX_AUTOMATIC = 200  # if the number is chosen automatically
# Lines separate the bins of a single series, unless there are too many for the pixels.
# Lines of several series would cross.
MAX_SEPARATED = 60


class HistOptions(forms.Form):
    bins = forms.IntegerField(
        min_value=1,
        max_value=MAX_BINS,
        required=False,
        help_text="The number of intervals. Left out: a number that suits the data.",
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
    data: Data, wording: Wording, *, bins: int | None, cumulative: bool, **unused: object
) -> Iterator[Entry]:
    """Yield the range and the median of each series, and its fullest bin."""
    every, weights = _known(data.all_series)
    if not every.size:
        return
    edges = bin_edges(every, bins, weights if data.concat("weight").size else None)
    for series in data.series:
        rows = wording.drawn(series)
        seen = Series("", {name: column[rows] for name, column in series.columns.items()})
        values, weights = _known([seen])
        values, weights = values[weights > 0], weights[weights > 0]
        if not values.size:
            yield name_of(data, series), [no_rows(wording, series)]
            continue
        if data.rows is not None:
            found = [*_about_intervals(wording, values, weights)]
        else:
            known = weights if "weight" in seen.columns else None
            found = [facts.extent(wording, "x", values)]
            found += facts.middle_half(wording, "x", values, known)
        counts = np.histogram(values, edges, weights=weights)[0]
        yield name_of(data, series), [*found, _fullest(wording, counts, edges)]


def _about_intervals(wording: Wording, values: Numbers, weights: Numbers) -> Iterator[str]:
    """Yield the range and the median of values that were counted around the ``values``."""
    width = float(np.diff(np.unique(values)).min(initial=np.inf))
    order = np.argsort(values)
    parts = np.cumsum(weights[order])
    middle = values[order][np.searchsorted(parts, parts[-1] / 2)]
    low, high, median = (
        wording.value("x", round_to(float(each), 2 * width) if width < np.inf else float(each))
        for each in (values.min(), values.max(), middle)
    )
    yield _("from about %(first)s to %(last)s") % {"first": low, "last": high}
    yield _("median about %(value)s") % {"value": median}


def _fullest(wording: Wording, counts: Numbers, edges: Numbers) -> str:
    """Return the fullest bin and how many values it has."""
    at = int(counts.argmax())
    room = float(edges[at + 1] - edges[at]) / 100
    ends = {
        name: wording.value("x", round_to(float(edge), room))
        for name, edge in zip(("first", "last"), edges[at : at + 2], strict=True)
    }
    return _("most (%(count)s) from %(first)s to %(last)s") % {
        **ends, "count": write_number(float(counts[at]))
    }  # fmt: skip


@plots.kind(
    "hist",
    title="Histogram",
    aliases={"matplotlib": "hist"},
    family="Distribution",
    options=HistOptions,
    channels=[
        plots.Channel(
            "x", "Numbers to count; repeat it for more series.", True, True, dtype="number"
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
    bins: int | None,
    mode: str,
    density: bool,
    cumulative: bool,
    alpha: float,
) -> None:
    """How many numbers fall into each of a row of equal intervals."""
    every, weights = _known(data.all_series)
    if not every.size:
        return
    edges = bin_edges(every, bins, weights if data.concat("weight").size else None)
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


def bin_edges(values: Numbers, bins: int | None, weights: Numbers | None = None) -> Numbers:
    """Return the edges of ``bins`` equal bins over ``values``, or of a suitable number.

    ``values`` are 1-D, finite and at least one. The number is the larger of Sturges' and of
    Freedman and Diaconis', as with NumPy's ``auto``, which needs too much memory on skewed data.
    """
    low, high = float(values.min()), float(values.max())
    if bins is None:
        count = values.size if weights is None else max(weights.sum(), 1)
        quarter, three = _quartiles(values, weights)
        width = 2 * (three - quarter) / count ** (1 / 3)
        sturges = np.log2(count) + 1
        fitting = (high - low) / width if width > 0 else sturges
        bins = int(np.ceil(min(max(sturges, fitting), MAX_AUTOMATIC)))
        if weights is not None:  # the numbers are counted in parts already, which cannot be split
            bins = next(n for n in range(bins, HISTOGRAM_BINS + 1) if HISTOGRAM_BINS % n == 0)
    if low == high:
        # All values are equal: show a unit around small numbers, a visible part around large ones.
        room = max(0.5, abs(low) * 1e-3)
        low, high = low - room, high + room
    edges = np.linspace(low, high, bins + 1)
    if np.any(np.diff(edges) <= 0):
        # Edges are equal in floating point: return fewer bins.
        edges = np.unique(edges)
    return edges


def _quartiles(values: Numbers, weights: Numbers | None) -> Any:
    """Return the first and the third quartile."""
    if weights is None:
        return np.percentile(values, [25, 75])
    order = np.argsort(values)
    parts = np.cumsum(weights[order])
    return values[order][np.searchsorted(parts, [0.25 * parts[-1], 0.75 * parts[-1]])]
