"""Rows of one series at one place, where drawing them would hide all but one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.query import OVERLAP
from plots.values.scalars import MAX_NUMBER

from .labels import value_labels

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers, Series

# Summarise values whose groups are numbered from 0: (values, groups, number of groups).
Reduce = Callable[[Any, Any, int], Any]


def total(values: Numbers, groups: Any, count: int) -> Numbers:
    return np.asarray(np.bincount(groups, values, count), np.float64)


def mean(values: Numbers, groups: Any, count: int) -> Numbers:
    # Divided first, so that no sum can overflow.
    return total(values / np.bincount(groups)[groups], groups, count)


def first(values: Numbers, groups: Any, count: int) -> Numbers:
    return last(values[::-1], groups[::-1], count)


def last(values: Numbers, groups: Any, count: int) -> Numbers:
    result = np.empty(count)
    result[groups] = values
    return result


def highest(values: Numbers, groups: Any, count: int) -> Numbers:
    result = np.full(count, -np.inf)
    np.maximum.at(result, groups, values)
    return result


def lowest(values: Numbers, groups: Any, count: int) -> Numbers:
    return -highest(-values, groups, count)


def merge_rows(series: Series, places: Sequence[str], channels: Mapping[str, Reduce]) -> Series:
    """Return ``series`` with one row where several have the same ``places``, one or two channels.

    Rows with a gap are kept. Of a column that is not in ``channels``, the first row counts.
    """
    found = _groups(series, places, channels)
    if found is None:
        return series
    rows, starts, groups = found
    kept = np.ones(series.columns[places[0]].size, dtype=bool)
    kept[rows] = False
    kept[rows[starts]] = True
    columns = {name: column.copy() for name, column in series.columns.items()}
    for name, reduce in channels.items():
        columns[name][rows[starts]] = reduce(series.columns[name][rows], groups, starts.size)
    return replace(series, columns={name: column[kept] for name, column in columns.items()})


def _groups(
    series: Series, places: Sequence[str], channels: Iterable[str]
) -> tuple[Any, Any, Any] | None:
    """The rows without a gap, the first of each place among them, and the place of each.

    None if all places differ.
    """
    keys = [series.columns[name] for name in places]
    if len(keys) == 2 and _are_grid(*keys):
        return None
    known = np.logical_and.reduce(
        [np.isfinite(column) for column in (*keys, *(series.columns[name] for name in channels))]
    )
    rows = np.flatnonzero(known)
    at = keys[0][rows] if len(keys) == 1 else keys[0][rows] + 1j * keys[1][rows]
    _places, starts, groups = np.unique(at, return_index=True, return_inverse=True)
    return (rows, starts, groups) if starts.size < rows.size else None


def _are_grid(x: Numbers, y: Numbers) -> bool:
    """Return whether the positions are a grid's, row by row. This is faster than sorting."""
    width = int(np.argmax(y != y[:1])) or y.size
    if not width or y.size % width:
        return False
    x, y = x.reshape(-1, width), y.reshape(-1, width)
    apart = np.unique(x[0]).size == width and np.unique(y[:, 0]).size == len(y)
    return bool(apart and (x == x[0]).all() and (y == y[:, :1]).all())


def add_up(data: Data, channel: str, *places: str) -> Data:
    """Add up ``channel`` of the rows of each series with the same ``places``, and say so."""
    merged = tuple(merge_rows(each, places, {channel: total}) for each in data.series)
    if all(map(is_, merged, data.series)):
        return data
    if any((np.abs(each.columns[channel]) > MAX_NUMBER).any() for each in merged):
        message = _("Rows with the same x add up to a number that is too large. Use smaller units.")
        raise PlotError(message, "out-of-range", channel)
    note = _("Rows with the same x are added up.")
    if len(places) > 1:
        note = _("Rows with the same x and y are added up.")
    return replace(data, series=merged).with_notes(note)


def average(data: Data, places: Sequence[str], *channels: str) -> Data:
    """Average ``channels`` of the rows of each series with the same ``places``, and say so."""
    reduces = dict.fromkeys(channels, mean)
    merged = tuple(merge_rows(each, places, reduces) for each in data.series)
    if all(map(is_, merged, data.series)):
        return data
    note = _("Rows at the same position are averaged.")
    if not channels:
        note = _("Rows at the same position are drawn as one point.")
    return replace(data, series=merged).with_notes(note)


def refuse_rows(data: Data, channel: str, *places: str) -> None:
    """Raise a PlotError if rows of a source would hide each other: a stat makes them one.

    Rows of a source are often parts of a total, so a picture of one of them would look like it.
    """
    if not data.is_raw:
        return
    for series in data.series:
        found = _groups(series, places, (channel,))
        if found is None:
            continue
        rows, starts, groups = found
        count = np.bincount(groups)
        most = int(count.argmax())
        row = rows[starts[most]]
        at = [value_labels(series.columns[name][[row]], data.axis(name))[0] for name in places]
        message = _(
            "%(count)s rows have the same %(names)s, %(place)s, and would hide each other. Add "
            "stat=sum for their total, stat=count for their number, or another stat such as mean."
        )
        message %= {
            "count": f"{count[most]:,}",
            "names": "x" if len(places) == 1 else _("x and y"),
            "place": ", ".join(f"“{each[:40]}”" for each in at),
        }
        raise PlotError(message, OVERLAP, "stat")
