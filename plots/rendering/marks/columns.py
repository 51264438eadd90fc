"""Rows that share a pixel column, reduced to those that are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .device import Array

LEAST = 1.0  # pixels by which a peak must stand out
# A single row between others at most so many pixels apart is a peak, too, if it is sharp.
NEAR, SHARP = 4.0, 4.0
HIDDEN = 3.0  # times as high as what is shown of its layer, a peak is drawn by itself


@dataclass
class Reduced:
    """A part of areas on top of each other, in pixels.

    Attributes
    ----------
    x : array, shape (n,)
    lower, upper : array, shape (layers, n)
    solid : array of bool, shape (layers, n)
        Whether a layer has any height.
    changed : bool
        Whether some columns were reduced.
    owner : array of int, shape (m,)
        The layers of peaks that are drawn in front, from ``low`` to ``high`` (m, 2).
    """

    x: Array
    lower: Array
    upper: Array
    solid: Any
    changed: bool
    owner: Any
    low: Array
    high: Array

    def outline(self, layer: int) -> Array:
        """Return the outline of a layer."""
        along = np.concatenate([self.x, self.x[::-1]])
        return np.column_stack(
            [along, np.concatenate([self.lower[layer], self.upper[layer][::-1]])]
        )

    def ribbons(self) -> Iterator[tuple[int, Array]]:
        """Yield each stretch in which a layer is thinner than a pixel: the layer, an outline."""
        thin = self.solid & (np.abs(self.upper - self.lower) < 1)
        if not thin.any():
            return
        above = np.cumsum(thin, axis=0) - 1  # so that no thin layer hides another
        for layer in np.flatnonzero(thin.any(axis=1)).tolist():
            known = np.pad(thin[layer], 1)
            begins, ends = (
                np.flatnonzero(~known[:-1] & known[1:]),
                np.flatnonzero(known[:-1] & ~known[1:]),
            )
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
                rows = slice(begin, end)
                low = np.minimum(self.lower[layer, rows], self.upper[layer, rows])
                low = low + above[layer, rows]
                x = self.x[rows]
                if x[-1] - x[0] < 1:
                    left = np.floor((x[0] + x[-1]) / 2)
                    x, low = np.array([left, left + 1]), np.resize(low.mean(), 2)
                yield (
                    layer,
                    np.concatenate(
                        [np.column_stack([x, low]), np.column_stack([x, low + 1])[::-1]]
                    ),
                )


def reduce_columns(x: Array, lower: Array, upper: Array, solid: Any) -> Reduced:
    """Reduce the rows of pixel columns in which a peak is narrower than a pixel.

    Parameters
    ----------
    x : array, shape (n,)
        Where the rows are, ascending, in pixels.
    lower, upper : array, shape (layers, n)
        The edges of each layer.
    solid : array of bool, shape (layers, n)
    """
    none = np.empty((0, 2))
    same = Reduced(x, lower, upper, solid, False, np.empty(0, int), none, none)
    columns = np.floor(x)
    first = np.flatnonzero(np.append(True, np.diff(columns) > 0))
    last = np.append(first[1:], len(x)) - 1
    narrow = x[-1] - x[0] < 1
    dense = x[last] - x[first] > 1e-6
    around = x[np.minimum(last + 1, len(x) - 1)] - x[np.maximum(first - 1, 0)]
    close = ~dense & (around < NEAR)
    if not narrow and not (dense | close).any():
        return same
    edges = np.concatenate([lower, upper])
    if narrow:
        first, last, chosen = np.array([0]), np.array([len(x) - 1]), np.array([True])
        columns = np.full(len(x), np.floor((x[0] + x[-1]) / 2))
    else:
        least = np.where(dense, LEAST, SHARP)
        chosen = _stands_out(x, edges, columns, first, last, least).any(axis=0) & (dense | close)
        first, last, columns, chosen = _join_split_peaks(x, edges, columns, first, last, chosen)
    if not chosen.any():
        return same
    first, last = first[chosen], last[chosen]
    rows = _representatives(x, lower, upper, columns, first, last, narrow)
    owner, low, high = _hidden_peaks(lower, upper, columns, first, last, rows)
    inside = np.zeros(len(x) + 1, int)
    np.add.at(inside, first, 1)
    np.add.at(inside, last + 1, -1)
    kept = np.flatnonzero(~(np.cumsum(inside[:-1]) > 0))
    order = np.argsort(np.concatenate([kept, *[first + n / 4 for n in range(4)]]), kind="stable")
    left = columns[first]
    at = np.concatenate([x[kept], left, left, left + 1, left + 1])[order]
    low_edge, high_edge = (
        np.concatenate([each[:, kept], enter, value, value, leave], axis=1)[:, order]
        for each, value in zip((lower, upper), rows, strict=True)
        for enter, leave in [_known(_borders(x, each, columns, first, last), value)]
    )
    is_solid = np.abs(high_edge - low_edge) > 0
    return Reduced(at, low_edge, high_edge, is_solid, True, owner, low, high)


def _known(borders: tuple[Array, Array], value: Array) -> Iterator[Array]:
    """Yield ``borders``, with ``value`` where there is none."""
    for border in borders:
        yield np.where(np.isnan(border), value, border)


def _join_split_peaks(
    x: Array, edges: Array, columns: Array, first: Any, last: Any, chosen: Any
) -> tuple[Any, Any, Array, Any]:
    """Join two pixel columns that share a peak which is narrower than a pixel.

    Return the changed ``first``, ``last``, ``columns`` and ``chosen``.
    """
    pairs = np.flatnonzero(
        ~chosen[:-1] & ~chosen[1:] & (columns[first[1:]] - columns[first[:-1]] == 1)
    )
    if not pairs.size:
        return first, last, columns, chosen
    begin, end = first[pairs], last[pairs + 1]
    enter, leave = _borders(x, edges, columns, begin, end)
    low, high = _extremes(edges, begin, end)
    is_peak = high > np.fmax(enter, leave) + SHARP
    is_dip = low < np.fmin(enter, leave) - SHARP
    columns, joined = columns.copy(), np.zeros(len(first), bool)
    for pair in np.flatnonzero((is_peak | is_dip).any(axis=0)).tolist():
        edge = int(np.flatnonzero(is_peak[:, pair] | is_dip[:, pair])[0])
        rows = slice(int(begin[pair]), int(end[pair]) + 1)
        top = high[edge, pair] if is_peak[edge, pair] else low[edge, pair]
        there = x[rows][np.abs(edges[edge, rows] - top) < LEAST]
        if np.ptp(there) >= 1 or joined[pairs[pair]]:
            continue
        columns[rows] = np.floor(there.mean())
        joined[pairs[pair] + 1] = True
        chosen[pairs[pair]] = True
    return first[~joined], np.append(first[~joined][1:], len(x)) - 1, columns, chosen[~joined]


def _extremes(edges: Array, first: Any, last: Any) -> tuple[Array, Array]:
    """Return the least and the greatest of ``edges`` (k, n) from each ``first`` to its ``last``."""
    bounds = np.column_stack([first, last + 1]).ravel()
    padded = np.concatenate([edges, edges[:, -1:]], axis=1)
    return (
        np.minimum.reduceat(padded, bounds, axis=1)[:, ::2],
        np.maximum.reduceat(padded, bounds, axis=1)[:, ::2],
    )


def _borders(x: Array, edges: Array, columns: Array, first: Any, last: Any) -> tuple[Any, Any]:
    """Return ``edges`` where they enter and leave the pixel columns."""

    def between(before: Any, after: Any, place: Array) -> Array:
        room = np.maximum(x[after] - x[before], 1e-12)
        part = np.clip((place - x[before]) / room, 0, 1)
        mixed: Array = edges[:, before] + part * (edges[:, after] - edges[:, before])
        return mixed

    enter = between(np.maximum(first - 1, 0), first, columns[first])
    leave = between(last, np.minimum(last + 1, len(x) - 1), columns[last] + 1)
    # Nothing is before the first row and after the last.
    enter[:, first == 0] = np.nan
    leave[:, last == len(x) - 1] = np.nan
    return enter, leave


def _stands_out(x: Array, edges: Array, columns: Array, first: Any, last: Any, least: Any) -> Any:
    """Return whether each of ``edges`` has a peak or a dip within each column: (k, columns).

    It is higher or lower than at both sides of the column by at least as many pixels as ``least``.
    """
    low, high = _extremes(edges, first, last)
    enter, leave = _borders(x, edges, columns, first, last)
    return (high > np.fmax(enter, leave) + least) | (low < np.fmin(enter, leave) - least)


def _representatives(
    x: Array, lower: Array, upper: Array, columns: Array, first: Any, last: Any, narrow: bool
) -> tuple[Array, Array]:
    """Return the lower and upper edges to show in each column.

    Those of one row, if there are several layers: the one with the largest total, unless it has a
    dip only. A single area shows the extremes of both edges.
    """
    if len(lower) == 1:
        return _extreme_of(x, -lower, columns, first, last, -1), _extreme_of(
            x, upper, columns, first, last, 1
        )
    total = upper.max(axis=0) - lower.min(axis=0)
    enter, leave = _borders(x, total[None], columns, first, last)
    rows = np.empty(len(first), int)
    for place, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        part = total[begin : end + 1]
        is_dip = not narrow and part.max() <= np.fmax(enter[0, place], leave[0, place]) + LEAST
        is_dip = is_dip and part.min() < np.fmin(enter[0, place], leave[0, place]) - LEAST
        rows[place] = begin + int(part.argmin() if is_dip else part.argmax())
    return lower[:, rows], upper[:, rows]


def _extreme_of(x: Array, edge: Array, columns: Array, first: Any, last: Any, sign: int) -> Array:
    """Return the greatest of ``edge`` in each column, or the least if it only has a dip."""
    low, high = _extremes(edge, first, last)
    enter, leave = _borders(x, edge, columns, first, last)
    is_dip = (high <= np.fmax(enter, leave) + LEAST) & (low < np.fmin(enter, leave) - LEAST)
    return sign * np.where(is_dip, low, high)


def _hidden_peaks(
    lower: Array, upper: Array, columns: Array, first: Any, last: Any, rows: tuple[Array, Array]
) -> tuple[Any, Array, Array]:
    """Return the layers that are higher in another row of a column than in the one shown."""
    if len(lower) == 1:
        return np.empty(0, int), np.empty((0, 2)), np.empty((0, 2))
    height = np.abs(upper - lower)
    found: list[tuple[int, float, float, float]] = []
    for place, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        best = begin + height[:, begin : end + 1].argmax(axis=1)
        for layer, row in enumerate(best.tolist()):
            shown = sorted((rows[0][layer, place], rows[1][layer, place]))
            ends = sorted((lower[layer, row], upper[layer, row]))
            if ends[1] - ends[0] <= HIDDEN * (shown[1] - shown[0]) and shown[0] < shown[1]:
                continue
            if ends[0] < ends[1]:
                parts = _beyond(ends, shown)
                found += [(layer, columns[begin], low, high) for low, high in parts]
    owner, left, low, high = np.reshape(np.array(found, float), (-1, 4)).T
    high = np.maximum(high, low + 1)
    return owner.astype(int), np.column_stack([left, low]), np.column_stack([left + 1, high])


def _beyond(ends: list[float], shown: list[float]) -> list[tuple[float, float]]:
    """Return the parts of the interval ``ends`` beyond the interval ``shown``."""
    if shown[0] == shown[1] or shown[1] <= ends[0] or ends[1] <= shown[0]:
        return [(ends[0], ends[1])]
    below, above = (ends[0], shown[0]), (shown[1], ends[1])
    return [(low, high) for low, high in (below, above) if high - low > LEAST / 2]
