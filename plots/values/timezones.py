"""Time zones: conversion of times with an offset to local times.

A time with an offset is converted to the local time in the plot's time zone, without the offset.
When clocks go back, an hour comes twice: times in the second one have ``fold=1``, as in PEP 495. An
axis with such times is a line of elapsed time with local times as labels, see ``Clock``. All other
axes use local time, so that the hour that is skipped in spring is a gap of an hour.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from plots.errors import PlotError

from .columns import MOMENT, Column, to_number
from .formatting import MINUS
from .scalars import Value

EPOCH = datetime(1970, 1, 1)
# In all time zones, these have a local time and a time in UTC.
FIRST, LAST = datetime(1, 1, 3), datetime(9999, 12, 29)


def to_local_times(column: Sequence[Value], zone: str, parameter: str) -> Column:
    """Convert the aware datetimes of a column to naive local times.

    Parameters
    ----------
    column : sequence
        Values of one data type. All but aware datetimes are returned unchanged.
    zone : str
        The name of a time zone, or an empty string for the project's default time zone.
    parameter : str
        The name of the parameter that errors name.

    Raises
    ------
    PlotError
        If a local time is before year 1 or after year 9999.

    Examples
    --------
    >>> from datetime import UTC
    >>> to_local_times([datetime(2026, 1, 31, 12, tzinfo=UTC)], "Asia/Seoul", "x")
    (datetime.datetime(2026, 1, 31, 21, 0),)
    """
    first = next((value for value in column if value is not None), 0.0)
    if isinstance(first, float) or not any(map(_is_aware, column)):
        return tuple(column)
    tzinfo = zone_of(zone)
    try:
        return tuple(
            value.astimezone(tzinfo).replace(tzinfo=None)
            if isinstance(value, datetime) and value.tzinfo
            else value
            for value in column
        )
    except OverflowError:
        raise _beyond_calendar(parameter) from None


def on_clock(
    columns: Mapping[str, Sequence[Column]], zone: str, names: Collection[str]
) -> tuple[dict[str, Sequence[Column]], dict[str, Sequence[Column]], Clock | None]:
    """Convert the aware datetimes of all columns of a plot to naive times that can be told apart.

    Parameters
    ----------
    columns : mapping of str to sequence of Column
        The columns of each channel.
    zone : str
        As of ``to_local_times``.
    names : collection of str
        The channels whose values are names.

    Returns
    -------
    columns : dict
        With local times; or if an hour comes twice, with times on the clock. Names have offsets
        then.
    shown : dict
        The channels with times in an hour that comes twice, as aware local times.
    clock : Clock or None
        None if no time is in an hour that comes twice.
    """
    local: dict[str, Sequence[Column]] = {
        name: [to_local_times(each, zone, name) for each in some] for name, some in columns.items()
    }
    repeated = [name for name, some in local.items() if any(map(has_repeated, some))]
    if not repeated:
        return local, {}, None
    tzinfo = zone_of(zone)
    shown: dict[str, Sequence[Column]] = {
        name: [tuple(_with_offset(value, tzinfo) for value in each) for each in columns[name]]
        for name in repeated
    }
    aware = (value for some in columns.values() for each in some for value in each)
    first = min(value for value in aware if isinstance(value, datetime) and value.tzinfo)
    clock = Clock(tzinfo, first.astimezone(tzinfo).utcoffset() or timedelta())
    for name, some in local.items():
        if name not in names:
            local[name] = [tuple(map(clock.place, each)) for each in some]
    return local | {name: shown[name] for name in repeated if name in names}, shown, clock


def _with_offset(value: Value, zone: tzinfo) -> Value:
    is_aware = isinstance(value, datetime) and value.tzinfo
    return value.astimezone(zone) if is_aware else value  # type: ignore[union-attr]


def zone_of(name: str) -> tzinfo:
    """Return the time zone called ``name``, or the project's default time zone for ""."""
    # Not the current time zone: a picture must not depend on the first viewer.
    return ZoneInfo(name) if name else timezone.get_default_timezone()


def has_repeated(column: Sequence[Any]) -> bool:
    """Return whether a local time is in the second of two hours with the same name."""
    first = next((value for value in column if value is not None), None)
    is_timed = isinstance(first, datetime)
    return is_timed and any(value is not None and value.fold for value in column)


def utc_offsets(moments: Any, zone: tzinfo) -> Any:
    """Return the offsets of ``zone`` at ``moments``, datetime64 in UTC, as timedelta64."""
    # Offsets change at most once in a quarter of an hour.
    quarters, places = np.unique(moments.astype("datetime64[15m]"), return_inverse=True)
    offsets = [
        np.timedelta64("NaT") if local is None else np.timedelta64(local.utcoffset())
        for local in _local_times(quarters, zone)
    ]
    return np.array(offsets, dtype="timedelta64[us]")[places]


def _local_times(moments: Any, zone: tzinfo) -> list[datetime | None]:
    times = moments.astype("datetime64[us]").tolist()
    return [None if t is None else t.replace(tzinfo=UTC).astimezone(zone) for t in times]


def to_moments(column: Sequence[Value], zone: str) -> Any:
    """Convert dates and times to an array of MOMENT. Those without an offset are local."""
    return np.array([_in_utc(value, zone_of(zone)) for value in column], "M8[us]").astype(MOMENT)


def _in_utc(value: Any, zone: tzinfo) -> datetime | None:
    if value is None:
        return None
    local = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # at the ends of the calendar
        return local.replace(tzinfo=None)


def to_local_or_moments(moments: Any, zone: str, parameter: str) -> Any:
    """Convert an array of MOMENT to local times, unless one of them comes twice.

    Raises
    ------
    PlotError
        As ``to_local_times`` does.
    """
    try:
        quarters = _local_times(np.unique(moments.astype("datetime64[15m]")), zone_of(zone))
        is_repeated = any(quarter is not None and quarter.fold for quarter in quarters)
        return moments if is_repeated else to_local_array(moments, zone_of(zone))
    except OverflowError:
        raise _beyond_calendar(parameter) from None


def _beyond_calendar(parameter: str) -> PlotError:
    message = _("A time is before year 1 or after year 9999 in its time zone. Remove it.")
    return PlotError(message, "not-a-date", parameter)


def local_to_utc(days: float, zone: tzinfo) -> float:
    """Convert days since 1970 in local time to UTC."""
    return to_number(_in_utc(EPOCH + timedelta(microseconds=round(days * 86_400e6)), zone) or 0.0)


def to_local_array(array: Any, zone: tzinfo) -> Any:
    """Convert an array of MOMENT to local times; other arrays are unchanged."""
    if array.dtype != MOMENT:
        return array
    return array.astype("datetime64[us]") + utc_offsets(array, zone)


def start_of_hours(moments: Any, zone: tzinfo) -> Any:
    """Return the start of the local hour of each of ``moments``, an array of MOMENT.

    Where clocks are put back by an hour, two hours have one name. Where they are put back by half
    an hour, the second half begins when that happens.
    """
    offsets = utc_offsets(moments, zone)
    local = moments.astype("datetime64[us]") + offsets
    return after_clock_change(moments - (local - local.astype("datetime64[h]")), zone)


def after_clock_change(starts: Any, zone: tzinfo) -> Any:
    """Move those of ``starts``, starts of hours, that lie before a change of the clocks to it."""
    offsets = utc_offsets(starts, zone)
    local = starts.astype("datetime64[us]") + offsets
    is_before = (local != local.astype("datetime64[h]")) & ~np.isnat(starts)
    for _quarter in range(4):  # within which offsets do not change
        is_before &= utc_offsets(starts, zone) == offsets
        starts = np.where(is_before, starts + np.timedelta64(15, "m"), starts)
    return starts.astype(MOMENT)


@dataclass(frozen=True)
class Clock:
    """The clock of an axis on which time passes evenly, although clocks were put back.

    Parameters
    ----------
    zone : tzinfo
        The time zone of the labels.
    offset : timedelta
        The UTC offset of the positions: that of the first time on the axis.
    """

    zone: tzinfo
    offset: timedelta

    def position(self, local: date) -> datetime:
        """Return the time on the axis of a local time. A date is its midnight."""
        moment: Any = _in_utc(local, self.zone)
        return min(max(moment, FIRST), LAST) + self.offset

    def place(self, value: Value) -> Value:
        """Return the time on the axis of a date or time; other values are unchanged."""
        return self.position(value) if isinstance(value, date) else value

    def local(self, position: datetime) -> datetime:
        """Return the local time at a time on the axis."""
        moment = (position - self.offset).replace(tzinfo=UTC)
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def local_days(self, days: float) -> tuple[float, str]:
        """Return the local time at a place on the axis as days since 1970, and its suffix."""
        days = min(max(days, to_number(FIRST)), to_number(LAST))
        position = EPOCH + timedelta(microseconds=round(days * 86_400e6))
        local = self.local(position)
        return to_number(local), self.suffix(local)

    def suffix(self, local: datetime) -> str:
        """Return " (UTC+2)" if two hours have the name of this one, or else ""."""
        first, second = (local.replace(tzinfo=self.zone, fold=fold).utcoffset() for fold in (0, 1))
        if first == second or first is None or second is None or first < second:
            return ""  # of the hour that is skipped, the first offset is the smaller one
        minutes = round(((first, second)[local.fold]).total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        sign = "+" if minutes >= 0 else MINUS
        return f" (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def local_time(value: datetime) -> datetime:
    """Convert a time of the database to the current time zone; with USE_TZ off, it is local."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _is_aware(value: Value) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all time zones in the pinned tzdata package.

    The time zones of the operating system are not used, since they differ between machines.
    """
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())
