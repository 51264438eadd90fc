"""The Annotations of kinds: their font is set, and those that overlap are hidden.

A kind knows neither fonts nor sizes, nor the place of the Axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from plots.kinds.axes import VALUE
from plots.rendering.text.matplotlib_fonts import font, suited

if TYPE_CHECKING:
    from .layout import Layout

SIZE = 8.5  # points at 480 × 320 and more
GAP = 2.0  # points between two
LONGEST = 0.3  # of the width of the image, around Axes without an axis
MOST_TRIES = 8  # each leaves at most half of what is outside


def style_annotations(layout: Layout) -> None:
    """Set the font of the Annotations of all Axes, and hide those that do not fit.

    An Annotation fits if it is within the image, does not overlap those before it, and is within
    its clip path, if it has one. It is not clipped: the clip path is the room that a kind gives it.
    """
    for ax in layout.panels.axes:
        annotations = [text for text in ax.texts if isinstance(text, Annotation)]
        for words in annotations:
            type = font(SIZE * layout.shrink)
            if words.get_path_effects():  # drawn as outlines, without font fallback
                language: str = layout.figure.canvas.language  # type: ignore[attr-defined]  # Agg's
                type = suited(type, words.get_text(), language)
            words.set(font=type, parse_math=False)
        if layout.has_words and not ax.axison:
            _make_room(layout, [words for words in annotations if words.get_clip_path() is None])
            _move_beside(layout, annotations)
        ax.apply_aspect()  # as drawing will
        _hide_overlapping(layout, ax, annotations)
    _write_all_values_or_none(layout)


def _write_all_values_or_none(layout: Layout) -> None:
    """Hide all values if one of those within the limits has no room, and note it."""
    axes = layout.panels.axes
    values = [
        words
        for ax in axes
        for words in ax.texts
        if words.get_label() == VALUE and _is_within(ax, words)
    ]
    cells: list[Any] = [artist for ax in axes for artist in ax.artists if hasattr(artist, "fits")]
    fits = [words.get_visible() for words in values]
    fits += [cell.fits(layout.renderer) for cell in cells]
    if not all(fits):
        for artist in (*values, *cells):
            artist.set_visible(False)
        layout.notes["values"] = [
            _("The values are not written, because there is no room for all of them.")
        ]


def _is_within(ax: Axes, words: Any) -> bool:
    """Return whether what ``words`` belong to is within ``ax``; matplotlib hides others."""
    box, (x, y) = ax.bbox, ax.transData.transform(words.xy)
    within = box.x0 - 1 <= x <= box.x1 + 1 and box.y0 - 1 <= y <= box.y1 + 1
    return bool(within or not ax.axison)


def _move_beside(layout: Layout, annotations: Sequence[Annotation]) -> None:
    """Move those ``annotations`` that do not fit where they are, and make room for them."""
    for _try in range(MOST_TRIES):
        moved = [
            words
            for words in annotations
            if words.get_clip_path() is not None
            and getattr(words, "beside", None)
            and not _fits(layout, words)
        ]
        if not moved:
            return
        for words in moved:
            beside: Any = words.beside  # type: ignore[attr-defined]
            words.set(**beside, clip_path=None)
        _make_room(layout, [words for words in annotations if words.get_clip_path() is None])


def _fits(layout: Layout, words: Annotation) -> bool:
    """Return whether ``words`` are within their clip path."""
    room: Any = words.get_clip_path()
    own = room.get_fully_transformed_path().get_extents()
    box = words.get_window_extent(layout.renderer)
    return bool((box.min >= own.min).all() and (box.max <= own.max).all())


def _hide_overlapping(layout: Layout, ax: Axes, annotations: Sequence[Annotation]) -> None:
    """Hide the ``annotations`` on ``ax`` that do not fit."""
    taken = np.empty((0, 4))
    for words in annotations:
        box = np.array(words.get_window_extent(layout.renderer).extents)
        room: Any = words.get_clip_path()
        bounds = layout.panels.room(ax)
        if room is not None:
            own = room.get_fully_transformed_path().get_extents().extents
            bounds[:2], bounds[2:] = np.fmax(bounds[:2], own[:2]), np.fmin(bounds[2:], own[2:])
            words.set_clip_path(None)
        inside = (box[:2] >= bounds[:2]).all() and (box[2:] <= bounds[2:]).all()
        gap = GAP * layout.point
        apart = (taken[:, :2] >= box[2:] + gap) | (taken[:, 2:] <= box[:2] - gap)
        if layout.has_words and inside and apart.any(axis=1).all():
            taken = np.append(taken, [box], axis=0)
        else:
            words.set_visible(False)


def _make_room(layout: Layout, annotations: Sequence[Annotation]) -> None:
    """Cut long ``annotations``, and shrink the Axes until all are within the image.

    For Axes without an axis only: labels of an axis take that room.
    """
    for words in annotations:
        text = layout.ruler.cut(
            words.get_text(), LONGEST * layout.width, words.get_fontproperties()
        )
        words.set_text(text)
    margins = np.array([layout.pad, layout.bottom, layout.right, layout.top])
    size = np.array([layout.width, layout.height])
    needed = margins.copy()
    for _try in range(MOST_TRIES if annotations else 0):
        layout.ax.apply_aspect()
        box = Bbox.union([words.get_window_extent(layout.renderer) for words in annotations])
        over = np.concatenate([margins[:2] - box.min, box.max - (size - margins[2:])])
        if over.max() < 1:
            break
        needed += np.maximum(over, 0)
        left, bottom, layout.right, layout.top = needed
        layout.place(left, bottom)
