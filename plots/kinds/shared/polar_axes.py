"""Plots on the unit circle: names around it, rings with numbers, and sectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.values.formatting import format_numbers

if TYPE_CHECKING:
    from matplotlib.patches import Patch

    from plots.data.model import Numbers
    from plots.kinds.axes import Axes

RADIUS = 1.06  # of the names


def set_circle_limits(ax: Axes, low: float = -1.0, high: float = 1.0) -> None:
    """Show x from -1 to 1 and y from ``low`` to ``high``, with equal scales."""
    ax.set_aspect("equal")
    ax.set_xlim(-1.02, 1.02)
    ax.set_ylim(low - 0.02, high + 0.02)


def to_xy(angles: Any, radii: Any) -> Numbers:
    """Return x and y (…, 2) of ``angles``, in turns clockwise from the top, and ``radii``."""
    angles, radii = np.broadcast_arrays(angles, radii)
    return np.stack([radii * np.sin(2 * np.pi * angles), radii * np.cos(2 * np.pi * angles)], -1)


def ring_segment(start: float, end: float, inner: float, outer: float) -> Numbers:
    """Return the corners (n, 2) of a segment of a ring, from ``start`` to ``end`` in turns."""
    arc = np.linspace(start, end, 2 + round(abs(end - start) * 180))
    if not inner:
        return np.concatenate([to_xy(arc, outer), [[0.0, 0.0]]])
    return np.concatenate([to_xy(arc, outer), to_xy(arc[::-1], inner)])


def write_names(ax: Axes, names: Sequence[str], angles: Numbers) -> None:
    """Write ``names`` around the circle, each at its angle in turns."""
    for name, (x, y) in zip(names, to_xy(angles, RADIUS), strict=True):
        across = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
        up = "center" if abs(y) < 0.5 * RADIUS else "bottom" if y > 0 else "top"
        color = ax.ink
        ax.annotate(name, (x, y), ha=across, va=up, color=color, annotation_clip=False)


def clip_circle(ax: Axes) -> Patch:
    """Return the unit circle as a clip path."""
    from matplotlib.patches import Circle

    return Circle((0, 0), 1, transform=ax.transData)


def draw_spokes(ax: Axes, angles: Numbers) -> None:
    """Draw a line from the centre to the outer circle at each of ``angles``."""
    from matplotlib.collections import LineCollection

    ends = to_xy(angles, 1)
    lines: Any = np.stack([np.zeros_like(ends), ends], axis=1)
    color = ax.theme.grid
    ax.add_collection(LineCollection(lines, colors=[color], linewidths=0.8, zorder=0.5))


def ring_values(low: float, high: float, most: int = 5) -> list[float]:
    """Return about ``most`` round numbers that enclose ``low`` and ``high``."""
    from matplotlib.ticker import MaxNLocator

    if low >= high:  # all alike
        low, high = min(low, 0.0), max(high, 0.0)
        high = high if low < high else 1.0
    ticks = [float(tick) for tick in MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(low, high)]
    covers = len(ticks) > 1 and ticks[0] <= low and high <= ticks[-1]
    return ticks if covers else [low, high]


def draw_rings(
    ax: Axes, radii: Numbers, values: Sequence[float], corners: Numbers | None = None
) -> None:
    """Draw a ring with its value at each of ``radii`` (0 to 1).

    With ``corners``, angles in turns, it is a polygon. The ring of 0 is stronger if there are
    negative values.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.patheffects import withStroke

    angles = np.linspace(0, 1, 181) if corners is None else np.append(corners, corners[0])
    style = ax.xaxis.get_tick_params()
    zero = ax.theme.line
    inks = [zero if value == 0 and min(values) < 0 else style["grid_color"] for value in values]
    rings: Any = [to_xy(angles, radius) for radius in radii]
    ax.add_collection(LineCollection(rings, colors=inks, linewidths=0.8, zorder=0.5))
    halo = [withStroke(linewidth=2.5, foreground=ax.get_facecolor())]
    for radius, value, text in zip(radii, values, format_numbers(values), strict=True):
        if radius > 0 or value != 0:
            ax.annotate(
                text, (0, radius), (-3, 0), textcoords="offset points", ha="right", va="center",
                color=style["labelcolor"], path_effects=halo, zorder=5, annotation_clip=False,
            )  # fmt: skip
