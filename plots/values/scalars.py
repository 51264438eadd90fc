"""Single values: numbers, dates, times and text, read from strings and written back."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError

Value = bool | float | date | timedelta | time | str | None


class Choice(str):
    """A name from a list that has an order, such as the label of a choice of a model's field."""

    place: int

    def __new__(cls, text: object, place: int) -> Choice:
        choice = super().__new__(cls, text)
        choice.place = place
        return choice

    def __reduce__(self) -> tuple[type[Choice], tuple[str, int]]:
        return Choice, (str(self), self.place)


MAX_NUMBER = 1e300  # beyond it, matplotlib's arithmetic on axis limits overflows

NUMBER_PATTERN = re.compile(
    r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII
)
DATE_PATTERN = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]| ?[+\- ]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
# The minutes and seconds of both are checked when they are read. Only a "T" says that a text with
# seconds is a time of day.
DURATION_PATTERN = re.compile(r"([+-]?)(\d{1,10}):(\d\d):(\d\d(?:\.\d{1,9})?)", re.ASCII)
TIME_PATTERN = re.compile(r"T?(\d\d?:\d\d)|T(\d\d:\d\d:\d\d(?:\.\d{1,9})?)", re.ASCII)
# A URL with a host. A name or password in front of the host is refused, since it can be mistaken
# for the host. Browsers treat a backslash as a slash, so that is refused too.
_URL_PATTERN = re.compile(
    r"https?://(?:[^\s/?#\\@:\[\]<>\"]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s\\<>\"]*)?",
    re.IGNORECASE,
)


def check_text(text: str, parameter: str) -> str:
    """Return ``text`` unchanged if it can be drawn.

    Parameters
    ----------
    text : str
        The text of a title, label or category.
    parameter : str
        The name of the parameter that the error names.

    Raises
    ------
    PlotError
        If ``text`` is longer than ``PLOTS["MAX_TEXT"]`` characters, or contains a control
        character, a lone surrogate or a non-character, which XML and PDF cannot hold.
    """
    if len(text) > conf.MAX_TEXT:
        message = _("This text has %(count)d characters; the limit is %(most)d. Please shorten it.")
        message %= {"count": len(text), "most": conf.MAX_TEXT}
        raise PlotError(message, "too-long-text", parameter)
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} or ord(character) & 0xFFFE == 0xFFFE:
            message = _("The character %(code)s cannot be drawn. Remove it.")
            message %= {"code": f"U+{ord(character):04X}"}
            raise PlotError(message, "invalid-text", parameter)
    return text


def check_links(values: Iterable[Value], parameter: str) -> None:
    """Raise a PlotError for the first value that is neither a gap nor a full http(s) URL."""
    for value in values:
        if value is None or (isinstance(value, str) and _URL_PATTERN.fullmatch(value)):
            continue
        message = _("“%(text)s” is not a full URL. Write it like https://example.com/page.")
        raise PlotError(message % {"text": truncate(str(value))}, "not-a-link", parameter)


def check_number(value: float, position: int, parameter: str) -> float:
    """Return ``value``, the item at ``position`` of a column, if it is within ±MAX_NUMBER."""
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        message = _("Item %(number)d is too large; numbers from -1e300 to 1e300 can be drawn.")
        raise PlotError(message % {"number": position}, "out-of-range", parameter)
    return value + 0.0  # -0.0 is drawn and written as 0.0


def read_number(text: str) -> float | None:
    """Read a number in strict notation (``12``, ``-1.5``, ``2e3``).

    ``float`` also accepts ``1_000``, digits of other scripts, ``nan`` and 400 digits. This function
    does not.

    Returns
    -------
    float or None
        None if ``text`` is not a number.
    """
    return float(text) + 0.0 if NUMBER_PATTERN.fullmatch(text) else None  # not -0.0


def read_date(text: str) -> date | None:
    """Read an ISO 8601 date, or date and time.

    A time with an offset is converted to UTC. A space before the offset is accepted, because a
    ``+`` in a URL is decoded as a space.

    Returns
    -------
    date, datetime or None
        None if ``text`` is not written as a date.

    Raises
    ------
    ValueError
        If ``text`` is written as a date that is not in the calendar, such as 2026-02-30.
    """
    match = DATE_PATTERN.fullmatch(text)
    if not match:
        return None
    day, clock, offset = match.groups()
    if clock is None:
        return date.fromisoformat(day)
    zone = (offset or "").strip(" +").upper()
    zone = f"+{zone}" if zone[:1].isdigit() else zone
    return to_utc(datetime.fromisoformat(f"{day}T{clock}{zone}"))


def read_duration(text: str) -> timedelta | None:
    """Read a duration in hours, minutes and seconds, such as ``00:12:30`` or ``-36:00:00.5``.

    Returns
    -------
    timedelta or None
        None if ``text`` is not written as a duration.

    Raises
    ------
    ValueError
        If the minutes or seconds are above 59.
    """
    match = DURATION_PATTERN.fullmatch(text)
    if not match:
        return None
    sign, hours, minutes, seconds = match.groups()
    if int(minutes) > 59 or float(seconds) >= 60:
        raise ValueError(text)
    whole, _, fraction = seconds.partition(".")
    size = timedelta(
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(whole),
        microseconds=int(f"{fraction:0<6.6}" if fraction else 0),
    )
    return -size if sign == "-" else size


def read_time(text: str) -> time | None:
    """Read a time of day, such as ``09:30``, ``09:30:15`` or ``T09:30``.

    Returns
    -------
    time or None
        None if ``text`` is not written as a time.

    Raises
    ------
    ValueError
        If no day has this time, such as 24:00.
    """
    if not TIME_PATTERN.fullmatch(text) and not DURATION_PATTERN.fullmatch(text):
        return None
    hours, _, rest = text.removeprefix("T").partition(":")
    if not hours.isdigit() or int(hours) > 23:
        raise ValueError(text)
    return time.fromisoformat(f"{int(hours):02d}:{rest}")


def to_utc(value: datetime) -> datetime:
    """Convert an aware datetime to UTC. A naive one is returned unchanged."""
    return value if value.tzinfo is None else value.astimezone(UTC)


def write_value(value: Value) -> str:
    """Write ``value`` as CSV files and URLs do: the shortest number, an ISO date, or the text.

    Examples
    --------
    >>> write_value(3.0), write_value(0.5), write_value(date(2026, 1, 31)), write_value(None)
    ('3', '0.5', '2026-01-31', '')
    >>> write_value(timedelta(minutes=12.5)), write_value(time(9, 30)), write_value(True)
    ('00:12:30', '09:30', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return _write_duration(value)
    if isinstance(value, time):
        return _write_clock(value)
    return value.isoformat().replace("+00:00", "Z")


def _write_duration(value: timedelta) -> str:
    size = abs(value)
    hours, rest = divmod(size, timedelta(hours=1))
    clock = (datetime.min + rest).time().isoformat(_precision(size.microseconds))
    return f"{'-' if value < timedelta() else ''}{hours:02d}{clock[2:]}"


def _write_clock(value: time) -> str:
    has_seconds = value.second or value.microsecond
    return value.isoformat(_precision(value.microsecond) if has_seconds else "minutes")


def _precision(microseconds: int) -> str:
    if microseconds % 1000:
        return "microseconds"
    return "milliseconds" if microseconds else "seconds"


def truncate(text: str) -> str:
    """Shorten ``text`` to 40 characters, to quote it in a message."""
    return text if len(text) <= 40 else text[:39] + "…"
