"""Columns as text in URLs: comma-separated items with CSV quoting."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.conf import conf
from plots.errors import PlotError

from .columns import SECONDS, Column, unify_dates
from .scalars import (
    DATE_PATTERN,
    DURATION_PATTERN,
    NUMBER_PATTERN,
    TIME_PATTERN,
    Value,
    check_number,
    check_text,
    read_date,
    read_duration,
    read_time,
    truncate,
    write_value,
)

_GAPS = {"", "nan", "null", "inf", "+inf", "-inf", "infinity", "-infinity"}
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)')


class Quoted(str):
    """An item that was written in double quotes. It is text, even if it looks like a number."""


def split_items(text: str, parameter: str) -> list[str]:
    """Split ``text`` at commas, with CSV quoting.

    Returns
    -------
    list of str
        The items without surrounding spaces. Quoted items are instances of ``Quoted``.

    Raises
    ------
    PlotError
        If a double quote does not end its item.

    Examples
    --------
    >>> split_items('a, "b, c"', "x")
    ['a', 'b, c']
    """
    if '"' not in text:
        return [item.strip() for item in text.split(",")]
    items: list[str] = []
    end = 0
    while True:
        match = _ITEM.match(text, end)
        assert match  # the second branch matches any text
        quoted, unquoted = match.groups()
        if quoted is None and unquoted.startswith('"'):
            message = _(
                "Item %(number)d has a double quote that does not end the item. "
                "Write a double quote inside a quoted item twice."
            )
            raise PlotError(message % {"number": len(items) + 1}, "invalid-quoting", parameter)
        items.append(unquoted.strip() if quoted is None else Quoted(quoted.replace('""', '"')))
        end = match.end()
        if text[end - 1 : end] != "," or end == match.start():
            return items


def read_column(text: str, parameter: str, *, dtype: str = "any") -> Column:
    """Read a column from the text of a parameter.

    Numbers, dates, durations (``00:12:30``), times of day (``09:30``), booleans and categories are
    recognised. A column that mixes them is an error, because the one item that differs is nearly
    always a typing mistake. Double quotes turn an item into text.

    Parameters
    ----------
    text : str
        Comma-separated items, such as ``1,2.5,,4`` or ``"Ulm, old",Kiel``.
    parameter : str
        The name of the parameter that errors name.
    dtype : {"any", "ordered", "number", "category", "link", "grid"}
        The data type that the channel accepts.

    Raises
    ------
    PlotError
        If an item does not fit, or there are more than ``PLOTS["MAX_POINTS"]`` items.

    Examples
    --------
    >>> read_column("1,2.5,,4", "y")
    (1.0, 2.5, None, 4.0)
    """
    return from_items(split_items(text, parameter), parameter, dtype=dtype)


def from_items(items: Sequence[str], parameter: str, *, dtype: str = "any") -> Column:
    """Make a column from items that ``split_items`` returned."""
    if len(items) > conf.MAX_POINTS:
        raise _too_many(len(items), parameter)
    if dtype in ("category", "link"):
        return tuple(check_text(str(item), parameter) if item else None for item in items)
    found, types = _agree([_type_of(item) for item in items])
    if dtype == "number" and found not in SECONDS and {*types} - {"gap"} != {"boolean"}:
        found = "number"
    odd = next((i for i, each in enumerate(types) if each not in ("gap", found)), None)
    if odd is not None:
        message = str(_NOT_A_NUMBER if dtype == found == "number" else _MIXED[found])
        message %= {"number": odd + 1, "item": truncate(items[odd])}
        raise PlotError(message, f"not-a-{found}", parameter)
    numbered = enumerate(zip(items, types, strict=True), 1)
    if found == "number":
        return tuple(
            None if each == "gap" else check_number(float(item), i, parameter)
            for i, (item, each) in numbered
        )
    column = [
        None if each == "gap" else _read_item(item, found, i, parameter)
        for i, (item, each) in numbered
    ]
    return tuple(unify_dates(column))


def _agree(types: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the data type of a column whose items have ``types``, and the types in its context."""
    known = {*types} - {"gap"}
    first = next((each for each in types if each != "gap"), "number")
    if known == {"time", "duration"}:  # 09:30:15 beside 09:30
        return "time", ["time" if each == "duration" else each for each in types]
    if "boolean" in known and known <= {"boolean", "text"} and len(known) > 1:
        return "text", ["text" if each == "boolean" else each for each in types]
    return first, types


def _read_item(text: str, dtype: str, position: int, parameter: str) -> Value:
    """Read an item of a data type other than number."""
    if dtype == "text":
        return check_text(str(text), parameter) or None
    if dtype == "boolean":
        return text == "true"
    try:
        return _READERS[dtype](text)
    except (ValueError, OverflowError):
        message = str(_INVALID[dtype]) % {"number": position, "item": truncate(text)}
        raise PlotError(message, f"not-a-{dtype}", parameter) from None


_NOT_A_NUMBER = gettext_lazy("Item %(number)d, “%(item)s”, is not a number.")
# By the data type of the items before it.
_MIXED = {
    "number": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a number like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "boolean": gettext_lazy(
        "Item %(number)d, “%(item)s”, is neither true nor false like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "date": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a date like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "duration": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a duration like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "time": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a time of day like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "text": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not text like the items before it. "
        "To use it as text, put it in double quotes."
    ),
}
_INVALID = {
    "date": gettext_lazy("Item %(number)d, “%(item)s”, is not a date in the calendar."),
    "duration": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a duration. Write hours, minutes and seconds, with "
        "minutes and seconds from 00 to 59: 01:30:00."
    ),
    "time": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a time of day from 00:00 to 23:59. Write a duration "
        "with seconds: 36:00:00."
    ),
}
_READERS: dict[str, Callable[[str], Value]] = {
    "date": read_date,
    "duration": read_duration,
    "time": read_time,
}
_PATTERNS = {
    "number": NUMBER_PATTERN,
    "date": DATE_PATTERN,
    "duration": DURATION_PATTERN,
    "time": TIME_PATTERN,
}


def _type_of(item: str) -> str:
    if isinstance(item, Quoted):
        return "text"
    if NUMBER_PATTERN.fullmatch(item):
        return "number"
    if item.lower() in _GAPS:
        return "gap"
    if item in ("true", "false"):
        return "boolean"
    return next((name for name, each in _PATTERNS.items() if each.fullmatch(item)), "text")


def _too_many(count: int, parameter: str) -> PlotError:
    message = _(
        "There are %(count)s values; a request can hold at most %(most)s. "
        "Register a source to draw more."
    )
    message %= {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
    return PlotError(message, "too-much", parameter)


def write_column(column: Sequence[Value]) -> str:
    """Write ``column`` as text that ``read_column`` reads back unchanged.

    Examples
    --------
    >>> write_column(("Ulm", "1", None))
    'Ulm,"1",'
    """
    if len(column) == 1 and column[0] is None:
        return "nan"  # an empty parameter would be no column at all
    # "T" distinguishes times of day from durations.
    return ",".join(
        _quote(value)
        if isinstance(value, str)
        else f"T{write_value(value)}"
        if isinstance(value, time) and value.second + value.microsecond
        else write_value(value)
        for value in column
    )


def _quote(text: str) -> str:
    needs_none = (
        _type_of(text) == "text" and '"' not in text and "," not in text and text == text.strip()
    )
    return text if needs_none else '"' + text.replace('"', '""') + '"'
