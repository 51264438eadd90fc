"""Marks that are thinner than a pixel: every row within the limits leaves a visible trace."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.collections import (
    FillBetweenPolyCollection,
    LineCollection,
    PolyCollection,
    QuadMesh,
)
from matplotlib.lines import Line2D

from plots.rendering.axes.axes import PlotAxes

from .areas import Area, as_area, join_layers
from .bands import as_band
from .boxes import Boxes, as_boxes
from .cells import as_cells, as_image
from .segments import as_segments
from .slices import Slice, as_slice


def keep_visible(ax: PlotAxes) -> None:
    """Let the marks on ``ax`` be at least a pixel wide, in the resolution in which they are drawn.

    That is known only while drawing, so Artists get a class that knows.
    """
    group: list[Boxes] = []
    areas: dict[Artist, Area] = {}
    for artist in ax.collections:
        if isinstance(artist, FillBetweenPolyCollection):
            if getattr(artist, "t_direction", "") == "x" and (area := as_area(artist)):
                areas[area] = area
                area.is_lined = any(map(_is_line, ax.lines))
        elif isinstance(artist, QuadMesh):
            as_cells(artist)
        elif isinstance(artist, LineCollection):
            as_segments(artist)
        elif isinstance(artist, PolyCollection):
            zeros = ax.zeros.get(artist, False)
            if boxes := as_boxes(artist, zeros, ax.get_facecolor()):
                boxes.group = group
                group.append(boxes)
    slices: list[Slice] = []
    for patch in ax.patches:
        as_band(patch)
        as_slice(patch, slices)
    for image in ax.images:
        as_image(image)
    for layers in ax.layers:
        if layers and all(each in areas for each in layers):
            join_layers([areas[each] for each in layers])


def _is_line(line: Line2D) -> bool:
    return line.get_linestyle() not in ("None", "", " ") and line.get_linewidth() > 0
