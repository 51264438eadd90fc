"""Streamlines."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.errors import PlotError
from plots.values.grids import fold, spaced_evenly

from .vectors import VECTORS, SpeedForm, example_vortex, speed_colors, with_speed

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


class StreamOptions(SpeedForm):
    density = forms.FloatField(
        min_value=0.2,
        max_value=2,
        initial=1,
        required=False,
        help_text="How close the lines are. 1 gives about 30 side by side.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.2, required=False, help_text="Width in points."
    )


def check_streamlines(data: Data, **unused: Any) -> Data:
    """Raise a PlotError if the grid is too small or not evenly spaced."""
    vector_grids(data)
    return with_speed(data)


def vector_grids(data: Data) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return the evenly spaced x (n) and y (m), and u and v (m, n)."""
    (series,) = data.series
    x, y, u = fold(series.x, series.y, series.dx)
    v = fold(series.x, series.y, series.dy)[2]
    if np.isfinite(u).any() and min(u.shape) < 2:
        message = _("Streamlines need at least two rows and two columns.")
        raise PlotError(message, "too-few", "dx")
    if u.size:
        x, y = spaced_evenly(x, "x"), spaced_evenly(y, "y")
    return x, y, u, v


@plots.kind(
    "stream",
    title="Streamlines",
    aliases={"matplotlib": "streamplot"},
    family="Scientific",
    options=StreamOptions,
    channels=VECTORS,
    transform=check_streamlines,
    example={
        **example_vortex(25, 19, size=30, wind=4),
        "colormap": "viridis",
        "zlabel": "Wind (m/s)",
    },
)
def stream(
    ax: Axes, data: Data, *, colormap: str, density: float, linewidth: float, **unused: object
) -> Any:
    """Lines that follow a flow, such as wind or water."""
    for name, axis in (("xscale", ax.xaxis), ("yscale", ax.yaxis)):
        if axis.get_scale() != "linear":
            message = _("Streamlines need a linear scale.")
            raise PlotError(message, "invalid-scale", name)
    x, y, u, v = vector_grids(data)
    gaps = ~(np.isfinite(u) & np.isfinite(v))
    if gaps.all():
        return None
    # Scaling does not change the lines, and squares of large numbers may overflow.
    most = max(np.abs(u[~gaps]).max(), np.abs(v[~gaps]).max()) or 1.0
    along, up = (np.ma.array(np.where(gaps, 0, each / most), mask=gaps) for each in (u, v))
    style: dict[str, Any] = {"color": ax.next_color()}
    if colormap:
        colored = speed_colors(ax, data, np.where(gaps, np.nan, u), v, colormap)
        style = {"color": np.ma.array(np.hypot(u, v), mask=gaps), **colored}
    # All panels together have about as many lines as a single plot.
    style["density"] = density / max(1, len(data.panels)) ** 0.5
    style |= {"linewidth": linewidth, "arrowsize": ax.marker_scale}
    # Without tolerance, lines through noise take a minute. matplotlib 3.10 has no such parameter.
    if "integration_max_error_scale" in signature(ax.streamplot).parameters:
        style["integration_max_error_scale"] = 20
    drawn = ax.streamplot(x, y, along, up, **style)
    ax.set_point_tooltips(drawn.lines, data.series[0])
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))  # there may be no line
    return drawn.lines if colormap else None
