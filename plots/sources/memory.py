"""Columns in memory: filtered, grouped, ordered and downsampled as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db import models

from plots.values.columns import MOMENT, Column, from_values
from plots.values.timezones import local_to_utc, to_local_array

from . import binning
from .arrays import Array, as_array, dtype_of, ranks_of, to_array
from .data_types import in_seconds, restore
from .downsampling import downsample, groups_of
from .filters import matches
from .grouping import group, start_of_bins
from .histograms.counting import count_in_memory
from .selection import Bins, Downsampling, Histogram, Selected, Selection


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
    arrays, dtypes = _to_arrays(values, selection)
    selection = in_seconds(selection, dtypes)
    query = selection.query
    arrays = _filtered(arrays, dtypes, selection)
    keys = {name: arrays[name] for name in selection.keys}
    if query.bin:  # of the key: a column may be a key and a value at once
        keys[selection.binned] = start_of_bins(keys[selection.binned], query.bin, selection.tzinfo)
    summaries = {name: arrays[name] for name in selection.values}
    if query.stat:
        ordered = _ordered(*group(keys, summaries, query.stat), selection)
        return restore(ordered, dtypes, query.stat)
    count = None
    if not isinstance(selection.downsampling, Downsampling | None):  # bins are in local time
        keys = {name: to_local_array(array, selection.tzinfo) for name, array in keys.items()}
    if isinstance(selection.downsampling, Bins):
        x = selection.downsampling.x
        if dtypes.get(x) == "boolean":  # not binned: each value has cells of its own
            keys[x] = np.array(["false", "true", None], dtype=object)[
                np.where(np.isnan(keys[x]), 2, keys[x]).astype(int)
            ]
        if counted := binning.count_in_memory(keys, selection):
            return restore(counted, dtypes, "")
    elif isinstance(selection.downsampling, Histogram):
        if binned := _histogram(keys, dtypes, selection.downsampling):
            return restore(binned, dtypes, "")
    elif selection.downsampling:
        keys, count = downsample(keys, _within(keys, selection))
    ordered = _ordered(keys, {}, selection, arrays.get(selection.order))
    return replace(restore(ordered, dtypes, ""), rows=count)


def _within(keys: Mapping[str, Array], selection: Selection) -> Downsampling:
    """How ``keys`` are downsampled, with limits of x in UTC if x is."""
    request: Any = selection.downsampling
    if not request.x or keys[request.x].dtype != MOMENT:
        return request
    days = (request.low, request.high)
    low, high = (None if day is None else local_to_utc(day, selection.tzinfo) for day in days)
    return replace(request, low=low, high=high)


def _histogram(
    arrays: Mapping[str, Array], dtypes: Mapping[str, str], request: Histogram
) -> Selected | None:
    """Count rows in bins. None for too few rows, or columns that cannot be binned."""
    count = len(next(iter(arrays.values())))
    known = {dtypes[x] for x in request.x}
    if count <= request.threshold or len(known) > 1 or known <= {"text", "boolean", ""}:
        return None
    keys = {name: array for name, array in arrays.items() if name not in request.x}
    groups = groups_of(keys.values(), count)
    if groups is None or all(np.isnan(ranks_of(arrays[x])).all() for x in request.x):
        return None
    columns, edges = count_in_memory(arrays, keys, groups, request, known.pop())
    named = {name: _to_column(array) for name, array in columns.items()}
    return Selected(named, {}, count, {"x": edges})


def from_groups(
    keys: Sequence[Any], values: Sequence[Any], names: Sequence[str], selection: Selection
) -> Selected:
    """Order and limit what another engine grouped.

    Parameters
    ----------
    keys, values : sequence of sequences
        The columns of the groups' keys, and of their stats. A column may be both.
    names : sequence of str
        The names of ``values``.
    selection : Selection
    """
    arrays, stats = (
        {
            name: as_array(column, selection.parameter(name), selection.zone)
            for name, column in zip(some, columns, strict=True)
        }
        for some, columns in ((selection.keys, keys), (names, values))
    )
    # The minimum of one number is that number: this sorts the groups and changes nothing else.
    return _ordered(*group(arrays, stats, "min"), selection)


def _ordered(
    keys: Mapping[str, Array],
    values: Mapping[str, Array],
    selection: Selection,
    order: Array | None = None,
) -> Selected:
    """Columns in the order of the query, which of groups is that of a key or a value."""
    query = selection.query
    rows: Any = slice(query.limit)
    if query.stat:
        # A count of rows has no column.
        order = {**keys, **values}.get(selection.order, values.get(""))
        order = order if order is None or order.dtype.kind != "f" else _rounded(order)
    if selection.order and order is not None:
        ranks = ranks_of(order)
        rows = np.argsort(-ranks if query.order[0] == "-" else ranks, kind="stable")[rows]
    return Selected(
        {name: _to_column(array[rows]) for name, array in keys.items()},
        {name: _to_column(array[rows]) for name, array in values.items()},
    )


def _rounded(numbers: Array) -> Array:
    """Round to 12 digits, so that averages that are equal on paper tie, whoever computed them."""
    sizes = np.where(numbers == 0, 1, np.abs(numbers))
    powers = 10.0 ** np.floor(np.log10(sizes))
    return np.asarray(np.round(numbers / powers, 11) * powers)


def _to_arrays(
    values: Mapping[str, Any], selection: Selection
) -> tuple[dict[str, Array], dict[str, str]]:
    """The columns as arrays, and their data types."""
    found = {
        name: to_array(values[name], selection.parameter(name), selection.zone)
        for name in selection.columns
    }
    arrays = {name: array for name, (array, _) in found.items()}
    if len({len(array) for array in arrays.values()}) > 1:
        sizes = ", ".join(f"{name} {len(array)}" for name, array in arrays.items())
        raise ValueError(f"source {selection.source!r} returned columns of unequal length: {sizes}")
    return arrays, {name: dtype for name, (_, dtype) in found.items()}


def _filtered(
    arrays: dict[str, Array], dtypes: Mapping[str, str], selection: Selection
) -> dict[str, Array]:
    if not selection.query.filter:
        return arrays
    rows = np.logical_and.reduce(
        [
            matches(arrays[each.column], dtypes[each.column], each, selection.zone)
            for each in selection.query.filter
        ]
    )
    return {name: array[rows] for name, array in arrays.items()}


def _to_column(array: Array) -> Column:
    return from_values(array, "source")


def from_rows(rows: Iterable[Any], names: Iterable[str] | None = None) -> dict[str, list[Any]]:
    """Make columns of rows. A name that a row lacks is a gap there.

    Parameters
    ----------
    rows : iterable
        Mappings, named tuples, dataclasses, instances of models, or tuples.
    names : iterable of str, optional
        The names of the values of tuples.

    Raises
    ------
    TypeError
        If the columns of a row are not known.
    """
    columns: dict[str, list[Any]] = {}
    for count, row in enumerate(rows):
        given = row if isinstance(row, Mapping) else _fields_of(row, names)
        for name in given.keys() - columns.keys():
            columns[name] = [None] * count
        for name, column in columns.items():
            column.append(given.get(name))
    return columns


def _fields_of(row: Any, names: Iterable[str] | None) -> Mapping[str, Any]:
    """The values of a row that is no mapping, by name. Nothing is read from a database."""
    if isinstance(row, models.Model):
        fields, deferred = row._meta.concrete_fields, row.get_deferred_fields()
        loaded = (field.attname for field in fields if field.attname not in deferred)
        return {name: getattr(row, name) for name in loaded}
    if hasattr(row, "_asdict"):
        return dict(row._asdict())
    declared = getattr(type(row), "model_fields", None) or getattr(
        type(row), "__dataclass_fields__", None
    )
    if declared:  # of pydantic, or a dataclass
        return {name: getattr(row, name) for name in declared}
    if isinstance(row, list | tuple) and names is not None:
        return dict(zip(names, row, strict=True))
    if isinstance(row, list | tuple):
        message = "a source returned rows that are tuples; declare their names with columns=…"
    else:
        message = f"a source returned rows of type {type(row).__name__}"
    raise TypeError(f"{message}, or return dicts, model instances or a QuerySet")
