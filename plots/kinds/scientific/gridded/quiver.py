"""Arrow plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.forms.options import choices

from .vectors import (
    VECTORS,
    SpeedForm,
    add_margin_for_marks,
    check_count,
    count_arrows,
    describe_vectors,
    example_vortex,
    finite_vectors,
    speed_colors,
    with_speed,
)

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes

MAX_ARROWS = 100_000


class QuiverOptions(SpeedForm):
    length = forms.FloatField(
        min_value=0.1,
        max_value=10,
        initial=1,
        required=False,
        help_text="A factor for the length of the arrows.",
    )
    pivot = forms.ChoiceField(
        choices=choices(["tail", "middle", "tip"]),
        initial="middle",
        required=False,
        help_text="The part of the arrow that is at its position.",
    )


def check_arrows(data: Data, **unused: Any) -> Data:
    """Raise a PlotError for too many arrows."""
    check_count(data, MAX_ARROWS, _("There are %(count)s arrows; at most %(most)s can be drawn."))
    return with_speed(data)


@plots.kind(
    "quiver",
    title="Arrow plot",
    aliases={"matplotlib": "quiver"},
    family="Scientific",
    options=QuiverOptions,
    channels=VECTORS,
    transform=check_arrows,
    describe=describe_vectors,
    marks=count_arrows,
    example={**example_vortex(17, 13, size=14), "colormap": "viridis", "zlabel": "Wind (m/s)"},
)
def quiver(
    ax: Axes, data: Data, *, colormap: str, length: float, pivot: Any, **unused: object
) -> Any:
    """An arrow at each place that shows a direction and a strength."""
    x, y, u, v = finite_vectors(data.series)
    if not u.size:
        return None
    # Only the ratios matter, and squares of large numbers may overflow.
    every = np.stack(finite_vectors(data.all_series)[2:])
    most = np.abs(every).max() or 1.0
    along, up = u / most, v / most
    # A mean arrow is about half as long as the distance to the next.
    mean, count = np.hypot(*(every / most)).mean(), every.shape[1] / max(1, len(data.panels))
    scale = 1.8 * (mean or 1.0) * max(10.0, np.sqrt(count)) / length
    style: dict[str, Any] = {"pivot": pivot, "scale": scale, "scale_units": "width"}
    longest = float(np.hypot(along, up).max() / scale) * ax.panel_size[0]
    add_margin_for_marks(ax, longest / 2 if pivot == "middle" else longest)
    if not colormap:
        arrows = ax.quiver(x, y, along, up, color=ax.next_color(), **style)
    else:
        colors = speed_colors(ax, data, u, v, colormap)
        arrows = ax.quiver(x, y, along, up, np.hypot(u, v), **colors, **style)
    ax.set_point_tooltips(arrows, data.series[0])
    return arrows if colormap else None
