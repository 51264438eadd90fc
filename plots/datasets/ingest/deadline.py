"""Until when an upload has to be read: a visitor of the admin waits, and so does their server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Timer
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _

from plots.errors import PlotError

# How many seconds there are, and when they are over; None from a shell, where one may wait.
_bounds: ContextVar[tuple[float, float] | None] = ContextVar("_bounds", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is read here has to be read in so many ``seconds``."""
    token = _bounds.set((seconds, monotonic() + seconds))
    try:
        yield
    finally:
        _bounds.reset(token)


def check() -> None:
    """Raise a PlotError once the time is over."""
    if (bounds := _bounds.get()) and monotonic() >= bounds[1]:
        raise too_late()


def too_late() -> PlotError:
    seconds = (_bounds.get() or (0.0, 0.0))[0]
    message = _(
        "Reading this takes longer than %(seconds)s seconds; upload less at once, or have it read "
        "by manage.py import_dataset, which may take its time."
    )
    return PlotError(message % {"seconds": f"{seconds:g}"}, "timed-out", "file")


@contextmanager
def interrupting(connection: Any) -> Iterator[None]:
    """End what ``connection`` does once the time is over."""
    bounds = _bounds.get()
    timer = Timer(max(0.0, bounds[1] - monotonic()), connection.interrupt) if bounds else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        if timer:
            timer.cancel()
