"""Pictures kept in Django's cache, and one drawing for all who ask for the same at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock
from time import monotonic, sleep, time
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.utils.translation import get_language

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from .process_pool import ROUNDS

logger = logging.getLogger("plots")

# While another process draws: how often to look whether it is done, in seconds.
POLL = 0.02
# Beyond the time that a render may take, its wait included: a lock's holder counts as dead then.
GRACE = 5
# What cost a render process is not tried again for this long, in seconds: one address that hangs
# shall not hold the whole pool, however often it is asked for.
FAILED_AGE = 10
COSTLY = {"timed-out", "crashed", "too-much-memory"}
# A cache that failed is not asked again for this long, so that its failing slows few requests.
REST = 5
WARN_EVERY = 60


class ForgivingCache:
    """Django's default cache, which may be down or full: then nothing is kept, and all is drawn."""

    def __init__(self) -> None:
        self._rests_until = self._silent_until = 0.0

    def get(self, key: str) -> Any:
        return self._attempt(None, lambda: cache.get(key))

    def get_many(self, keys: list[str]) -> dict[str, Any]:
        return self._attempt({}, lambda: cache.get_many(keys)) or {}

    def set(self, key: str, value: Any, seconds: float) -> None:
        self._attempt(None, lambda: cache.set(key, value, seconds))

    def add(self, key: str, value: Any, seconds: float) -> bool:
        """Whether ``key`` was free; in doubt, it was."""
        return bool(self._attempt(True, lambda: cache.add(key, value, seconds)))

    def delete(self, key: str) -> None:
        self._attempt(None, lambda: cache.delete(key))

    def _attempt(self, otherwise: Any, call: Callable[[], Any]) -> Any:
        if monotonic() < self._rests_until:
            return otherwise
        try:
            return call()
        except Exception as error:  # each backend has its own, and pictures need none of them
            now = monotonic()
            self._rests_until = now + REST
            if now >= self._silent_until:
                self._silent_until = now + WARN_EVERY
                logger.warning("The cache fails, so pictures are drawn without it: %r", error)
            return otherwise


_kept = ForgivingCache()
_flights: dict[str, Future[Picture]] = {}
_boarding = Lock()


def fetch(spec: PlotSpec, draw: Callable[[PlotSpec], Picture]) -> Picture:
    """The picture of ``spec``: from the cache, from whoever draws it already, or drawn by ``draw``.

    One that is past its age is still given to all but the one who draws it anew. Raises what
    ``draw`` raises, to everybody who waited for it.
    """
    key = f"plots:{spec.digest}"
    picture = _read(key, spec)
    if picture and picture.cache == "hit":
        return picture
    with _boarding:
        flight = _flights.get(key)
        mine = flight is None
        if flight is None:
            flight = _flights[key] = Future()
    if not mine:
        return picture or replace(flight.result(), cache="waited")
    try:
        flight.set_result(_draw_once(key, spec, draw, picture))
    except BaseException as error:
        flight.set_exception(error)
    finally:
        # After the cache was written: who comes now and boards anew will find it there.
        with _boarding:
            del _flights[key]
    return flight.result()


def remark(spec: PlotSpec, words: Any) -> None:
    """Keep ``words`` about the picture of ``spec``, for who reads the language of now."""
    _kept.set(_remark_key(spec), words, _age(spec))


def remarks(specs: Iterable[PlotSpec]) -> dict[str, Any]:
    """What was remarked about pictures, by the digests of ``specs``; of most, nothing."""
    digests = {_remark_key(spec): spec.digest for spec in specs}
    return {digests[key]: words for key, words in _kept.get_many([*digests]).items()}


def _remark_key(spec: PlotSpec) -> str:
    return f"plots:{spec.digest}:remark:{get_language()}"


def _draw_once(
    key: str, spec: PlotSpec, draw: Callable[[PlotSpec], Picture], stale: Picture | None
) -> Picture:
    """Draw, unless another process that shares the cache does or just did."""
    lock, token = f"{key}:lock", uuid4().hex
    patience = (ROUNDS + 1) * conf.TIMEOUT + GRACE
    deadline = monotonic() + patience
    while True:
        found = _read(key, spec)
        if found and found.cache == "hit":
            return found
        if _kept.add(lock, token, patience) or monotonic() >= deadline:
            break
        if stale:
            return stale
        sleep(POLL)
    try:
        picture = draw(spec)
        _kept.set(key, (time(), picture.content), _age(spec) + _grace(spec))
        return picture
    except PlotError as error:
        if error.code in COSTLY:
            _kept.set(key, error, FAILED_AGE)
        raise
    finally:
        if _kept.get(lock) == token:  # else it expired, and is somebody else's now
            _kept.delete(lock)


def _read(key: str, spec: PlotSpec) -> Picture | None:
    entry = _kept.get(key)
    if entry is None:
        return None
    if isinstance(entry, PlotError):
        raise entry
    drawn, content = entry
    # The digest of a pinned plot changes with all that it shows: what it names is never stale.
    fresh = spec.is_pinned or time() < drawn + _age(spec)
    return Picture(content, spec.format, cache="hit" if fresh else "stale")


def _age(spec: PlotSpec) -> float:
    return float(conf.CACHE_AGE) if spec.is_pinned else spec.source_age


def _grace(spec: PlotSpec) -> float:
    return 0.0 if spec.is_pinned else float(conf.STALE_WHILE_REVALIDATE)
