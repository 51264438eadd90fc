"""Columns as arrays: float64, datetime64 of days or microseconds, or text as objects.

Gaps are NaN, NaT and None. Booleans are 0 and 1, durations and times of day are seconds, because
all engines compute with numbers. ``data_types.restore`` makes the
values again. Times are local, or MOMENT if a local time comes twice in the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from plots.values.columns import (
    MOMENT,
    dtype_of_column,
    from_values,
    is_date,
    to_numbers,
)
from plots.values.timezones import has_repeated, to_local_or_moments, to_local_times, to_moments

Array = np.ndarray[Any, np.dtype[Any]]

MICROSECONDS_PER_DAY = 86_400e6
SAMPLE = 100  # values from which the data type of a sequence is inferred
DTYPES: dict[str, Any] = {
    "boolean": bool,
    "datetime": datetime,
    "date": date,
    "duration": timedelta,
    "time": time,
    "number": (int, float, Decimal),
    "text": str,
}
DATE_UNITS = ("Y", "M", "W", "D")  # units of datetime64 without a time of day


def as_array(values: Any, parameter: str, zone: str = "") -> Array:
    """Convert what ``from_values`` accepts to an array, as ``to_array`` does."""
    return to_array(values, parameter, zone)[0]


def to_array(values: Any, parameter: str, zone: str = "") -> tuple[Array, str]:
    """Convert what ``from_values`` accepts to an array.

    Arrays of numbers are converted without checking each value.

    Returns
    -------
    ndarray
    str
        The data type, as ``dtype_of_column`` returns it, or ``"uuid"``.

    Raises
    ------
    PlotError
        As ``from_values`` does.
    """
    if isinstance(values, np.ma.MaskedArray):
        values = values.tolist()
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "fiub":
        numbers = np.asarray(values, np.float64)
        finite = np.isfinite(numbers)
        numbers = numbers if finite.all() else np.where(finite, numbers, np.nan)
        return numbers, "boolean" if values.dtype.kind == "b" else "number"
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind == "M":
        if values.dtype == MOMENT:
            return to_local_or_moments(values, zone, parameter), "date"
        unit = np.datetime_data(values.dtype)[0]
        unit = "D" if unit in DATE_UNITS else "us"
        return values.astype(f"datetime64[{unit}]", copy=False), "date"
    given = from_values(values, parameter)
    column = to_local_times(given, zone, parameter)
    dtype = dtype_of_column(column)
    if dtype == "text":
        is_uuid = isinstance(next((v for v in values if v is not None), None), UUID)
        return np.array(column, dtype=object), "uuid" if is_uuid else dtype
    if is_date(column):
        if has_repeated(column):
            return to_moments(given, zone), dtype
        days = all(value is None or not hasattr(value, "hour") for value in column)
        return np.array(column, dtype="datetime64[D]" if days else "datetime64[us]"), dtype
    return to_numbers(column), dtype


def ranks_of(array: Array) -> Array:
    """Return float64 numbers in the order of ``array``; NaN for gaps."""
    if array.dtype.kind == "M":
        return np.where(np.isnat(array), np.nan, array.astype("datetime64[us]").astype(float))
    if array.dtype.kind != "O":
        return array
    seen: dict[Any, int] = {}
    codes = [seen.setdefault(value, len(seen)) for value in array.tolist()]
    ordered = sorted(map(str, seen.keys() - {None}))
    positions: dict[str, float] = dict(zip(ordered, map(float, range(len(ordered))), strict=True))
    ranks = [np.nan if value is None else positions[str(value)] for value in seen]
    return np.array(ranks, dtype=float)[codes] if codes else np.empty(0)


def rank_unit(array: Array) -> float:
    """The difference in ranks between two numbers that differ by 1, or between two days."""
    return MICROSECONDS_PER_DAY if array.dtype.kind == "M" else 1.0


def codes_of(array: Array) -> Array:
    """Return integers from 0, equal for equal values and in their order. Gaps have the largest."""
    return np.asarray(np.unique(ranks_of(array), return_inverse=True)[1])


def dtype_of(values: Any) -> str:
    """Infer the data type of ``values`` from its own type, or from the first value that is no gap.

    Returns
    -------
    str
        A key of DTYPES, or an empty string if it cannot be inferred without reading data that are
        not in memory.
    """
    dtype = getattr(values, "dtype", None)
    kind = getattr(dtype, "kind", "O")
    if kind == "M":
        is_day = isinstance(dtype, np.dtype) and np.datetime_data(dtype)[0] in DATE_UNITS
        return "date" if is_day else "datetime"
    if kind == "m":
        return "duration"
    if kind in "biuf":
        return "boolean" if kind == "b" else "number"
    sample = values[:SAMPLE] if isinstance(values, (Sequence, np.ndarray)) else ()
    first = next((value for value in sample if value is not None and value == value), None)
    return next((name for name, types in DTYPES.items() if isinstance(first, types)), "")
