"""The ways in which people write numbers, dates and truth, and what each is in SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from plots.sources.parquet.sql import ColumnType, quote_text

# In a column of numbers or dates these stand for no value.
GAPS = (
    "NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NULL", "null", "None", "-", "inf", "-inf",
    "Inf", "-Inf",
)  # fmt: skip
_E = r"([eE][+-]?\d{1,3})?"
_SPACE = "\u00a0\u202f"  # as numbers are grouped in print
_CLOCK = r"[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_OFFSET = r"(Z|[+-]\d\d(:?\d\d)?)"
_TIME = rf"\d{{4}}-\d\d-\d\d({_CLOCK}{_OFFSET}?)?"


@dataclass(frozen=True)
class Style:
    """A way to write the values of a ``sort``: what they match, and the SQL that reads them."""

    name: str
    dtype: ColumnType
    pattern: str
    value: Callable[[str], str]

    def matches(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text, re.ASCII) is not None

    def fits(self, text: str) -> str:
        """SQL: whether ``text`` is written so, and there is such a number or day."""
        matches = f"regexp_full_match({text}, {quote_text(self.pattern)})"
        return f"({matches} AND {self.read(text)} IS NOT NULL)"

    def read(self, text: str) -> str:
        """SQL: the value of ``text``, NULL for one that cannot be."""
        return self.value(text)


def _number(clean: Callable[[str], str]) -> Callable[[str], str]:
    def value(text: str) -> str:
        number = f"TRY_CAST({clean(text)} AS DOUBLE)"
        return f"CASE WHEN abs({number}) <= 1e300 THEN {number} END"

    return value


def _date(format: str) -> Callable[[str], str]:
    return lambda text: f"CAST(try_strptime({text}, '{format}') AS DATE)"


def _moment(text: str) -> str:
    return within_every_calendar(f"TRY_CAST({text} AS TIMESTAMPTZ)")


def within_every_calendar(value: str) -> str:
    """SQL: a moment, unless in some time zone it is before year 1 or after 9999."""
    ends = "TIMESTAMPTZ '0001-01-02 00:00+00' AND TIMESTAMPTZ '9999-12-30 00:00+00'"
    return f"CASE WHEN {value} BETWEEN {ends} THEN {value} END"


def _time(text: str) -> str:
    """Beside times without an offset, those with one are the project's own clock's."""
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


PLAIN = Style(
    "12.5",
    "number",
    rf"[+-]?(\d{{1,40}}(\.\d{{0,40}})?|\.\d{{1,40}}){_E}",
    _number(lambda text: text),
)
# Only where the comma does not end a value, or stands in quotes.
GROUPED = Style(
    "1,234.5",
    "number",
    r"[+-]?(\d{1,3}(,\d{3})+|\d{1,40})(\.\d{0,40})?",
    _number(_without(",")),
)
COMMA = Style(
    "1.234,5",
    "number",
    rf"[+-]?(\d{{1,3}}([.{_SPACE} ]\d{{3}})+|\d{{1,40}})(,\d{{0,40}})?{_E}",
    _number(lambda text: f"replace({_without('.' + _SPACE + ' ')(text)}, ',', '.')"),
)
ISO = Style("2026-01-31", "date", r"\d{4}-\d\d-\d\d", _date("%Y-%m-%d"))
SLASHED = Style("2026/01/31", "date", r"\d{4}/\d\d?/\d\d?", _date("%Y/%m/%d"))
DOTTED = Style("31.01.2026", "date", r"\d\d?\.\d\d?\.\d{4}", _date("%d.%m.%Y"))
DAY_FIRST = Style("31/01/2026", "date", r"\d\d?/\d\d?/\d{4}", _date("%d/%m/%Y"))
MONTH_FIRST = Style("01/31/2026", "date", r"\d\d?/\d\d?/\d{4}", _date("%m/%d/%Y"))
MOMENT = Style("2026-01-31T12:30Z", "moment", rf"\d{{4}}-\d\d-\d\d{_CLOCK}{_OFFSET}", _moment)
TIME = Style("2026-01-31 12:30", "datetime", _TIME, _time)
TRUTH = Style("true", "boolean", "(?i:true|false)", lambda text: f"TRY_CAST({text} AS BOOLEAN)")

DATES = (ISO, SLASHED, DOTTED, DAY_FIRST, MONTH_FIRST, MOMENT, TIME)
# A leading zero, or more digits than a number keeps, say that these are no quantities but names.
NAMES = r"[+-]?0\d+|\d{16,}"


def candidates(texts: Iterable[str], delimiter: str | None, *, spoken: bool = False) -> list[Style]:
    """The styles that most of ``texts`` could be in, the likeliest first.

    ``spoken`` texts stood in quotes where numbers do not: they may be dates.
    """
    given = [text for text in texts if text and text not in GAPS]
    numbers = (PLAIN, COMMA) if delimiter in (";", "\t", "|") else (PLAIN, GROUPED)
    styles = DATES if spoken else (*(numbers if delimiter else (PLAIN,)), *DATES, TRUTH)
    if not given:
        return []
    counts = {style.name: sum(map(style.matches, given)) for style in styles}
    best = max(counts.values())
    likely = [style for style in styles if best and counts[style.name] == best]
    # One that fewer fit may still be the one that all fit, further down.
    return likely if 2 * best >= len(given) else []
