"""Numbers, dates and names as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.utils.translation import gettext as _

from plots.data.model import Axis, Numbers
from plots.values.columns import SECONDS, write_seconds
from plots.values.formatting import format_numbers, format_values
from plots.values.scalars import write_value


def value_labels(places: Numbers, meaning: Axis) -> list[str]:
    """Write the numbers of an axis as text. A gap is “(none)”."""
    known = np.isfinite(places)
    names = iter(_name_known(places[known], meaning))
    return [next(names) if is_known else _("(none)") for is_known in known]


def _name_known(places: Numbers, meaning: Axis) -> list[str]:
    if meaning.dtype == "category":
        return [meaning.names[int(place)] for place in places]
    if meaning.dtype == "date":
        local = [meaning.local(place) for place in places.tolist()]
        written = _write_moments([days for days, _offset in local])
        return [text + offset for text, (_days, offset) in zip(written, local, strict=True)]
    if meaning.dtype in SECONDS:
        return [write_seconds(place, meaning.dtype) for place in places.tolist()]
    return [write_value(place) for place in places.tolist()]


def _write_moments(days: Sequence[float]) -> list[str]:
    """Write dates, or datetimes with the precision of the most precise."""
    moments = [datetime(1970, 1, 1) + timedelta(days=each) for each in days]
    if all(map(float.is_integer, days)):
        return [moment.date().isoformat() for moment in moments]
    if any(moment.microsecond for moment in moments):
        return [moment.isoformat(" ", "microseconds") for moment in moments]
    exact = "seconds" if any(moment.second for moment in moments) else "minutes"
    return [moment.isoformat(" ", exact) for moment in moments]


def chart_texts(values: Numbers, meaning: Axis, digits: int = 4) -> dict[float, str]:
    """Return the text of each of ``values``, all of one chart: in one unit, with equal decimals."""
    numbers = np.unique(values[np.isfinite(values)]).tolist()
    if meaning.dtype in SECONDS:
        return {number: write_seconds(number, meaning.dtype) for number in numbers}
    return dict(zip(numbers, format_values(numbers, meaning.format, digits), strict=True))


def percent_texts(values: Numbers) -> dict[float, str]:
    """Return the text of each of ``values``, percents: without decimals unless one is below 1."""
    numbers = np.unique(values[np.isfinite(values)]).tolist()
    decimals = 1 if any(0 < number < 1 for number in numbers) else 0
    return {number: f"{number:.{decimals}f}%" for number in numbers}


def write_short(value: float) -> str:
    """Write ``value`` with four significant digits, or all of an integer: 12,345  0.0123."""
    size = abs(value)
    if size and not 1e-4 <= size < 1e15:
        return format_numbers([float(f"{value:.2e}")])[0]
    decimals = max(0, 3 - math.floor(math.log10(size))) if size else 0
    text = f"{size:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("\N{MINUS SIGN}" if value < 0 else "") + text
