"""Columns in memory: filtered, grouped and ordered as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.query import Filter
from plots.values.columns import Column, from_values
from plots.values.scalars import read_date, read_number
from plots.values.timezones import to_local_times

from . import binning, downsampling
from .arrays import Array, as_array, codes_of, dtype_of, ranks_of, unit_of
from .selection import Bins, Downsampling, Histogram, Selected, Selection, most_lines


@dataclass(frozen=True)
class Columns:
    """A mapping of names to values, as a source returned it."""

    values: Mapping[str, Any]

    @property
    def names(self) -> list[str]:
        return list(self.values)

    @property
    def dtypes(self) -> dict[str, str]:
        return {name: dtype_of(values) for name, values in self.values.items()}

    def select(self, asked: Selection) -> Selected:
        return select(self.values, asked)


def select(raw: Mapping[str, Any], asked: Selection) -> Selected:
    """The columns of ``raw``, a mapping of names to values, that are ``asked`` for."""
    query = asked.query
    arrays = {
        name: as_array(raw[name], asked.parameter(name), asked.zone) for name in asked.columns
    }
    if len({len(array) for array in arrays.values()}) > 1:
        sizes = ", ".join(f"{name} {len(array)}" for name, array in arrays.items())
        raise ValueError(f"source {asked.source!r} returned columns of unequal length: {sizes}")
    if query.filter:
        fits = np.logical_and.reduce(
            [_fits(arrays[each.column], each, asked.zone) for each in query.filter]
        )
        arrays = {name: array[fits] for name, array in arrays.items()}
    if query.bin:
        arrays[asked.binned] = _binned(arrays[asked.binned], query.bin)
    keys = {name: arrays[name] for name in asked.keys}
    values = {name: arrays[name] for name in asked.values}
    by = arrays.get(asked.order)
    if query.stat:
        keys, values = _grouped(keys, values, query.stat)
        named = {**keys, **values}
        by = named.get(asked.order, values.get(""))  # "count" has no column
    rows: Any = slice(query.limit)
    count = None
    if isinstance(asked.downsampling, Bins):
        if found := binning.in_memory(keys, asked):
            return found
    elif asked.downsampling:
        keys, count = _reduced(keys, asked.downsampling)
    if asked.order and by is not None:
        ranks = ranks_of(by)
        rows = np.argsort(-ranks if query.order[0] == "-" else ranks, kind="stable")[rows]
    return Selected(
        {name: _column(array[rows]) for name, array in keys.items()},
        {name: _column(array[rows]) for name, array in values.items()},
        count,
    )


def _reduced(
    arrays: dict[str, Array], wanted: Downsampling | Histogram
) -> tuple[dict[str, Array], int | None]:
    """What ``wanted`` makes of the arrays, and how many rows they had if they have fewer now."""
    named = (wanted.x, *wanted.y) if isinstance(wanted, Downsampling) else wanted.x
    count = len(next(iter(arrays.values())))
    if count <= wanted.most or any(arrays[name].dtype.kind == "O" for name in named if name):
        return arrays, None
    lines = {name: array for name, array in arrays.items() if name not in named}
    groups = _groups(lines.values(), count)
    if groups is None:
        return arrays, None
    if isinstance(wanted, Histogram):
        return _tallied(arrays, lines, groups, wanted), count
    x = (
        ranks_of(arrays[wanted.x]) / unit_of(arrays[wanted.x])
        if wanted.x
        else np.arange(float(count))
    )
    if any(arrays[name].dtype.kind != "f" for name in wanted.y):
        return arrays, None
    rows = downsampling.reduced(x, [arrays[name] for name in wanted.y], groups, wanted)
    if len(rows) == count:
        return arrays, None
    numbered = {} if wanted.x else {"": x[rows]}
    return {name: array[rows] for name, array in arrays.items()} | numbered, count


def _groups(lines: Iterable[Array], count: int) -> list[Any] | None:
    """The places of the rows of each line, a slice if there is but one; None of too many lines.

    What asks for so many is told so when all are read.
    """
    codes = [codes_of(array) for array in lines]
    if not codes:
        return [slice(0, count)]
    if any(int(code.max()) >= most_lines() for code in codes):
        return None
    numbers = np.unique(np.stack(codes), axis=1, return_inverse=True)[1]
    if int(numbers.max()) >= most_lines():
        return None
    return np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1])


def _tallied(
    arrays: Mapping[str, Array], lines: Mapping[str, Array], groups: list[Any], wanted: Histogram
) -> dict[str, Array]:
    """A row for each part of each group that has any; the other columns of ``x`` are gaps there."""
    low = min(np.nanmin(arrays[name]) for name in wanted.x)
    high = max(np.nanmax(arrays[name]) for name in wanted.x)
    made: dict[str, list[Array]] = {name: [] for name in ("", *arrays)}
    for name in wanted.x:
        for group in groups:
            places, counts = downsampling.tallied(arrays[name][group], low, high, wanted.parts)
            made[""].append(counts)
            for other in wanted.x:
                made[other].append(places if other == name else np.full(len(places), np.nan))
            for line, array in lines.items():
                first = group.start if isinstance(group, slice) else group[0]
                made[line].append(np.repeat(array[first : first + 1], len(places)))
    return {name: np.concatenate(parts) for name, parts in made.items()}


def _same(ranks: Array, value: float) -> Array:
    return np.isnan(ranks) if np.isnan(value) else ranks == value


def _column(array: Array) -> Column:
    return from_values(array, "source")


def _fits(array: Array, wanted: Filter, zone: str) -> Array:
    """Which of ``array`` ``wanted`` lets through."""
    gaps = np.isnan(ranks_of(array)) if array.dtype.kind != "f" else np.isnan(array)
    if wanted.lookup == "isnull":
        return gaps == read_switch(wanted)
    if wanted.lookup == "icontains":
        part = wanted.values[0].casefold()
        return np.array([part in str(value).casefold() for value in array]) & ~gaps
    like = [read_like(array.dtype.kind, text, wanted) for text in wanted.values]
    values: Any = to_local_times(like, zone, "filter")
    if wanted.lookup == "in":
        return np.isin(array, np.array(values, dtype=array.dtype)) & ~gaps
    low, high = values[0], values[-1]
    known = array[~gaps]
    if array.dtype.kind == "M":
        known = known.astype("datetime64[us]")
        low, high = (np.datetime64(each, "us") for each in (low, high))
    fits = np.zeros(len(array), dtype=bool)
    fits[~gaps] = COMPARISONS[wanted.lookup](known, low, high)
    return fits


COMPARISONS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exact": lambda array, low, high: array == low,
    "gt": lambda array, low, high: array > low,
    "gte": lambda array, low, high: array >= low,
    "lt": lambda array, low, high: array < low,
    "lte": lambda array, low, high: array <= low,
    "range": lambda array, low, high: (low <= array) & (array <= high),
}


def read_switch(wanted: Filter) -> bool:
    """Whether gaps are wanted."""
    word = wanted.values[0].lower()
    if word in ("1", "true", "0", "false"):
        return word in ("1", "true")
    message = _("Write %(column)s__isnull:1 for gaps, or :0 for all but them.")
    raise PlotError(message % {"column": wanted.column}, "invalid-filter", "filter")


def read_like(sort: str, text: str, wanted: Filter) -> Any:
    """``text`` as one of a column's values; ``sort`` is its dtype's kind."""
    if sort == "O":
        return text
    try:
        found = read_date(text) if sort == "M" else read_number(text)
    except ValueError:
        found = None
    if found is None:
        message, what = (
            (_("“%(column)s” holds dates, and “%(text)s” is none."), "date")
            if sort == "M"
            else (_("“%(column)s” holds numbers, and “%(text)s” is none."), "number")
        )
        words = {"column": wanted.column, "text": text[:40]}
        raise PlotError(message % words, f"not-a-{what}", "filter")
    return found


def _binned(array: Array, width: float | str) -> Array:
    """Where the bin of each of ``array`` begins. Weeks begin on Mondays, as in ISO 8601."""
    if np.isnan(ranks_of(array)).all():
        return array  # it does not say what it holds
    if (array.dtype.kind == "M") != isinstance(width, str) or array.dtype.kind == "O":
        refuse_bin({"M": "dates", "O": ""}.get(array.dtype.kind, "numbers"))
    if not isinstance(width, str):
        return np.floor(array / width) * width
    if width == "hour":
        return array.astype("datetime64[h]").astype("datetime64[us]")
    if width == "week":
        days = array.astype("datetime64[D]")
        return days - (days.astype(int) + 3) % 7  # 1970 began on a Thursday
    if width == "quarter":
        months = array.astype("datetime64[M]")
        return (months - months.astype(int) % 3).astype("datetime64[D]")
    return array.astype(f"datetime64[{width[0].upper()}]").astype("datetime64[D]")


def refuse_bin(holds: str) -> NoReturn:
    """Raise the PlotError of a bin that does not fit what x ``holds``."""
    said = {
        "dates": _("x holds dates; give a unit such as month."),
        "numbers": _("x holds numbers; give a width such as 10."),
    }
    message = said.get(holds) or _("x holds names; only numbers and dates have bins.")
    raise PlotError(message, "invalid-bin", "bin")


def refuse_stat(name: str) -> NoReturn:
    """Raise the PlotError of a stat of a column that holds no numbers."""
    message = _("“%(name)s” holds no numbers; only count can be made of it.")
    raise PlotError(message % {"name": name}, "not-a-number", "stat")


def _grouped(
    keys: Mapping[str, Array], values: Mapping[str, Array], stat: str
) -> tuple[dict[str, Array], dict[str, Array]]:
    """A row for each set of equal keys, the least first, with the ``stat`` of its values."""
    ranks = np.stack([ranks_of(array) for array in keys.values()])
    # NaN does not equal itself; the greatest number stands for gaps, which come last.
    ranks = np.where(np.isnan(ranks), np.inf, ranks)
    first, group = np.unique(ranks, axis=1, return_index=True, return_inverse=True)[1:]
    count = len(first)
    if count > conf.MAX_POINTS:
        message = _("These are %(count)s groups; at most %(most)s are drawn. Try bin.")
        message %= {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
        raise PlotError(message, "too-much", "stat")
    made = {name: _stat(array, group, count, stat, name) for name, array in values.items()}
    if not values:
        made[""] = np.bincount(group, minlength=count).astype(float)
    return {name: array[first] for name, array in keys.items()}, made


def _stat(array: Array, group: Array, count: int, stat: str, name: str) -> Array:
    if stat == "count":
        known = ~np.isnan(ranks_of(array))
        return np.bincount(group[known], minlength=count).astype(float)
    if array.dtype.kind != "f":
        refuse_stat(name)
    known = np.isfinite(array)
    array, group = array[known], group[known]
    sizes = np.bincount(group, minlength=count)
    # Every group's numbers from the least to the greatest, the groups one after another.
    ordered = np.append(array[np.lexsort((array, group))], np.nan)
    end = np.cumsum(sizes)
    begin = end - sizes
    made = STATS[stat](ordered, begin, sizes, array, group)
    return np.where(sizes > 0, made, np.nan)


def _median(ordered: Array, begin: Array, sizes: Array, *_: Any) -> Array:
    low, high = begin + np.maximum(sizes - 1, 0) // 2, begin + sizes // 2
    return np.asarray((ordered[low] + ordered[high]) / 2)


def _sum(ordered: Array, begin: Array, sizes: Array, array: Array, group: Array) -> Array:
    return np.bincount(group, array, len(sizes))


def _mean(ordered: Array, begin: Array, sizes: Array, array: Array, group: Array) -> Array:
    return _sum(ordered, begin, sizes, array, group) / np.maximum(sizes, 1)


def _std(ordered: Array, begin: Array, sizes: Array, array: Array, group: Array) -> Array:
    mean = _mean(ordered, begin, sizes, array, group)
    squares = np.bincount(group, (array - mean[group]) ** 2, len(sizes))
    return np.sqrt(np.where(sizes > 1, squares / np.maximum(sizes - 1, 1), np.nan))


STATS: dict[str, Callable[..., Array]] = {
    "sum": _sum,
    "mean": _mean,
    "median": _median,
    "min": lambda ordered, begin, sizes, array, group: ordered[begin],
    "max": lambda ordered, begin, sizes, array, group: ordered[begin + sizes - 1],
    "std": _std,
}


def from_rows(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """The columns of mappings or named tuples; a name that a row lacks is a gap there."""
    columns: dict[str, list[Any]] = {}
    for count, row in enumerate(rows):
        given = row if isinstance(row, Mapping) else row._asdict()
        for name in given.keys() - columns.keys():
            columns[name] = [None] * count
        for name, column in columns.items():
            column.append(given.get(name))
    return columns
