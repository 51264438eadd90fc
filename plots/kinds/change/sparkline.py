"""Sparklines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.forms.options import AlphaField, choices

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


# The area below more points takes seconds to draw, or megabytes of SVG.
MAX_FILLED = 10_000


class SparklineOptions(forms.Form):
    mark = forms.ChoiceField(
        choices=choices(["last", "extremes", "none"]),
        initial="last",
        required=False,
        help_text="Mark the last point, also the lowest and the highest, or none.",
    )
    markersize = forms.FloatField(
        min_value=1, max_value=40, initial=4, required=False, help_text="Diameter in points."
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.4, required=False, help_text="Width in points."
    )
    fill = AlphaField(
        initial=0.12,
        help_text="Opacity of the area below the line. No area for more than 10,000 points.",
    )


@plots.kind(
    "sparkline",
    title="Sparkline",
    aliases={"QuickChart": "sparkline"},
    family="Change over time",
    downsample="lines",
    options=SparklineOptions,
    channels=plots.XY,
    no_axes=True,
    example={"y": "31,34,33,38,36,41,44,40,43,47,45,52,49,47,53,58,55,54,60,63,59,66,64,71"},
)
def sparkline(
    ax: Axes, data: Data, *, mark: str, markersize: float, linewidth: float, fill: float
) -> None:
    """A small line without axes, to be placed in a sentence or a table."""
    ax.margins(0, 0.04)
    values = np.concatenate([series.y for series in data.series])
    floor = np.nanmin(values) if np.isfinite(values).any() else 0.0
    dot: dict[str, Any] = {"marker": "o", "linestyle": "", "markeredgewidth": 0, "clip_on": False}
    for series in data.series:
        look = ax.next_style()
        style = look.line(points=series.x.size)
        color = style["color"]
        if fill and values.size <= MAX_FILLED:
            area = ax.fill_between(series.x, floor, series.y, color=color, alpha=fill, linewidth=0)
            area.set_clip_on(False)
        ax.plot(
            series.x,
            series.y,
            linewidth=linewidth,
            label=series.label,
            clip_on=False,
            solid_joinstyle="round",
            **style,
        )
        marked = _marked(series.x, series.y, mark)
        ax.plot(series.x[marked], series.y[marked], color=color, markersize=markersize, **dot)


def _marked(x: Numbers, y: Numbers, mark: str) -> Any:
    """Return the indices of points with a marker, isolated points included."""
    known = np.isfinite(x) & np.isfinite(y)
    around = np.pad(known, 1)
    alone = np.flatnonzero(known & ~around[:-2] & ~around[2:])
    places = np.flatnonzero(known)
    if mark == "none" or not places.size:
        return alone
    chosen = [places[-1]]
    if mark == "extremes":
        chosen += [places[np.argmin(y[places])], places[np.argmax(y[places])]]
    return np.unique(np.concatenate([alone, chosen])).astype(int)
