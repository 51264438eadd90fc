"""The Agg canvas, on which all texts are measured and all pixels are drawn.

Its pixels are those of matplotlib's own canvas, bit for bit.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path

from plots.rendering.compat import STOCK, HookedAgg
from plots.rendering.marks.strokes import VisibleStrokes
from plots.rendering.text.matplotlib_fonts import AnyScript, suited

from .glyphs import SUBPIXELS, bitmap, files_of, glyphs_of, heights, measure

# Agg's time and memory grow faster than a line's length: noise of 100,000 points takes 1.4 s whole
# and 0.2 s in pieces, or is refused. Lines longer than LONG points are drawn PIECE by PIECE.
LONG, PIECE = 20_000, 1000


class LongLines(VisibleStrokes, RendererAgg):
    """Agg that draws long lines in pieces that share their ends, and none thinner than a pixel."""

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        vertices = np.asarray(path.vertices)
        if rgbFace is not None or path.codes is not None or len(vertices) <= LONG:
            super().draw_path(gc, path, transform, rgbFace)
            return
        for start in range(0, len(vertices) - 1, PIECE):
            super().draw_path(gc, Path(vertices[start : start + PIECE + 1]), transform)


class StockRenderer(AnyScript, LongLines):
    """Agg with matplotlib's own texts."""


class CachingRenderer(AnyScript, LongLines, HookedAgg):
    """Agg with cached texts."""

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        special = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        if ismath or special or not gc.get_antialiased():
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        size, files = prop.get_size_in_points(), files_of(suited(prop, s, self.language))
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        for file, index, dx, dy in glyphs_of(s, files, size, self.dpi):
            # FreeType's y runs upwards, and so does a glyph's dy.
            right = round(SUBPIXELS * (x + dx * cos - dy * sin))
            up = round(SUBPIXELS * (self.height - y + dx * sin + dy * cos))
            offset = right % SUBPIXELS, up % SUBPIXELS
            shades, left, bottom = bitmap(file, index, size, self.dpi, angle, offset)
            top = int(self.height) - bottom - up // SUBPIXELS
            self.draw_bitmap(shades, left + right // SUBPIXELS, top, gc)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        files = files_of(suited(prop, s, self.language))
        return measure(s, files, prop.get_size_in_points(), self.dpi)

    def font_heights(self, prop: FontProperties) -> tuple[float | None, ...]:
        return heights(files_of(prop), prop.get_size_in_points(), self.dpi)


Renderer = StockRenderer if STOCK else CachingRenderer


class Canvas(FigureCanvasAgg):
    """The canvas of every Figure that this project makes."""

    renderer: StockRenderer | CachingRenderer
    language = ""  # see `AnyScript`
    notes: tuple[str, ...] = ()  # on texts that the Figure has no room for
    _size: tuple[float, float, float] | None = None

    def get_renderer(self) -> StockRenderer | CachingRenderer:
        width, height = self.get_width_height(physical=True)
        size = (width, height, self.figure.dpi)
        if self._size != size:
            self._size, self.renderer = size, Renderer(*size)
        self.renderer.language = self.language
        return self.renderer
