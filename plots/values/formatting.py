"""Formatting of numbers and dates in pictures: on ticks, in cells, along lines."""

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
    """Format ``moment`` with a pattern such as ``%(month)s %(day)d, %(year)d``.

    Parameters
    ----------
    pattern : str
        A pattern with any of ``year``, ``quarter``, ``month`` (its abbreviated name), ``day`` and
        ``number``, which translations use instead of ``month``: its number from 1 to 12.
    moment : datetime

    Examples
    --------
    >>> format_date("%(month)s %(day)d, %(year)d", datetime(2026, 1, 31))
    'Jan 31, 2026'
    """
    return pattern % {
        "year": moment.year,
        "quarter": (moment.month + 2) // 3,
        "month": MONTH_NAMES[moment.month - 1],
        "number": moment.month,
        "day": moment.day,
    }


def format_numbers(
    values: Sequence[float], style: str = "auto", *, grouped: bool = False
) -> list[str]:
    """Format ``values`` as the tick labels of one axis.

    Parameters
    ----------
    values : sequence of float
        The positions of ticks. Evenly spaced ones get the same number of decimals.
    style : str
        ``"auto"`` or one of NUMBER_FORMATS.
    grouped : bool
        Whether numbers of four digits get a separator (1,234). Otherwise they get one only beside
        numbers of five digits, because four digits may be a year.

    Returns
    -------
    list of str

    Examples
    --------
    >>> format_numbers([0, 0.5, 1])
    ['0', '0.5', '1.0']
    """
    if style == "percent":
        values = [value * 100 for value in values]
    if not len(values):
        return []
    largest = max(abs(value) for value in values)
    ordered = sorted(set(map(float, values)))
    step = min((b - a for a, b in zip(ordered, ordered[1:], strict=False)), default=largest) or 1.0
    smallest, limit = (1e-12, 1e21) if style == "si" else (1e-4, 1e15)
    if style == "scientific" or largest >= limit or 0 < largest < smallest:
        texts = [_scientific(abs(value), step) for value in values]
    else:
        texts = [_decimal(abs(value), step, largest, style, grouped) for value in values]
    return [_with_sign(value, text, style) for value, text in zip(values, texts, strict=True)]


def format_values(values: Sequence[float], style: str = "auto", digits: int = 4) -> list[str]:
    """Format the values of one chart, all in one unit and with the same number of decimals.

    Parameters
    ----------
    values : sequence of float
        Finite numbers at any positions, unlike the evenly spaced ones of ``format_numbers``.
    style : str
        ``"auto"`` or one of NUMBER_FORMATS.
    digits : int
        The significant digits of the largest value. There are more if values would look equal, or
        if a small one would be 0. Whole numbers below a million have all of theirs.

    Examples
    --------
    >>> format_values([1200000, 800000])
    ['1.2M', '0.8M']
    >>> format_values([1000001, 1000002])
    ['1,000,001', '1,000,002']
    >>> format_values([0.25, 1.25])
    ['0.25', '1.25']
    """
    scale = 100 if style == "percent" else 1
    sizes = [abs(value) * scale for value in values]
    largest = max(sizes, default=0.0)
    smallest = min(filter(None, sizes), default=0.0)
    if style == "scientific" or largest >= 1e15 or 0 < smallest < 1e-6:
        return [format_numbers([float(f"{value:.{digits - 2}e}")], style)[0] for value in values]
    unit = next((unit for unit, _ in SUFFIXES if largest >= unit), 1.0)
    head = largest if style == "si" or smallest >= unit / 100 else 1.0  # which has no suffix
    is_whole = style != "si" and all(map(float.is_integer, map(float, sizes)))
    if is_whole and (largest < 1e6 or head == 1):
        return _with_step(values, 1.0, head, style)
    texts: list[str] = []
    for count in range(digits, 16):
        step = _coarsest(sizes, 10.0 ** (math.floor(math.log10(largest)) + 1 - count))
        texts = _with_step(values, step, head, style)
        if len(set(texts)) == len(set(values)) and all(_is_near(size, step) for size in sizes):
            break
    return texts


def _is_near(size: float, step: float) -> bool:
    """Return whether two digits of ``size``, or all that it has, are left if it is rounded."""
    times = round(size / step)
    return times >= 5 or abs(size - times * step) <= 1e-6 * size


def format_seconds(values: Sequence[float], dtype: str) -> list[str]:
    """Format the tick labels of one axis of durations or of times of day.

    Parameters
    ----------
    values : sequence of float
        Seconds; of times of day, since midnight.
    dtype : {"duration", "time"}

    Examples
    --------
    >>> format_seconds([0, 900, 1800], "duration")
    ['0', '15 min', '30 min']
    >>> format_seconds([5400, 7200], "duration")
    ['1:30:00', '2:00:00']
    >>> format_seconds([32400, 45000], "time")
    ['09:00', '12:30']
    """
    sizes = [round(abs(value), 9) for value in values]
    largest = max(sizes, default=0.0)
    if dtype == "duration":
        for unit, most, pattern in _units():
            if largest < most and all(size % unit == 0 for size in sizes):
                texts = [f"{size / unit:,.0f}" for size in sizes]
                return [
                    (MINUS if value < 0 else "") + (pattern % {"count": text} if value else "0")
                    for value, text in zip(values, texts, strict=True)
                ]
    decimals = max((_decimals(size % 1) for size in sizes if size % 1), default=0)
    texts = [_clock(size, decimals, dtype) for size in sizes]
    if dtype == "time" and all(size % 60 == 0 for size in sizes):
        texts = [text.removesuffix(":00") for text in texts]
    return [(MINUS if v < 0 else "") + text for v, text in zip(values, texts, strict=True)]


def _units() -> Sequence[tuple[float, float, str]]:
    """The units of durations, up to which duration each is used, and their pattern."""
    return (
        (86_400.0, math.inf, pgettext("duration", "%(count)s d")),
        (3600.0, 100 * 3600.0, pgettext("duration", "%(count)s h")),
        (60.0, 7200.0, pgettext("duration", "%(count)s min")),
        (1.0, 120.0, pgettext("duration", "%(count)s s")),
    )


def _clock(size: float, decimals: int, dtype: str) -> str:
    """Write seconds as hours, minutes and seconds: 1:30:00, or as a time of day 01:30:00."""
    whole, rest = divmod(round(size * 10**decimals), 10**decimals)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    part = f".{rest:0{decimals}d}" if decimals else ""
    return f"{hours:{'02d' if dtype == 'time' else ',d'}}:{minutes:02d}:{seconds:02d}{part}"


def _coarsest(sizes: Sequence[float], step: float) -> float:
    """Return the largest power of ten whose multiples are ``sizes``, rounded to ``step``."""
    rounded = [round(size / step) for size in sizes]
    while any(rounded) and all(number % 10 == 0 for number in rounded):
        step, rounded = step * 10, [number // 10 for number in rounded]
    return step


def _with_step(values: Sequence[float], step: float, largest: float, style: str) -> list[str]:
    scale = 100 if style == "percent" else 1
    texts = [_decimal(abs(value) * scale, step, largest, style, True) for value in values]
    return [_with_sign(value, text, style) for value, text in zip(values, texts, strict=True)]


def _with_sign(value: float, text: str, style: str) -> str:
    prefix, suffix = CURRENCIES.get(style, ""), "%" if style in ("percent", "of-100") else ""
    return f"{MINUS if value < 0 and text != '0' else ''}{prefix}{text}{suffix}"


def _decimal(value: float, step: float, largest: float, style: str, grouped: bool) -> str:
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
    # Rounding comes first, so that a tick at 9.9999999999e-10 is written 10⁻⁹ and not 10×10⁻¹⁰.
    mantissa, _, exponent = f"{value:.9e}".partition("e")
    power = int(exponent)
    decimals = min(_decimals(step / 10.0**power) if abs(power) < 300 else 1, 6)
    text = f"{float(mantissa):.{decimals}f}"
    head = "" if text == "1" else f"{text}×"
    return f"{head}10{str(power).translate(_SUPERSCRIPTS)}"


def _decimals(step: float) -> int:
    """The smallest number of decimals that writes multiples of ``step`` without loss."""
    for decimals in range(12):
        if abs(round(step, decimals) - step) < step * 1e-3:
            return decimals
    return 12
