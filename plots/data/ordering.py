"""Put the names of an axis in the requested order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.ordering import ORDERS, Order

from .model import Data, Numbers, Series

# Names are sorted by the values of the first of these channels that every series has.
WEIGHT = ("z", "y", "close", "x", "start")


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
    parts = re.split(r"(\d+)", name.casefold())
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
