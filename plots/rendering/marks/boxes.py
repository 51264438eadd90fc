"""Bars and other boxes, none of which is thinner than a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba

from plots.rendering.layout.occupancy import GROUND

from .device import Array, become, dpi_of, draw_rectangles, nearest, pixel, visible_bounds

MAX_SHIFT = 8  # pixels by which thin parts of a stack may be moved apart


@dataclass
class Placed:
    """The boxes of one Artist in pixels.

    Attributes
    ----------
    low, high : array, shape (n, 2)
        Their corners, at least a visible pixel apart in both directions.
    needed : array of bool, shape (n,)
        Whether a box would be too thin to be seen, so that it is drawn from ``low`` to ``high``.
    base : array, shape (n,)
        Where each box begins along the axis of its values.
    """

    low: Array
    high: Array
    needed: Any
    base: Array
    colors: Array
    along: int

    def take(self, rows: Any) -> Placed:
        low, high, needed = self.low[rows], self.high[rows], self.needed[rows]
        return Placed(low, high, needed, self.base[rows], self.colors[rows], self.along)


class Boxes(PolyCollection):
    """Rectangles with parallel edges: PolyCollections get this class once they are drawn.

    A box that is thinner than a pixel is widened to one. Boxes of all ``group`` that needed this
    are drawn last, the largest first, so that none of different extent hides another.
    """

    group: list[Boxes]
    corners: Array  # (n, 4, 2), in data coordinates
    zeros: Any  # (n,), whether a box without extent leaves a line

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        placed = self.place(renderer)
        if placed.needed.any():
            self._draw_part(renderer, ~placed.needed)
        else:
            super().draw(renderer)
        shown = [each for each in self.group if each.get_visible()]
        if self is max(shown, key=lambda each: (each.get_zorder(), self.group.index(each))):
            _draw_thin(self, renderer, [each.place(renderer) for each in shown])

    def _draw_part(self, renderer: Any, rows: Any) -> None:
        if not rows.any():
            return
        part = PolyCollection(self.corners[rows])
        part.update_from(self)
        part.set_figure(self.get_figure(root=False))  # type: ignore[arg-type]  # it has one
        colors: Any = self.get_facecolor()
        if len(colors) > 1:
            part.set_facecolor(colors[rows])
        part.draw(renderer)

    def place(self, renderer: Any) -> Placed:
        """Return the boxes in pixels."""
        ax: Any = self.axes
        unit = pixel(renderer, self)
        at = self.get_transform().transform(self.corners.reshape(-1, 2)) / unit
        at = np.nan_to_num(at, nan=np.nan, posinf=np.nan, neginf=np.nan).reshape(-1, 4, 2)
        along = _along(self.corners)
        low, high = at.min(axis=1), at.max(axis=1)
        is_zero = (np.ptp(self.corners, axis=1) == 0).any(axis=1)
        is_up = (low + high)[:, along] / 2 >= at[:, 0, along] - 1e-6
        low, high, needed = widen(low, high, ax, unit, self._separator(unit))
        _leave_zero_line(ax, unit, along, is_up, low, high, needed)
        needed &= ~is_zero | self.zeros
        colors = np.resize(self.get_facecolor(), (len(low), 4))
        return Placed(low, high, needed, nearest(at[:, 0, along]), colors, along)

    def _separator(self, unit: float) -> float:
        """Return how much of a box its edges cover, which are in the colour of the background."""
        width = float(np.max(self.get_linewidth(), initial=0))
        edges: Any = self.get_edgecolor()
        return width * dpi_of(self) / 72 / unit if len(edges) else 0.0


def _leave_zero_line(
    ax: Axes, unit: float, along: int, is_up: Any, low: Array, high: Array, needed: Any
) -> None:
    """Change ``low``, ``high`` and ``needed`` of boxes that the line at 0 would cover."""
    for line in ax.lines:
        places = np.asarray(line.get_data()[along], float)
        if line.get_label() != GROUND or not line.get_visible() or places.any():
            continue
        origin = ax.transData.transform((0, 0))[along] / unit
        cover = np.ceil(line.get_linewidth() * dpi_of(ax) / 72 / unit / 2)
        begin, end = nearest(origin) - cover, nearest(origin) + cover
        covered = (low[:, along] >= begin) & (high[:, along] <= end)
        high[covered & is_up, along] = end + 1
        low[covered & ~is_up, along] = begin - 1
        needed |= covered


def _along(corners: Array) -> int:
    """Return the axis of the values: 1, or 0 for horizontal boxes."""
    across = np.ptp(corners[:, [1, 2]], axis=1)
    return int((across[:, 1] > across[:, 0]).any()) ^ 1


def widen(
    low: Array, high: Array, ax: Axes, unit: float, separator: float = 0.0
) -> tuple[Array, Array, Any]:
    """Return ends (n, 2) of boxes at least a pixel apart, and which boxes need them.

    A box needs them if it is within ``ax``, and too thin or hidden by a spine or ``separator``.
    """
    begin, end, inner_low, inner_high = visible_bounds(ax, unit)
    size = nearest(high) - nearest(low) if unit == 1 else high - low
    with np.errstate(invalid="ignore"):
        thin = size < 1 - 1e-6
        needed = thin.any(axis=1) | ((size < 1 + separator).any(axis=1) & (separator > 0))
        seen = ((high >= begin - 0.01) & (low <= end + 0.01)).all(axis=1)
    middle = np.floor((low + high) / 2 + 1e-6)
    new_low = np.where(thin, middle, nearest(low))
    new_high = np.where(thin, middle + 1, nearest(high))
    needed |= (new_high < inner_low + 1).any(axis=1) | (new_low > inner_high - 1).any(axis=1)
    new_low, new_high = np.minimum(new_low, inner_high - 1), np.maximum(new_high, inner_low + 1)
    return new_low, new_high, needed & seen


def _draw_thin(like: Boxes, renderer: Any, placed: list[Placed]) -> None:
    """Draw the boxes that need it, of all of a group."""
    placed = [each.take(each.needed) for each in placed if each.needed.any()]
    if not placed:
        return
    parts = [_extremes(each) for each in placed]
    owner = np.repeat(np.arange(len(parts)), [len(each.low) for each in parts])
    low, high = (np.concatenate([getattr(p, n) for p in parts]) for n in ("low", "high"))
    along = parts[0].along
    ax: Any = like.axes
    unit = pixel(renderer, like)
    shift = _shifts(low, high, owner, along, visible_bounds(ax, unit)[3][along])
    low[:, along] += shift
    high[:, along] += shift
    order = np.argsort(-np.prod(high - low, axis=1), kind="stable")
    colors = np.concatenate([each.colors for each in parts])
    draw_rectangles(like, renderer, low[order], high[order], colors[order], unit)


def _extremes(placed: Placed) -> Placed:
    """Keep the longest of the boxes that begin at the same pixels, in both directions."""
    across = 1 - placed.along
    up = (placed.low + placed.high)[:, placed.along] / 2 >= placed.base
    reach = (placed.high - placed.low)[:, placed.along]
    same = np.stack([placed.low[:, across], placed.high[:, across], placed.base, up], axis=-1)
    order = np.argsort(-reach, kind="stable")
    first = np.unique(np.hstack([same, placed.colors])[order], axis=0, return_index=True)[1]
    return placed.take(np.sort(order[first]))


def _shifts(low: Array, high: Array, owner: Any, along: int, end: float) -> Array:
    """Return by how many pixels to move lines that others of the group would hide.

    They are moved up, or at the ``end`` of the Axes, all of them down.
    """
    shift = np.zeros(len(low))
    lines = np.flatnonzero((high - low)[:, along] <= 1)
    if np.unique(owner[lines]).size < 2:
        return shift
    for _ in range(MAX_SHIFT):
        at = np.column_stack([low[lines, 1 - along], low[lines, along] + shift[lines]])
        order = np.lexsort((owner[lines], at[:, 1], at[:, 0]))
        again = (np.diff(at[order], axis=0) == 0).all(axis=1)
        if not again.any():
            break
        shift[lines[order[1:][again]]] += 1
    same = np.unique(low[lines], axis=0, return_inverse=True)[1].ravel()
    over = np.zeros(len(lines))
    np.maximum.at(over, same, high[lines, along] + shift[lines] - end)
    shift[lines] -= over[same]
    return shift


def as_boxes(artist: PolyCollection, zeros: Any, background: Any) -> Boxes | None:
    """Give ``artist`` the class Boxes, if it has rectangles without edges in a colour."""
    paths = artist.get_paths()
    if not paths or type(artist) is not PolyCollection or artist.get_hatch():
        return None
    if any(len(path) != 5 for path in paths):
        return None
    edges: Any = artist.get_edgecolor()
    stroked = bool(len(edges)) and bool(np.max(artist.get_linewidth(), initial=0))
    if stroked and not np.allclose(edges[:, :3], to_rgba(background)[:3]):
        return None
    corners = np.stack([np.asarray(path.vertices)[:4] for path in paths])
    turned = np.abs(np.diff(corners[:, [0, 1, 2, 3, 0]], axis=1))
    if (turned.min(axis=2) > 0).any():
        return None  # not parallel to the axes
    boxes = become(artist, Boxes)
    boxes.corners, boxes.zeros = corners, np.zeros(len(corners), bool) | zeros
    return boxes
