"""How numbers and dates are written in a picture: on ticks, in cells, along lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import pgettext

MINUS = "\N{MINUS SIGN}"
SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
PREFIXES = (
    (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""),
    (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"),
)  # fmt: skip
CURRENCIES = {"usd": "$", "eur": "€", "gbp": "£", "krw": "₩", "cny": "CN¥", "jpy": "¥"}
NUMBER_FORMATS = ("plain", "thousands", "si", "percent", "of-100", "scientific", *CURRENCIES)
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE_FORMATS: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda moment: format_date(pgettext("date", "%(year)d"), moment),
    "quarter": lambda moment: format_date(pgettext("date", "Q%(quarter)d %(year)d"), moment),
    "month": lambda moment: format_date(pgettext("date", "%(month)s %(year)d"), moment),
    "day": lambda moment: format_date(pgettext("date", "%(month)s %(day)d"), moment),
    "date": lambda moment: format_date(pgettext("date", "%(month)s %(day)d, %(year)d"), moment),
    "weekday": lambda moment: str(WEEKDAYS_ABBR[moment.weekday()]),
    "iso": lambda moment: moment.date().isoformat(),
    "time": lambda moment: f"{moment:%H:%M}",
    "datetime": lambda moment: f"{moment.date().isoformat()} {moment:%H:%M}",
}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_date(pattern: str, moment: datetime) -> str:
    """``moment`` as ``pattern`` has it: a translation may count the ``month``, as ``number``."""
    words = {"number": moment.month, "day": moment.day, "year": moment.year}
    quarter = (moment.month + 2) // 3
    return pattern % {"month": MONTH_NAMES[moment.month - 1], "quarter": quarter, **words}


def format_numbers(
    values: Sequence[float], style: str = "auto", *, grouped: bool = False
) -> list[str]:
    """``values`` as a row of tick labels, alike in decimals where they are evenly spaced.

    Four digits stay together, as those of a year, unless ``grouped`` or beside five. ``style`` is
    auto or one of NUMBER_FORMATS.
    """
    if style == "percent":
        values = [value * 100 for value in values]
    if not len(values):
        return []
    largest = max(abs(value) for value in values)
    ordered = sorted(set(map(float, values)))
    step = min((b - a for a, b in zip(ordered, ordered[1:], strict=False)), default=largest) or 1.0
    least, most = (1e-12, 1e21) if style == "si" else (1e-4, 1e15)
    if style == "scientific" or largest >= most or 0 < largest < least:
        texts = [_scientific(abs(value), step) for value in values]
    else:
        texts = [_plain(abs(value), step, largest, style, grouped) for value in values]
    before, after = CURRENCIES.get(style, ""), "%" if style in ("percent", "of-100") else ""
    return [
        f"{MINUS if value < 0 and text != '0' else ''}{before}{text}{after}"
        for value, text in zip(values, texts, strict=True)
    ]


def format_number(value: float, style: str) -> str:
    """``value`` by itself, with four digits that count: $1,234  $1.235M."""
    size = abs(value) * (100 if style == "percent" else 1)
    decimals = 3 - math.floor(math.log10(size)) if size else 0
    if 0 < decimals < 300:
        value = round(value, decimals + 2 * (style == "percent"))
    return format_numbers([value], style)[0]


def _plain(value: float, step: float, largest: float, style: str, grouped: bool) -> str:
    unit, suffix = 1.0, ""
    if style == "si":
        unit, suffix = next((u, s) for u, s in PREFIXES if largest >= u or u == PREFIXES[-1][0])
    elif style == "auto" or style in CURRENCIES:
        unit, suffix = next(((u, s) for u, s in SUFFIXES if largest >= u), (1.0, ""))
    decimals = _decimals(step / unit)
    if suffix and decimals > 3 and style != "si":
        unit, suffix, decimals = 1.0, "", _decimals(step)
    if style in CURRENCIES and not suffix and decimals == 1:
        decimals = 2
    is_grouped = grouped or largest / unit >= 10_000 or style not in ("auto", "plain")
    text = f"{value / unit:{',' if is_grouped and style != 'plain' else ''}.{decimals}f}"
    return text + suffix if text.strip("0.,") else "0"


def _scientific(value: float, step: float) -> str:
    if value == 0:
        return "0"
    # Rounded first, so that a tick at 9.9999999999e-10 is 1 × 10⁻⁹ and not 10.
    mantissa, _, exponent = f"{value:.9e}".partition("e")
    power = int(exponent)
    decimals = min(_decimals(step / 10.0**power) if abs(power) < 300 else 1, 6)
    text = f"{float(mantissa):.{decimals}f}"
    head = "" if text == "1" else f"{text}×"
    return f"{head}10{str(power).translate(_SUPERSCRIPTS)}"


def _decimals(step: float) -> int:
    """The least number of decimals that writes multiples of ``step`` apart and truly."""
    for decimals in range(12):
        if abs(round(step, decimals) - step) < step * 1e-3:
            return decimals
    return 12
