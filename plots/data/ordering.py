"""The order of names: the requested one of an axis, and the own one of series and panels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from django.utils import dates
from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.ordering import ORDERS, Order
from plots.values.columns import Column
from plots.values.scalars import read_date, read_number, write_value

from .model import Data, Numbers, Series

MOST_PLACES = 50  # a picture has not more series: more names have no lasting colours
# Names with another order than that of their letters.
LOCAL: tuple[Any, ...] = (dates.WEEKDAYS, dates.WEEKDAYS_ABBR, dates.MONTHS, dates.MONTHS_3)
DAYS = "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
SCALES = (
    DAYS,
    MONTHS,
    tuple(name[:3] for name in DAYS),
    tuple(name[:3] for name in MONTHS),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("xs", "s", "m", "l", "xl", "2xl", "3xl", "4xl", "5xl"),
    ("extra small", "small", "medium", "large", "extra large"),
    ("very low", "low", "medium", "high", "very high"),
    ("spring", "summer", "autumn", "winter"),
)
# Names are sorted by the values of the first of these channels that every series has.
WEIGHT = ("z", "y", "close", "x", "start")


def sort_names(names: Sequence[str]) -> list[str] | None:
    """Return names that have an order in that order, else None.

    They are numbers, dates, weekdays, months, sizes, or texts that only differ in their numbers,
    such as “Q1 2026”.
    """
    for read in (read_number, _iso_date, *_scale_readers(), _numbers_reader(names)):
        values = {name: read(name) for name in names}
        if None not in values.values():
            return sorted(values, key=values.__getitem__)
    return None


def palette_places(columns: Iterable[Column]) -> dict[str, int]:
    """Return the place of each name in the palette: its place among all, in their order."""
    names = {write_value(value) for column in columns for value in column} - {"", None}
    if len(names) > MOST_PLACES:
        return {}
    listed = sorted(map(str, names), key=lambda name: (_natural_key(name), name))
    return {name: place for place, name in enumerate(sort_names(listed) or listed)}


def _iso_date(text: str) -> str | None:
    """``text`` if it is a date, which sorts as text."""
    try:
        return text if read_date(text) else None
    except (ValueError, OverflowError):
        return None  # such as 2026-02-30


def _scale_readers() -> Iterator[Callable[[str], int | None]]:
    """Yield functions that return the place of a name on a scale, in the current language too."""
    for scale in (*SCALES, *(map(str, names.values()) for names in LOCAL)):
        yield partial(_place_on, {name.casefold(): place for place, name in enumerate(scale)})


def _place_on(scale: dict[str, int], name: str) -> int | None:
    return scale.get(name.strip(" .").casefold())


def _numbers_reader(names: Sequence[str]) -> Callable[[str], Any]:
    """Return a function that reads the numbers in ``names``, years first.

    It returns None unless all names have the same text around their numbers, or all begin with a
    number, as ranges do.
    """
    is_alike = len({re.sub(r"\d+", "0", name) for name in names}) == 1
    starts = all(re.match(r"[<>≤≥]?\s*\d", name) for name in names)

    def read(name: str) -> Any:
        numbers = [int(each) for each in re.findall(r"\d+", name[:200])]
        if not numbers or not (is_alike or starts):
            return None
        side = {"<": -1, "≤": -1, ">": 1, "≥": 1}.get(name[0], 0)
        years = [each for each in numbers if 1000 <= each <= 2999] if is_alike else []
        return years, numbers[0], side, numbers, name

    return read


def reorder(data: Data, channel: str, order: Order, parameter: str) -> Data:
    """Sort the names along ``channel``, and the rows of each series with them.

    Parameters
    ----------
    data : Data
        The data, whose axis along ``channel`` holds names.
    channel : str
        Name of the channel.
    order : str or tuple of str
        One of ``ORDERS``, or the names that come first.
    parameter : str
        Name of the parameter that gives the order, for errors.

    Raises
    ------
    PlotError
        If ``order`` has a name that is not on the axis.
    """
    names = data.axis(channel).names
    places = list(_places(data, channel, order, names, parameter))
    moved = np.empty(len(names))
    moved[places] = np.arange(len(names))

    def sort_rows(series: Series) -> Series:
        before = series.columns[channel]
        after = np.full(before.shape, np.nan)
        known = np.isfinite(before)
        after[known] = moved[before[known].astype(int)]
        rows = np.argsort(after, kind="stable")
        columns = dict(series.columns) | {channel: after}
        return replace(series, columns={name: each[rows] for name, each in columns.items()})

    axis = replace(data.axis(channel), names=tuple(names[place] for place in places))
    axes = {**dict(data.axes), channel: axis}
    panels = {title: tuple(map(sort_rows, series)) for title, series in data.panels.items()}
    return replace(data, series=tuple(map(sort_rows, data.series)), axes=axes, panels=panels)


def _places(
    data: Data, channel: str, order: Order, names: Sequence[str], parameter: str
) -> Iterator[int]:
    """Yield the current places of ``names`` in the requested order."""
    if isinstance(order, tuple):
        remaining = {name: place for place, name in enumerate(names)}
        for name in order:
            if name not in remaining:
                hint = suggestion(name, [*names, *ORDERS])
                message = _("“%(name)s” is not on the %(axis)s axis.")
                message %= {"name": name[:40], "axis": parameter[0]}
                raise PlotError(message + hint, "not-a-name", parameter)
            yield remaining.pop(name)
        yield from remaining.values()
    elif order == "name":
        yield from sorted(range(len(names)), key=lambda place: _natural_key(names[place]))
    else:
        weights = _weights(data, channel, len(names))
        yield from (weights if order == "rising" else -weights).argsort(kind="stable").tolist()


def _natural_key(name: str) -> list[Any]:
    """A sort key that ignores case and compares the numbers in a name by value."""
    parts = re.split(r"(\d+)", name[:200].casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def _weights(data: Data, channel: str, count: int) -> Numbers:
    """The sum of each name's numbers, or its first date or time, or its number of rows."""
    present = set(WEIGHT).intersection(*(series.columns for series in data.series)) - {channel}
    weighed = next((name for name in WEIGHT if name in present), channel)
    dtype = data.axis(weighed).dtype
    add, start = (np.minimum, np.inf) if dtype in ("date", "time") else (np.add, 0.0)
    weights = np.full(count, start)
    for series in data.series:
        at = series.columns[channel]
        values = np.ones_like(at) if dtype == "category" else series.columns[weighed]
        known = np.isfinite(values) & np.isfinite(at)
        add.at(weights, at[known].astype(int), values[known])
    return weights
