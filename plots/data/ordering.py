"""The order in which the names of an axis stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.ordering import ORDERS, Order

if TYPE_CHECKING:
    from .model import Data, Series
# The numbers that names are weighed by, the first that a series has.
WEIGHT = ("z", "y", "close", "x", "start")


def reorder(data: Data, channel: str, order: Order, parameter: str) -> Data:
    """``data`` with the names along ``channel`` in ``order``, and their rows too.

    Raises PlotError for a name that is not there.
    """
    import numpy as np

    names = data.axis(channel).names
    places = list(_places(data, channel, order, names, parameter))
    moved = np.empty(len(names))
    moved[places] = np.arange(len(names))

    def in_order(series: Series) -> Series:
        was = series.columns[channel]
        now = np.full(was.shape, np.nan)
        known = np.isfinite(was)
        now[known] = moved[was[known].astype(int)]
        rows = np.argsort(now, kind="stable")
        columns = dict(series.columns) | {channel: now}
        return replace(series, columns={name: each[rows] for name, each in columns.items()})

    axis = replace(data.axis(channel), names=tuple(names[place] for place in places))
    axes = {**dict(data.axes), channel: axis}
    panels = {title: tuple(map(in_order, series)) for title, series in data.panels.items()}
    return replace(data, series=tuple(map(in_order, data.series)), axes=axes, panels=panels)


def _places(
    data: Data, channel: str, order: Order, names: Sequence[str], parameter: str
) -> Iterator[int]:
    """The places of ``names`` as they are, in the order that they are to have."""
    if isinstance(order, tuple):
        at = {name: place for place, name in enumerate(names)}
        for name in order:
            if name not in at:
                hint = suggestion(name, [*names, *ORDERS])
                message = _("“%(name)s” is not on the %(axis)s axis.")
                message %= {"name": name[:40], "axis": parameter[0]}
                raise PlotError(message + hint, "not-a-name", parameter)
            yield at.pop(name)
        yield from at.values()
    elif order == "name":
        yield from sorted(range(len(names)), key=lambda place: _natural(names[place]))
    else:
        weights = _weigh(data, channel, len(names))
        yield from (weights if order == "rising" else -weights).argsort(kind="stable").tolist()


def _natural(name: str) -> list[Any]:
    """A key that sorts without regard to case, and numbers in a name by their size."""
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def _weigh(data: Data, channel: str, count: int) -> Any:
    """For each name the sum of its numbers, or its first date; how many rows if it has neither."""
    import numpy as np

    present = set(WEIGHT).intersection(*(series.columns for series in data.series)) - {channel}
    about = next((name for name in WEIGHT if name in present), channel)
    meaning = data.axis(about).dtype
    add, start = (np.minimum, np.inf) if meaning == "date" else (np.add, 0.0)
    weights = np.full(count, start)
    for series in data.series:
        at = series.columns[channel]
        values = np.ones_like(at) if meaning == "category" else series.columns[about]
        known = np.isfinite(values) & np.isfinite(at)
        add.at(weights, at[known].astype(int), values[known])
    return weights
