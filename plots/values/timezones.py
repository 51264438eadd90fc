"""Time zones: conversion of times with an offset to local times.

A time with an offset is converted to the local time in the plot's time zone. Everything after that,
ticks included, uses local time. A time without an offset is not changed. The hour that is skipped
in spring is therefore a gap of an hour, and the hour that is repeated in autumn is drawn twice at
the same position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from plots.errors import PlotError

from .columns import Column
from .scalars import Value


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
    # The default time zone, not the current one: a picture must not depend on the first viewer.
    tzinfo = ZoneInfo(zone) if zone else timezone.get_default_timezone()
    try:
        return tuple(
            value.astimezone(tzinfo).replace(tzinfo=None, fold=0)
            if isinstance(value, datetime) and value.tzinfo
            else value
            for value in column
        )
    except OverflowError:
        message = _("A time is before year 1 or after year 9999 in its time zone. Remove it.")
        raise PlotError(message, "not-a-date", parameter) from None


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
