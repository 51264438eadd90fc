"""Rectangles, which several kinds draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.collections import Collection, PolyCollection

    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


def draw_boxes(
    ax: Axes,
    lefts: Numbers,
    rights: Numbers,
    bottoms: Numbers,
    tops: Numbers,
    *,
    baseline: float | None = 0,
    horizontal: bool = False,
    **style: Any,
) -> PolyCollection:
    """A box for each row, in the next colour unless told; ``horizontal``, x and y exchanged.

    They stand on ``baseline``, or float if that is None; none is drawn below it.

    They are one Artist: as one each, as ``ax.bar`` has it, ten thousand take seven seconds.
    """
    from matplotlib.collections import PolyCollection

    if baseline:
        bottoms, tops = np.maximum(bottoms, baseline), np.maximum(tops, baseline)
    outlines = box_corners(lefts, rights, bottoms, tops)
    outlines = outlines[..., ::-1] if horizontal else outlines
    if "facecolor" not in style:
        style["facecolor"] = ax.next_color()
    style = {"linewidth": 0} | style
    boxes = PolyCollection(outlines, **style)
    if baseline is not None:
        # No margin below what the boxes stand on.
        (boxes.sticky_edges.x if horizontal else boxes.sticky_edges.y).append(baseline)
    add_collection(ax, boxes, outlines)
    return boxes


def box_corners(lefts: Numbers, rights: Numbers, bottoms: Numbers, tops: Numbers) -> Any:
    """The outlines (n, 4, 2) of boxes."""
    across = np.stack([lefts, lefts, rights, rights], axis=-1)
    return np.stack([across, np.stack([bottoms, tops, tops, bottoms], axis=-1)], axis=-1)


def add_collection(ax: Axes, collection: Collection, points: Any) -> None:
    """Put ``collection`` on ``ax``, and ``points`` (…, 2), its outlines', within the limits.

    matplotlib looks for them by way of its transforms, which is slow, and on a log scale loses the
    last digits: what is all alike no longer is, and yet too near to have limits.
    """
    ax.add_collection(collection, autolim=False)
    ax.update_datalim(points.reshape(-1, 2))
    keep: Any = None
    ax.autoscale(keep)  # when it is drawn, where it is to be


def resolve_baseline(ax: Axes, data: Data, baseline: float) -> float:
    """Return the requested baseline, or on a log scale one that it has."""
    return (
        baseline
        if baseline > 0
        else default_baseline(ax.get_yscale(), data.concat("y")) or baseline
    )


def default_baseline(scale: str, heights: Numbers) -> float:
    """What boxes stand on: 0, or on a log scale, which has none, the power of ten below them."""
    heights = heights[heights > 0]
    if scale != "log" or not heights.size:
        return 0
    return float(10.0 ** (np.ceil(np.log10(heights.min())) - 1))


def stack_bars(places: Numbers, heights: Numbers, tops: dict[tuple[float, bool], float]) -> Numbers:
    """Where each bar starts: what rises stands on what rises, what falls hangs from what falls."""
    starts = np.zeros_like(heights)
    for row, (place, height) in enumerate(zip(places, heights, strict=True)):
        key = (float(place), bool(height < 0))
        starts[row] = tops.get(key, 0.0)
        tops[key] = starts[row] + height
    return starts


# The part of the room between neighbours that what stands side by side fills.
FILL = 0.76


def min_spacing(places: Numbers) -> float:
    """The least distance between two different places; 1 where there is but one."""
    distances = np.diff(np.unique(places[np.isfinite(places)]))
    return float(distances.min()) if distances.size else 1.0
