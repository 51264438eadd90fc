"""The Agg canvas: where everything is measured and all pixels are drawn, as matplotlib's does it.

The pixels are those of matplotlib's own canvas, bit for bit; what it works out anew for every
glyph of every picture is kept here for the next. All caches are bounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontPath, FontProperties, fontManager, get_font
from matplotlib.ft2font import RenderMode
from matplotlib.path import Path

from plots.rendering.text.matplotlib_fonts import AnyScript, suited

# Agg's time and memory grow faster than a line's length: noise of 100,000 points takes 1.4 s whole
# and 0.2 s in pieces, or is refused. Lines longer than LONG points are drawn PIECE by PIECE.
LONG, PIECE = 20_000, 1000
# FreeType places glyphs at 64ths of a pixel.
SUBPIXELS = 64


class Renderer(AnyScript, RendererAgg):
    """Agg, with long lines drawn in pieces that share their ends, and glyphs drawn but once."""

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        vertices = np.asarray(path.vertices)
        if rgbFace is not None or path.codes is not None or len(vertices) <= LONG:
            super().draw_path(gc, path, transform, rgbFace)
            return
        for start in range(0, len(vertices) - 1, PIECE):
            super().draw_path(gc, Path(vertices[start : start + PIECE + 1]), transform)

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
        size, faces = prop.get_size_in_points(), _faces(suited(prop, s, self.language))
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        for face, index, dx, dy in _glyphs(s, faces, size, self.dpi):
            # FreeType's y runs upwards, and so does a glyph's dy.
            right = round(SUBPIXELS * (x + dx * cos - dy * sin))
            up = round(SUBPIXELS * (self.height - y + dx * sin + dy * cos))
            place = right % SUBPIXELS, up % SUBPIXELS
            bitmap = _bitmap(face, index, size, self.dpi, angle, place)
            self._renderer.draw_text_image(
                bitmap.shades,
                bitmap.left + right // SUBPIXELS,
                int(self.height) - bitmap.bottom - up // SUBPIXELS,
                0,
                gc,
            )

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        if ismath:
            found: tuple[float, float, float] = super().get_text_width_height_descent(
                s, prop, ismath
            )
            return found
        faces = _faces(suited(prop, s, self.language))
        return _measure(s, faces, prop.get_size_in_points(), self.dpi)

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float | None, ...]:
        """What ``Text`` looks up in the font's file otherwise, for each layout of each text."""
        return _heights(_faces(prop), prop.get_size_in_points(), self.dpi)


class Canvas(FigureCanvasAgg):
    """Where everything is measured and all pixels are drawn."""

    renderer: Renderer
    language = ""  # see `AnyScript`
    _key: tuple[float, float, float] | None = None

    def get_renderer(self) -> Renderer:
        width, height = self.get_width_height(physical=True)
        key = (width, height, self.figure.dpi)
        if self._key != key:
            self._key, self.renderer = key, Renderer(*key)
        self.renderer.language = self.language
        return self.renderer


Faces = tuple[str, ...]  # files (or FontPaths, with a place therein) to look into, in turn


class Bitmap(NamedTuple):
    """One glyph: its coverage, uint8 of shape (height, width), and where its corner stands."""

    shades: np.ndarray[Any, np.dtype[np.uint8]]
    left: int
    bottom: int


@lru_cache(256)
def _faces(font: FontProperties) -> Faces:
    return tuple(fontManager._find_fonts_by_props(font))


def _font(faces: Sequence[str], size: float, dpi: float) -> Any:
    font = get_font(faces)
    font.clear()
    font.set_size(size, dpi)
    return font


@lru_cache(4096)
def _measure(text: str, faces: Faces, size: float, dpi: float) -> tuple[float, float, float]:
    """Width, height and descent of ``text`` in pixels."""
    font = _font(faces, size, dpi)
    font.set_text(text, 0.0, flags=get_hinting_flag())
    width, height = font.get_width_height()
    return width / SUBPIXELS, height / SUBPIXELS, font.get_descent() / SUBPIXELS


@lru_cache(256)
def _heights(faces: Faces, size: float, dpi: float) -> tuple[float | None, ...]:
    """Ascent, descent and gap between lines of a font in pixels; three Nones if it has none."""
    font: Any = get_font(faces)
    pixel = size * dpi / 72 / font.units_per_EM
    for name, fields in (
        ("OS/2", ("sTypoAscender", "sTypoDescender", "sTypoLineGap")),
        ("hhea", ("ascent", "descent", "lineGap")),
    ):
        table = font.get_sfnt_table(name)
        if table is not None:
            ascent, descent, gap = (table[field] * pixel for field in fields)
            return ascent, -descent, gap
    return None, None, None


@lru_cache(4096)
def _glyphs(
    text: str, faces: Faces, size: float, dpi: float
) -> tuple[tuple[str, int, float, float], ...]:
    """The glyphs of ``text``: each one's file, its index there, and its place from the start."""
    items = _font(faces, size, dpi)._layout(
        text, flags=get_hinting_flag(), features=None, language=None
    )
    return tuple((_path(item.ft_object), item.glyph_index, item.x, item.y) for item in items)


def _path(font: Any) -> str:
    # A plain string is found faster, and means the first.
    return FontPath(font.fname, font.face_index) if font.face_index else str(font.fname)


@lru_cache(8192)
def _bitmap(
    face: str, index: int, size: float, dpi: float, angle: float, place: tuple[int, int]
) -> Bitmap:
    """A glyph at ``angle`` degrees, moved by ``place`` 64ths of a pixel rightwards and upwards."""
    font: Any = get_font(face)
    font.set_size(size, dpi)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turn = (0x10000 * np.array([[cos, -sin], [sin, cos]])).round().astype(int)
    font._set_transform(turn, list(place))
    drawn = font._render_glyph(index, get_hinting_flag(), RenderMode.NORMAL)
    shades = np.array(drawn.buffer)
    return Bitmap(shades, drawn.left, drawn.top - shades.shape[0])
