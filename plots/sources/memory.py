"""Columns in memory: filtered, grouped, ordered and downsampled as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from plots.values.columns import Column, from_values

from . import binning
from .arrays import Array, as_array, dtype_of, ranks_of
from .downsampling import downsample
from .filters import matches
from .grouping import group, start_of_bins
from .selection import Bins, Selected, Selection


@dataclass(frozen=True)
class MemoryTable:
    """A mapping of names to values, as a source returned it."""

    values: Mapping[str, Any]

    @property
    def names(self) -> list[str]:
        return list(self.values)

    @property
    def dtypes(self) -> dict[str, str]:
        return {name: dtype_of(values) for name, values in self.values.items()}

    def select(self, selection: Selection) -> Selected:
        return select(self.values, selection)


def select(values: Mapping[str, Any], selection: Selection) -> Selected:
    """Select columns of ``values``, a mapping of names to values.

    Raises
    ------
    ValueError
        If the columns have different lengths.
    PlotError
        If a filter, a bin or a stat does not fit its column.
    """
    query = selection.query
    arrays = _filtered(_to_arrays(values, selection), selection)
    if query.bin:
        arrays[selection.binned] = start_of_bins(arrays[selection.binned], query.bin)
    keys = {name: arrays[name] for name in selection.keys}
    summaries = {name: arrays[name] for name in selection.values}
    order = arrays.get(selection.order)
    if query.stat:
        keys, summaries = group(keys, summaries, query.stat)
        named = {**keys, **summaries}
        order = named.get(selection.order, summaries.get(""))  # "count" has no column
    rows: Any = slice(query.limit)
    count = None
    if isinstance(selection.downsampling, Bins):
        if counted := binning.count_in_memory(keys, selection):
            return counted
    elif selection.downsampling:
        keys, count = downsample(keys, selection.downsampling)
    if selection.order and order is not None:
        ranks = ranks_of(order)
        rows = np.argsort(-ranks if query.order[0] == "-" else ranks, kind="stable")[rows]
    return Selected(
        {name: _to_column(array[rows]) for name, array in keys.items()},
        {name: _to_column(array[rows]) for name, array in summaries.items()},
        count,
    )


def _to_arrays(values: Mapping[str, Any], selection: Selection) -> dict[str, Array]:
    arrays = {
        name: as_array(values[name], selection.parameter(name), selection.zone)
        for name in selection.columns
    }
    if len({len(array) for array in arrays.values()}) > 1:
        sizes = ", ".join(f"{name} {len(array)}" for name, array in arrays.items())
        raise ValueError(f"source {selection.source!r} returned columns of unequal length: {sizes}")
    return arrays


def _filtered(arrays: dict[str, Array], selection: Selection) -> dict[str, Array]:
    if not selection.query.filter:
        return arrays
    rows = np.logical_and.reduce(
        [matches(arrays[each.column], each, selection.zone) for each in selection.query.filter]
    )
    return {name: array[rows] for name, array in arrays.items()}


def _to_column(array: Array) -> Column:
    return from_values(array, "source")


def from_rows(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Make columns of mappings or named tuples. A name that a row lacks is a gap there."""
    columns: dict[str, list[Any]] = {}
    for count, row in enumerate(rows):
        given = row if isinstance(row, Mapping) else row._asdict()
        for name in given.keys() - columns.keys():
            columns[name] = [None] * count
        for name, column in columns.items():
            column.append(given.get(name))
    return columns
