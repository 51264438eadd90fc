"""Lollipop charts: a marker on a thin line from a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.forms.options import MARKERS, AlphaField, MarkerField, MarkerSizeField
from plots.kinds.shared.annotations import draw_segments
from plots.kinds.shared.duplicates import add_up, refuse_rows
from plots.kinds.shared.rectangles import resolve_baseline

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes


class StemOptions(forms.Form):
    baseline = forms.FloatField(
        min_value=-1e300,
        max_value=1e300,
        initial=0,
        required=False,
        help_text="Where the lines begin.",
    )
    marker = MarkerField(initial="circle")
    markersize = MarkerSizeField(initial=6)
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.5, required=False, help_text="Width in points."
    )
    alpha = AlphaField(initial=1)


def merge_stems(data: Data, **unused: object) -> Data:
    """Add up the rows of a stem, unless they are a source's."""
    refuse_rows(data, "y", "x")
    return add_up(data, "y", "x")


@plots.kind(
    "stem",
    title="Lollipop chart",
    aliases={"matplotlib": "stem"},
    family="Comparison",
    options=StemOptions,
    channels=[*plots.XY, plots.LINK],
    transform=merge_stems,
    example={
        "x": ",".join(str(lag) for lag in range(21)),
        "y": "1,0.82,0.44,0.03,-0.28,-0.42,-0.41,-0.28,-0.06,0.16,0.31,0.37,0.32,0.2,0.05,-0.1,"
        "-0.21,-0.26,-0.25,-0.18,-0.07",
        "xlabel": "Lag (months)",
        "ylabel": "Autocorrelation",
    },
)
def stem(
    ax: Axes,
    data: Data,
    *,
    baseline: float,
    marker: str,
    markersize: float,
    linewidth: float,
    alpha: float,
) -> None:
    """A marker on a thin line for each value, a light form of a bar chart."""
    bottom = resolve_baseline(ax, data, baseline)
    for series in data.series:
        look = ax.next_style()
        line = look.line() if marker == "none" else {"color": look.color, "linestyle": "-"}
        known = np.isfinite(series.x) & np.isfinite(series.y)
        x, y = series.x[known], series.y[known]
        base = np.full_like(x, bottom)
        draw_segments(ax, x, base, x, y, **line, linewidth=linewidth, alpha=alpha, zorder=2)
        style: dict[str, Any] = {"marker": look.marker(MARKERS[marker]), "markeredgewidth": 0}
        size = markersize * ax.marker_scale
        style |= {"linestyle": "", "markersize": size, "alpha": alpha, "color": look.color}
        (marks,) = ax.plot(x, y, label=series.label, **style)
        ax.set_point_tooltips(marks, series, known)
    if bottom or ax.get_yscale() != "log":
        ax.axhline(bottom, color=ax.theme.line, linewidth=0.8, zorder=1.5)
