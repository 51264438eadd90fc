"""Filters of rows: their values read from text, and applied to arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.query import Filter
from plots.values.scalars import read_date, read_number
from plots.values.timezones import to_local_times

from .arrays import Array, ranks_of

COMPARISONS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exact": lambda array, low, high: array == low,
    "gt": lambda array, low, high: array > low,
    "gte": lambda array, low, high: array >= low,
    "lt": lambda array, low, high: array < low,
    "lte": lambda array, low, high: array <= low,
    "range": lambda array, low, high: (low <= array) & (array <= high),
}

# Beside lower case, what Unicode's case folding makes of these letters.
FOLDED_LETTERS = (("ς", "σ"), ("ß", "ss"))


def matches(array: Array, filter: Filter, zone: str) -> Array:
    """Return for each value of ``array`` whether it matches ``filter``, as booleans."""
    gaps = np.isnan(ranks_of(array)) if array.dtype.kind != "f" else np.isnan(array)
    if filter.lookup == "isnull":
        return gaps == read_isnull(filter)
    if filter.lookup == "icontains":
        part = filter.values[0].casefold()
        return np.array([part in str(value).casefold() for value in array]) & ~gaps
    parsed = [read_filter_value(array.dtype.kind, text, filter) for text in filter.values]
    values: Any = to_local_times(parsed, zone, "filter")
    if array.dtype.kind == "M":
        array = array.astype("datetime64[us]")
    if filter.lookup == "in":
        return np.isin(array, np.array(values, dtype=array.dtype)) & ~gaps
    low, high = values[0], values[-1]
    known = array[~gaps]
    if array.dtype.kind == "M":
        low, high = (np.datetime64(each, "us") for each in (low, high))
    found = np.zeros(len(array), dtype=bool)
    found[~gaps] = COMPARISONS[filter.lookup](known, low, high)
    return found


def read_isnull(filter: Filter) -> bool:
    """Read the value of an ``isnull`` lookup: whether it matches gaps."""
    text = filter.values[0].lower()
    if text in ("1", "true", "0", "false"):
        return text in ("1", "true")
    message = _("Write %(column)s__isnull:1 for gaps, or %(column)s__isnull:0 for all other rows.")
    raise PlotError(message % {"column": filter.column}, "invalid-filter", "filter")


def read_filter_value(kind: str, text: str, filter: Filter) -> Any:
    """Read ``text`` as a value of the filter's column.

    Parameters
    ----------
    kind : str
        The kind of the column's NumPy dtype: ``"O"`` for text, ``"M"`` for dates, else numbers.

    Raises
    ------
    PlotError
        If ``text`` is not such a value.
    """
    if kind == "O":
        return text
    try:
        value = read_date(text) if kind == "M" else read_number(text)
    except ValueError:
        value = None
    if value is not None:
        return value
    if kind == "M":
        message, code = _("“%(column)s” holds dates, and “%(text)s” is not a date."), "not-a-date"
    else:
        message = _("“%(column)s” holds numbers, and “%(text)s” is not a number.")
        code = "not-a-number"
    raise PlotError(message % {"column": filter.column, "text": text[:40]}, code, "filter")
