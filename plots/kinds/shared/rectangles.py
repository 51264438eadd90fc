"""Rectangles."""

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
    """Draw a box for each row. If ``horizontal``, x and y are exchanged.

    Boxes begin at ``baseline`` and none is drawn below it, unless it is None. They are one Artist:
    ten thousand Artists, as ``ax.bar`` makes them, take seven seconds.
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
        # No margin below the baseline.
        (boxes.sticky_edges.x if horizontal else boxes.sticky_edges.y).append(baseline)
    add_collection(ax, boxes, outlines)
    return boxes


def box_corners(lefts: Numbers, rights: Numbers, bottoms: Numbers, tops: Numbers) -> Any:
    """Return the outlines (n, 4, 2) of boxes."""
    across = np.stack([lefts, lefts, rights, rights], axis=-1)
    return np.stack([across, np.stack([bottoms, tops, tops, bottoms], axis=-1)], axis=-1)


def add_collection(ax: Axes, collection: Collection, points: Any) -> None:
    """Add ``collection`` to ``ax``, and its ``points`` (…, 2) to the limits.

    matplotlib computes limits with transforms. This is slow, and rounding on a log scale makes
    equal numbers differ.
    """
    ax.add_collection(collection, autolim=False)
    ax.update_datalim(points.reshape(-1, 2))
    keep: Any = None
    ax.autoscale(keep)  # later, if autoscaling is on


def resolve_baseline(ax: Axes, data: Data, baseline: float) -> float:
    """Return the requested baseline, or on a log scale one that it has."""
    return (
        baseline
        if baseline > 0
        else default_baseline(ax.get_yscale(), data.concat("y")) or baseline
    )


def default_baseline(scale: str, heights: Numbers) -> float:
    """Return 0, or on a log scale the power of ten below all ``heights``."""
    heights = heights[heights > 0]
    if scale != "log" or not heights.size:
        return 0
    return float(10.0 ** (np.ceil(np.log10(heights.min())) - 1))


def stack_bars(places: Numbers, heights: Numbers, tops: dict[tuple[float, bool], float]) -> Numbers:
    """Return where each bar starts: positive bars are stacked upwards, negative ones downwards."""
    starts = np.zeros_like(heights)
    for row, (place, height) in enumerate(zip(places, heights, strict=True)):
        key = (float(place), bool(height < 0))
        starts[row] = tops.get(key, 0.0)
        tops[key] = starts[row] + height
    return starts


# The part of the distance between neighbours that a group of bars fills.
FILL = 0.76
# A distance of less than this part of the median says nothing about the others.
CLOSE = 0.5
NARROW = 0.04  # bars of close neighbours are at least this part of the range wide


def bar_spacing(places: Numbers) -> float:
    """Return the distance between neighbours that the widths of bars come from, or 1.

    It is the smallest, unless a few positions are much closer than most: these would make all bars
    too thin to be seen.
    """
    known = np.unique(places[np.isfinite(places)])
    distances = np.diff(known)
    if not distances.size:
        return 1.0
    least, middle = float(distances.min()), float(np.median(distances))
    if least >= CLOSE * middle:
        return least
    return max(least, min(middle, float(known[-1] - known[0]) * NARROW))


def bar_slots(places: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the different positions in ``places``, and where the bars at each begin and end.

    Bars are equally wide, except where they would overlap: there, they end halfway to each other.
    """
    known = np.unique(places[np.isfinite(places)])
    spacing = bar_spacing(known)
    width, gap = spacing * FILL, spacing * (1 - FILL)
    lefts, rights = known - width / 2, known + width / 2
    close = np.diff(known) < width
    if close.any():
        halfway = known[:-1] + np.diff(known) / 2
        # Bars of two neighbours that are almost at one place are drawn beside each other.
        gap = min(gap, width / 4)
        rights[:-1][close] = (halfway - gap / 2)[close]
        lefts[1:][close] = (halfway + gap / 2)[close]
        inverted = rights < lefts
        lefts[inverted], rights[inverted] = known[inverted], known[inverted]
    return known, lefts, rights
