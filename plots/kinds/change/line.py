"""Line charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.forms.options import (
    LINE_STYLES,
    MARKERS,
    AlphaField,
    MarkerField,
    MarkerSizeField,
    choices,
)

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.kinds.axes import Axes


STEPS = {
    "none": "default",
    "before": "steps-pre",
    "middle": "steps-mid",
    "after": "steps-post",
}


class LineOptions(forms.Form):
    linestyle = forms.ChoiceField(
        choices=choices(LINE_STYLES),
        initial="solid",
        required=False,
        help_text="The style of the line. Lines of more than 10,000 points are solid.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=2, required=False, help_text="Width in points."
    )
    steps = forms.ChoiceField(
        choices=choices(STEPS),
        initial="none",
        required=False,
        help_text="Draw steps that change before each point, in the middle, or after it.",
    )
    marker = MarkerField(initial="none")
    markersize = MarkerSizeField(initial=6)
    alpha = AlphaField(initial=1)


@plots.kind(
    "line",
    title="Line chart",
    aliases={"matplotlib": "plot", "QuickChart": "line"},
    family="Change over time",
    downsample="lines",
    options=LineOptions,
    channels=[*plots.XY, plots.LINK],
    example={
        "x": "2026-01-01,2026-02-01,2026-03-01,2026-04-01,2026-05-01,2026-06-01",
        "y": ["18,24,31,29,38,47", "11,15,14,22,26,25"],
        "label": ["Orders", "Returns"],
        "marker": "circle",
    },
)
def line(
    ax: Axes,
    data: Data,
    *,
    linestyle: str,
    steps: str,
    marker: str,
    markersize: float,
    **options: Any,
) -> None:
    """Lines that show how numbers change, most often over time."""
    for series in data.series:
        look = ax.next_style()
        style = look.line(LINE_STYLES[linestyle], series.x.size)
        style["marker"] = MARKERS[marker] if linestyle != "none" else look.marker(MARKERS[marker])
        lone = isolated_points(series)
        if marker == "none" and linestyle != "none" and lone.size:
            # A point between two gaps has no line; draw a marker.
            style |= {"marker": MARKERS["circle"], "markevery": lone.tolist(), "markeredgewidth": 0}
        ax.plot(
            series.x,
            series.y,
            label=series.label,
            drawstyle=STEPS[steps],
            markersize=markersize * ax.marker_scale,
            **(options | style),
        )


def isolated_points(series: Series) -> Any:
    """Return the indices of points that have a gap, or nothing, on both sides.

    Several equal points after another are as one, since a line between them has no length.
    """
    known = np.isfinite(series.x) & np.isfinite(series.y)
    same = (np.diff(series.x) == 0) & (np.diff(series.y) == 0)  # as the point before
    first = known & ~np.append(False, same)
    before = np.append(False, known[:-1])
    starts = np.flatnonzero(first & ~before)  # of parts between gaps
    ends = np.flatnonzero(known & ~np.append(known[1:], False))
    count = np.cumsum(first)
    return starts[count[ends] == count[starts]]
