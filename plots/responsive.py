"""One plot for every window: the pictures that a browser chooses from, and what their marks say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any

from django.utils.safestring import SafeString

from . import inline
from .conf import conf
from .shortcuts import Plot
from .spec import Frame

# The side of the square that a page's picture fits, by the width of the window. Each is drawn for
# itself: a large picture shrunk to a phone's width would have letters that nobody can read.
SIDES = (
    ("narrow", "(max-width: 32rem)", 343),
    ("middle", "(max-width: 78rem)", 640),
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
    schemes = (("", frame.theme),) if "theme" in names else SCHEMES
    made = []
    for scheme, theme in schemes:
        for _, window, (width, height) in sizes or _sizes(frame, names):
            media = " and ".join(filter(None, (scheme, window)))
            look: dict[str, Any] = {"theme": theme, "width": width, "height": height}
            srcset = f"{plot.url(**look)} 1x" if "scale" in names else plot.srcset(**look)
            made.append(Candidate(media, srcset, srcset.partition(" ")[0], width, height))
    return made


def layers(plot: Plot | None, names: set[str]) -> list[SafeString]:
    """What the marks of ``plot`` say, unseen in front of each size of picture in ``candidates``.

    A random plot has none: its picture is another one. Nor has what cannot be drawn, which its
    picture will say. Links that a visitor thought up are left out of our pages.
    """
    made: list[SafeString] = []
    if plot is None or plot.spec.is_random:
        return made
    frame = plot.spec.frame
    for windows, _, (width, height) in _sizes(frame, names):
        spec = replace(plot.spec, frame=replace(frame, width=width, height=height))
        try:
            picture = inline.picture_of(replace(plot, spec=spec), "svg")
        except Exception:  # a kind or source may raise whatever it likes
            return []
        layer = inline.marks_layer(picture, windows, links="link" not in names)
        if not layer:
            return []  # nor have the other sizes
        made.append(layer)
    return made


def _sizes(frame: Frame, names: set[str]) -> list[Size]:
    if names & {"width", "height", "scale"}:
        return [("every", "", (frame.width, frame.height))]
    return [(name, window, fit(frame, side)) for name, window, side in SIDES]


def fit(frame: Frame, side: int) -> tuple[int, int]:
    """The size of the frame's shape that just fits a square of ``side``, if it may be drawn."""
    factor = min(side, conf.MAX_SIDE, isqrt(conf.MAX_PIXELS)) / max(frame.width, frame.height)
    width, height = round(frame.width * factor), round(frame.height * factor)
    return max(conf.MIN_SIDE, width), max(conf.MIN_SIDE, height)
