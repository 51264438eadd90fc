"""Pictures of one plot for different window sizes and colour schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any

from plots.conf import conf
from plots.http.plot_links import Plot, write_srcset
from plots.spec.plot_spec import Frame

# Side of the square that the picture of a page fits into, for each range of window widths. Each
# size is rendered by itself, because the text of a large picture is unreadable on a phone.
SIDES = (
    ("narrow", "(max-width: 32rem)", 343),
    ("middle", "(max-width: 78rem)", 640),
    ("huge", "(min-width: 97rem) and (min-height: 56rem)", 1120),
    ("wide", "", 832),
)
SCHEMES = (("(prefers-color-scheme: dark)", "dark"), ("", "light"))


@dataclass(frozen=True)
class Candidate:
    """One picture of a ``<picture>`` element."""

    media: str
    srcset: str
    src: str
    width: int
    height: int
    tooltips: str = ""  # URL of the SVG that has the tooltips, if any


Size = tuple[str, str, tuple[int, int]]


def candidates(
    plot: Plot | None, names: set[str], sizes: Sequence[Size] | None = None
) -> list[Candidate]:
    """Return the pictures of ``plot`` by window size and colour scheme, the default last.

    Parameters
    ----------
    plot : Plot or None
        Without a plot, the list is empty.
    names : set of str
        Parameters that the URL has; a size or a theme among them is used as it is.
    sizes : sequence of (name, media query, (width, height)), optional
        Windows and the size of the picture in each, in CSS pixels. By default, the picture keeps
        its shape and is as large as its own page allows.
    """
    if plot is None:
        return []
    frame = plot.spec.frame
    sizes = sizes or _sizes(frame, names)
    # A random plot has no tooltips: its SVG has other values. Tooltips are the same in all themes.
    tooltips = {
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
            srcset = write_srcset({"1x": src}) if "scale" in names else plot.srcset(**look)
            made.append(Candidate(media, srcset, src, width, height, tooltips[width, height]))
    return made


def _sizes(frame: Frame, names: set[str]) -> list[Size]:
    if names & {"width", "height", "scale"}:
        return [("every", "", (frame.width, frame.height))]
    return [(name, window, fit_size(frame, side)) for name, window, side in SIDES]


def fit_size(frame: Frame, side: int) -> tuple[int, int]:
    """Return the frame's size scaled to fit a square of ``side``, within the limits."""
    factor = min(side, conf.MAX_SIDE, isqrt(conf.MAX_PIXELS)) / max(frame.width, frame.height)
    width, height = round(frame.width * factor), round(frame.height * factor)
    return max(conf.MIN_SIDE, width), max(conf.MIN_SIDE, height)
