"""Notations of numbers: decimal and grouping characters, signs, parentheses and units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from plots.sources.parquet.sql import quote_text

from .notation import Notation

_MINUS = "\N{MINUS SIGN}"
_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_E = r"([eE][+-]?\d{1,3})?"

# Leading zeros, and more digits than a float holds, mean that these are codes and not quantities.
ZEROS = r"[+-]?0\d+"
LONG = r"\d{16,}"

# Units of money and shares, and the format of an axis that shows them.
FORMATS = {
    "$": "usd", "US$": "usd", "USD": "usd", "€": "eur", "EUR": "eur", "£": "gbp", "GBP": "gbp",
    "₩": "krw", "KRW": "krw", "원": "krw", "¥": "jpy", "JPY": "jpy", "円": "jpy",
    "CN¥": "cny", "CNY": "cny", "RMB": "cny", "元": "cny", "%": "of-100",
}  # fmt: skip
# Units that are read but that an axis does not show.
_MONEY = (
    "₹", "₽", "₺", "₫", "₪", "₦", "฿", "zł", "Kč", "kr", "kr.", "Ft", "R$", "A$", "C$", "S$", "HK$",
    "NZ$", "Fr.", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "INR", "RUB", "TRY", "BRL",
    "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "ZAR", "ILS", "THB", "AED", "SAR",
)  # fmt: skip
_MEASURES = (
    "‰", "km", "m", "cm", "mm", "µm", "nm", "mi", "ft", "yd", "kg", "g", "mg", "µg", "lb", "lbs",
    "oz", "°C", "°F", "°", "kWh", "MWh", "GWh", "TWh", "W", "kW", "MW", "GW", "TW", "V", "A", "Hz",
    "kHz", "MHz", "GHz", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "L", "l", "ml", "mL",
    "ha", "km²", "m²", "km2", "m2", "m³", "km/h", "mph", "m/s", "hPa", "Pa", "kPa", "bar",
    "ppm", "ppb", "ms", "µs", "s", "sec", "min", "h", "hrs", "hours", "days", "d", "yrs", "years",
)  # fmt: skip
OTHERS = frozenset((*_MONEY, *_MEASURES))
_SPLIT = re.compile(
    r"[(+\-−]*\s?(?P<prefix>[^\d\s.,()+\-−']{1,4}\.?)?\s?[+\-−]?\.?\d(?:[\d.,'’\s]*\d)?\.?"
    r"(?:[eE][+-]?\d+)?\s?(?P<suffix>[^\d\s()]{1,5}|km2|m2)?\)?"
)


@dataclass(frozen=True)
class _Style:
    """How the digits are written. ``example`` has a place for the unit's."""

    example: str
    digits: str
    removed: str
    decimal: str = "."


PLAIN_STYLE = _Style("12.5", rf"(\d{{1,40}}(\.\d{{0,40}})?|\.\d{{1,40}}){_E}", "")
GROUPED_STYLE = _Style(
    "1,234.5", r"(\d{1,3}(,\d{2,3})*,\d{3}(\.\d{0,40})?|\d{1,40}(\.\d{0,40})?|\.\d{1,40})", ","
)
COMMA_STYLE = _Style(
    "1.234,5",
    rf"(\d{{1,3}}([.{_SPACES}]\d{{3}})+|\d{{1,40}})(,\d{{0,40}})?{_E}",
    f".{_SPACES}",
    ",",
)
SPACED_STYLE = _Style(
    "1 234.5", rf"(\d{{1,3}}([{_SPACES}]\d{{3}})+|\d{{1,40}})(\.\d{{0,40}})?", _SPACES
)
QUOTED_STYLE = _Style(
    "1'234.5", rf"(\d{{1,3}}([{_APOSTROPHES}]\d{{3}})+|\d{{1,40}})(\.\d{{0,40}})?", _APOSTROPHES
)


def _number(clean: str) -> str:
    number = f"TRY_CAST({clean} AS DOUBLE)"
    return f"CASE WHEN abs({number}) <= 1e300 THEN {number} END"


def _removed(text: str, removed: Iterable[str]) -> str:
    for each in removed:
        text = f"replace({text}, {quote_text(each)}, '')"
    return text


def _reading(style: _Style, unit: str) -> Callable[[str], str]:
    """A function that makes the SQL of a number from that of its text."""

    def to_sql(text: str) -> str:
        clean = _removed(text, [*([unit] if unit else []), *style.removed])
        if style.decimal != ".":
            clean = f"replace({clean}, {quote_text(style.decimal)}, '.')"
        clean = f"replace(trim({clean}, {quote_text(_SPACES)}), {quote_text(_MINUS)}, '-')"
        inside = f"trim({clean}, {quote_text('()' + _SPACES)})"
        negative = f"({clean}[1] = '(')"
        return f"CASE WHEN {negative} THEN -({_number(inside)}) ELSE {_number(clean)} END"

    return to_sql


@lru_cache(200)
def number_notation(style: _Style, unit: str = "") -> Notation:
    """Return the notation of numbers in ``style`` beside ``unit``."""
    if style is PLAIN_STYLE and not unit:
        return Notation("12.5", "number", rf"[+-]?{style.digits}", _number)
    space = rf"[{_SPACES}]?"
    sign = rf"[+\-{_MINUS}]?"
    written = re.sub(r"([.^$*+?{}\[\]|()])", r"\\\1", unit)
    before = rf"({written}{space})?" if unit else ""
    after = rf"({space}{written})?" if unit else ""
    number = rf"{before}{sign}{style.digits}{after}"
    is_money = FORMATS.get(unit, "of-100") != "of-100"
    example = f"{unit}{style.example}" if is_money else f"{style.example}{_gap(unit)}{unit}"
    if unit == "%":
        # 0.05 beside 5% would be another number.
        number = rf"({sign}{style.digits}{space}{written}|{sign}0([.,]0+)?)"
        before = ""
    pattern = rf"({sign}{space}{number}|\({space}{number}{space}\))"
    return Notation(example, "number", pattern, _reading(style, unit), FORMATS.get(unit, ""), unit)


def _gap(unit: str) -> str:
    return "" if unit in ("", "%", "°") else " "


PLAIN = number_notation(PLAIN_STYLE, "")


def unit_of(texts: Iterable[str]) -> str:
    """Return the unit that stands beside numbers in ``texts``; empty if there is none."""
    units: Counter[str] = Counter()
    for text in texts:
        if match := _SPLIT.fullmatch(text):
            unit = match["prefix"] or match["suffix"] or ""
            # 12 m is a length; 12m may be millions, and 12A a code.
            is_far = len(unit) > 1 or not unit.isalpha() or not unit.isascii()
            units[unit if is_far or f" {unit}" in text else ""] += 1
    known = [each for each, _count in units.most_common() if each in FORMATS or each in OTHERS]
    return known[0] if known else ""


def number_notations(texts: Iterable[str], delimiter: str | None) -> list[Notation]:
    """Return the notations of numbers that ``texts`` may have, the most likely first.

    A comma is the decimal character rather in files whose delimiter is another one.
    """
    comma_first = delimiter is not None and delimiter != ","
    commas = (COMMA_STYLE, GROUPED_STYLE) if comma_first else (GROUPED_STYLE, COMMA_STYLE)
    styles = (PLAIN_STYLE, SPACED_STYLE, *commas, QUOTED_STYLE)
    unit = unit_of(texts)
    return [number_notation(style, unit) for style in styles]
