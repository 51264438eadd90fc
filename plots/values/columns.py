"""Columns of values: made from Python objects, and converted to arrays.

A column is a tuple of values of one data type: floats, dates, datetimes or strings. None is a gap.
A time with an offset is stored in UTC until it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError

from .scalars import Value, check_number, check_text, to_utc

Column = tuple[Value, ...]


def from_values(values: Any, parameter: str) -> Column:
    """Make a column from Python values.

    Parameters
    ----------
    values : iterable
        A list, tuple, range, array, pandas Series or flat QuerySet. Strings are categories. None,
        NaN, NaT and infinities are gaps.
    parameter : str
        The name of the parameter that errors name.

    Returns
    -------
    tuple
        The values in order, all of one data type.

    Raises
    ------
    PlotError
        If ``values`` is a single value, mixes data types, or holds something that is neither a
        number, a date nor text.

    Examples
    --------
    >>> from_values([1, 2.5, None], "y")
    (1.0, 2.5, None)
    """
    if hasattr(values, "dtype") and getattr(values.dtype, "kind", "") == "M":
        values = _from_datetime64(values)
    elif hasattr(values, "tolist"):
        values = values.tolist()
    if not isinstance(values, Iterable):
        message = _("Pass a list of values, not a single %(type)s.")
        raise PlotError(message % {"type": type(values).__name__}, "invalid-value", parameter)
    values = list(values)
    for text in {value for value in values if type(value) is str}:
        check_text(text, parameter)  # once per different text, however many rows have it
    column = [
        (value or None) if type(value) is str else _to_value(value, i, parameter)
        for i, value in enumerate(values, 1)
    ]
    types = {
        date if isinstance(value, date) else type(value) for value in column if value is not None
    }
    if len(types) > 1:
        message = _("This column mixes numbers, dates and text. Convert its values to one type.")
        raise PlotError(message, "mixed", parameter)
    if date in types:
        column = list(unify_dates(column))  # type: ignore[arg-type]  # all are dates, see ``types``
    return tuple(column)


def _from_datetime64(values: Any) -> list[Any]:
    array = np.asarray(values)
    unit = "D" if np.datetime_data(array.dtype)[0] in {"Y", "M", "W", "D"} else "us"
    listed: list[Any] = array.astype(f"datetime64[{unit}]").tolist()
    return listed


def _to_value(value: Any, position: int, parameter: str) -> Value:
    if value is None or isinstance(value, str):
        return check_text(value, parameter) if value else None
    if isinstance(value, datetime):
        # pandas' NaT is a datetime, and the only one that is not equal to itself.
        return None if value != value else to_utc(value)
    if isinstance(value, date):
        return value
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        message = _("Item %(number)d is a %(type)s. Only numbers, dates and text can be drawn.")
        message %= {"number": position, "type": type(value).__name__}
        raise PlotError(message, "invalid-value", parameter) from None
    if not math.isfinite(number):
        return None
    return check_number(number, position, parameter)


def unify_dates(values: Sequence[date | None]) -> Sequence[date | None]:
    """Convert dates to midnights if any of ``values`` has a time of day."""
    if not any(isinstance(value, datetime) for value in values):
        return values
    return [
        datetime(value.year, value.month, value.day)
        if value is not None and not isinstance(value, datetime)
        else value
        for value in values
    ]


def is_text(column: Sequence[Value]) -> bool:
    """Whether the column holds text."""
    return any(isinstance(value, str) for value in column)


def is_date(column: Sequence[Value]) -> bool:
    """Whether the column holds dates or datetimes."""
    return any(isinstance(value, date) for value in column)


def to_numbers(column: Sequence[Value]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Convert a column of numbers or dates to an array.

    Returns
    -------
    ndarray of float64, shape (len(column),)
        A date is its days since 1970-01-01, a gap is NaN. These are the date numbers of
        ``matplotlib.dates.date2num`` with the default epoch, so matplotlib's date locators
        read them.
    """
    if is_date(column):
        moments = np.array(column, dtype="datetime64[us]")
        days = moments.astype("int64") / 86_400e6
        days[np.isnat(moments)] = np.nan
        return days
    return np.array([np.nan if value is None else value for value in column], dtype="float64")


def to_number(value: float | date) -> float:
    """Convert one number or date as ``to_numbers`` does."""
    return float(to_numbers((value,))[0])
