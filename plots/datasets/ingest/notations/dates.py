"""Notations of dates, of months, quarters and weeks, and of dates with a time of day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.utils import timezone

from plots.sources.parquet.sql import quote_text

from .clocks import CLOCK, clock_microseconds
from .notation import Notation

_EXACT_CLOCK = r"[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_OFFSET = r" ?(Z|UTC|GMT|[+-]\d\d(:?\d\d)?)"
_TIME = rf"\d{{4}}-\d\d-\d\d({_EXACT_CLOCK}({_OFFSET})?)?"
_MONTH = (
    r"(?i:jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|"
    r"oct(ober)?|nov(ember)?|dec(ember)?)\.?"
)
_WEEKDAY = r"((?i:mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(?i:day)?,? )?"
_DAY = r"\d\d?(?i:st|nd|rd|th)?"


def within_calendar(value: str) -> str:
    """SQL: a moment, or NULL if it is before year 1 or after 9999 in any time zone."""
    ends = "TIMESTAMPTZ '0001-01-02 00:00+00' AND TIMESTAMPTZ '9999-12-30 00:00+00'"
    return f"CASE WHEN {value} BETWEEN {ends} THEN {value} END"


def _offset(text: str) -> str:
    """SQL: ``text`` with its offset as DuckDB reads it."""
    named = f"regexp_replace({text}, ' ?(UTC|GMT)$', 'Z')"
    return f"regexp_replace({named}, ' ([+-]\\d\\d)', '\\1')"


def _moment(text: str) -> str:
    return within_calendar(f"TRY_CAST({_offset(text)} AS TIMESTAMPTZ)")


def _time(text: str) -> str:
    """SQL: a local time. Times with an offset are converted to the project's time zone."""
    zone = quote_text(timezone.get_default_timezone_name())
    aware = f"TRY_CAST({_offset(text)} AS TIMESTAMPTZ) AT TIME ZONE {zone}"
    value = (
        f"CASE WHEN regexp_matches({text}, ':.*{_OFFSET}$') "
        f"THEN {aware} ELSE TRY_CAST({text} AS TIMESTAMP) END"
    )
    ends = "TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
    return f"CASE WHEN {value} BETWEEN {ends} THEN {value} END"


def _parsed(format: str, clean: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: f"CAST(try_strptime({clean(text)}, '{format}') AS DATE)"


def _same(text: str) -> str:
    return text


def _named(text: str) -> str:
    """SQL: a date with the name of a month, such as 5 Mar 2026, in single spaces."""
    text = f"regexp_replace({text}, '^{_WEEKDAY}', '')"
    text = f"regexp_replace({text}, '(\\d)(?i:st|nd|rd|th)\\b', '\\1')"
    text = f"regexp_replace({text}, '([A-Za-z]{{3}})[a-z.]*', '\\1')"
    return f"trim(regexp_replace({text}, '[ ,./-]+', ' ', 'g'))"


def _undotted(text: str) -> str:
    """SQL: a date such as 2026. 1. 31. without spaces and the last dot."""
    return f"rtrim(replace({text}, ' ', ''), '.')"


def _date(example: str, pattern: str, format: str, clean: Callable[[str], str] = _same) -> Notation:
    return Notation(example, "date", pattern, _parsed(format, clean))


def _with_clock(date: Notation) -> Notation:
    """The notation of ``date`` followed by a time of day, or without one."""

    def to_sql(text: str) -> str:
        clock = f"regexp_extract({text}, '[T ,]+({CLOCK})$', 1)"
        day = date.to_sql(f"regexp_replace({text}, '[T ,]+{CLOCK}$', '')")
        return f"({day} + to_microseconds(coalesce({clock_microseconds(clock)}, 0)))"

    pattern = rf"{date.pattern}((T|,? )({CLOCK}))?"
    return Notation(f"{date.example} 9:30", "datetime", pattern, to_sql)


ISO = _date("2026-01-31", r"\d{4}-\d\d?-\d\d?", "%Y-%m-%d")
MOMENT = Notation(
    "2026-01-31T12:30Z", "moment", rf"\d{{4}}-\d\d-\d\d{_EXACT_CLOCK}{_OFFSET}", _moment
)
TIME = Notation("2026-01-31 12:30", "datetime", _TIME, _time)

# Notations with one pattern, of which at most one fits a column.
_ORDERS = tuple(
    tuple(
        _date(example.replace("/", mark), pattern.replace("/", f"[{mark}]"), format)
        for example, pattern, format in orders
    )
    for mark in "/-"
    for orders in (
        (
            ("31/01/2026", r"\d\d?/\d\d?/\d{4}", f"%d{mark}%m{mark}%Y"),
            ("01/31/2026", r"\d\d?/\d\d?/\d{4}", f"%m{mark}%d{mark}%Y"),
        ),
        (
            ("31/01/26", r"\d\d?/\d\d?/\d\d", f"%d{mark}%m{mark}%y"),
            ("01/31/26", r"\d\d?/\d\d?/\d\d", f"%m{mark}%d{mark}%y"),
            ("26/01/31", r"\d\d?/\d\d?/\d\d", f"%y{mark}%m{mark}%d"),
        ),
    )
)
_CERTAIN = (
    _date("2026/01/31", r"\d{4}/\d\d?/\d\d?", "%Y/%m/%d"),
    _date("2026.01.31", r"\d{4}\. ?\d\d?\. ?\d\d?\.?", "%Y.%m.%d", _undotted),
    _date("31.01.2026", r"\d\d?\.\d\d?\.\d{4}", "%d.%m.%Y"),
    _date("31.01.26", r"\d\d\.\d\d\.\d\d", "%d.%m.%y"),
    _date("31 Jan 2026", rf"{_WEEKDAY}{_DAY}[ -]{_MONTH},?[ -]\d{{4}}", "%d %b %Y", _named),
    _date("31-Jan-26", rf"\d\d?[ -]{_MONTH}[ -]\d\d", "%d %b %y", _named),
    _date("Jan 31, 2026", rf"{_WEEKDAY}{_MONTH} {_DAY},? \d{{4}}", "%b %d %Y", _named),
    _date("2026 Jan 31", rf"\d{{4}}[ -]{_MONTH}[ -]\d\d?", "%Y %b %d", _named),
)
_PERIODS = (
    _date("2026-01", r"\d{4}-\d\d?", "%Y-%m-%d", lambda text: f"({text} || '-1')"),
    _date("2026/01", r"\d{4}/\d\d?", "%Y/%m/%d", lambda text: f"({text} || '/1')"),
    _date("01/2026", r"\d\d?/\d{4}", "%m/%Y"),
    _date("2026M01", r"\d{4}[mM]\d\d?", "%Y-%m", lambda t: f"replace(upper({t}), 'M', '-')"),
    _date("Jan 2026", rf"{_MONTH}[ ,-]+\d{{4}}", "%b %Y", _named),
    _date("2026 Jan", rf"\d{{4}}[ -]{_MONTH}", "%Y %b", _named),
    _date("2026-W05", r"\d{4}[- ]?W\d\d?", "%G-%V-%u",
          lambda text: f"(regexp_replace({text}, '[- ]?W', '-') || '-1')"),
)  # fmt: skip


def _quarter(year: str, quarter: str) -> Callable[[str], str]:
    def to_sql(text: str) -> str:
        number, of = (
            f"CAST(regexp_extract({text}, '{part}', 1) AS INT)" for part in (quarter, year)
        )
        day = f"make_date(greatest({of}, 1), {number} * 3 - 2, 1)"
        return f"CASE WHEN {number} BETWEEN 1 AND 4 THEN {day} END"

    return to_sql


QUARTERS = (
    Notation("2026-Q1", "date", r"\d{4}[- ]?[qQ]\d", _quarter(r"^(\d{4})", r"(\d)$")),
    Notation("Q1 2026", "date", r"[qQ]\d[- /']?\d{4}", _quarter(r"(\d{4})$", r"^.(\d)")),
)

DATES = (
    ISO, *_CERTAIN, *(each for orders in _ORDERS for each in orders), MOMENT, TIME, *_PERIODS,
    *QUARTERS, *map(_with_clock, (ISO, *_CERTAIN)),
    *(_with_clock(each) for orders in _ORDERS for each in orders),
)  # fmt: skip


def is_ambiguous(notation: Notation, matching: Iterable[Notation]) -> bool:
    """Whether ``matching`` has another order of day, month and year than ``notation``."""
    return any(each != notation and each.pattern == notation.pattern for each in matching)


def order_of(notation: Notation) -> str:
    """The first of day, month and year in dates whose order their notation does not show."""
    names = {"31": "day", "01": "month", "26": "year"}
    is_open = re.match(r"\d\d[/-]\d\d[/-]\d\d", notation.example)
    return names[notation.example[:2]] if is_open else ""


def has_short_year(notation: Notation) -> bool:
    """Whether its dates have years of two digits."""
    return re.search(r"^26[/-]|[/.-]26( |$)", notation.example) is not None
