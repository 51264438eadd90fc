"""Polar area charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.description.series import Entry, series_facts
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared import notes, polar_axes
from plots.kinds.shared.labels import value_labels

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

MAX_SECTORS = 50
RADIUS = 0.35  # about what the circle has, as a part of the shorter side of its picture
LEAST = 2.2  # points, and pixels: the radius of the smallest sector


class PolarOptions(forms.Form):
    rmax = forms.FloatField(
        min_value=1e-300,
        max_value=1e300,
        required=False,
        help_text="The number at the outer circle. Left out: a round number above all values.",
    )
    alpha = AlphaField(initial=0.8)


def check_sectors(data: Data, *, rmax: float | None, **unused: object) -> Data:
    """Raise a PlotError for negative numbers and for too many sectors."""
    (series,) = data.series
    if (series.y < 0).any():
        number = {"number": f"{series.y[series.y < 0][0]:g}"}
        message = _("%(number)s is negative. A sector is 0 or more.") % number
        raise PlotError(message, "out-of-range", "y")
    if series.y.size > MAX_SECTORS:
        count = {"count": series.y.size, "most": MAX_SECTORS}
        message = _("There are %(count)d sectors; at most %(most)d can be drawn.") % count
        raise PlotError(message, "too-many", "y")
    return data.with_notes(notes.out_of_range_note(series.y, None, rmax))


def count_sectors(count: int) -> str:
    return ngettext("%(count)s sector", "%(count)s sectors", count)


def describe_sectors(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the highest and the lowest sector, and the number of each."""
    (series,) = data.series
    yield "", [*series_facts(data, wording, series, has_order=False)]
    for x, y in zip(series.x.tolist(), series.y.tolist(), strict=True):
        if x == x and y == y:
            yield wording.value("x", x), [wording.value("y", y)]


@plots.kind(
    "polar",
    title="Polar area chart",
    aliases={"QuickChart": "polarArea"},
    family="Comparison",
    options=PolarOptions,
    channels=[
        plots.Channel("x", "The name of each sector.", colored=True),
        plots.Channel("y", "The number of each sector, 0 or more.", True, dtype="number"),
        plots.LINK,
    ],
    no_axes=True,
    transform=check_sectors,
    describe=describe_sectors,
    marks=count_sectors,
    example={
        "x": "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
        "y": "49,39,46,43,55,66,72,66,47,47,53,55",
        "title": "Rain in Vienna (mm)",
        "colors": "2f6bdb",
    },
)
def polar(ax: Axes, data: Data, *, rmax: float | None, alpha: float) -> None:
    """Sectors of equal angle around a centre, whose areas compare amounts."""
    from matplotlib.collections import PolyCollection

    (series,) = data.series
    count = len(series.y)
    known = series.y[np.isfinite(series.y)]
    most = float(known.max()) if rmax is None and known.size else rmax or 1.0
    ticks = [tick for tick in polar_axes.ring_values(0.0, most, 4) if tick >= 0]
    high = ticks[-1] if rmax is None else rmax
    shown = [tick for tick in ticks if tick < high] + [high]
    polar_axes.set_circle_limits(ax)
    middles = (np.arange(count) + 0.5) / count
    names = value_labels(series.x, data.axis("x"))
    polar_axes.write_names(ax, names, middles)
    polar_axes.draw_rings(ax, np.sqrt(np.array(shown) / high), shown)
    colors = [style.color for style in ax.styles(names)]
    radii = np.sqrt(np.nan_to_num(series.y) / high)
    unit = RADIUS * min(ax.panel_size)  # points
    least = LEAST * max(72 / ax.figure.dpi, 1)
    radii = np.where(radii > 0, np.maximum(radii, least / unit), 0)
    # Small sectors are in front, without lines that would cover them.
    is_large = radii * unit * np.pi / count > least
    order = np.argsort(~is_large, kind="stable")
    sectors: Any = [
        polar_axes.ring_segment(place / count, (place + 1) / count, 0, radii[place])
        for place in order.tolist()
    ]
    style: dict[str, Any] = {
        "edgecolors": [ax.get_facecolor()],
        "linewidths": np.where(is_large[order] & (count > 1), 1.2, 0),
        "alpha": alpha,
    }
    drawn = PolyCollection(sectors, facecolors=[colors[place] for place in order], **style)
    ax.add_collection(drawn)
    drawn.set_clip_path(polar_axes.clip_circle(ax))
    ax.set_tooltips(drawn, series, order)
