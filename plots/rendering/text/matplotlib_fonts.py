"""The fonts of images. They come from packages, so that all machines render the same pixels."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties, fontManager

from plots.rendering.compat import font_entry
from plots.text import font_fallback
from plots.text.font_fallback import Face

FALLBACK = "DejaVu Sans"  # comes with matplotlib, and has many symbols


@lru_cache(256)
def _family(face: Face) -> str:
    """Register ``face`` with matplotlib, and return the name of its family.

    The name is our own: another Roboto on the machine must not change an image, and matplotlib's
    list of fonts may be older than a file.
    """
    name = f"{face.path}#{face.index}"
    fontManager.ttflist.append(font_entry(face.path, face.index, name))
    return name


REGULAR, MEDIUM = _family(font_fallback.REGULAR), _family(font_fallback.MEDIUM)

# A glyph that no font has is drawn as a box. A log line for each would fill the log.
warnings.filterwarnings("ignore", message="Glyph .* missing from font")


def font(size: float, face: str = REGULAR) -> FontProperties:
    """Return ``face`` at ``size`` points. matplotlib searches its families for each glyph."""
    return FontProperties(family=families(face), size=size)


def families(face: str = REGULAR) -> list[str]:
    return [face, FALLBACK]


def suited(font: FontProperties, text: str, language: str = "") -> FontProperties:
    """Return ``font`` with further families, after the first, for other characters of ``text``."""
    needed = font_fallback.required_fonts(text, language)
    if not needed:
        return font
    first, *rest = font.get_family()
    font = font.copy()
    font.set_family([first, *map(_family, needed), *rest])
    return font


class AnyScript:
    """Mixin for renderers that draws and measures each text in fonts with its characters."""

    language = ""  # of the whole image, for Chinese characters alone

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, *args: Any, **kwargs: Any
    ) -> None:
        prop = suited(prop, s, self.language)
        super().draw_text(gc, x, y, s, prop, *args, **kwargs)  # type: ignore[misc]  # a renderer's

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        prop = suited(prop, s, self.language)
        return super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[misc]
