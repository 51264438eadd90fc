"""Polar areas: a sector for each name, all of one angle, whose area is its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared import notes, polar_axes

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes

MOST_SECTORS = 50


class PolarOptions(forms.Form):
    rmax = forms.FloatField(
        min_value=1e-300,
        max_value=1e300,
        required=False,
        help_text="Number at the rim; left out, a round one above all.",
    )
    alpha = AlphaField(initial=0.8)


def check_sectors(data: Data, *, rmax: float | None, **unused: object) -> Data:
    """``data`` as they are. Raises PlotError for negatives and for more than can be read."""
    (series,) = data.series
    if (series.y < 0).any():
        message = f"{series.y[series.y < 0][0]:g} is less than 0, and an area cannot be."
        raise PlotError(message, "out-of-range", "y")
    if series.y.size > MOST_SECTORS:
        message = f"There are {series.y.size} sectors; at most {MOST_SECTORS} can be told apart."
        raise PlotError(message, "too-many", "y")
    return data.with_notes(notes.out_of_range_note(series.y, None, rmax))


@plots.kind(
    "polar",
    title="Polar area chart",
    aliases={"QuickChart": "polarArea"},
    family="Comparison",
    options=PolarOptions,
    channels=[
        plots.Channel("x", "The name of each sector."),
        plots.Channel("y", "Its number, 0 or more.", True, dtype="number"),
        plots.LINK,
    ],
    no_axes=True,
    transform=check_sectors,
    example={
        "x": "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
        "y": "49,39,46,43,55,66,72,66,47,47,53,55",
        "title": "Rain in Vienna (mm)",
        "colors": "2f6bdb",
    },
)
def polar(ax: Axes, data: Data, *, rmax: float | None, alpha: float) -> None:
    """A sector for each name, all of one angle; its area is its number."""
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
    names = polar_axes.value_labels(series.x, data.axis("x"))
    polar_axes.write_names(ax, names, middles)
    polar_axes.draw_rings(ax, np.sqrt(np.array(shown) / high), shown)
    colors = [ax.next_color() for _ in range(count)]
    radii = np.sqrt(np.nan_to_num(series.y) / high)
    sectors: Any = [
        polar_axes.ring_segment(place / count, (place + 1) / count, 0, radius)
        for place, radius in enumerate(radii.tolist())
    ]
    style: dict[str, Any] = {
        "edgecolors": [ax.get_facecolor()],
        "linewidths": 1.2 if count > 1 else 0,
        "alpha": alpha,
    }
    drawn = PolyCollection(sectors, facecolors=colors, **style)
    ax.add_collection(drawn)
    drawn.set_clip_path(polar_axes.clip_circle(ax))
    ax.set_tooltips(drawn, series)
