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
    """Give ``artist`` the class Segments, if each of its lines is between two points.

    Lines that are coloured by numbers are parts of longer ones.
    """
    lines = [np.asarray(path.vertices) for path in artist.get_paths()]
    is_plain = type(artist) is LineCollection and artist.get_array() is None
    if is_plain and lines and all(len(line) == 2 for line in lines):
        become(artist, Segments).ends = np.asarray(lines)
