"""The small picture that an image URL answers with when it cannot draw what was asked."""

from __future__ import annotations

from matplotlib.figure import Figure

from ..themes import LIGHT
from .agg import Canvas
from .encoders import DPI
from .fonts import MEDIUM, REGULAR, font
from .text import Ruler

WIDTH, HEIGHT = 480, 160
EDGE = "#c92a2a"


def build_notice(heading: str, message: str) -> Figure:
    """A Figure that says ``message`` under ``heading``, both drawn literally."""
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=LIGHT.ground)
    ruler = Ruler(Canvas(figure).get_renderer())
    figure.patch.set(edgecolor=EDGE, linewidth=3)
    for y, text, size, face, color, lines in (
        (0.84, heading, 12, MEDIUM, EDGE, 1),
        (0.62, message, 10, REGULAR, LIGHT.ink, 5),
    ):
        figure.text(
            0.05,
            y,
            ruler.wrap(text, WIDTH * 0.9, lines, font(size, face)),
            va="top",
            color=color,
            font=font(size, face),
            linespacing=1.35,
            parse_math=False,
        )
    return figure
