"""Columns of values: read from a URL's text or from Python, written back, made into arrays.

A column is a tuple of one sort of value: floats, dates or datetimes, or strings; None is a gap. A
time that came with an offset is one of UTC until it is drawn.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.conf import conf
from plots.errors import PlotError

if TYPE_CHECKING:
    import numpy as np

Value = float | date | str | None
Column = tuple[Value, ...]

LARGEST = 1e300  # beyond it, matplotlib's own arithmetic on limits overflows

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+\- ]\d\d:?\d\d)?)?",
    re.ASCII,
)
# With a host, and without a name or password before it, which would pass for one. Browsers take a
# backslash for a slash.
_LINK = re.compile(
    r"https?://(?:[^\s/?#\\@:\[\]<>\"]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s\\<>\"]*)?",
    re.IGNORECASE,
)
_GAPS = {"", "nan", "null", "inf", "+inf", "-inf", "infinity", "-infinity"}
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)')


class Quoted(str):
    """An item that stood in double quotes: text, whatever it looks like."""


def check_text(text: str, parameter: str) -> str:
    """``text`` if it may be drawn: short, and free of what no picture format can hold."""
    if len(text) > conf.MAX_TEXT:
        message = _("This is %(count)d characters long; at most %(most)d are drawn.")
        words = {"count": len(text), "most": conf.MAX_TEXT}
        raise PlotError(message % words, "too-long-text", parameter)
    for character in text:
        # Control characters, lone surrogates and non-characters make XML and PDF text invalid.
        if unicodedata.category(character) in {"Cc", "Cs"} or ord(character) & 0xFFFE == 0xFFFE:
            message = _("The character %(code)s cannot be drawn; leave it out.")
            words = {"code": f"U+{ord(character):04X}"}
            raise PlotError(message % words, "invalid-text", parameter)
    return text


def check_links(column: Column, parameter: str) -> None:
    """Refuse what is no address that a stranger may be led to from a picture."""
    for value in column:
        if value is not None and not (isinstance(value, str) and _LINK.fullmatch(value)):
            raise PlotError(
                f"“{_short(str(value))}” is not a whole http or https address.",
                "not-a-link",
                parameter,
            )


def read_number(text: str) -> float | None:
    """The number that ``text`` is in the one strict syntax (12, -1.5, 2e3), else None.

    ``float`` itself also takes ``1_000``, other scripts' digits, ``nan`` and 400 digits.
    """
    return float(text) if _NUMBER.fullmatch(text) else None


def read_date(text: str) -> date | None:
    """The ISO 8601 date, or date and time, that ``text`` is, else None.

    A time with an offset is one of UTC. Raises ValueError for a date that is not in the calendar.
    A space before the offset is the ``+`` a URL made of it.
    """
    match = _DATE.fullmatch(text)
    if not match:
        return None
    day, time, offset = match.groups()
    if time is None:
        return date.fromisoformat(day)
    return _in_utc(datetime.fromisoformat(f"{day}T{time}{(offset or '').replace(' ', '+')}"))


def split(text: str, parameter: str) -> list[str]:
    """The comma-separated items of ``text``, with CSV's quoting; quoted ones as ``Quoted``."""
    if '"' not in text:
        return [item.strip() for item in text.split(",")]
    items: list[str] = []
    end = 0
    while True:
        match = _ITEM.match(text, end)
        assert match  # the second branch takes anything
        quoted, plain = match.groups()
        if quoted is None and plain.startswith('"'):
            message = _(
                "Item %(number)d has a double quote that does not close its item; "
                "write a quote inside a quoted item twice."
            )
            raise PlotError(message % {"number": len(items) + 1}, "invalid-quoting", parameter)
        items.append(plain.strip() if quoted is None else Quoted(quoted.replace('""', '"')))
        end = match.end()
        if text[end - 1 : end] != "," or end == match.start():
            return items


def read_column(text: str, parameter: str, *, dtype: str = "any") -> Column:
    """The column that ``text`` spells. ``dtype`` is what the channel takes, as it declares.

    Numbers, dates and categories are told apart by themselves. A column that mixes them is an
    error, since the odd one out is nearly always a slip; double quotes turn any item into text.
    """
    return from_items(split(text, parameter), parameter, dtype=dtype)


def from_items(items: Sequence[str], parameter: str, *, dtype: str = "any") -> Column:
    """The same of what ``split`` returned."""
    if len(items) > conf.MAX_POINTS:
        raise _too_many(len(items), parameter)
    if dtype in ("category", "link"):
        return tuple(check_text(str(item), parameter) if item else None for item in items)
    sorts = [_sort(item) for item in items]
    first = next((found for found in sorts if found != "gap"), "number")
    if dtype == "number":
        first = "number"
    if first == "text" and not {"number", "date"} & set(sorts):
        return tuple(check_text(str(item), parameter) if item else None for item in items)
    odd = next((i for i, found in enumerate(sorts) if found not in ("gap", first)), None)
    if odd is not None:
        message = str(_NOT_A_NUMBER if dtype == "number" else _UNLIKE[first])
        words = {"number": odd + 1, "item": _short(items[odd])}
        raise PlotError(message % words, f"not-a-{first}", parameter)
    if first == "number":
        return tuple(
            None if found == "gap" else _bounded(float(item), i, parameter)
            for i, (item, found) in enumerate(zip(items, sorts, strict=True), 1)
        )
    return _dates(items, sorts, parameter)


_NOT_A_NUMBER = gettext_lazy("Item %(number)d, “%(item)s”, is not a number.")
# What the others are.
_UNLIKE = {
    "number": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a number as the others are. "
        "Put items in double quotes to use them as names."
    ),
    "date": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a date as the others are. "
        "Put items in double quotes to use them as names."
    ),
    "text": gettext_lazy(
        "Item %(number)d, “%(item)s”, is not a name as the others are. "
        "Put items in double quotes to use them as names."
    ),
}


def _sort(item: str) -> str:
    if isinstance(item, Quoted):
        return "text"
    if _NUMBER.fullmatch(item):
        return "number"
    if item.lower() in _GAPS:
        return "gap"
    return "date" if _DATE.fullmatch(item) else "text"


def _dates(items: Sequence[str], sorts: Sequence[str], parameter: str) -> Column:
    values: list[date | None] = []
    for i, (item, found) in enumerate(zip(items, sorts, strict=True), 1):
        try:
            values.append(read_date(item) if found == "date" else None)
        except (ValueError, OverflowError):
            message = _("Item %(number)d, “%(item)s”, is not a date in the calendar.")
            words = {"number": i, "item": _short(item)}
            raise PlotError(message % words, "not-a-date", parameter) from None
    return tuple(_alike(values))


def _alike(values: Sequence[date | None]) -> Sequence[date | None]:
    """Dates alone stay dates; beside a time of day they become midnights."""
    if not any(isinstance(value, datetime) for value in values):
        return values
    return [
        datetime(value.year, value.month, value.day)
        if value is not None and not isinstance(value, datetime)
        else value
        for value in values
    ]


def _in_utc(value: datetime) -> datetime:
    return value if value.tzinfo is None else value.astimezone(UTC)


def _bounded(value: float, position: int, parameter: str) -> float | None:
    if not math.isfinite(value) or abs(value) > LARGEST:
        message = _("Item %(number)d is too large; numbers from -1e300 to 1e300 can be drawn.")
        raise PlotError(message % {"number": position}, "out-of-range", parameter)
    return value


def _too_many(count: int, parameter: str) -> PlotError:
    message = _(
        "There are %(count)s values; at most %(most)s may be given in a request. "
        "Register a source for more."
    )
    words = {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
    return PlotError(message % words, "too-much", parameter)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def from_values(values: Any, parameter: str) -> Column:
    """The column of a list, tuple, range, array, pandas Series or flat QuerySet, as it is.

    Strings are categories, None, NaN and NaT gaps, infinities too. Raises PlotError for a mixture
    or for anything that is none of these.
    """
    if hasattr(values, "dtype") and getattr(values.dtype, "kind", "") == "M":
        values = _from_datetime64(values)
    elif hasattr(values, "tolist"):
        values = values.tolist()
    if not isinstance(values, Iterable):
        message = f"Give a list of values, not a single {type(values).__name__}."
        raise PlotError(message, "invalid-value", parameter)
    values = list(values)
    for text in {value for value in values if type(value) is str}:
        check_text(text, parameter)  # once, however many rows have it
    column = [
        (value or None) if type(value) is str else _value(value, i, parameter)
        for i, value in enumerate(values, 1)
    ]
    sorts = {
        date if isinstance(value, date) else type(value) for value in column if value is not None
    }
    if len(sorts) > 1:
        raise PlotError(
            "This column mixes numbers, dates and text; make them one sort.", "mixed", parameter
        )
    if date in sorts:
        column = list(_alike(column))  # type: ignore[arg-type]  # the set above says: all dates
    return tuple(column)


def _from_datetime64(values: Any) -> list[Any]:
    import numpy as np

    array = np.asarray(values)
    unit = "D" if np.datetime_data(array.dtype)[0] in {"Y", "M", "W", "D"} else "us"
    listed: list[Any] = array.astype(f"datetime64[{unit}]").tolist()
    return listed


def _value(value: Any, position: int, parameter: str) -> Value:
    if value is None or isinstance(value, str):
        return check_text(value, parameter) if value else None
    if isinstance(value, datetime):
        # pandas' NaT calls itself a datetime; it is the only one that is not equal to itself.
        return None if value != value else _in_utc(value)
    if isinstance(value, date):
        return value
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        raise PlotError(
            f"Item {position} is a {type(value).__name__}; numbers, dates and text can be drawn.",
            "invalid-value",
            parameter,
        ) from None
    if not math.isfinite(number):
        return None
    return _bounded(number, position, parameter)


def write_value(value: Value) -> str:
    """``value`` as CSV and URLs spell it: shortest number, ISO date, the text itself."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value if isinstance(value, str) else value.isoformat().replace("+00:00", "Z")


def write_column(column: Sequence[Value]) -> str:
    """The text that ``read_column`` turns into ``column`` again."""
    if len(column) == 1 and column[0] is None:
        return "nan"  # an empty parameter would be no column at all
    return ",".join(
        _quote(value) if isinstance(value, str) else write_value(value) for value in column
    )


def _quote(text: str) -> str:
    plain = _sort(text) == "text" and '"' not in text and "," not in text and text == text.strip()
    return text if plain else '"' + text.replace('"', '""') + '"'


def is_text(column: Sequence[Value]) -> bool:
    return any(isinstance(value, str) for value in column)


def is_date(column: Sequence[Value]) -> bool:
    return any(isinstance(value, date) for value in column)


def to_numbers(column: Sequence[Value]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Numbers and dates as float64 of the same length; a date is its days since 1970-01-01.

    These are matplotlib's own date numbers (``matplotlib.dates.date2num`` with its default
    epoch), so that its date locators read them. A gap is NaN.
    """
    import numpy as np

    if is_date(column):
        moments = np.array(column, dtype="datetime64[us]")
        days = moments.astype("int64") / 86_400e6
        days[np.isnat(moments)] = np.nan
        return days
    return np.array([np.nan if value is None else value for value in column], dtype="float64")


def to_number(value: float | date) -> float:
    """The number that ``to_numbers`` makes of a column of ``value`` alone."""
    return float(to_numbers((value,))[0])
