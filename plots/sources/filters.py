"""Filters of rows: their values read from text, and applied to arrays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.errors import PlotError
from plots.spec.query import Filter
from plots.values.columns import MOMENT, SECONDS, from_seconds, to_seconds, unify_dates
from plots.values.scalars import MAX_NUMBER, read_date, read_duration, read_number, read_time
from plots.values.timezones import to_local_array, to_local_times, to_moments, zone_of

from .arrays import Array, ranks_of

COMPARISONS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exact": lambda array, low, high: array == low,
    "gt": lambda array, low, high: array > low,
    "gte": lambda array, low, high: array >= low,
    "lt": lambda array, low, high: array < low,
    "lte": lambda array, low, high: array <= low,
    "range": lambda array, low, high: (low <= array) & (array <= high),
}
# What a column of each data type holds, and why a value does not fit.
_HOLDS = {
    "number": gettext_lazy("“%(column)s” holds numbers, and “%(text)s” is not a number."),
    "boolean": gettext_lazy("“%(column)s” holds true or false; write %(column)s:true."),
    "date": gettext_lazy("“%(column)s” holds dates, and “%(text)s” is not a date."),
    "duration": gettext_lazy(
        "“%(column)s” holds durations, and “%(text)s” is not one. Write it like 01:30:00, or as a "
        "number of seconds."
    ),
    "time": gettext_lazy(
        "“%(column)s” holds times of day, and “%(text)s” is not one. Write it like 09:30."
    ),
    "uuid": gettext_lazy("“%(text)s” is not a value of “%(column)s”. Correct the filter."),
}
_READERS: dict[str, Callable[[str], Any]] = {
    "number": read_number,
    "boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}.get(text.lower()),
    "date": read_date,
    "duration": read_duration,
    "time": read_time,
    "uuid": lambda text: str(UUID(text)),
}

# Beside lower case, what Unicode's case folding makes of these letters.
FOLDED_LETTERS = (("ς", "σ"), ("ß", "ss"))


def matches(array: Array, dtype: str, filter: Filter, zone: str) -> Array:
    """Return for each value of ``array`` whether it matches ``filter``, as booleans.

    ``dtype`` is the data type that ``to_array`` returned with the array.
    """
    gaps = np.isnan(ranks_of(array)) if array.dtype.kind != "f" else np.isnan(array)
    if filter.lookup == "isnull":
        return gaps == read_isnull(filter)
    parsed = read_filter_values(dtype or "text", filter)
    found = np.zeros(len(array), dtype=bool)
    if gaps.all():
        return found
    is_utc = array.dtype == MOMENT
    if filter.lookup == "icontains":
        array = to_local_array(array, zone_of(zone))
        part = parsed[0].casefold()
        return np.array([part in str(value).casefold() for value in array]) & ~gaps
    values: Any = to_local_times(parsed, zone, "filter")
    if is_utc:
        values = to_moments(parsed, zone).astype("datetime64[us]")
    if array.dtype.kind == "M":
        array = array.astype("datetime64[us]")
    if dtype in SECONDS:
        values = [to_seconds(each) for each in values]
    if filter.lookup == "in":
        return np.isin(array, np.array(values, dtype=array.dtype)) & ~gaps
    low, high = values[0], values[-1]
    known = array[~gaps]
    if array.dtype.kind == "M":
        low, high = (np.datetime64(each, "us") for each in (low, high))
    found[~gaps] = COMPARISONS[filter.lookup](known, low, high)
    return found


def read_isnull(filter: Filter) -> bool:
    """Read the value of an ``isnull`` lookup: whether it matches gaps."""
    text = filter.values[0].lower()
    if text in ("1", "true", "0", "false"):
        return text in ("1", "true")
    message = _("Write %(column)s__isnull:1 for gaps, or %(column)s__isnull:0 for all other rows.")
    raise PlotError(message % {"column": filter.column}, "invalid-filter", "filter")


def read_filter_values(dtype: str, filter: Filter) -> list[Any]:
    """Read the values of ``filter`` as values of its column.

    Parameters
    ----------
    dtype : str
        The data type of the column: ``"text"``, ``"number"``, ``"boolean"``, ``"date"``,
        ``"duration"`` or ``"time"``.

    Raises
    ------
    PlotError
        If the lookup does not fit the data type, a text is not such a value, or a range goes from a
        larger to a smaller value.
    """
    name = {"column": filter.column}
    if filter.lookup == "icontains" and dtype not in ("text", "uuid"):
        message = _(
            "“%(column)s” does not hold text, which icontains searches. Write %(column)s:value, or "
            "use another lookup such as gte."
        )
        raise PlotError(message % name, "invalid-filter", "filter")
    if dtype == "boolean" and filter.lookup not in ("exact", "in"):
        message = _("“%(column)s” holds true or false; write %(column)s:true.")
        raise PlotError(message % name, "invalid-filter", "filter")
    if filter.lookup == "icontains":
        return [*filter.values]
    values = [_read_value(dtype, text, filter) for text in filter.values]
    if filter.lookup == "range" and _is_reversed(*values):
        message = _("The range of “%(column)s” begins after it ends; exchange its values.")
        raise PlotError(message % name, "invalid-filter", "filter")
    return values


def _read_value(dtype: str, text: str, filter: Filter) -> Any:
    if dtype == "text":
        return text
    try:
        value = _READERS[dtype](text)
        if dtype == "number" and abs(value or 0.0) > MAX_NUMBER:
            value = None
        if value is None and dtype == "duration" and (seconds := read_number(text)) is not None:
            value = from_seconds(seconds, dtype, "filter")
    except (ValueError, OverflowError):
        value = None
    if value is None:
        message = str(_HOLDS[dtype]) % {"column": filter.column, "text": text[:40]}
        code = "invalid-filter" if dtype == "uuid" else f"not-a-{dtype}"
        raise PlotError(message, code, "filter")
    return value


def _is_reversed(low: Any, high: Any) -> bool:
    """Whether ``low`` is above ``high``. Local times are not compared with those of a zone."""
    if isinstance(low, date):
        low, high = unify_dates([low, high, datetime.min])[:2]
        if (low.tzinfo is None) != (high.tzinfo is None):
            return False
    return bool(low > high)
