"""A lock per page in which only the latest waiting request is served."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Condition


class Superseded(Exception):
    """A newer request with the same key is waiting, so this one need not be answered."""


class LatestWinsLock:
    """A lock for each key. Of the waiting requests all but the latest raise ``Superseded``.

    Without it, a page that sends a preview request for every keystroke would occupy all renderers.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._numbers = count()
        self._last: dict[Hashable, int] = {}
        self._busy: set[Hashable] = set()

    @contextmanager
    def acquire(self, key: Hashable) -> Iterator[None]:
        """Hold the lock of ``key`` within this context."""
        with self._changed:
            number = self._last[key] = next(self._numbers)
            self._changed.notify_all()
            self._changed.wait_for(lambda: key not in self._busy or self._last.get(key) != number)
            if self._last.get(key) != number:
                raise Superseded
            self._busy.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._busy.discard(key)
                if self._last.get(key) == number:
                    del self._last[key]
                self._changed.notify_all()
