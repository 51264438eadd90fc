"""Columns as text in URLs: comma-separated items with CSV quoting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.conf import conf
from plots.errors import PlotError

from .columns import Column, unify_dates
from .scalars import (
    DATE_PATTERN,
    NUMBER_PATTERN,
    Value,
    check_number,
    check_text,
    read_date,
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

    Numbers, dates and categories are recognised. A column that mixes them is an error, because the
    one item that differs is nearly always a typing mistake. Double quotes turn an item into text.

    Parameters
    ----------
    text : str
        Comma-separated items, such as ``1,2.5,,4`` or ``"Ulm, old",Kiel``.
    parameter : str
        The name of the parameter that errors name.
    dtype : {"any", "number", "category", "link", "grid"}
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
    types = [_type_of(item) for item in items]
    first = next((each for each in types if each != "gap"), "number")
    if dtype == "number":
        first = "number"
    if first == "text" and not {"number", "date"} & set(types):
        return tuple(check_text(str(item), parameter) if item else None for item in items)
    odd = next((i for i, each in enumerate(types) if each not in ("gap", first)), None)
    if odd is not None:
        message = str(_NOT_A_NUMBER if dtype == "number" else _MIXED[first])
        message %= {"number": odd + 1, "item": truncate(items[odd])}
        raise PlotError(message, f"not-a-{first}", parameter)
    if first == "number":
        return tuple(
            None if each == "gap" else check_number(float(item), i, parameter)
            for i, (item, each) in enumerate(zip(items, types, strict=True), 1)
        )
    return _read_dates(items, types, parameter)


_NOT_A_NUMBER = gettext_lazy("Item %(number)d, “%(item)s”, is not a number.")
# By the data type of the items before it.
_MIXED = {
    "number": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a number like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "date": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a date like the items before it. "
        "To use all items as text, put them in double quotes."
    ),
    "text": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not text like the items before it. "
        "To use it as text, put it in double quotes."
    ),
}


def _type_of(item: str) -> str:
    if isinstance(item, Quoted):
        return "text"
    if NUMBER_PATTERN.fullmatch(item):
        return "number"
    if item.lower() in _GAPS:
        return "gap"
    return "date" if DATE_PATTERN.fullmatch(item) else "text"


def _read_dates(items: Sequence[str], types: Sequence[str], parameter: str) -> Column:
    values: list[date | None] = []
    for i, (item, each) in enumerate(zip(items, types, strict=True), 1):
        try:
            values.append(read_date(item) if each == "date" else None)
        except (ValueError, OverflowError):
            message = _("Item %(number)d, “%(item)s”, is not a date in the calendar.")
            message %= {"number": i, "item": truncate(item)}
            raise PlotError(message, "not-a-date", parameter) from None
    return tuple(unify_dates(values))


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
    return ",".join(
        _quote(value) if isinstance(value, str) else write_value(value) for value in column
    )


def _quote(text: str) -> str:
    needs_none = (
        _type_of(text) == "text" and '"' not in text and "," not in text and text == text.strip()
    )
    return text if needs_none else '"' + text.replace('"', '""') + '"'
