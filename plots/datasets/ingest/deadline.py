"""A time limit for reading an upload in a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Timer
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _

from plots.errors import PlotError

# The number of seconds, and when they end. None in a command, which has no time limit.
_limit: ContextVar[tuple[float, float] | None] = ContextVar("_limit", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit the time in which an upload is read in this context."""
    token = _limit.set((seconds, monotonic() + seconds))
    try:
        yield
    finally:
        _limit.reset(token)


def check() -> None:
    """Raise a PlotError if the time has ended."""
    if (limit := _limit.get()) and monotonic() >= limit[1]:
        raise timed_out()


def timed_out() -> PlotError:
    """Make the error for an upload that takes too long."""
    seconds = (_limit.get() or (0.0, 0.0))[0]
    message = _(
        "Reading this file takes longer than %(seconds)s seconds. Upload a smaller file, or use "
        "manage.py import_dataset, which has no time limit."
    )
    return PlotError(message % {"seconds": f"{seconds:g}"}, "timed-out", "file")


@contextmanager
def interrupting(connection: Any) -> Iterator[None]:
    """Interrupt the statement of ``connection`` when the time ends."""
    limit = _limit.get()
    timer = Timer(max(0.0, limit[1] - monotonic()), connection.interrupt) if limit else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        if timer:
            timer.cancel()
