"""How many ticks fit on each axis, and how the names of categories are written."""

from __future__ import annotations

from collections.abc import Callable

from plots.data.model import Axis
from plots.rendering.axes.extents import center_labels, label_extents
from plots.rendering.axes.ticks import MOST_LABELS, set_ticks, spread

from .page import Page

MOST_TICKS = 10  # of numbers and dates; more do not say more
X, Y = 0, 1


def set_all_ticks(page: Page, axes: tuple[Axis, Axis]) -> None:
    """Give both axes of ``page`` as many ticks as fit. ``axes`` describes x and y."""
    _set_y_ticks(page, axes[Y])
    if axes[X].dtype == "category":
        _set_x_names(page, axes[X])
        return
    width = page.ax.bbox.width
    most = _bounded(max(width / (6.5 * page.em), min(_least(page), width / (3 * page.em))))
    set_ticks(page.ax.xaxis, axes[X], page.frame.xscale, most)
    while most > 1 and _overlap(page, X, page.em / 2):
        most = most // 2
        set_ticks(page.ax.xaxis, axes[X], page.frame.xscale, most)


def _set_y_ticks(page: Page, meaning: Axis) -> None:
    height, least = page.ax.bbox.height, _least(page)
    most = _bounded(max(height / (3.2 * page.em), min(least, height / (1.5 * page.em))))
    if meaning.dtype == "category":
        most = int(height / (1.5 * page.em))
    shorten = _shortener(page, 0.3 * page.width)
    set_ticks(page.ax.yaxis, meaning, page.frame.yscale, most, shorten)
    while least > 1 and most > 1 and _overlap(page, Y, 0):
        most = most // 2
        set_ticks(page.ax.yaxis, meaning, page.frame.yscale, most, shorten)
    center_labels(page.ax.yaxis, page.renderer)


def _set_x_names(page: Page, meaning: Axis) -> None:
    """Write names horizontally if all fit, else vertically if that shows more, else fewer."""
    axis, em = page.ax.xaxis, page.em
    count, (low, high) = len(meaning.names), sorted(axis.get_view_interval())
    width = page.ax.bbox.width * min(1, count / (high - low))  # limits may be far outside
    available = max(width / max(1, count), 0.25 * page.width) - em
    shown = [meaning.names[place] for place in spread(meaning.names, MOST_LABELS)]
    longest = max((page.ruler.width(name, page.tick_font) for name in shown), default=0)
    most = int(width / (min(longest, available) + em))
    is_vertical = most < min(count, 8)
    if is_vertical:
        most, available = int(width / (1.6 * em)), 0.28 * page.height
    else:
        available = width / max(1, min(most, count)) - em / 2
    for ax in page.panels.axes:
        ax.xaxis.set_tick_params(rotation=90 if is_vertical else 0)
    set_ticks(axis, meaning, page.frame.xscale, most, _shortener(page, available))


def _least(page: Page) -> int:
    # Panels are small: up to four ticks may be closer there than elsewhere.
    return 4 if len(page.panels.axes) > 1 else 1


def _bounded(most: float) -> int:
    return max(1, min(int(most), MOST_TICKS))


def _shortener(page: Page, available: float) -> Callable[[str], str]:
    return lambda name: page.ruler.cut(name, available, page.tick_font)


def _overlap(page: Page, dimension: int, gap: float) -> bool:
    """Return whether labels of ticks along x (0) or y (1) are less than ``gap`` apart."""
    boxes = label_extents((page.ax.xaxis, page.ax.yaxis)[dimension], page.renderer)
    places = sorted((box[dimension], box[dimension + 2]) for box in boxes)
    return any(a[1] + gap > b[0] for a, b in zip(places, places[1:], strict=False))
