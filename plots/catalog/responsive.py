"""One plot for every window: the pictures that a browser chooses from, each with its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any

from plots.conf import conf
from plots.http.plot_links import Plot
from plots.spec.plot_spec import Frame

# The side of the square that a page's picture fits, by the width of the window. Each is drawn for
# itself: a large picture shrunk to a phone's width would have letters that nobody can read.
SIDES = (
    ("narrow", "(max-width: 32rem)", 343),
    ("middle", "(max-width: 78rem)", 640),
    ("huge", "(min-width: 97rem) and (min-height: 56rem)", 1120),
    ("wide", "", 832),
)
SCHEMES = (("(prefers-color-scheme: dark)", "dark"), ("", "light"))


@dataclass(frozen=True)
class Candidate:
    """One of the pictures that a browser chooses from."""

    media: str
    srcset: str
    src: str
    width: int
    height: int
    marks: str = ""  # the SVG whose marks say its values, if it has any


Size = tuple[str, str, tuple[int, int]]


def candidates(
    plot: Plot | None, names: set[str], sizes: Sequence[Size] | None = None
) -> list[Candidate]:
    """``plot`` for every window and colour scheme, unless the address ``names`` one; last: any.

    ``sizes`` has the windows, by name and by media query, and the size of the picture in each;
    without it, the picture has its own shape and as much room as a page of its own gives it.
    """
    if plot is None:
        return []
    frame = plot.spec.frame
    sizes = sizes or _sizes(frame, names)
    # A random plot has none: its SVG would be another drawing. They look alike in all colours.
    marks = {
        size: "" if plot.spec.is_random else plot.url("svg", width=size[0], height=size[1], scale=1)
        for _, _, size in sizes
    }
    schemes = (("", frame.theme),) if "theme" in names else SCHEMES
    made = []
    for scheme, theme in schemes:
        for _, window, (width, height) in sizes:
            media = " and ".join(filter(None, (scheme, window)))
            look: dict[str, Any] = {"theme": theme, "width": width, "height": height}
            src = plot.url(**look)
            srcset = f"{src} 1x" if "scale" in names else plot.srcset(**look)
            made.append(Candidate(media, srcset, src, width, height, marks[width, height]))
    return made


def _sizes(frame: Frame, names: set[str]) -> list[Size]:
    if names & {"width", "height", "scale"}:
        return [("every", "", (frame.width, frame.height))]
    return [(name, window, fit_size(frame, side)) for name, window, side in SIDES]


def fit_size(frame: Frame, side: int) -> tuple[int, int]:
    """The size of the frame's shape that just fits a square of ``side``, if it may be drawn."""
    factor = min(side, conf.MAX_SIDE, isqrt(conf.MAX_PIXELS)) / max(frame.width, frame.height)
    width, height = round(frame.width * factor), round(frame.height * factor)
    return max(conf.MIN_SIDE, width), max(conf.MIN_SIDE, height)
