"""The room that an axis takes up outside its Axes: the boxes of its texts, in pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.transforms import ScaledTranslation

from plots.rendering.text.measuring import middle_of_digits

from .batched_axis import BatchedAxis, Extent


def label_extents(axis: Axis, renderer: Any) -> list[Extent]:
    """Return the boxes of the visible labels of all ticks of ``axis``."""
    if isinstance(axis, BatchedAxis):
        return axis.label_extents(renderer)
    low, high = sorted(axis.get_view_interval())
    return [
        _extent(label.get_window_extent(renderer))
        for place, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
        if low <= place <= high and label.get_visible() and label.get_text()
    ]


def extents(axis: Axis, renderer: Any) -> list[Extent]:
    """Return the boxes of all texts of ``axis``: the labels of its ticks, and its own."""
    if isinstance(axis, BatchedAxis):
        return axis.extents(renderer)
    box = axis.get_tightbbox(renderer) if axis.get_visible() else None
    return [] if box is None else [_extent(box)]


def center_labels(axis: Axis, renderer: Any) -> None:
    """Centre the digits of each tick label of the y axis ``axis`` on its tick.

    A ``BatchedAxis`` does so by itself.
    """
    if isinstance(axis, BatchedAxis):
        return
    for label in axis.get_majorticklabels():
        if label.get_verticalalignment() != "baseline":
            middle = middle_of_digits(renderer, label.get_fontproperties())
            down = ScaledTranslation(0, -middle / renderer.dpi, axis.figure.dpi_scale_trans)
            label.set(va="baseline", transform=label.get_transform() + down)


def slant_labels(axis: Axis) -> None:
    """Let slanted tick labels of the x axis ``axis`` end at their ticks.

    A ``BatchedAxis`` does so by itself.
    """
    if isinstance(axis, BatchedAxis):
        return
    for label in axis.get_majorticklabels():
        is_slanted = 0 < label.get_rotation() < 90
        label.set(
            ha="right" if is_slanted else "center",
            rotation_mode="anchor" if is_slanted else "default",
        )


def _extent(box: Any) -> Extent:
    x0, y0, x1, y1 = np.array(box.extents).tolist()
    return x0, y0, x1, y1
