"""Binning: axes cut into bins on their scales, and rows counted in the cells between them.

Every engine uses the same arithmetic, so that all of them put a row into the same cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.values.columns import from_values
from plots.values.timezones import to_local_array

from .arrays import MICROSECONDS_PER_DAY, Array, as_array, codes_of, rank_unit, ranks_of
from .selection import AxisBinning, Bins, Selected, Selection, max_groups

# The value at 1 of matplotlib's symlog scale, in natural logarithms. It is linear below.
SYMLOG_KNEE = 10 / 9 * math.log(10)


def log_scale_error(channel: str, axis: str) -> PlotError:
    """Make the error for numbers that a log scale cannot show."""
    message = _(
        "A log scale cannot show 0 and negative numbers, which %(name)s contains. Use symlog."
    )
    return PlotError(message % {"name": channel}, "invalid-scale", f"{axis}scale")


@dataclass(frozen=True)
class BinnedAxis:
    """An axis of data from ``first`` to ``last`` with ``bins`` between ``begin`` and ``end``.

    Bin 0 begins at ``begin``. Values below it are in bin -1, values above ``end`` in bin ``bins``.
    """

    first: float
    begin: float
    end: float
    last: float
    bins: int
    scale: str

    @classmethod
    def over(cls, first: float, last: float, request: AxisBinning) -> BinnedAxis:
        """Bin data with these extremes as requested.

        Raises
        ------
        PlotError
            If the scale is logarithmic and ``first`` is not positive.
        """
        scale = request.scale
        if scale == "log" and first <= 0:
            raise log_scale_error(request.axis, request.axis)
        if first == last:
            return cls(first, first, last, last, 1, scale)
        low = first if request.low is None else request.low
        high = last if request.high is None else request.high
        begin, end = max(first, low), min(last, high)
        if begin >= end:  # all data are outside the limits
            return cls(first, first, last, last, request.bins, scale)
        low = begin if scale == "log" and low <= 0 else low
        shown, filled = (to_scale(b, scale) - to_scale(a, scale)
                         for a, b in ((low, high), (begin, end)))  # fmt: skip
        return cls(first, begin, end, last, max(1, round(request.bins * filled / shown)), scale)

    @cached_property
    def start(self) -> float:
        """The position of ``begin`` on the scale."""
        return to_scale(self.begin, self.scale)

    @cached_property
    def factor(self) -> float:
        """Bins per unit of the scale; 0 if all values are equal."""
        length = to_scale(self.end, self.scale) - self.start
        return self.bins / length if length else 0.0

    @property
    def is_precise(self) -> bool:
        """Whether the edges of the bins differ in floating point."""
        if not all(map(math.isfinite, (self.first, self.last, self.factor))):
            return False
        return self.first == self.last or bool((np.diff(self.edges) > 0).all())

    @cached_property
    def edges(self) -> Array:
        """The edges of the bins between the limits, shape (bins + 1,)."""
        inner = self.start + np.arange(1, self.bins) / (self.factor or 1.0)
        return np.array([self.begin, *_from_scale(inner, self.scale).tolist(), self.end])

    @cached_property
    def _centres(self) -> Array:
        """The centres of bins -1 to ``bins``."""
        positions = _to_scale(np.array([self.first, *self.edges, self.last]), self.scale)
        return _from_scale((positions[1:] + positions[:-1]) / 2, self.scale)

    def centre(self, bin: Any) -> Any:
        """The centre of a bin, or the centres of an array of bins."""
        return self._centres[bin + 1]

    def bins_of(self, values: Array) -> Array:
        """The bin of each of ``values``, which contain no gaps."""
        if (self.first, self.last) == (self.begin, self.end):  # nothing is outside the limits
            position = _to_scale(values, self.scale) - self.start
            position *= self.factor
            inside = position.astype(np.intp)
            return np.minimum(inside, self.bins - 1, out=inside)
        bins = np.full(len(values), self.bins, np.intp)
        bins[values < self.begin] = -1
        within = (values >= self.begin) & (values <= self.end)
        position = (_to_scale(values[within], self.scale) - self.start) * self.factor
        bins[within] = np.clip(position.astype(np.intp), 0, self.bins - 1)
        return bins


def to_scale(value: float, scale: str) -> float:
    """Transform ``value`` to its position on ``scale``."""
    if scale == "log":
        return math.log(value)
    if scale == "symlog" and abs(value) > 1:
        return math.copysign(SYMLOG_KNEE + math.log(abs(value)), value)
    return value * SYMLOG_KNEE if scale == "symlog" else value


def _to_scale(values: Array, scale: str) -> Array:
    if scale == "log":
        return np.asarray(np.log(values))
    if scale != "symlog":
        return values
    far = np.copysign(SYMLOG_KNEE + np.log(np.maximum(np.abs(values), 1)), values)
    return np.where(np.abs(values) > 1, far, values * SYMLOG_KNEE)


def _from_scale(positions: Array, scale: str) -> Array:
    if scale == "log":
        return np.exp(positions)
    if scale != "symlog":
        return positions
    far = np.copysign(np.exp(np.maximum(np.abs(positions) - SYMLOG_KNEE, 0)), positions)
    return np.where(np.abs(positions) > SYMLOG_KNEE, far, positions / SYMLOG_KNEE)


def bin_axes(
    extremes: Sequence[Sequence[float]], request: Bins
) -> tuple[BinnedAxis, BinnedAxis] | None:
    """Bin both axes over columns with these extremes: (min x, max x, min y, max y) of each.

    Returns None if floating point cannot distinguish the edges of the bins.
    """
    left, right, bottom, top = zip(*extremes, strict=True)
    x = BinnedAxis.over(float(min(left)), float(max(right)), request.x_axis)
    y = BinnedAxis.over(float(min(bottom)), float(max(top)), request.y_axis)
    return (x, y) if x.is_precise and y.is_precise else None


@dataclass(frozen=True)
class CellCounts:
    """The non-empty cells of one y column, as arrays of equal length.

    ``groups`` are the values of the groups by name, ``x`` and ``y`` the bins, ``rows`` the counts.
    """

    groups: Mapping[str, Array]
    x: Array
    y: Array
    rows: Array


def to_selected(
    selection: Selection,
    x_axis: BinnedAxis | None,
    y_axis: BinnedAxis,
    counts: Mapping[str, CellCounts],
    to_times: Callable[[Array], Any] | None = None,
) -> Selected:
    """Make the result of a selection with ``Bins`` from the cells of each y column.

    The result has a row for each cell, with x and y at its centre, gaps in the other y columns, and
    the number of rows as value ``""``. ``to_times`` converts days since 1970 where x is a date.
    Without an ``x_axis``, x is one of the groups.
    """
    request: Any = selection.downsampling
    sizes = [len(each.rows) for each in counts.values()]
    keys: dict[str, Any] = {
        name: np.concatenate([each.groups[name] for each in counts.values()])
        for name in next(iter(counts.values())).groups
    }
    edges = {"y": y_axis.edges}
    if x_axis:
        centres = x_axis.centre(np.concatenate([each.x for each in counts.values()]))
        keys[request.x] = to_times(centres) if to_times else centres
        edges["x"] = x_axis.edges
        if to_times:  # in local time, an hour that is repeated in autumn has no width
            times = as_array(to_times(x_axis.edges), "x", selection.zone)
            local = ranks_of(to_local_array(times, selection.tzinfo))
            edges["x"] = np.maximum.accumulate(local / MICROSECONDS_PER_DAY)
    for index, y in enumerate(counts):
        keys[y] = np.full(sum(sizes), np.nan)
        begin = sum(sizes[:index])
        keys[y][begin : begin + sizes[index]] = y_axis.centre(counts[y].y)
    rows = np.concatenate([each.rows for each in counts.values()]).astype(float)
    columns = {
        name: from_values(
            to_local_array(
                as_array(keys[name], selection.parameter(name), selection.zone), selection.tzinfo
            ),
            "source",
        )
        for name in dict.fromkeys((*selection.keys, request.x))
    }
    return Selected(columns, {"": from_values(rows, "source")}, int(rows.sum()), edges)


def count_in_memory(arrays: Mapping[str, Array], selection: Selection) -> Selected | None:
    """Count the rows of ``arrays`` in cells.

    Returns None if there are too few rows, too many groups, or columns that cannot be binned.
    """
    request: Any = selection.downsampling
    count = len(next(iter(arrays.values())))
    if count <= request.threshold or any(arrays[y].dtype.kind != "f" for y in request.y):
        return None
    x = arrays[request.x] if request.x else np.arange(float(count))
    is_text = x.dtype.kind == "O"
    if request.x in request.groups and not is_text:
        return None  # its values would be replaced by the centres of cells
    groups = {name: arrays[name] for name in (request.groups_and_x if is_text else request.groups)}
    codes = {name: codes_of(array) for name, array in groups.items()}
    if any(code.max() >= max_groups() for code in codes.values()):
        return None  # they raise an error once all rows are read
    positions = ranks_of(x) / rank_unit(x)
    known = {y: np.isfinite(positions) & np.isfinite(arrays[y]) for y in request.y}
    if sum(map(np.count_nonzero, known.values())) <= request.threshold:
        return None
    # Most columns have no gaps. A slice of all rows copies nothing.
    rows: dict[str, Any] = {
        y: slice(None) if each.all() else each for y, each in known.items() if each.any()
    }
    points = {y: (positions[each], arrays[y][each]) for y, each in rows.items()}
    axes = bin_axes(
        [(xs.min(), xs.max(), ys.min(), ys.max()) for xs, ys in points.values()], request
    )
    if axes is None:
        return None
    values = {n: array[np.unique(codes[n], return_index=True)[1]] for n, array in groups.items()}
    counts = {
        y: _count_cells(values, [code[rows[y]] for code in codes.values()], axes, points[y])
        for y in rows
    }
    to_times = days_to_times if x.dtype.kind == "M" else None
    return to_selected(selection, None if is_text else axes[0], axes[1], counts, to_times)


def _count_cells(
    values: Mapping[str, Array],
    codes: Sequence[Array],
    axes: tuple[BinnedAxis, BinnedAxis],
    points: tuple[Array, Array],
) -> CellCounts:
    """The cells of ``points``; ``codes`` are the indices of their groups in ``values``."""
    # Bins begin at -1, codes at 0.
    bins = [axis.bins_of(each) + 1 for axis, each in zip(axes, points, strict=True)]
    (*groups, x, y), counts = _count_distinct([*codes, *bins])
    named = zip(values, groups, strict=True)
    return CellCounts({name: values[name][index] for name, index in named}, x - 1, y - 1, counts)


def days_to_times(days: Array) -> Array:
    """Convert days since 1970 to naive datetimes."""
    return np.round(days * MICROSECONDS_PER_DAY).astype("datetime64[us]")


def _count_distinct(codes: Sequence[Array]) -> tuple[list[Array], Array]:
    """The distinct rows of columns of integers from 0, in order, and how often each occurs."""
    sizes = tuple(int(code.max(initial=0)) + 1 for code in codes)
    joined = np.ravel_multi_index(tuple(codes), sizes)
    if math.prod(sizes) <= 4 * joined.size:
        counts = np.bincount(joined)
        distinct = np.flatnonzero(counts)
        counts = counts[distinct]
    else:
        distinct, counts = np.unique(joined, return_counts=True)
    return [*np.unravel_index(distinct, sizes)], counts
