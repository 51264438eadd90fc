"""Columns as arrays: float64, datetime64 of days or microseconds, or text as objects.

NaN, NaT and None are gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from plots.values.columns import from_values, is_date, is_text, to_numbers
from plots.values.timezones import to_local_times

Array = np.ndarray[Any, np.dtype[Any]]

DAY = 86_400e6  # microseconds
FIRST = 100  # values that tell what all are
DTYPES: dict[str, Any] = {
    "boolean": bool,
    "datetime": datetime,
    "date": date,
    "number": (int, float, Decimal),
    "text": str,
}
DAYS = ("Y", "M", "W", "D")  # NumPy's units without a time of day


def as_array(values: Any, parameter: str, zone: str = "") -> Array:
    """What ``columns.from_values`` takes, as an array; numbers of NumPy's are not looked at."""
    if isinstance(values, np.ma.MaskedArray):
        values = values.tolist()
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "fiub":
        numbers = np.asarray(values, np.float64)
        finite = np.isfinite(numbers)
        return numbers if finite.all() else np.where(finite, numbers, np.nan)
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind == "M":
        unit = np.datetime_data(values.dtype)[0]
        return values.astype(f"datetime64[{'D' if unit in DAYS else 'us'}]", copy=False)
    column = to_local_times(from_values(values, parameter), zone, parameter)
    if is_text(column):
        return np.array(column, dtype=object)
    if is_date(column):
        days = all(value is None or not hasattr(value, "hour") for value in column)
        return np.array(column, dtype="datetime64[D]" if days else "datetime64[us]")
    return to_numbers(column)


def ranks_of(array: Array) -> Array:
    """Numbers in the order of ``array``; NaN for gaps."""
    if array.dtype.kind == "M":
        return np.where(np.isnat(array), np.nan, array.astype("datetime64[us]").astype(float))
    if array.dtype.kind != "O":
        return array
    seen: dict[Any, int] = {}
    codes = [seen.setdefault(value, len(seen)) for value in array.tolist()]
    ordered = sorted(map(str, seen.keys() - {None}))
    places: dict[str, float] = dict(zip(ordered, map(float, range(len(ordered))), strict=True))
    ranks = [np.nan if value is None else places[str(value)] for value in seen]
    return np.array(ranks, dtype=float)[codes] if codes else np.empty(0)


def unit_of(array: Array) -> float:
    """How much of its ranks is one of its numbers, or a day."""
    return DAY if array.dtype.kind == "M" else 1.0


def codes_of(array: Array) -> Array:
    """For each of ``array`` a whole number from 0: equal for equal values, in their order.

    Gaps have the greatest.
    """
    return np.asarray(np.unique(ranks_of(array), return_inverse=True)[1])


def dtype_of(values: Any) -> str:
    """What ``values`` hold, told by their type or by the first that is no gap; else "".

    Nothing is read that is not in memory.
    """
    dtype = getattr(values, "dtype", None)
    kind = getattr(dtype, "kind", "O")
    if kind == "M":
        is_day = isinstance(dtype, np.dtype) and np.datetime_data(dtype)[0] in DAYS
        return "date" if is_day else "datetime"
    if kind in "biuf":
        return "boolean" if kind == "b" else "number"
    some = values[:FIRST] if isinstance(values, (Sequence, np.ndarray)) else ()
    first = next((value for value in some if value is not None and value == value), None)
    return next((sort for sort, types in DTYPES.items() if isinstance(first, types)), "")
