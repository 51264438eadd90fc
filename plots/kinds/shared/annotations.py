"""Error bars and words in a drawing, which several kinds draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.errors import PlotError
from plots.values.formatting import format_number, format_numbers

from .rectangles import add_collection

if TYPE_CHECKING:
    from matplotlib.collections import LineCollection
    from matplotlib.text import Annotation
    from matplotlib.transforms import Transform

    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes

MAX_LABELS = 500  # written into one drawing; more cannot be read


def check_errors(data: Data) -> Data:
    """``data`` without errors that are all gaps. Raises PlotError if one is less than 0."""
    series = []
    for each in data.series:
        columns = dict(each.columns)
        if "error" in columns and (columns["error"] < 0).any():
            message = "An error is a distance to both sides: 0 or more."
            raise PlotError(message, "out-of-range", "error")
        if "error" in columns and not np.isfinite(columns["error"]).any():
            del columns["error"]
        series.append(replace(each, columns=columns))
    return replace(data, series=tuple(series))


def draw_errors(
    ax: Axes,
    places: Numbers,
    lows: Numbers,
    highs: Numbers,
    *,
    color: Any,
    linewidth: float = 1.2,
    capsize: float = 3,
    horizontal: bool = False,
) -> None:
    """A line from each low to its high, with caps of ``capsize`` points to both sides."""
    known = np.isfinite(places) & np.isfinite(lows) & np.isfinite(highs)
    places, lows, highs = places[known], lows[known], highs[known]
    # Before the bars and the lines that they belong to.
    style: dict[str, Any] = {"color": color, "zorder": 2.5}
    draw_segments(
        ax, places, lows, places, highs, horizontal=horizontal, linewidth=linewidth, **style
    )
    if capsize:
        caps = (np.tile(places, 2), np.concatenate([lows, highs]))
        style |= {
            "marker": "|" if horizontal else "_",
            "markeredgewidth": linewidth,
            "linestyle": "",
        }
        ax.plot(
            *(caps[::-1] if horizontal else caps), markersize=2 * capsize * ax.marker_scale, **style
        )


def draw_segments(
    ax: Axes,
    x1: Numbers,
    y1: Numbers,
    x2: Numbers,
    y2: Numbers,
    *,
    horizontal: bool = False,
    color: Any,
    **style: Any,
) -> LineCollection:
    """A line from (x1, y1) to (x2, y2) in each row; ``horizontal``, x and y exchanged."""
    from matplotlib.collections import LineCollection

    ends = np.stack([np.stack([x1, y1], axis=-1), np.stack([x2, y2], axis=-1)], axis=1)
    ends = ends[..., ::-1] if horizontal else ends
    segments: Any = ends
    lines = LineCollection(segments, colors=[color], **style)
    add_collection(ax, lines, ends)
    return lines


def set_margins(ax: Axes, x: float | None = None, y: float | None = None) -> None:
    """Margins of parts of the axes; where there is none, numbers are too extreme for any."""
    was_x, was_y = ax.margins() or (0.0, 0.0)
    ax.margins(x if x and was_x else was_x, y if y and was_y else was_y)


def add_margin_if_alone(ax: Axes, count: int, *, horizontal: bool = False) -> None:
    """Room beside what is as wide as its place: one of ``count`` 1 would fill the drawing."""
    if count == 1:
        set_margins(ax, *(0.8, None)[:: -1 if horizontal else 1])


def limit_to_box(
    words: Annotation, corner: Sequence[float], opposite: Sequence[float], transform: Transform
) -> None:
    """Show ``words`` only if they fit between two corners, given in ``transform``'s space."""
    from matplotlib.path import Path

    words.set_clip_path(Path([corner, opposite]), transform)


def text_color_on(ax: Axes, color: Any, alpha: float = 1) -> Any:
    """Of the theme's background and ink, the one that is easier to read on ``color``."""
    from matplotlib.colors import to_rgb

    background, ink = to_rgb(ax.get_facecolor()), to_rgb(ax.ink)
    below = _luminance(alpha * np.array(to_rgb(color)) + (1 - alpha) * np.array(background))
    return max(background, ink, key=lambda words: _contrast(_luminance(words), below))


def _luminance(rgb: Any) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def write_short(value: float, style: str = "auto") -> str:
    """``value`` with four digits that count, or all before its point: 12,345  0.0123."""
    if style != "auto":
        return format_number(value, style)
    size = abs(value)
    if size and not 1e-4 <= size < 1e15:
        return format_numbers([float(f"{value:.2e}")])[0]
    decimals = max(0, 3 - math.floor(math.log10(size))) if size else 0
    text = f"{size:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("\N{MINUS SIGN}" if value < 0 else "") + text
