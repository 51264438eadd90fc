"""Words that a kind writes into its drawing, as Annotations: dressed, left out where they clash.

A kind knows neither fonts nor sizes, nor where the Axes will stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.text import Annotation

from .fonts import font

if TYPE_CHECKING:
    from .layout import Layout

SIZE = 8.5  # points at 480 × 320 and more
GAP = 2.0  # points between two


def dress_annotations(layout: Layout) -> None:
    """Set the Annotations of the Axes in our type; hide those that do not fit.

    One fits that is within the picture, clear of those before it, and within its clip path if it
    has one: the room that its kind gives it, which it is measured against, not cut to.
    """
    layout.ax.apply_aspect()  # as drawing will
    taken = np.empty((0, 4))
    for words in [text for text in layout.ax.texts if isinstance(text, Annotation)]:
        words.set(font=font(SIZE * layout.shrink), parse_math=False)
        box = np.array(words.get_window_extent(layout.renderer).extents)
        room: Any = words.get_clip_path()
        bounds = np.array([0, 0, layout.width, layout.height])
        if room is not None:
            bounds = np.array(room.get_fully_transformed_path().get_extents().extents)
            words.set_clip_path(None)
        inside = (box[:2] >= bounds[:2]).all() and (box[2:] <= bounds[2:]).all()
        gap = GAP * layout.point
        apart = (taken[:, :2] >= box[2:] + gap) | (taken[:, 2:] <= box[:2] - gap)
        if layout.has_words and inside and apart.any(axis=1).all():
            taken = np.append(taken, [box], axis=0)
        else:
            words.set_visible(False)
