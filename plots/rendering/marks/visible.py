"""Marks that are thinner than a pixel: every row within the limits leaves a visible trace."""

from __future__ import annotations

from matplotlib.collections import PolyCollection

from plots.rendering.axes.axes import PlotAxes

from .boxes import Boxes, as_boxes


def keep_visible(ax: PlotAxes) -> None:
    """Let the marks on ``ax`` be at least a pixel wide, in the resolution in which they are drawn.

    That is known only while drawing, so Artists get a class that knows.
    """
    group: list[Boxes] = []
    for artist in ax.collections:
        if isinstance(artist, PolyCollection):
            zeros = ax.zeros.get(artist, False)
            if boxes := as_boxes(artist, zeros, ax.get_facecolor()):
                boxes.group = group
                group.append(boxes)
