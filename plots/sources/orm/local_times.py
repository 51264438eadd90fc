"""Starts of calendar units in the plot's time zone, for bins of dates in a database.

MariaDB and MySQL convert only times from 1970 to 2037, only if the server's tables of time zones
are loaded, and return other times silently unchanged or as NULL. There, the offsets of the time
zone are part of the statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connections, models
from django.db.models import F, Func, Max, Min
from django.db.models.functions import Trunc

from plots.sources.histograms.counting import case_tree
from plots.sources.selection import Selection
from plots.values.timezones import to_local_times

from .expressions import field_of, vendor_of

MAX_YEARS = 400  # of a time zone's offsets in one statement
RULES = 1800, 2100  # offsets do not change before these years, and repeat after them
STEP = timedelta(days=7)  # no offset lasts shorter

# The start of each unit that contains the date or time %(expressions)s.
MYSQL_STARTS = {
    "hour": "TIMESTAMP(DATE({0})) + INTERVAL HOUR({0}) HOUR",
    "day": "DATE({0})",
    "week": "DATE({0}) - INTERVAL WEEKDAY({0}) DAY",
    "month": "DATE({0}) - INTERVAL DAYOFMONTH({0}) - 1 DAY",
    "quarter": "DATE({0}) - INTERVAL DAYOFMONTH({0}) - 1 DAY"
    " - INTERVAL MOD(MONTH({0}) - 1, 3) MONTH",
    "year": "DATE({0}) - INTERVAL DAYOFYEAR({0}) - 1 DAY",
}

Offsets = Sequence[tuple[datetime, int]]


def start_of_unit(rows: Any, name: str, unit: str, selection: Selection) -> Any:
    """The start of the calendar unit of each date or time in a column.

    Returns
    -------
    expression or None
        None if the database cannot compute it.

    Raises
    ------
    PlotError
        If a local time is before year 1 or after year 9999.
    """
    zone = selection.tzinfo
    has_time = isinstance(field_of(rows, name), models.DateTimeField)
    if unit == "hour" and not has_time:
        return F(name)
    is_aware = has_time and settings.USE_TZ
    offsets: Offsets = ()
    if is_aware and str(zone) != "UTC":
        low, high = rows.order_by().aggregate(low=Min(name), high=Max(name)).values()
        if low is None:
            return F(name)
        # Raises an error at the ends of the calendar.
        to_local_times((low, high), selection.zone, selection.parameter(name))
        if unit == "hour":
            first, last = (min(max(end.year, RULES[0]), RULES[1]) for end in (low, high))
            return _start_of_hour(rows, name, offsets_between(zone, first, last))
        if vendor_of(rows) == "mysql":
            if high.year - low.year > MAX_YEARS or connections[rows.db].timezone_name != "UTC":
                return None
            offsets = offsets_between(zone, low.year, high.year)
    if vendor_of(rows) == "mysql":
        return _MySQLStart(F(name), unit=unit, offsets=offsets)
    local = zone if has_time else None
    if unit == "hour":
        return Trunc(F(name), unit, tzinfo=local)
    return Trunc(F(name), unit, output_field=models.DateField(), tzinfo=local)


def _start_of_hour(rows: Any, name: str, offsets: Offsets) -> Any:
    """The start of the hour, as a time with an offset, since two hours may have one name.

    Hours begin alike under all offsets that differ by whole hours.
    """
    minutes = {offset % 3600 // 60 for _begin, offset in offsets}
    if len(minutes) > 1 or any(offset % 60 for _begin, offset in offsets):
        return None  # clocks are put back by half an hour, or were by seconds
    fixed = timezone(timedelta(minutes=minutes.pop()))
    if vendor_of(rows) != "mysql":
        return Trunc(F(name), "hour", tzinfo=fixed)
    if connections[rows.db].timezone_name != "UTC":
        return None
    seconds = round(fixed.utcoffset(None).total_seconds())
    return _MySQLStart(F(name), unit="hour", offsets=((datetime.min, seconds),), zone=fixed)


class _MySQLStart(Func):
    """The start of a unit. The result is local and has no type, since Django's would convert it.

    If there is a ``zone``, its offset is added.
    """

    output_field = models.Field()

    def __init__(
        self, *expressions: Any, unit: str, offsets: Offsets, zone: tzinfo | None = None
    ) -> None:
        super().__init__(*expressions)
        self.unit, self.offsets, self.zone = unit, offsets, zone

    def convert_value(self, value: Any, *unused: Any) -> Any:
        return value.replace(tzinfo=self.zone) if self.zone and value else value

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        sql, parameters = compiler.compile(self.source_expressions[0])
        template = MYSQL_STARTS[self.unit]
        if self.offsets:
            seconds = case_tree(
                [str(offset) for _, offset in self.offsets],
                lambda place: f"{sql} < TIMESTAMP'{self.offsets[place][0].isoformat(' ')}'",
            )
            uses = template.count("{0}") * len(self.offsets)  # one comparison less than offsets
            sql = f"({sql} + INTERVAL ({seconds}) SECOND)"
        else:
            uses = template.count("{0}")
        return f"({template.format(sql)})", [*parameters] * uses


@lru_cache(maxsize=100)
def offsets_between(zone: tzinfo, first: int, last: int) -> Offsets:
    """The offsets from UTC in seconds, each with the naive UTC time at which it begins."""
    time = datetime(max(first - 1, 1), 1, 2, tzinfo=UTC)
    end = datetime(min(last + 1, 9999), 12, 30, tzinfo=UTC)
    begins = [(datetime.min, _offset(zone, time))]
    while time < end:
        later = min(time + STEP, end)
        if _offset(zone, later) != begins[-1][1]:
            low, high = time, later
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) // 2).replace(microsecond=0)
                if _offset(zone, middle) == begins[-1][1]:
                    low = middle
                else:
                    high = middle
            begins.append((high.replace(tzinfo=None), _offset(zone, high)))
            later = high
        time = later
    return tuple(begins)


def _offset(zone: tzinfo, time: datetime) -> int:
    return round((time.astimezone(zone).utcoffset() or timedelta()).total_seconds())
