"""The colour bar, which shows the numbers that colours stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LogNorm
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from plots.data.model import Axis
from plots.rendering.text.matplotlib_fonts import families, font
from plots.rendering.text.measuring import Ruler
from plots.spec.themes import Theme

from .extents import center_labels
from .ticks import set_ticks

WIDTH, GAP, PAD = 11.0, 10.0, 5.0  # points


def share_colors(drawn: Sequence[ScalarMappable]) -> ScalarMappable | None:
    """Give all ``drawn`` of the panels the same colour limits; return one for the colour bar."""
    if len(drawn) > 1:
        lows, highs = zip(*(each.get_clim() for each in drawn), strict=True)
        for each in drawn:
            each.set_clim(min(lows), max(highs))
    return drawn[0] if drawn else None


class ColorBar:
    """A colour bar of ``mappable`` to the right of ``ax``; lengths are device pixels."""

    def __init__(
        self, figure: Figure, mappable: ScalarMappable, theme: Theme, label: str, meaning: Axis
    ) -> None:
        self.label, self.color, self.meaning = label, theme.muted, meaning
        self.ax: Axes = figure.add_axes((0.9, 0.1, 0.02, 0.8), label="colorbar")
        self.ax.set_facecolor(theme.ground)
        if isinstance(mappable, ContourSet) and not mappable.filled:
            _draw_lines(self.ax, mappable)
        else:
            figure.colorbar(mappable, cax=self.ax).outline.set_visible(False)
        colored: Any = mappable.get_array()
        numbers = np.ma.compressed(np.ma.masked_invalid(colored))
        is_contour = isinstance(mappable, ContourSet)
        self.whole = not is_contour and bool((numbers == np.floor(numbers)).all())
        self.scale = "log" if isinstance(mappable.norm, LogNorm) else "linear"
        self.ax.tick_params(
            which="both", length=0, pad=4, labelcolor=theme.muted, labelfontfamily=families()
        )

    def measure(self, height: float, size: float, point: float, renderer: Any) -> float:
        """Set ticks and label, in ``size`` points, and return the width that all of it takes."""
        self.ax.tick_params(labelsize=size)
        most = max(1, min(8, int(height / (3.2 * size * point))))
        set_ticks(self.ax.yaxis, self.meaning, self.scale, most, whole=self.whole)
        center_labels(self.ax.yaxis, renderer)
        low, high = sorted(self.ax.yaxis.get_view_interval())
        labels = [
            label.get_window_extent(renderer).width
            for place, label in zip(
                self.ax.yaxis.get_majorticklocs(), self.ax.get_yticklabels(), strict=False
            )
            if low <= place <= high
        ]
        return (
            (GAP + WIDTH + 4) * point
            + max(labels, default=0.0)
            + self._name(height, size, point, renderer)
        )

    def _name(self, height: float, size: float, point: float, renderer: Any) -> float:
        """Write the label along the right side, and return the width that it takes."""
        if not self.label:
            return 0.0
        text = Ruler(renderer).wrap(self.label, height, 2, font(size))
        label = self.ax.yaxis.label
        self.ax.yaxis.set_label_text(text, font=font(size), color=self.color, parse_math=False)
        self.ax.yaxis.labelpad = PAD
        return float(label.get_window_extent(renderer).width) + PAD * point

    def place(self, box: tuple[float, float, float, float], figure: Figure, point: float) -> None:
        """Place the bar beside the Axes at ``box``: left, bottom, width, height of the Figure."""
        left, bottom, width, height = box
        part = figure.bbox.width / point
        self.ax.set_position((left + width + GAP / part, bottom, WIDTH / part, height))


def _draw_lines(ax: Axes, contours: ContourSet) -> None:
    """Draw a dash for each line of ``contours``.

    If their numbers are nearly equal, matplotlib's colour bar loses some by rounding, or fails.
    """
    levels: Any = contours.levels
    ax.set(xlim=(0, 1), yscale="log" if isinstance(contours.norm, LogNorm) else "linear")
    room = (abs(levels[0]) / 10 or 1) if len(levels) == 1 else 0
    ax.set_ylim(levels[0] - room, levels[-1] + room)
    ax.xaxis.set_visible(False)
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")
    ax.spines[:].set_visible(False)
    dashes = [[(0.0, level), (1.0, level)] for level in levels]
    style: dict[str, Any] = {
        "colors": contours.to_rgba(levels),
        "linewidths": contours.get_linewidth(),
    }
    ax.add_collection(LineCollection(dashes, clip_on=False, **style), autolim=False)
