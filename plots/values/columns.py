"""Columns of values: made from Python objects, and converted to arrays.

A column is a tuple of values of one data type: floats, booleans, dates, datetimes, durations, times
of day or strings. None is a gap. A time with an offset is stored in UTC until it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from plots.errors import PlotError

from .scalars import Value, check_number, check_text, to_utc, write_value

Column = tuple[Value, ...]

# The NumPy type of times in UTC. Arrays of ``datetime64[us]`` are local times.
MOMENT = np.dtype("datetime64[100ns]")

_DTYPES: dict[str, type] = {
    "number": float,
    "boolean": bool,
    "date": date,
    "duration": timedelta,
    "time": time,
    "text": str,
}


def from_values(values: Any, parameter: str) -> Column:
    """Make a column from Python values.

    Parameters
    ----------
    values : iterable
        A list, tuple, range, array, pandas Series or flat QuerySet. Strings, UUIDs and members of
        enumerations are categories. None, NaN, NaT and infinities are gaps.
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
        number, a boolean, a date, a duration, a time of day nor text.

    Examples
    --------
    >>> from_values([1, 2.5, None], "y")
    (1.0, 2.5, None)
    """
    if getattr(getattr(values, "dtype", None), "kind", "") in ("M", "m"):
        values = _from_numpy_times(values, parameter)
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
        next(name for name, each in _DTYPES.items() if issubclass(found, each))
        for found in set(map(type, column)) - {type(None)}
    }
    if types == {"boolean", "number"}:
        types, column = {"number"}, [float(v) if isinstance(v, bool) else v for v in column]
    if len(types) > 1:
        message = _(
            "This column mixes numbers, dates, durations, times or text. "
            "Convert its values to one type."
        )
        raise PlotError(message, "mixed", parameter)
    if "date" in types:
        column = list(unify_dates(column))
    return tuple(column)


def _from_numpy_times(values: Any, parameter: str) -> list[Any]:
    """List the values of an array or Series of datetime64 or timedelta64."""
    if getattr(values.dtype, "tz", None) is not None:  # a pandas Series of times with an offset
        return list(values)
    array = np.asarray(values)
    if array.dtype == MOMENT:
        times: list[Any] = array.astype("datetime64[us]").tolist()
        return [None if each is None else each.replace(tzinfo=UTC) for each in times]
    unit = np.datetime_data(array.dtype)[0]
    if array.dtype.kind == "m" and unit in ("Y", "M", "generic"):
        message = _("A timedelta64 needs a unit between weeks and nanoseconds.")
        raise PlotError(message, "invalid-value", parameter)
    unit = "D" if array.dtype.kind == "M" and unit in {"Y", "M", "W", "D"} else "us"
    listed: list[Any] = array.astype(f"{array.dtype.kind}8[{unit}]").tolist()
    return listed


def _to_value(value: Any, position: int, parameter: str) -> Value:
    if type(value) is float:  # most values
        return check_number(value, position, parameter) if math.isfinite(value) else None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (Enum, UUID, Promise)):
        value = _to_text(value)
    if value is None or isinstance(value, str):
        return check_text(str(value), parameter) if value else None
    if isinstance(value, (np.datetime64, np.timedelta64)):
        (value,) = _from_numpy_times(np.array([value]), parameter)
    if type(value).__name__ in _GAP_TYPES or value is None:
        return None
    if isinstance(value, datetime):
        return to_utc(value)
    if isinstance(value, timedelta):  # not a subclass, such as pandas'
        return timedelta(value.days, value.seconds, value.microseconds)
    if isinstance(value, time):
        return value.replace(tzinfo=None, fold=0)
    if isinstance(value, date):
        return value
    return _to_number(value, position, parameter)


_GAP_TYPES = ("NAType", "NaTType")  # of pandas


def _to_text(value: Any) -> Any:
    """The label of a member of Django's choices, or the value or name of an Enum's member."""
    if not isinstance(value, Enum):
        return str(value)
    if (label := getattr(value, "label", None)) is not None:
        return str(label)
    return value.value if isinstance(value.value, (str, int, float)) else value.name


def _to_number(value: Any, position: int, parameter: str) -> float | None:
    try:
        number = math.nan if isinstance(value, _BYTES) else float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        number = None
    if number is None or isinstance(value, _BYTES):
        message = _(
            "Item %(number)d is a %(type)s. Only numbers, dates, durations, times of day and text "
            "can be drawn."
        )
        message %= {"number": position, "type": type(value).__name__}
        raise PlotError(message, "invalid-value", parameter)
    return check_number(number, position, parameter) if math.isfinite(number) else None


_BYTES = (bytes, bytearray, memoryview)  # float() reads them as text


def unify_dates(values: Sequence[Value]) -> Sequence[Value]:
    """Convert dates to midnights if any of ``values`` has a time of day."""
    if not any(isinstance(value, datetime) for value in values):
        return values
    return [
        datetime(value.year, value.month, value.day)
        if isinstance(value, date) and not isinstance(value, datetime)
        else value
        for value in values
    ]


def dtype_of_column(column: Sequence[Value]) -> str:
    """Return the data type of a column.

    Returns
    -------
    str
        ``"number"``, ``"boolean"``, ``"date"``, ``"duration"``, ``"time"`` or ``"text"``; empty if
        all values are gaps.
    """
    first = next((value for value in column if value is not None), None)
    return next((name for name, each in _DTYPES.items() if isinstance(first, each)), "")


def is_text(column: Sequence[Value]) -> bool:
    """Whether the column holds text."""
    return any(isinstance(value, str) for value in column)


def is_date(column: Sequence[Value]) -> bool:
    """Whether the column holds dates or datetimes."""
    return any(isinstance(value, date) for value in column)


def to_numbers(column: Sequence[Value]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Convert a column of anything but text to an array.

    Returns
    -------
    ndarray of float64, shape (len(column),)
        A date is its days since 1970-01-01, a gap is NaN. These are the date numbers of
        ``matplotlib.dates.date2num`` with the default epoch, so matplotlib's date locators
        read them. A duration is its seconds, and a time of day the seconds since midnight.
    """
    dtype = dtype_of_column(column)
    if dtype == "date":
        moments = np.array(column, dtype="datetime64[us]")
        days = moments.astype("int64") / 86_400e6
        days[np.isnat(moments)] = np.nan
        return days
    if dtype in SECONDS:
        column = [None if value is None else to_seconds(value) for value in column]
    return np.array([np.nan if value is None else value for value in column], dtype="float64")


SECONDS = ("duration", "time")  # data types whose numbers are seconds


def to_seconds(value: Any) -> float:
    """Convert a duration, or the time since midnight, to seconds."""
    if isinstance(value, timedelta):
        return value / _SECOND
    whole = value.hour * 3600 + value.minute * 60 + value.second
    return float(whole + value.microsecond / 1e6)


def from_seconds(seconds: float, dtype: str, parameter: str) -> timedelta | time:
    """Convert seconds to a duration or a time of day, rounded to microseconds.

    Raises
    ------
    PlotError
        If there is no such duration or time.
    """
    try:
        duration = timedelta(seconds=seconds)
        if dtype == "duration":
            return duration
        if timedelta() <= duration < _DAY:
            return (datetime.min + duration).time()
    except OverflowError:
        pass
    message = (
        _("A duration is longer than a million days. Use numbers instead.")
        if dtype == "duration"
        else _("A time of day is not between 00:00 and 24:00. Use durations instead.")
    )
    raise PlotError(message, "out-of-range", parameter)


_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


def write_seconds(seconds: float, dtype: str) -> str:
    """Write a place on an axis of durations or times of day. The end of a day is 24:00.

    Examples
    --------
    >>> write_seconds(750.0, "duration"), write_seconds(34_200.0, "time")
    ('00:12:30', '09:30')
    """
    text = write_value(from_seconds(seconds, "duration", ""))
    return text.removesuffix(":00") if dtype == "time" else text


def to_number(value: Value) -> float:
    """Convert one number, date, duration or time as ``to_numbers`` does."""
    return float(to_numbers((value,))[0])
