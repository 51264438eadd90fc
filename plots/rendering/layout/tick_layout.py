"""How many ticks fit on each axis."""

from __future__ import annotations

import numpy as np
from matplotlib.axis import Axis as MatplotlibAxis

from plots.data.model import Axis
from plots.rendering.axes.extents import center_labels, label_extents
from plots.rendering.axes.ticks import MOST_LABELS, set_ticks, set_ticks_at

from .name_layout import set_x_names, set_y_names
from .page import Page

MOST_TICKS = 10  # of numbers and dates; more do not say more
X, Y = 0, 1


def set_all_ticks(page: Page, axes: tuple[Axis, Axis]) -> None:
    """Give both axes of ``page`` as many ticks as fit. ``axes`` describes x and y."""
    height, width, least = page.ax.bbox.height, page.ax.bbox.width, _least(page)
    if axes[Y].dtype == "category":
        set_y_names(page, axes[Y])
    elif not _set_ticks_at_marks(page, axes[Y], Y, 0):
        room = max(height / (3.2 * page.em), min(least, height / (1.5 * page.em)))
        _set_fitting_ticks(page, axes[Y], Y, room, 0)
    center_labels(page.ax.yaxis, page.renderer)
    if axes[X].dtype == "category":
        set_x_names(page, axes[X])
    elif not _set_ticks_at_marks(page, axes[X], X, page.em / 2):
        room = max(width / (6.5 * page.em), min(least, width / (3 * page.em)))
        _set_fitting_ticks(page, axes[X], X, room, page.em / 2)


def _set_ticks_at_marks(page: Page, meaning: Axis, dimension: int, gap: float) -> bool:
    """Set a tick at each bar or box, if all their labels fit and differ."""
    places = _named(page, dimension)
    if not 0 < len(places) <= MOST_LABELS:
        return False
    axis, scale = _axis(page, dimension), _scale(page, dimension)
    set_ticks_at(axis, meaning, scale, places)
    labels = axis.get_major_formatter().format_ticks(places)
    return len(set(labels)) == len(places) and not _overlap(page, dimension, gap)


def _named(page: Page, dimension: int) -> list[float]:
    """Return the positions within the limits that the kind wants to be named, of all panels."""
    named = [ax.named[dimension] for ax in page.panels.axes if dimension in ax.named]
    places = np.unique(np.concatenate([np.empty(0), *named]))
    low, high = sorted(_axis(page, dimension).get_view_interval())
    return [float(place) for place in places[(low <= places) & (places <= high)]]


def _set_fitting_ticks(page: Page, meaning: Axis, dimension: int, room: float, gap: float) -> None:
    axis, scale = _axis(page, dimension), _scale(page, dimension)
    most, whole = max(1, min(int(room), MOST_TICKS)), page.whole[dimension]
    set_ticks(axis, meaning, scale, most, whole=whole)
    if dimension == Y and _least(page) == 1:
        return  # there is room for labels of two lines
    while most > 1 and _overlap(page, dimension, gap):
        most = most // 2
        set_ticks(axis, meaning, scale, most, whole=whole)


def _axis(page: Page, dimension: int) -> MatplotlibAxis:
    return (page.ax.xaxis, page.ax.yaxis)[dimension]


def _scale(page: Page, dimension: int) -> str:
    return (page.frame.xscale, page.frame.yscale)[dimension]


def _least(page: Page) -> int:
    # Panels are small: up to four ticks may be closer there than elsewhere.
    return 4 if len(page.panels.axes) > 1 else 1


def _overlap(page: Page, dimension: int, gap: float) -> bool:
    """Return whether labels of ticks along x (0) or y (1) are less than ``gap`` apart."""
    boxes = label_extents(_axis(page, dimension), page.renderer)
    places = sorted((box[dimension], box[dimension + 2]) for box in boxes)
    return any(a[1] + gap > b[0] for a, b in zip(places, places[1:], strict=False))
