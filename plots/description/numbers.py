"""Numbers and dates in sentences: with all digits in which the values of an axis differ."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import pgettext

from plots.data.model import Axis, Numbers
from plots.values.formatting import DATE_FORMATS, format_numbers

EPOCH = datetime(1970, 1, 1)
SECOND = 1_000_000  # in microseconds
MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
LONGEST = 7  # significant digits; a number with more is rounded
# Of the range: numbers with many digits are not written with finer steps, nor those that are
# computed for the picture.
ENOUGH, ENOUGH_COMPUTED = 1e-5, 1e-3
NOISE = 1e-12  # of the largest number; smaller differences are rounding errors
SHORT = 12  # significant digits that numbers have which were not computed
MOST_EXACT = 2000  # numbers; more are often computed


def smallest_step(values: Numbers, *, is_computed: bool = False) -> float:
    """Return the smallest difference between ``values`` that they should be written with.

    It is 0 if all are equal. Differences of numbers with many digits are random: they may be so
    small that no picture shows them, and are not followed below a part of the range.
    """
    known = np.unique(values[np.isfinite(values)])
    if known.size < 2:
        return 0.0
    largest = float(np.abs(known[[0, -1]]).max())
    steps = np.diff(known)
    is_whole = largest < 1e15 and bool((known == np.round(known)).all())
    steps = steps if is_whole else steps[steps > NOISE * largest]
    if not steps.size:
        return 0.0
    step = float(steps.min())
    if is_whole or (known.size <= MOST_EXACT and _are_short(known)):
        return step
    enough = (ENOUGH_COMPUTED if is_computed else ENOUGH) * (float(known[-1]) - float(known[0]))
    return float(10.0 ** np.floor(np.log10(max(step, enough))))


def _are_short(values: Numbers) -> bool:
    """Return whether ``values`` have at most SHORT significant digits."""
    sizes = np.abs(values[values != 0])
    with np.errstate(over="ignore", invalid="ignore"):
        digits = sizes * 10.0 ** (SHORT - 1 - np.floor(np.log10(sizes)))
        # A double has 16 digits, so that the distance of a short number is below 1e-3.
        return bool((np.abs(digits - np.rint(digits)) < 2e-3).all())


def _decimals_of(value: float, step: float) -> int:
    """Return how many decimals ``value`` has in a sentence, zeros at its end included."""
    power = math.floor(math.log10(abs(value)))
    text = f"{value:.{LONGEST}g}"
    is_exact = abs(float(text) - value) <= NOISE * abs(value)
    least = LONGEST - 1 - power if is_exact else 3 - power
    if not step:
        return least
    at = math.ceil(-math.log10(step) - 1e-9)
    # The digits of the difference itself: of 0.019 three, of 0.02 two.
    own = next((n for n in range(3) if abs(round(step, at + n) - step) < step * 1e-3), 2)
    return max(least, at + own)


def write_number(value: float, style: str = "auto", step: float = 0.0) -> str:
    """Write ``value`` with four significant digits, or more.

    Numbers of up to seven digits are exact, and so are whole numbers. Others have the digits of
    ``step``, the smallest difference from another one.
    """
    scaled, unit = (value * 100, step * 100) if style == "percent" else (value, step)
    if not math.isfinite(value) or scaled == 0:
        return format_numbers([0.0], style)[0] if style != "auto" else "0"
    power = math.floor(math.log10(abs(scaled)))
    is_whole = scaled == round(scaled) and abs(scaled) < 1e15
    decimals = 0 if is_whole else min(_decimals_of(scaled, unit), 14 - power)
    if style == "auto" and -7 < power < 15:
        return _write_plain(scaled, decimals)
    if style == "scientific" or not -12 < power < 15:
        decimals = min(max(_decimals_of(scaled, unit), 3 - power), 14 - power)
    return _write_in_style(value, scaled, style, decimals)


def _write_plain(value: float, decimals: int) -> str:
    text = f"{value:.{max(decimals, 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    # Four digits have no separator, as on the axes: they are often a year.
    if abs(value) >= 10_000:
        return number_format(text, force_grouping=True)
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def _write_in_style(value: float, scaled: float, style: str, decimals: int) -> str:
    """Write ``value`` as a tick label would be, with as many ``decimals`` of ``scaled``."""
    if -300 < decimals < 300:
        while decimals > -300 and round(scaled, decimals - 1) == round(scaled, decimals):
            decimals -= 1  # zeros at the end
    # Ticks have the decimals of their distance, so a second one gives the precision.
    part = 10.0 ** -min(decimals, 300) * (0.01 if style == "percent" else 1)
    if abs(value) <= part or part < 1e-15 * abs(value):
        return format_numbers([value], style)[0]
    return format_numbers([value, value - math.copysign(part, value)], style)[0]


def microseconds(days: float) -> int:
    """Return ``days`` in microseconds since 1970, without the rounding errors of far dates."""
    since = round(days * DAY)
    if abs(since) > 2**52:  # a double has no microseconds there
        since = round(since / 1000) * 1000
    return min(since, (datetime.max - EPOCH) // timedelta(microseconds=1))


def finest_unit(days: Numbers) -> int:
    """Return the coarsest of day, minute, second and parts of it that all ``days`` are made of."""
    since = np.round(days[np.isfinite(days)] * DAY)
    if since.size and np.abs(since).max() > 2**52:
        since = np.round(since / 1000) * 1000
    units = (DAY, MINUTE, *(SECOND // 10**digits for digits in range(7)))
    return next((unit for unit in units if not (since % unit).any()), 1)


def write_moment(days: float, axis: Axis, unit: int) -> str:
    """Write a date or a time, up to ``unit``, in the format of ``axis`` if that tells it all.

    A time that comes twice, because clocks are put back, has its UTC offset.
    """
    local, offset = axis.local(days)
    return _write_local(local, axis, unit) + offset


def _write_local(days: float, axis: Axis, unit: int) -> str:
    since = microseconds(days)
    own = next(each for each in (DAY, MINUTE) if not since % each or each == MINUTE)
    unit = min(unit, own)
    moment = EPOCH + timedelta(microseconds=since - since % unit)
    if unit == DAY and _is_whole_period(moment, axis.format):
        return DATE_FORMATS[axis.format](moment)
    if unit == DAY:
        return date_format(moment, "DATE_FORMAT")
    if unit == MINUTE:
        is_written = axis.format == "datetime"
        return DATE_FORMATS["datetime"](moment) if is_written else date_format(
            moment, "DATETIME_FORMAT"
        )  # fmt: skip
    parts = {"date": date_format(moment, "DATE_FORMAT"), "time": _write_time(moment, unit)}
    return pgettext("a date and a time", "%(date)s, %(time)s") % parts


def _write_time(moment: datetime, unit: int) -> str:
    """Write a time of day with seconds, as the ticks of an axis do, and as many decimals."""
    digits = len(str(SECOND // unit)) - 1
    text = f"{moment:%H:%M:%S}"
    if not digits:
        return text
    return f"{text}{get_format('DECIMAL_SEPARATOR')}{moment.microsecond:06}"[: 9 + digits]


def _is_whole_period(moment: datetime, style: str) -> bool:
    """Whether ``style`` writes the first day of its period, of which it says all."""
    day, month = moment.day, moment.month
    return {
        "year": day == month == 1,
        "quarter": day == 1 and month in (1, 4, 7, 10),
        "month": day == 1,
        "date": True,
        "iso": True,
    }.get(style, False)


def clock_unit(seconds: Numbers) -> float:
    """Return the coarsest of minute, second and parts of it that all ``seconds`` are made of."""
    parts = np.round(np.abs(seconds[np.isfinite(seconds)]) * SECOND)
    units = (MINUTE, *(SECOND // 10**digits for digits in range(7)))
    return next((unit for unit in units if not (parts % unit).any()), 1) / SECOND


def write_clock(seconds: float, unit: float, *, is_time: bool = False) -> str:
    """Write a duration such as 00:12:30 or a time of day such as 09:30, up to ``unit`` seconds."""
    digits = max(0, round(-math.log10(unit))) if unit < 1 else 0
    whole, part = divmod(round(abs(seconds) * 10**digits), 10**digits)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    text = f"{'-' if seconds < 0 else ''}{hour:02}:{minute:02}"
    if is_time and unit >= 60 and not second:
        return text
    text = f"{text}:{second:02}"
    return f"{text}.{part:0{digits}}" if digits else text


def percent(share: float, step: float = 0.0) -> str:
    """Write a part of 100 with a decimal, or with more if it is small or the parts are alike."""
    rest = abs(100 - abs(share))  # 99.99 is not the whole
    least = min(each for each in (abs(share), rest, step, 1.0) if each > NOISE)
    decimals = 1 if least >= 0.1 else min(9, math.ceil(-math.log10(least) - 1e-9))
    return f"{share:.{decimals}f}%"


def round_to(value: float, room: float) -> float:
    """Return a round number at most ``room`` away from ``value``."""
    if not room > 1e-300:
        return value
    return round(value, max(-300, min(300, -math.floor(math.log10(room)))))
