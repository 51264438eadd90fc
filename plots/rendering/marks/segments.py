"""Straight lines. One without length is a dot."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.collections import LineCollection

from .device import Array, become, dpi_of, draw_rectangles, pixel


class Segments(LineCollection):
    """Lines between two points: LineCollections get this class once they are drawn."""

    ends: Array  # (n, 2, 2), in data coordinates

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        super().draw(renderer)
        unit = pixel(renderer, self)
        at = self.get_transform().transform(self.ends.reshape(-1, 2)).reshape(-1, 2, 2) / unit
        short = np.abs(np.diff(at, axis=1)).max(axis=(1, 2)) < 1
        if not self.get_visible() or not short.any():
            return
        width = np.resize(np.asarray(self.get_linewidth(), float) * dpi_of(self) / 72, len(at))
        half = np.maximum(width / unit, 1)[short, None] / 2
        middle = at[short].mean(axis=1)
        colors: Any = np.resize(np.asarray(self.get_edgecolor()), (len(at), 4))
        draw_rectangles(self, renderer, middle - half, middle + half, colors[short], unit)


def as_segments(artist: LineCollection) -> None:
    """Give ``artist`` the class Segments, if some of its lines may have no length."""
    lines = [np.asarray(path.vertices) for path in artist.get_paths()]
    if type(artist) is not LineCollection or not lines or any(len(line) != 2 for line in lines):
        return
    ends = np.asarray(lines)
    if (np.ptp(ends, axis=1) == 0).all(axis=1).any():
        become(artist, Segments).ends = ends
