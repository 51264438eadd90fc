"""Parts of sentences: values, ranges and lists, in the current language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plots.data.model import Axis, Data
from plots.values.formatting import format_number

EPOCH = datetime(1970, 1, 1)


def end_sentence(text: str) -> str:
    """Add a full stop, unless ``text`` ends in one, such as that of “a.m.”."""
    return _("%(sentence)s.") % {"sentence": text.removesuffix(".")}


def join_names(names: Iterable[str]) -> str:
    """Join ``names`` with the comma of the language."""
    return pgettext("between names", ", ").join(names)


def join_facts(facts: Iterable[str]) -> str:
    """Join those of ``facts`` that are not empty."""
    return pgettext("between facts", ", ").join(filter(None, facts))


def format_value(axis: Axis, value: float) -> str:
    """Return what ``value`` means on ``axis``: a name, a number or a date."""
    if axis.dtype == "category":
        return axis.names[int(value)] if 0 <= int(value) < len(axis.names) else ""
    if axis.dtype == "number":
        return write_number(value) if axis.format == "auto" else format_number(value, axis.format)
    # A double cannot tell the last microseconds of the calendar from the end of it.
    since = min(round(value * 86_400e6), (datetime.max - EPOCH) // timedelta(microseconds=1))
    moment = EPOCH + timedelta(microseconds=since)
    is_day = moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return date_format(moment, "DATE_FORMAT" if is_day else "DATETIME_FORMAT")


def format_range(axis: Axis, low: float, high: float) -> str:
    """Return a phrase such as “from 3 to 5”."""
    if low == high:
        return format_value(axis, low)
    ends = {"first": format_value(axis, low), "last": format_value(axis, high)}
    return _("from %(first)s to %(last)s") % ends


def ends_of(data: Data, channel: str) -> tuple[float, float] | None:
    """Return the lowest and highest value along ``channel``, or None without any."""
    if (edges := data.edges.get(channel)) is not None:
        return float(edges[0]), float(edges[-1])  # columns hold the middles of cells
    names = ("x", "end") if channel == "x" else (channel,)
    columns = [s.columns[name] for s in data.series for name in names if name in s.columns]
    values = np.concatenate(columns) if columns else np.empty(0)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else None


def write_number(value: float) -> str:
    """Return ``value`` with four significant digits, or with all digits of a whole number."""
    size = abs(value)
    if size >= 1e9 or 0 < size < 1e-4:
        return f"{value:.3g}"
    decimals = 0 if value == round(value) else max(0, 4 - len(str(int(size)))) if size >= 1 else 4
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    # Four digits have no separator, as on the axes: they are often a year.
    if size >= 10_000:
        return number_format(text, force_grouping=True)
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))
