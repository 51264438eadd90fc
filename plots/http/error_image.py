"""The small picture that an image URL answers with when it cannot draw what was asked.

Made with Pillow alone: a process that leaves drawing to others must not load matplotlib for this.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont, features

from plots.spec.themes import LIGHT
from plots.text import font_fallback
from plots.text.font_fallback import FALLBACK, MEDIUM, REGULAR, Face
from plots.text.wrapping import wrap

WIDTH, HEIGHT = 480, 160
MARGIN = 24
EDGE, EDGE_WIDTH = "#c92a2a", 3
MOST = 1000  # characters of a message; more never fit
# Drawn larger and made smaller again, letters stand between pixels where they belong, which Pillow
# does not do by itself. A page, which is looked at more closely, keeps the larger one.
RATIO = 2
# What is quoted may run from right to left, and the message around it does not. Pillow knows of
# neither where the machine has no FriBiDi, and then draws Arabic letters one by one.
DIRECTION = "ltr" if features.check("raqm") else None

ENCODERS: dict[str, dict[str, Any]] = {
    "png": {"format": "png"},
    "webp": {"format": "webp", "lossless": True},
    "jpg": {"format": "jpeg", "quality": 90, "subsampling": 0},
}


@dataclass(frozen=True)
class Line:
    """One line of text: its baseline from the top and its size, both in CSS pixels."""

    text: str
    baseline: float
    size: float
    face: Face
    color: str

    @property
    def width(self) -> float:
        return width(self.text, self.face, self.size)


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
    broken = wrap(text, WIDTH - 2 * MARGIN, count, lambda text: width(text, first.face, first.size))
    return [
        Line(text, first.baseline + number * pitch, first.size, first.face, first.color)
        for number, text in enumerate(broken)
    ]


def width(text: str, face: Face, size: float) -> float:
    """How wide ``text`` is, in CSS pixels.

    Characters of the East that no font has are as wide as they are high, which is how a browser
    shows them in an SVG.
    """
    return sum(
        size * len(run)
        if unicodedata.east_asian_width(run[0]) in "WF" and run[0] not in face
        else _font(face, size).getlength(run, direction=DIRECTION)
        for face, run in _runs(text, face)
    )


@lru_cache(256)
def _runs(text: str, face: Face) -> list[tuple[Face, str]]:
    """``text`` in pieces, each with the first font that has it: ``face``, where it can be."""
    if text.isascii():
        return [(face, text)] if text else []
    chain = [face, *font_fallback.required_fonts(text), FALLBACK]
    runs: list[tuple[Face, str]] = []
    for character in text:
        last, run = runs[-1] if runs else (face, "")
        # Signs, spaces and marks stay with the letters before them.
        if character.isalnum() or character not in last or not run:
            last = next((each for each in chain if character in each), face)
        if runs and last == runs[-1][0]:
            runs[-1] = last, run + character
        else:
            runs.append((last, character))
    return runs


@lru_cache(maxsize=32)
def _font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, size, face.index)


def _pixels(lines: list[Line]) -> Image.Image:
    image = Image.new("RGB", (WIDTH * RATIO, HEIGHT * RATIO), LIGHT.ground)
    pen = ImageDraw.Draw(image)
    corner = (image.width - 1, image.height - 1)
    pen.rectangle(((0, 0), corner), outline=EDGE, width=EDGE_WIDTH * RATIO)
    for line in lines:
        left: float = MARGIN * RATIO
        for face, run in _runs(line.text, line.face):
            font, at = _font(face, line.size * RATIO), (left, line.baseline * RATIO)
            pen.text(at, run, line.color, font, anchor="ls", direction=DIRECTION)
            left += font.getlength(run, direction=DIRECTION)
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
