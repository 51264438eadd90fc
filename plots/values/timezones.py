"""Time zones: what the clocks show where a plot is read.

A time that came with an offset is a moment; in the zone of the plot it becomes what clocks show
there, and all that follows, ticks included, is on that clock. One without an offset stays as it
is. So the hour that clocks skip in spring is a gap of an hour, and the one that they show twice
in autumn is drawn twice at the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from plots.errors import PlotError

from .columns import Column
from .scalars import Value


def to_local_times(column: Sequence[Value], zone: str, parameter: str) -> Column:
    """``column`` with its moments as the times that clocks in ``zone`` show.

    Without a zone, in the project's default one. Raises PlotError beyond the calendar's ends.
    """
    first = next((value for value in column if value is not None), 0.0)
    if isinstance(first, float) or not any(map(_is_moment, column)):
        return tuple(column)
    # The default zone, not the current one: a picture must not depend on who asks first.
    there = ZoneInfo(zone) if zone else timezone.get_default_timezone()
    try:
        return tuple(
            value.astimezone(there).replace(tzinfo=None, fold=0)
            if isinstance(value, datetime) and value.tzinfo
            else value
            for value in column
        )
    except OverflowError:
        message = _("A time here is not in the calendar of its time zone.")
        raise PlotError(message, "not-a-date", parameter) from None


def _is_moment(value: Value) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The names of all zones: those of the pinned tzdata, whatever the machine has besides."""
    from importlib import resources

    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())
