"""Ticks of dates, at round times of day, days of the month, months or years, and their labels.

matplotlib's locator warns if no step of its table fits, counts thousands of years from year 1, and
cannot be limited to a number of ticks. Its formatter writes half of the date in a corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.utils.translation import pgettext
from matplotlib.ticker import Formatter, Locator

from plots.values.columns import to_number
from plots.values.formatting import DATE_FORMATS, format_date
from plots.values.timezones import Clock

SECOND = 1_000_000  # all times are whole microseconds since 1970
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1)
# The ends of the calendar in days since 1970, matplotlib's unit. A double cannot hold the last
# microseconds.
FIRST_DAY = float((datetime.min - EPOCH).days)
LAST_DAY = (datetime.max - EPOCH).days + 1 - 1e-6
MONTH = 30 * DAY  # about, to choose steps
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)
_HOURS = (1, 2, 3, 6, 12)
# Steps that divide a day; days of the month by their distance in days; months.
TIMES = (
    *(part * 10**power for power in range(6) for part in (1, 2, 5)),
    *(seconds * SECOND for seconds in _SECONDS),
    *(hours * 3600 * SECOND for hours in _HOURS),
)
DAYS = {1: range(1, 32), 2: range(1, 31, 2), 7: (1, 8, 15, 22), 14: (1, 15)}
MONTHS = (1, 2, 3, 6, *(12 * part * 10**power for power in range(4) for part in (1, 2, 5)))


# The smallest step at which two ticks have different labels in a format.
LEAST = {"year": 12 * MONTH, "quarter": 3 * MONTH, "month": MONTH, "auto": 0}
LEAST |= dict.fromkeys(("time", "datetime"), 60 * SECOND)


class DateLocator(Locator):
    """At most ``most`` ticks, at the smallest round step that allows it.

    No two ticks have the same label in ``style``, which is auto or one of DATE_FORMATS; but on an
    axis with a ``clock``, both hours that have the same name are labelled. If the values are
    ``whole`` days, so are the ticks, unless the limits are within one day.
    """

    def __init__(
        self,
        most: int = 8,
        style: str = "auto",
        clock: Clock | None = None,
        *,
        whole: bool = False,
    ) -> None:
        self.clock = clock
        self.most = max(1, most)
        self.least = LEAST.get(style, DAY)
        self.least_in_days = max(self.least, DAY) if whole else self.least

    def __call__(self) -> list[float]:
        return self.tick_values(*sorted(self.axis.get_view_interval()))  # type: ignore[union-attr]

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        if self.clock is None:
            return self._local_ticks(vmin, vmax)
        # On both sides of an hour that comes twice, local time may be up to two hours behind.
        ends = [self.clock.local_days(bound)[0] for bound in (vmin, vmax)]
        local = self._local_ticks(min(ends), max(ends[0] + 1 / 12, ends[1]))
        both = (_on_clock(self.clock, tick, fold) for tick in local for fold in (0, 1))
        return [place for place in sorted({*both}) if vmin <= place <= vmax]

    def _local_ticks(self, vmin: float, vmax: float) -> list[float]:
        low, high = (round(max(FIRST_DAY, min(v, LAST_DAY)) * DAY) for v in (vmin, vmax))
        finer = np.array([low])
        least = self.least if low // DAY == high // DAY else self.least_in_days
        for ticks in _candidates(low, high, self.most, least):
            if len(ticks) <= self.most:
                break
            finer = ticks
        # If a step is too long for any tick, one tick of the shorter step is used.
        found: list[float] = ((ticks if len(ticks) else finer[:1]) / DAY).tolist()
        return found

    def nonsingular(self, vmin: float, vmax: float) -> tuple[float, float]:
        """Return the days around a single date; without any, the first day of 1970."""
        if not np.isfinite([vmin, vmax]).all():
            return 0.0, 1.0
        low, high = sorted((vmin, vmax))
        return (low, high) if low < high else (low - 1, high + 1)


def _on_clock(clock: Clock, days: float, fold: int) -> float:
    local = EPOCH + timedelta(microseconds=round(days * DAY))
    return to_number(clock.position(local.replace(fold=fold)))


def _candidates(low: int, high: int, most: int, least: int) -> Iterator[np.ndarray]:
    """Yield the ticks from ``low`` to ``high`` of each step that is long enough, shortest first."""
    shortest = max(least, (high - low) / (3 * most))
    for step in TIMES:
        if step >= shortest:
            yield np.arange(-(-low // step) * step, high + 1, step)
    for length, days in DAYS.items():
        if length * DAY >= shortest:
            dates = np.arange(-(-low // DAY), high // DAY + 1).astype("datetime64[D]")
            in_month = (dates - dates.astype("datetime64[M]")).astype(int) + 1
            yield dates[np.isin(in_month, list(days))].astype(int) * DAY
    first, last = np.array([low, high], "datetime64[us]").astype("datetime64[M]").astype(int)
    for months in MONTHS:
        if months * MONTH >= shortest:
            # Counted from year 0, so that steps of ten years are at round years.
            start = -(-(first + 1970 * 12) // months) * months - 1970 * 12
            ticks = np.arange(start, last + 1, months).astype("datetime64[M]")
            ticks = ticks.astype("datetime64[us]").astype(int)
            yield ticks[ticks >= low]


class DateFormatter(Formatter):
    """Times above days, days and months above years. The lower line is written where it changes.

    With a ``style`` of DATE_FORMATS, all labels have that format.
    """

    def __init__(self, style: str = "auto", clock: Clock | None = None) -> None:
        self.style, self.clock = style, clock

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        if self.clock:
            values = [self.clock.local_days(value)[0] for value in values]
        moments = [EPOCH + timedelta(microseconds=round(value * DAY)) for value in values]
        if self.style != "auto":
            return [DATE_FORMATS[self.style](moment) for moment in moments]
        lines = [(_upper(moment, moments), _lower(moment, moments)) for moment in moments]
        before = [""] + [lower for _, lower in lines]
        return [
            upper if lower in ("", last) else f"{upper}\n{lower}"
            for (upper, lower), last in zip(lines, before, strict=False)
        ]


def _upper(moment: datetime, moments: Sequence[datetime]) -> str:
    if _has_times(moments):
        decimals = max(len(f"{each.microsecond:06d}".rstrip("0")) for each in moments)
        if decimals:
            return moment.strftime("%H:%M:%S.%f")[: 9 + decimals]
        return moment.strftime("%H:%M:%S" if any(each.second for each in moments) else "%H:%M")
    if any(each.day > 1 for each in moments):
        return format_date(pgettext("date", "%(month)s %(day)d"), moment)
    if any(each.month > 1 for each in moments):
        return format_date(pgettext("date", "%(month)s"), moment)
    return format_date(pgettext("date", "%(year)d"), moment)


def _lower(moment: datetime, moments: Sequence[datetime]) -> str:
    if _has_times(moments):
        return format_date(pgettext("date", "%(month)s %(day)d, %(year)d"), moment)
    if any(each.month * each.day > 1 for each in moments):
        return format_date(pgettext("date", "%(year)d"), moment)
    return ""


def _has_times(moments: Sequence[datetime]) -> bool:
    return any(each != each.replace(hour=0, minute=0, second=0, microsecond=0) for each in moments)
