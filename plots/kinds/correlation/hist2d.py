"""Two-dimensional histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.description.phrases import format_count
from plots.description.series import Entry, no_rows
from plots.errors import PlotError
from plots.forms.options import ColormapField
from plots.sources.histograms.edges import MAX_BINS, choose_edges, values_of
from plots.sources.selection import Histogram

if TYPE_CHECKING:
    from plots.data.model import Axis, Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

# Also of hexbin.
CHANNELS = (
    plots.Channel("x", "Positions along x: numbers, dates or names.", True),
    plots.Channel("y", "Positions along y, one for each x.", True),
)


def _cloud(count: int = 320) -> dict[str, str]:
    """Return evenly spread points of a bivariate normal distribution."""
    radii = [math.sqrt(-2 * math.log((i + 0.5) / count)) for i in range(count)]
    x = [radius * math.cos(2.4 * i) for i, radius in enumerate(radii)]
    y = [radius * math.sin(2.4 * i) for i, radius in enumerate(radii)]
    return {
        "x": ",".join(f"{172 + 7.5 * a:.1f}" for a in x),
        "y": ",".join(f"{72 + 11 * (0.6 * a + 0.8 * b):.1f}" for a, b in zip(x, y, strict=True)),
        "xlabel": "Height (cm)",
        "ylabel": "Weight (kg)",
    }


POINTS = _cloud()


class Hist2dOptions(forms.Form):
    bins = forms.IntegerField(
        min_value=1,
        max_value=MAX_BINS,
        required=False,
        help_text="The number of bins along each axis. Left out: a number that suits the data.",
    )
    colormap = ColormapField()


def check_names(data: Data, **unused: object) -> Data:
    """Raise a PlotError for more names than bins."""
    for channel in "xy":
        count = len(data.axis(channel).names)
        if count > MAX_BINS:
            numbers = {"count": f"{count:,}", "most": MAX_BINS}
            message = _("There are %(count)s names; at most %(most)d can be drawn.") % numbers
            raise PlotError(message, "too-many-groups", channel)
    return data


def describe_cells(
    data: Data, wording: Wording, *, bins: int | None, **unused: object
) -> Iterator[Entry]:
    """Yield the fullest cell, and how many cells have points."""
    (series,) = data.series
    rows = wording.drawn(series)
    if not rows.any():
        yield "", [no_rows(wording, series)]
        return
    every = finite_pairs(data.concat("x"), data.concat("y"))
    edges = [_edges(data.axis(name), each, bins) for name, each in zip("xy", every, strict=True)]
    counts = np.histogram2d(series.x[rows], series.y[rows], edges)[0]
    column, row = np.unravel_index(int(counts.argmax()), counts.shape)
    ends = [(edges[0][column], edges[0][column + 1]), (edges[1][row], edges[1][row + 1])]
    x, y = (write_cell(wording, name, *each) for name, each in zip("xy", ends, strict=True))
    parts = {"count": format_count(counts.max()), "x": x, "y": y}
    yield "", [_("most (%(count)s) where x is %(x)s and y is %(y)s") % parts]


def write_cell(wording: Wording, channel: str, low: float, high: float) -> str:
    """Return a cell's name, or its ends."""
    if wording.axis(channel).dtype == "category":
        return wording.value(channel, (low + high) / 2)
    return wording.range(channel, float(low), float(high))


@plots.kind(
    "hist2d",
    title="Two-dimensional histogram",
    aliases={"matplotlib": "hist2d"},
    family="Correlation",
    options=Hist2dOptions,
    channels=CHANNELS,
    transform=check_names,
    describe=describe_cells,
    example={**POINTS, "bins": "14"},
)
def hist2d(ax: Axes, data: Data, *, bins: int | None, colormap: str) -> Any:
    """How many points fall into each cell of a grid, shown as colours."""
    (series,) = data.series
    x, y = finite_pairs(series.x, series.y)
    if not x.size:
        return None
    every = finite_pairs(data.concat("x"), data.concat("y"))
    edges = [_edges(data.axis(name), each, bins) for name, each in zip("xy", every, strict=True)]
    counts = np.histogram2d(x, y, edges)[0].T
    counts[counts == 0] = np.nan
    shown = np.ma.masked_invalid(counts)
    cells = ax.pcolormesh(*edges, shown, cmap=colormap, rasterized=True)
    middles = [(each[1:] + each[:-1]) / 2 for each in edges]
    ax.set_cell_tooltips(cells, middles[0], middles[1], counts)
    return cells


def finite_pairs(x: Numbers, y: Numbers) -> Any:
    """Return ``x`` and ``y`` where neither has a gap: (2, n)."""
    pairs = np.stack([x, y])
    return pairs[:, np.isfinite(pairs).all(axis=0)]


def _edges(axis: Axis, values: Numbers, bins: int | None) -> Numbers:
    if axis.dtype == "category":  # a bin for each name
        return np.arange(-0.5, len(axis.names))
    about = min(100, int(np.ceil(2 * values.size ** (1 / 3))))
    return choose_edges(values_of(values, None, axis.dtype), Histogram((), bins), about)
