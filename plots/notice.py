"""The small picture that an image URL answers with when it cannot draw what was asked.

Made with Pillow alone: a process that leaves drawing to others must not load matplotlib for this.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from typing import Any

import font_roboto
from PIL import Image, ImageDraw, ImageFont

from .themes import LIGHT
from .wrapping import wrap

WIDTH, HEIGHT = 480, 160
MARGIN = 24
EDGE, EDGE_WIDTH = "#c92a2a", 3
MOST = 1000  # characters of a message; more never fit
# Drawn larger and made smaller again, letters stand between pixels where they belong, which Pillow
# does not do by itself. A page, which is looked at more closely, keeps the larger one.
RATIO = 2

ENCODERS: dict[str, dict[str, Any]] = {
    "png": {"format": "png"},
    "webp": {"format": "webp", "lossless": True},
    "jpg": {"format": "jpeg", "quality": 90, "subsampling": 0},
}

_ROBOTO = Path(font_roboto.font_directory)
REGULAR, MEDIUM = _ROBOTO / "Roboto-Regular.ttf", _ROBOTO / "Roboto-Medium.ttf"
# Has many more letters, and comes with matplotlib: to find the file is not to import the package.
_FALLBACK = "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf"
FALLBACK = Path(str(distribution("matplotlib").locate_file(_FALLBACK)))


@dataclass(frozen=True)
class Line:
    """One line of text: its baseline from the top and its size, both in CSS pixels."""

    text: str
    baseline: float
    size: float
    file: Path
    color: str

    @property
    def width(self) -> float:
        return width(self.text, self.file, self.size)


@lru_cache(maxsize=128)
def draw(heading: str, message: str, format: str) -> bytes:
    """A png, svg, pdf, webp or jpg of 480 × 160 CSS pixels that says ``message``, literally.

    Both texts are printable, as those of a PlotError are. The same ones make the same bytes.
    """
    message = message[:MOST]
    lines = [
        *_set(heading, 1, Line("", 40, 12 / 0.72, MEDIUM, EDGE), 0),
        *_set(message, 5, Line("", 67, 10 / 0.72, REGULAR, LIGHT.ink), 19.5),
    ]
    if format == "svg":
        return _svg(f"{heading}: {message}", lines).encode()
    image, out = _pixels(lines), BytesIO()
    if format == "pdf":
        dates = {"creationDate": None, "modDate": None}
        title = f"{heading}: {message}"
        image.save(out, "pdf", resolution=100 * RATIO, quality=90, title=title, **dates)
    else:
        image.reduce(RATIO).save(out, **ENCODERS[format])
    return out.getvalue()


def _set(text: str, count: int, first: Line, pitch: float) -> list[Line]:
    """``text`` in at most ``count`` lines, made like ``first`` and ``pitch`` pixels apart."""
    file = max(first.file, FALLBACK, key=lambda file: sum(_has(c, file) for c in set(text)))
    broken = wrap(text, WIDTH - 2 * MARGIN, count, lambda text: width(text, file, first.size))
    return [
        Line(text, first.baseline + number * pitch, first.size, file, first.color)
        for number, text in enumerate(broken)
    ]


def width(text: str, file: Path, size: float) -> float:
    """How wide ``text`` is, in CSS pixels.

    Characters of the East that the font has not are as wide as they are high, which is how a
    browser shows them in an SVG.
    """
    wide = {c for c in text if unicodedata.east_asian_width(c) in "WF" and not _has(c, file)}
    narrow = "".join(c for c in text if c not in wide)
    return _font(file, size).getlength(narrow) + size * (len(text) - len(narrow))


@lru_cache(maxsize=16)
def _font(file: Path, size: float) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(file), size)
    except OSError:  # the fallback, where matplotlib is packaged without its fonts
        return ImageFont.truetype(str(REGULAR), size)


@lru_cache(maxsize=4096)
def _has(character: str, file: Path) -> bool:
    """Whether the font in ``file`` has a glyph for ``character``: it looks unlike a missing one."""
    font = _font(file, 32)
    return bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))


def _pixels(lines: list[Line]) -> Image.Image:
    image = Image.new("RGB", (WIDTH * RATIO, HEIGHT * RATIO), LIGHT.ground)
    pen = ImageDraw.Draw(image)
    corner = (image.width - 1, image.height - 1)
    pen.rectangle(((0, 0), corner), outline=EDGE, width=EDGE_WIDTH * RATIO)
    for line in lines:
        font = _font(line.file, line.size * RATIO)
        at = (MARGIN * RATIO, line.baseline * RATIO)
        pen.text(at, line.text, line.color, font, anchor="ls")
    return image


_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img">
<title>{title}</title>
<rect x="{inset}" y="{inset}" width="{inner_width}" height="{inner_height}" \
fill="{ground}" stroke="{edge}" stroke-width="{edge_width}"/>
<text font-family="Roboto, Helvetica, Arial, sans-serif" xml:space="preserve">
{lines}
</text>
</svg>
"""
# A viewer may set it in another font: told how long a line is, it squeezes what would stick out.
_TSPAN = (
    '<tspan x="{x}" y="{y:g}" font-size="{size:.2f}" font-weight="{weight}" fill="{color}" '
    'textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs">{text}</tspan>'
)


def _svg(title: str, lines: list[Line]) -> str:
    return _SVG.format(
        width=WIDTH,
        height=HEIGHT,
        title=escape(title),
        inset=EDGE_WIDTH / 2,
        inner_width=WIDTH - EDGE_WIDTH,
        inner_height=HEIGHT - EDGE_WIDTH,
        ground=LIGHT.ground,
        edge=EDGE,
        edge_width=EDGE_WIDTH,
        lines="\n".join(
            _TSPAN.format(
                x=MARGIN,
                y=line.baseline,
                size=line.size,
                weight=500 if line.color == EDGE else 400,
                color=line.color,
                length=line.width,
                text=escape(line.text),
            )
            for line in lines
        ),
    )
