"""Error images: small images with an error message, drawn with Pillow.

They do not need matplotlib, which web processes with a pool of render processes must not load.
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
MAX_TEXT = 1000  # characters of a message; more never fit
# Text is drawn larger and scaled down because Pillow cannot place letters between pixels. A PDF
# keeps the larger image.
RATIO = 2
# Messages run from left to right and may quote text that runs from right to left. Without FriBiDi,
# Pillow supports no direction and draws Arabic letters unconnected.
DIRECTION = "ltr" if features.check("raqm") else None

ENCODERS: dict[str, dict[str, Any]] = {
    "png": {"format": "png"},
    "webp": {"format": "webp", "lossless": True},
    "jpg": {"format": "jpeg", "quality": 90, "subsampling": 0},
}


@dataclass(frozen=True)
class Line:
    """One line of text; baseline and size are in CSS pixels from the top."""

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
    """Return an image of 480 × 160 CSS pixels with ``message`` as literal text.

    ``format`` is png, svg, pdf, webp or jpg. Both texts must be printable, as those of a PlotError
    are. The result is deterministic.
    """
    message = message[:MAX_TEXT]
    lines = [
        *_lay_out(heading, 1, Line("", 40, 12 / 0.72, MEDIUM, EDGE), 0),
        *_lay_out(message, 5, Line("", 67, 10 / 0.72, REGULAR, LIGHT.ink), 19.5),
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


def _lay_out(text: str, count: int, first: Line, pitch: float) -> list[Line]:
    """Wrap ``text`` into at most ``count`` lines like ``first``, ``pitch`` CSS pixels apart."""
    room = WIDTH - 2 * MARGIN
    wrapped = wrap(text, room, count, lambda each: width(each, first.face, first.size))
    return [
        Line(text, first.baseline + number * pitch, first.size, first.face, first.color)
        for number, text in enumerate(wrapped)
    ]


def width(text: str, face: Face, size: float) -> float:
    """Return the width of ``text`` in CSS pixels.

    East Asian characters that no font has count as squares, as browsers show them in an SVG.
    """
    return sum(
        size * len(run)
        if unicodedata.east_asian_width(run[0]) in "WF" and run[0] not in face
        else _font(face, size).getlength(run, direction=DIRECTION)
        for face, run in _runs(text, face)
    )


@lru_cache(256)
def _runs(text: str, face: Face) -> list[tuple[Face, str]]:
    """Split ``text`` into runs that one font can draw, ``face`` if possible."""
    if text.isascii():
        return [(face, text)] if text else []
    chain = [face, *font_fallback.required_fonts(text), FALLBACK]
    runs: list[tuple[Face, str]] = []
    for character in text:
        last, run = runs[-1] if runs else (face, "")
        # Punctuation, spaces and combining marks stay with the letters before them.
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
# If a viewer uses another font, textLength keeps the line inside the image.
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
