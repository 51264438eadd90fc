"""Caches of what FreeType computes: the layout, size and bitmap of texts and glyphs.

All caches are bounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties, get_font

from plots.rendering import compat

# FreeType places glyphs at 64ths of a pixel.
SUBPIXELS = 64

Files = tuple[str, ...]  # font files (or FontPaths, with an index in the file), in order


class Bitmap(NamedTuple):
    """The coverage of a glyph, uint8 of shape (height, width), and the place of its corner."""

    shades: np.ndarray[Any, np.dtype[np.uint8]]
    left: int
    bottom: int


@lru_cache(256)
def files_of(prop: FontProperties) -> Files:
    """Return the font files to look up characters in."""
    return compat.font_files(prop)


@lru_cache(4096)
def measure(text: str, files: Files, size: float, dpi: float) -> tuple[float, float, float]:
    """Return the width, height and descent of ``text`` in pixels, at ``size`` points."""
    font = _font(files, size, dpi)
    font.set_text(text, 0.0, flags=compat.hinting())
    width, height = font.get_width_height()
    return width / SUBPIXELS, height / SUBPIXELS, font.get_descent() / SUBPIXELS


@lru_cache(256)
def heights(files: Files, size: float, dpi: float) -> tuple[float | None, ...]:
    """Return the ascent, descent and line gap of a font in pixels; three Nones if it has none."""
    font: Any = get_font(files)
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
def glyphs_of(
    text: str, files: Files, size: float, dpi: float
) -> tuple[tuple[str, int, float, float], ...]:
    """Return the file, index in that file, x and y (from the start of ``text``) of each glyph."""
    items = compat.lay_out_glyphs(_font(files, size, dpi), text)
    return tuple(
        (compat.file_of(item.ft_object), item.glyph_index, item.x, item.y) for item in items
    )


@lru_cache(8192)
def bitmap(
    file: str, index: int, size: float, dpi: float, angle: float, offset: tuple[int, int]
) -> Bitmap:
    """Draw a glyph at ``angle`` degrees, moved by ``offset`` 64ths of a pixel right and up."""
    font: Any = get_font(file)
    font.set_size(size, dpi)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    matrix = (0x10000 * np.array([[cos, -sin], [sin, cos]])).round().astype(int)
    drawn = compat.render_glyph(font, index, matrix, offset)
    shades = np.array(drawn.buffer)
    return Bitmap(shades, drawn.left, drawn.top - shades.shape[0])


def _font(files: Sequence[str], size: float, dpi: float) -> Any:
    font = get_font(files)
    font.clear()
    font.set_size(size, dpi)
    return font
