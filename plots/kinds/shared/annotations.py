"""Error bars, margins and texts in the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.kinds.axes import VALUE

from .rectangles import add_collection

if TYPE_CHECKING:
    from matplotlib.collections import LineCollection
    from matplotlib.text import Annotation
    from matplotlib.transforms import Transform

    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes

MAX_LABELS = 500  # in one figure


def check_errors(data: Data) -> Data:
    """Remove errors that are all gaps. Raise a PlotError for a negative one."""
    series = []
    for each in data.series:
        columns = dict(each.columns)
        if "error" in columns and (columns["error"] < 0).any():
            message = _("An error cannot be negative. Give the distance to both sides, 0 or more.")
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
    linestyle: Any = "-",
    label: str = "",
) -> None:
    """Draw a line from each low to its high, with caps of ``capsize`` points to both sides."""
    known = np.isfinite(places) & np.isfinite(lows) & np.isfinite(highs)
    places, lows, highs = places[known], lows[known], highs[known]
    # In front of the bars and lines.
    style: dict[str, Any] = {"color": color, "zorder": 2.5}
    bars = style | {"linewidth": linewidth, "linestyle": linestyle, "label": label}
    draw_segments(ax, places, lows, places, highs, horizontal=horizontal, **bars)
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
    """Draw a line from (x1, y1) to (x2, y2) in each row; ``horizontal`` exchanges x and y."""
    from matplotlib.collections import LineCollection

    ends = np.stack([np.stack([x1, y1], axis=-1), np.stack([x2, y2], axis=-1)], axis=1)
    ends = ends[..., ::-1] if horizontal else ends
    segments: Any = ends
    lines = LineCollection(segments, colors=[color], **style)
    add_collection(ax, lines, ends)
    return lines


def set_margins(ax: Axes, x: float | None = None, y: float | None = None) -> None:
    """Set margins as parts of the axes, unless numbers are too extreme for any."""
    was_x, was_y = ax.margins() or (0.0, 0.0)
    ax.margins(x if x and was_x else was_x, y if y and was_y else was_y)


def add_margin_if_alone(ax: Axes, count: int, *, horizontal: bool = False) -> None:
    """Add margins beside a single bar or box, which would fill the drawing."""
    if count == 1:
        set_margins(ax, *(0.8, None)[:: -1 if horizontal else 1])


def limit_to_box(
    words: Annotation, corner: Sequence[float], opposite: Sequence[float], transform: Transform
) -> None:
    """Show ``words`` only if they fit between two corners, in the coordinates of ``transform``."""
    from matplotlib.path import Path

    words.set_clip_path(Path([corner, opposite]), transform)


def mark_as_value(words: Annotation, beside: Mapping[str, Any] | None = None) -> None:
    """Mark ``words`` as a value of the chart. All of its values are written, or none.

    If they do not fit where they are, they get the properties ``beside``.
    """
    words.set_label(VALUE)
    words.beside = beside  # type: ignore[attr-defined]  # for the layout
