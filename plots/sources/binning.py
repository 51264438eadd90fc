"""How many rows are where: axes cut into parts, and rows counted in the cells between them."""

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

from .arrays import DAY, Array, as_array, codes_of, ranks_of, unit_of
from .selection import AxisBinning, Bins, Selected, Selection, most_lines

# Where a symlog scale is no longer linear, at 1, in natural logarithms: as matplotlib has it.
KNEE = 10 / 9 * math.log(10)


def no_place(channel: str, axis: str) -> PlotError:
    """The error of numbers for which a log scale has no place."""
    message = _("A log scale has no place for 0 and less, which %(name)s has; try symlog.")
    return PlotError(message % {"name": channel}, "invalid-scale", f"{axis}scale")


@dataclass(frozen=True)
class Grid:
    """One axis of data that reach from ``first`` to ``last``, cut from ``begin`` to ``end``.

    Part 0 begins at ``begin``. What is before it is in part -1, what is behind ``end`` in part
    ``parts``. The same arithmetic puts rows into parts here and in every database.
    """

    first: float
    begin: float
    end: float
    last: float
    parts: int
    scale: str

    @classmethod
    def over(cls, first: float, last: float, along: AxisBinning) -> Grid:
        """The grid that ``along`` asks for over data with these ends.

        Raises PlotError for a log scale of numbers that are not above 0.
        """
        scale = along.scale
        if scale == "log" and first <= 0:
            raise no_place(along.axis, along.axis)
        if first == last:
            return cls(first, first, last, last, 1, scale)
        low = first if along.low is None else along.low
        high = last if along.high is None else along.high
        begin, end = max(first, low), min(last, high)
        if begin >= end:
            return cls(first, first, last, last, along.parts, scale)  # nothing of it is seen
        low = begin if scale == "log" and low <= 0 else low
        seen, filled = (scaled(b, scale) - scaled(a, scale) for a, b in ((low, high), (begin, end)))
        return cls(first, begin, end, last, max(1, round(along.parts * filled / seen)), scale)

    @cached_property
    def start(self) -> float:
        """Where ``begin`` is on the scale."""
        return scaled(self.begin, self.scale)

    @cached_property
    def factor(self) -> float:
        """Parts for each unit of the scale; 0 of numbers that are all alike."""
        length = scaled(self.end, self.scale) - self.start
        return self.parts / length if length else 0.0

    @property
    def is_sound(self) -> bool:
        """Whether floating point can tell its parts apart."""
        if not all(map(math.isfinite, (self.first, self.last, self.factor))):
            return False
        return self.first == self.last or bool((np.diff(self.edges) > 0).all())

    @cached_property
    def edges(self) -> Array:
        """Of the parts within the limits."""
        along = self.start + np.arange(1, self.parts) / (self.factor or 1.0)
        return np.array([self.begin, *unscaled(along, self.scale).tolist(), self.end])

    @cached_property
    def _middles(self) -> Array:
        """Of these, and before and behind them of what lies beyond."""
        places = _scaled(np.array([self.first, *self.edges, self.last]), self.scale)
        return unscaled((places[1:] + places[:-1]) / 2, self.scale)

    def middle(self, part: Any) -> Any:
        """Of ``part``, or of an array of them."""
        return self._middles[part + 1]

    def parts_of(self, values: Array) -> Array:
        """The part that each of ``values``, which have no gap, is in."""
        if (self.first, self.last) == (self.begin, self.end):  # there is nothing beyond
            along = _scaled(values, self.scale) - self.start
            along *= self.factor
            inside = along.astype(np.intp)
            return np.minimum(inside, self.parts - 1, out=inside)
        places = np.full(len(values), self.parts, np.intp)
        places[values < self.begin] = -1
        within = (values >= self.begin) & (values <= self.end)
        along = (_scaled(values[within], self.scale) - self.start) * self.factor
        places[within] = np.clip(along.astype(np.intp), 0, self.parts - 1)
        return places


def scaled(value: float, scale: str) -> float:
    """Where ``value`` is on ``scale``."""
    if scale == "log":
        return math.log(value)
    if scale == "symlog" and abs(value) > 1:
        return math.copysign(KNEE + math.log(abs(value)), value)
    return value * KNEE if scale == "symlog" else value


def _scaled(values: Array, scale: str) -> Array:
    if scale == "log":
        return np.asarray(np.log(values))
    if scale != "symlog":
        return values
    far = np.copysign(KNEE + np.log(np.maximum(np.abs(values), 1)), values)
    return np.where(np.abs(values) > 1, far, values * KNEE)


def unscaled(places: Array, scale: str) -> Array:
    """What stands at ``places`` on ``scale``."""
    if scale == "log":
        return np.exp(places)
    if scale != "symlog":
        return places
    far = np.copysign(np.exp(np.maximum(np.abs(places) - KNEE, 0)), places)
    return np.where(np.abs(places) > KNEE, far, places / KNEE)


def grids_over(ends: Sequence[Sequence[float]], wanted: Bins) -> tuple[Grid, Grid] | None:
    """The grids of x and y over columns with these ends: of x the least, the greatest, then of y.

    None where floating point cannot tell their parts apart.
    """
    left, right, bottom, top = zip(*ends, strict=True)
    across = Grid.over(float(min(left)), float(max(right)), wanted.across)
    up = Grid.over(float(min(bottom)), float(max(top)), wanted.up)
    return (across, up) if across.is_sound and up.is_sound else None


@dataclass(frozen=True)
class Counted:
    """Cells that have rows of one y: their groups' values by name, their parts, and how many."""

    groups: Mapping[str, Array]
    across: Array
    up: Array
    rows: Array


def as_selected(
    asked: Selection,
    across: Grid | None,
    up: Grid,
    found: Mapping[str, Counted],
    moments: Callable[[Array], Any] | None = None,
) -> Selected:
    """What ``asked`` for cells is answered: a row for each that is ``found``, by y.

    Its x and y are its middle, with ``moments`` for what days are; other y have a gap there, and
    value "" is how many rows it has. Without a grid ``across``, x is one of the groups.
    """
    wanted: Any = asked.downsampling
    sizes = [len(each.rows) for each in found.values()]
    keys: dict[str, Any] = {
        name: np.concatenate([each.groups[name] for each in found.values()])
        for name in next(iter(found.values())).groups
    }
    edges = {"y": up.edges}
    if across:
        places = across.middle(np.concatenate([each.across for each in found.values()]))
        keys[wanted.x] = moments(places) if moments else places
        edges["x"] = across.edges
        if moments:  # an hour that clocks show twice is one place
            shown = ranks_of(as_array(moments(across.edges), "x", asked.zone)) / DAY
            edges["x"] = np.maximum.accumulate(shown)
    for place, y in enumerate(found):
        keys[y] = np.full(sum(sizes), np.nan)
        begin = sum(sizes[:place])
        keys[y][begin : begin + sizes[place]] = up.middle(found[y].up)
    counts = np.concatenate([each.rows for each in found.values()]).astype(float)
    return Selected(
        {
            name: from_values(as_array(keys[name], asked.parameter(name), asked.zone), "source")
            for name in dict.fromkeys((*asked.keys, wanted.x))
        },
        {"": from_values(counts, "source")},
        int(counts.sum()),
        edges,
    )


def in_memory(arrays: Mapping[str, Array], asked: Selection) -> Selected | None:
    """The cells of ``arrays``; None where there are too few rows, or what cannot be counted."""
    wanted: Any = asked.downsampling
    count = len(next(iter(arrays.values())))
    if count <= wanted.most or any(arrays[y].dtype.kind != "f" for y in wanted.y):
        return None
    x = arrays[wanted.x] if wanted.x else np.arange(float(count))
    has_names = x.dtype.kind == "O"
    if wanted.x in wanted.groups and not has_names:
        return None  # its values would be those of cells
    named = {name: arrays[name] for name in (wanted.named if has_names else wanted.groups)}
    codes = [codes_of(array) for array in named.values()]
    if any(code.max() >= most_lines() for code in codes):
        return None  # what asks for so many is told so
    places = ranks_of(x) / unit_of(x)
    there = {y: np.isfinite(places) & np.isfinite(arrays[y]) for y in wanted.y}
    if sum(map(np.count_nonzero, there.values())) <= wanted.most:
        return None
    # Most columns have no gap: what is all of them need not be copied.
    known: dict[str, Any] = {
        y: slice(None) if rows.all() else rows for y, rows in there.items() if rows.any()
    }
    points = {y: (places[rows], arrays[y][rows]) for y, rows in known.items()}
    grids = grids_over(
        [(xs.min(), xs.max(), ys.min(), ys.max()) for xs, ys in points.values()], wanted
    )
    if grids is None:
        return None
    across, up = grids
    values = [
        array[np.unique(code, return_index=True)[1]]
        for array, code in zip(named.values(), codes, strict=True)
    ]
    found = {}
    for y, rows in known.items():
        # From 0: what lies before the first part is in -1.
        xs, ys = points[y]
        parts = across.parts_of(xs) + 1, up.parts_of(ys) + 1
        cells, counts = _different([*(code[rows] for code in codes), *parts])
        *lines, here, above = cells
        groups = {name: each[line] for name, each, line in zip(named, values, lines, strict=True)}
        found[y] = Counted(groups, here - 1, above - 1, counts)
    moments = as_times if x.dtype.kind == "M" else None
    return as_selected(asked, None if has_names else across, up, found, moments)


def as_times(days: Array) -> Array:
    """Days since 1970 as what they are without an offset."""
    return np.round(days * DAY).astype("datetime64[us]")


def _different(codes: Sequence[Array]) -> tuple[list[Array], Array]:
    """The different rows of ``codes``, whole numbers from 0, in order, and how many have each."""
    sizes = tuple(int(code.max(initial=0)) + 1 for code in codes)
    joined = np.ravel_multi_index(tuple(codes), sizes)
    if math.prod(sizes) <= 4 * joined.size:
        counts = np.bincount(joined)
        some = np.flatnonzero(counts)
        counts = counts[some]
    else:
        some, counts = np.unique(joined, return_counts=True)
    return [*np.unravel_index(some, sizes)], counts
