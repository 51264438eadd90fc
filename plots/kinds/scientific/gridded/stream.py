"""Streamlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.errors import PlotError
from plots.kinds.shared.duplicates import average
from plots.values.grids import fold, spaced_evenly

from .streamlines import Streamlines, interpolate
from .vectors import (
    VECTORS,
    SpeedForm,
    describe_vectors,
    example_vortex,
    speed_colors,
    with_speed,
)

if TYPE_CHECKING:
    from matplotlib.collections import LineCollection

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


def count_vectors(count: int) -> str:
    return ngettext("%(count)s vector", "%(count)s vectors", count)


def check_streamlines(data: Data, **unused: Any) -> Data:
    """Raise a PlotError if the grid is too small or not evenly spaced."""
    data = average(data, ("x", "y"), "dx", "dy")
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
    describe=describe_vectors,
    marks=count_vectors,
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
    finite = np.isfinite(u) & np.isfinite(v)
    if not finite.any():
        return None
    # All panels together have about as many lines as a single plot.
    density /= max(1, len(data.panels)) ** 0.5
    # Scaling does not change the lines, and squares of large numbers may overflow.
    most = max(np.abs(u[finite]).max(), np.abs(v[finite]).max()) or 1.0
    u, v = (np.where(finite, part, np.nan) for part in (u, v))
    per_step = 1 / np.array([x[1] - x[0], y[1] - y[0]])
    cells = Streamlines(u / most * per_step[0], v / most * per_step[1], density).trace()
    lines = [line / per_step + (x[0], y[0]) for line in cells]
    speeds = None
    style: dict[str, Any] = {"color": ax.next_color()}
    if colormap:
        speeds = [interpolate(np.hypot(u, v), line)[:-1] for line in cells]
        style = speed_colors(ax, data, u, v, colormap)
    drawn = draw_streamlines(ax, lines, speeds, {**style, "linewidth": linewidth})
    ax.set_point_tooltips(drawn, data.series[0])
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    return drawn if colormap else None


def draw_streamlines(
    ax: Axes, lines: list[Numbers], speeds: list[Numbers] | None, style: dict[str, Any]
) -> LineCollection:
    """Draw each line with an arrow in its middle.

    Parameters
    ----------
    lines : list of array of float, shape (n, 2)
        The points of each line.
    speeds : list of array of float, shape (n - 1,), optional
        The numbers that colour the segments of each line.
    style : dict
        ``linewidth``, and ``color`` or, with ``speeds``, ``cmap`` and ``norm``.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.patches import FancyArrowPatch

    segments = lines
    if speeds is not None:
        pairs = [np.stack([line[:-1], line[1:]], axis=1) for line in lines]
        segments = [*np.concatenate([*pairs, np.empty((0, 2, 2))])]
    drawn = LineCollection(segments, zorder=2, **style)
    arrow: dict[str, Any] = {
        "arrowstyle": "-|>",
        "mutation_scale": 10 * ax.marker_scale,
        "zorder": 2,
    }
    arrow |= {name: style[name] for name in ("color", "linewidth") if name in style}
    if speeds is not None:
        drawn.set_array(np.ma.masked_invalid(np.concatenate([*speeds, []])))
    ax.add_collection(drawn)
    for number, line in enumerate(lines):
        distances = np.cumsum(np.hypot(*np.diff(line, axis=0).T))
        middle = int(np.searchsorted(distances, distances[-1] / 2))
        if speeds is not None:
            arrow["color"] = drawn.to_rgba(speeds[number][middle])
        ends = line[middle], line[middle : middle + 2].mean(axis=0)
        ax.add_patch(FancyArrowPatch(*map(tuple, ends), transform=ax.transData, **arrow))
    return drawn
