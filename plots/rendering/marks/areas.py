"""Filled areas, whose peaks narrower than a pixel and layers thinner than one stay visible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.collections import FillBetweenPolyCollection

from .columns import Reduced, reduce_columns
from .device import Array, become, draw_polygons, draw_rectangles, pixel


class Area(FillBetweenPolyCollection):
    """An area between two lines: those of ``fill_between`` get this class once they are drawn.

    Where a pixel column has a peak that is narrower, the area reaches its top within the whole
    column. Areas in ``layers`` are on top of each other; they show the same row of the column.
    """

    layers: list[Area]
    runs: list[Array]  # (n, 3): x, lower and upper y of each part between gaps
    reduced: tuple[Any, list[Reduced]]  # the last result, which all layers need
    is_lined: bool  # whether a line is drawn along its edge, so that it is visible anyway

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        unit = pixel(renderer, self)
        reduced = reduce_layers(self.layers, unit)
        index = self.layers.index(self)
        if any(run.changed for run in reduced):
            outlines = [run.outline(index) * unit for run in reduced]
            draw_polygons(self, renderer, outlines, self.get_facecolor())
        else:
            super().draw(renderer)
        if index < len(self.layers) - 1:
            return
        for run in reduced:
            self._draw_thin(renderer, run, unit)

    def _draw_thin(self, renderer: Any, run: Reduced, unit: float) -> None:
        """Draw the peaks of single layers that the column does not show, and thin layers."""
        colors = np.concatenate([layer.get_facecolor()[:1] for layer in self.layers])
        if len(run.owner):
            order = np.argsort(-(run.high - run.low)[:, 1], kind="stable")
            inks = colors[run.owner[order]]
            draw_rectangles(self, renderer, run.low[order], run.high[order], inks, unit)
        for index, ribbon in run.ribbons():
            if not self.layers[index].is_lined:
                draw_polygons(self, renderer, [ribbon * unit], colors[index : index + 1])


def reduce_layers(layers: Sequence[Area], unit: float) -> list[Reduced]:
    """Return what is drawn of each part between gaps, in pixels of ``unit``."""
    ax: Any = layers[0].axes
    key = (unit, ax.bbox.extents.tolist(), ax.get_xlim(), ax.get_ylim())
    if layers[0].reduced[0] == key:
        return layers[0].reduced[1]
    found: list[Reduced] = []
    transform = layers[0].get_transform()
    for runs in zip(*(layer.runs for layer in layers), strict=True):
        lower, upper = (
            [transform.transform(run[:, [0, column]]) / unit for run in runs] for column in (1, 2)
        )
        solid = np.array([run[:, 1] != run[:, 2] for run in runs])
        x = lower[0][:, 0]
        low, high = (np.array([each[:, 1] for each in edges]) for edges in (lower, upper))
        found.append(reduce_columns(x, low, high, solid))
    layers[0].reduced = key, found
    return found


def as_area(artist: FillBetweenPolyCollection) -> Area | None:
    """Give ``artist`` the class Area, if it is an area along x in one colour."""
    runs = []
    for path in artist.get_paths():
        corners = np.asarray(path.vertices)
        count = (len(corners) - 3) // 2
        there, back = corners[1 : count + 1], corners[count + 2 : 2 * count + 2][::-1]
        if len(corners) != 2 * count + 3 or not np.array_equal(there[:, 0], back[:, 0]):
            return None
        if (np.diff(there[:, 0]) < 0).any() and (np.diff(there[:, 0]) > 0).any():
            return None  # it turns back
        run = np.column_stack([there, back[:, 1]])
        runs.append(run if run[0, 0] <= run[-1, 0] else run[::-1])
    colors: Any = artist.get_facecolor()
    if not runs or len(colors) != 1 or artist.get_hatch():
        return None
    if not all(np.isfinite(run).all() for run in runs):
        return None
    area = become(artist, Area)
    area.runs, area.layers = runs, [area]
    area.reduced, area.is_lined = (None, []), False
    return area


def join_layers(areas: Sequence[Area]) -> None:
    """Let ``areas`` show the same row of each pixel column, if they have the same x."""
    first = [run[:, 0] for run in areas[0].runs]
    for area in areas:
        places = [run[:, 0] for run in area.runs]
        if len(places) != len(first) or not all(map(np.array_equal, places, first)):
            return
    layers = list(areas)
    for area in layers:
        area.layers = layers
