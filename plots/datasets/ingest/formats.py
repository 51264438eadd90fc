"""Notations of numbers, dates and booleans in text, and the SQL that reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from plots.sources.parquet.sql import ColumnType, quote_text

# In a column of numbers or dates, these texts are gaps.
GAPS = (
    "NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NULL", "null", "None", "-", "inf", "-inf",
    "Inf", "-Inf",
)  # fmt: skip
_E = r"([eE][+-]?\d{1,3})?"
_SPACE = "\u00a0\u202f"  # no-break spaces, which group digits
_CLOCK = r"[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_OFFSET = r"(Z|[+-]\d\d(:?\d\d)?)"
_TIME = rf"\d{{4}}-\d\d-\d\d({_CLOCK}{_OFFSET}?)?"


@dataclass(frozen=True)
class Notation:
    """A notation of values of one data type.

    Parameters
    ----------
    example : str
        A value in this notation, which identifies it.
    dtype : ColumnType
    pattern : str
        A regular expression that all values match.
    to_sql : callable
        Takes the SQL of a text and returns the SQL of its value, NULL if it has none.
    """

    example: str
    dtype: ColumnType
    pattern: str
    to_sql: Callable[[str], str]

    def matches(self, text: str) -> bool:
        """Whether ``text`` is written in this notation."""
        return re.fullmatch(self.pattern, text, re.ASCII) is not None

    def is_valid(self, text: str) -> str:
        """SQL: whether ``text`` is written in this notation and has a value."""
        matches = f"regexp_full_match({text}, {quote_text(self.pattern)})"
        return f"({matches} AND {self.to_sql(text)} IS NOT NULL)"


def _number(clean: Callable[[str], str]) -> Callable[[str], str]:
    def value(text: str) -> str:
        number = f"TRY_CAST({clean(text)} AS DOUBLE)"
        return f"CASE WHEN abs({number}) <= 1e300 THEN {number} END"

    return value


def _date(format: str) -> Callable[[str], str]:
    return lambda text: f"CAST(try_strptime({text}, '{format}') AS DATE)"


def _moment(text: str) -> str:
    return within_calendar(f"TRY_CAST({text} AS TIMESTAMPTZ)")


def within_calendar(value: str) -> str:
    """SQL: a moment, or NULL if it is before year 1 or after 9999 in any time zone."""
    ends = "TIMESTAMPTZ '0001-01-02 00:00+00' AND TIMESTAMPTZ '9999-12-30 00:00+00'"
    return f"CASE WHEN {value} BETWEEN {ends} THEN {value} END"


def _time(text: str) -> str:
    """SQL: a local time. Times with an offset are converted to the project's time zone."""
    zone = quote_text(timezone.get_default_timezone_name())
    aware = f"TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE {zone}"
    value = (
        f"CASE WHEN regexp_matches({text}, ':.*{_OFFSET}$') "
        f"THEN {aware} ELSE TRY_CAST({text} AS TIMESTAMP) END"
    )
    ends = "TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
    return f"CASE WHEN {value} BETWEEN {ends} THEN {value} END"


def _without(characters: str) -> Callable[[str], str]:
    def clean(text: str) -> str:
        for character in characters:
            text = f"replace({text}, {quote_text(character)}, '')"
        return text

    return clean


PLAIN = Notation(
    "12.5",
    "number",
    rf"[+-]?(\d{{1,40}}(\.\d{{0,40}})?|\.\d{{1,40}}){_E}",
    _number(lambda text: text),
)
# Only if the comma is not the delimiter, or the value is quoted.
GROUPED = Notation(
    "1,234.5",
    "number",
    r"[+-]?(\d{1,3}(,\d{3})+|\d{1,40})(\.\d{0,40})?",
    _number(_without(",")),
)
COMMA = Notation(
    "1.234,5",
    "number",
    rf"[+-]?(\d{{1,3}}([.{_SPACE} ]\d{{3}})+|\d{{1,40}})(,\d{{0,40}})?{_E}",
    _number(lambda text: f"replace({_without('.' + _SPACE + ' ')(text)}, ',', '.')"),
)
ISO = Notation("2026-01-31", "date", r"\d{4}-\d\d-\d\d", _date("%Y-%m-%d"))
SLASHED = Notation("2026/01/31", "date", r"\d{4}/\d\d?/\d\d?", _date("%Y/%m/%d"))
DOTTED = Notation("31.01.2026", "date", r"\d\d?\.\d\d?\.\d{4}", _date("%d.%m.%Y"))
DAY_FIRST = Notation("31/01/2026", "date", r"\d\d?/\d\d?/\d{4}", _date("%d/%m/%Y"))
MONTH_FIRST = Notation("01/31/2026", "date", r"\d\d?/\d\d?/\d{4}", _date("%m/%d/%Y"))
MOMENT = Notation("2026-01-31T12:30Z", "moment", rf"\d{{4}}-\d\d-\d\d{_CLOCK}{_OFFSET}", _moment)
TIME = Notation("2026-01-31 12:30", "datetime", _TIME, _time)
BOOLEAN = Notation(
    "true", "boolean", "(?i:true|false)", lambda text: f"TRY_CAST({text} AS BOOLEAN)"
)

DATES = (ISO, SLASHED, DOTTED, DAY_FIRST, MONTH_FIRST, MOMENT, TIME)
# Leading zeros, and more digits than a float holds, mean that these are codes and not quantities.
CODES = r"[+-]?0\d+|\d{16,}"


def candidates(
    texts: Iterable[str], delimiter: str | None, *, are_strings: bool = False
) -> list[Notation]:
    """Return the notations that most of ``texts`` match, the most likely first.

    ``are_strings`` says that they are strings of JSON, which may be dates but not numbers.
    """
    given = [text for text in texts if text and text not in GAPS]
    numbers = (PLAIN, COMMA) if delimiter in (";", "\t", "|") else (PLAIN, GROUPED)
    notations = DATES if are_strings else (*(numbers if delimiter else (PLAIN,)), *DATES, BOOLEAN)
    if not given:
        return []
    counts = {each.example: sum(map(each.matches, given)) for each in notations}
    best = max(counts.values())
    likely = [each for each in notations if best and counts[each.example] == best]
    return likely if 2 * best >= len(given) else []
