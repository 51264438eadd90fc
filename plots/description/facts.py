"""Facts about columns of numbers, in phrases that begin with a word of ours.

Kinds describe with them what they draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plots.data.model import Numbers

from .numbers import percent, smallest_step
from .phrases import format_count
from .wording import Wording

MOST_PLACES = 2  # of the highest and the lowest value


def trend(wording: Wording, channel: str, values: Numbers, x: Numbers) -> Iterator[str]:
    """Yield how the first and the last of three values or more compare, if x has an order."""
    if values.size < 3 or not np.ptp(values):
        return
    steps = np.diff(x)
    if (steps < 0).all():
        values = values[::-1]
    elif not (steps > 0).all():
        return
    first, last = float(values[0]), float(values[-1])
    ends = {"first": wording.value(channel, first), "last": wording.value(channel, last)}
    if wording.axis("x").dtype == "category":
        yield _("first %(first)s, last %(last)s") % ends
    elif first == last:
        yield _("begins and ends at %(first)s") % ends
    elif last > first:
        yield _("rises from %(first)s to %(last)s") % ends
    else:
        yield _("falls from %(first)s to %(last)s") % ends


def extremes(
    wording: Wording,
    channel: str,
    values: Numbers,
    places: Sequence[str] = (),
    low: Numbers | None = None,
) -> Iterator[str]:
    """Yield the highest and the lowest of ``values``, each with its places, if there are any.

    ``places`` are written already, one for each value. With ``low``, the lowest of these counts.
    """
    if not values.size:
        return
    lows = values if low is None else low
    high, least = float(values.max()), float(lows.min())
    if high == least:
        value = {"value": wording.value(channel, least)}
        if values.size > 1:
            yield _("always %(value)s") % value
        elif len(places):
            yield _("%(value)s at %(place)s") % {**value, "place": places[0]}
        else:
            yield value["value"]
        return
    for column, end, alone, placed in (
        (values, high, _("highest %(value)s"), _("highest %(value)s at %(place)s")),
        (lows, least, _("lowest %(value)s"), _("lowest %(value)s at %(place)s")),
    ):
        value = {"value": wording.value(channel, end)}
        if not len(places):
            yield alone % value
        else:
            at = [places[row] for row in np.flatnonzero(column == end)[:1000].tolist()]
            yield placed % {**value, "place": join_places(at)}


def join_places(places: Iterable[str]) -> str:
    """Join different ``places``; of many, write one and count the others."""
    first, *others = dict.fromkeys(places)
    if not others:
        return first
    if len(others) < MOST_PLACES:
        return pgettext("two places", "%(first)s and %(last)s") % {
            "first": first, "last": others[0]
        }  # fmt: skip
    return ngettext(
        "%(place)s and %(count)s more place", "%(place)s and %(count)s more places", len(others)
    ) % {"place": first, "count": format_count(len(others))}  # fmt: skip


def places(wording: Wording, *names: str, **columns: Numbers) -> Sequence[str]:
    """Return the position of each row, written when it is asked for."""
    return _Places(wording, {name: columns[name] for name in names or columns})


class _Places(Sequence[str]):
    def __init__(self, wording: Wording, columns: dict[str, Numbers]) -> None:
        self.wording, self.columns = wording, columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, row: Any) -> Any:
        return self.wording.place(**{name: float(c[row]) for name, c in self.columns.items()})


def median(wording: Wording, channel: str, values: Numbers) -> str:
    """Return the median of ``values``."""
    return _("median %(value)s") % {"value": wording.value(channel, float(np.median(values)))}


def middle_half(
    wording: Wording, channel: str, values: Numbers, weights: Numbers | None = None
) -> Iterator[str]:
    """Yield the median, and between which quartiles half of ``values`` are.

    ``weights`` say how often each counts.
    """
    if values.min() == values.max():
        return
    if weights is None:
        first, middle, third = np.percentile(values, [25, 50, 75]).tolist()
    else:
        order = np.argsort(values)
        parts = np.cumsum(weights[order])
        at = np.searchsorted(parts, np.array([0.25, 0.5, 0.75]) * parts[-1])
        first, middle, third = values[order][at].tolist()
    yield _("median %(value)s") % {"value": wording.value(channel, middle)}
    if values.size > 3 and first < third:
        ends = {"first": wording.value(channel, first), "last": wording.value(channel, third)}
        yield _("the middle half from %(first)s to %(last)s") % ends


def extent(wording: Wording, channel: str, values: Numbers) -> str:
    """Return the range of ``values``."""
    low, high = float(values.min()), float(values.max())
    if values.size > 1 and low == high:
        return _("always %(value)s") % {"value": wording.value(channel, low)}
    return wording.range(channel, low, high)


def gaps(count: int) -> str:
    """Return how many rows have no value, or ""."""
    if count <= 0:
        return ""
    return ngettext("%(count)d gap", "%(count)d gaps", count) % {"count": count}


def total(wording: Wording, channel: str, values: Numbers) -> str:
    """Return the sum of ``values``."""
    return _("total %(value)s") % {"value": wording.value(channel, float(np.nansum(values)))}


def total_name() -> str:
    """Return what the sum of all series is called."""
    return pgettext("of all series", "Total")


def shares_of(values: Numbers) -> list[str]:
    """Write each of ``values`` as a part of their sum."""
    scaled = values / (np.abs(values).max(initial=0) or 1)  # no sum can overflow
    parts = 100 * scaled / (scaled.sum() or 1)
    step = smallest_step(np.round(parts, 9))
    return [percent(part, step) for part in parts.tolist()]


def correlation(x: Numbers, y: Numbers, scales: tuple[str, str] = ("linear", "linear")) -> str:
    """Return in which direction y changes with x, for three different points or more."""
    x, y = (
        np.log(each) if scale == "log" else each / (np.abs(each).max(initial=0) or 1)
        for each, scale in zip((x, y), scales, strict=True)
    )
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return ""
    strength = float(np.corrcoef(x, y)[0, 1])
    value = {"value": f"{strength:.2f}"}
    if not abs(strength) >= 0.3:
        return _("hardly any correlation of x and y (%(value)s)") % value
    if strength >= 0.7:
        return _("strong positive correlation of x and y (%(value)s)") % value
    if strength >= 0.5:
        return _("moderate positive correlation of x and y (%(value)s)") % value
    if strength > 0:
        return _("weak positive correlation of x and y (%(value)s)") % value
    if strength <= -0.7:
        return _("strong negative correlation of x and y (%(value)s)") % value
    if strength <= -0.5:
        return _("moderate negative correlation of x and y (%(value)s)") % value
    return _("weak negative correlation of x and y (%(value)s)") % value
