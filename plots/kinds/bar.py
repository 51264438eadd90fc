"""Bar charts: grouped or stacked, upright or lying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

import plots

from ..options import AlphaField
from .boxes import draw_boxes, ground_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..data import Data, Numbers

# The part of the room between neighbours that a group of bars fills.
FILL = 0.76


class BarOptions(forms.Form):
    mode = forms.ChoiceField(
        choices=[("grouped", "grouped"), ("stacked", "stacked")],
        initial="grouped",
        required=False,
        help_text="Bars of several series side by side, or one upon the other.",
    )
    orientation = forms.ChoiceField(
        choices=[("vertical", "vertical"), ("horizontal", "horizontal")],
        initial="vertical",
        required=False,
        help_text="Bars that stand, or lie with the first on top.",
    )
    alpha = AlphaField(initial=1)


def lies(*, orientation: str, **_: object) -> bool:
    return orientation == "horizontal"


@plots.kind(
    "bar",
    family="Pairwise",
    options=BarOptions,
    channels=plots.XY,
    transposed=lies,
    example={
        "x": "Monday,Tuesday,Wednesday,Thursday,Friday",
        "y": ["12,19,9,17,22", "7,11,13,8,15"],
        "label": ["Online", "In the shop"],
        "ylabel": "Orders",
    },
)
def bar(ax: Axes, data: Data, *, mode: str, orientation: str, alpha: float) -> None:
    """A bar for each value, from zero."""
    import numpy as np

    groups = 1 if mode == "stacked" else len(data.series)
    width = _room(np.concatenate([series.x for series in data.series])) * FILL / groups
    lying = orientation == "horizontal"
    scale = ax.get_xscale() if lying else ax.get_yscale()
    ground = ground_of(scale, np.concatenate([series.y for series in data.series]))
    tops: dict[tuple[float, bool], float] = {}
    for index, series in enumerate(data.series):
        heights = np.nan_to_num(series.y)  # a gap has no bar
        known = np.isfinite(series.x) & (np.isfinite(series.y) | (scale != "log"))
        places, heights = series.x[known], heights[known]
        starts = np.zeros_like(heights)
        if mode == "stacked":
            # What rises stands on what rises, what falls hangs from what falls.
            for row, (place, height) in enumerate(zip(places, heights, strict=True)):
                key = (float(place), bool(height < 0))
                starts[row] = tops.get(key, 0.0)
                tops[key] = starts[row] + height
        else:
            places = places + (index - (groups - 1) / 2) * width
        edges = (places - width / 2, places + width / 2, starts, starts + heights)
        draw_boxes(ax, *edges, ground=ground, lying=lying, label=series.label, alpha=alpha)
    if lying:
        ax.invert_yaxis()


def _room(places: Numbers) -> float:
    """The least distance between two different places; 1 where there is but one."""
    import numpy as np

    distances = np.diff(np.unique(places[np.isfinite(places)]))
    return float(distances.min()) if distances.size else 1.0
