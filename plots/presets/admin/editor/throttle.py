"""Turns at drawing: a page that asks anew before it was answered holds one renderer, not many."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Condition


class Superseded(Exception):
    """Somebody has asked anew meanwhile: nobody waits for this answer."""


class Turns:
    """For each key one at a time; of those that wait, all but the last are ``Superseded``."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._numbers = count()
        self._last: dict[Hashable, int] = {}
        self._busy: set[Hashable] = set()

    @contextmanager
    def take(self, key: Hashable) -> Iterator[None]:
        with self._changed:
            mine = self._last[key] = next(self._numbers)
            self._changed.notify_all()
            self._changed.wait_for(lambda: key not in self._busy or self._last.get(key) != mine)
            if self._last.get(key) != mine:
                raise Superseded
            self._busy.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._busy.discard(key)
                if self._last.get(key) == mine:
                    del self._last[key]
                self._changed.notify_all()
