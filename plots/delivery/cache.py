"""Render cache with single flight: concurrent requests for one plot share one rendering.

Images are in Django's default cache, which several processes and machines may share.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock
from time import monotonic, sleep, time
from typing import Any
from uuid import uuid4

from django.core.cache import cache as django_cache
from django.utils.translation import get_language

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from .renderers import longest_render

logger = logging.getLogger("plots")

# Seconds between two looks into the cache while another process renders.
POLL_INTERVAL = 0.02
# Seconds beyond the longest possible rendering after which a lock's owner counts as dead.
LOCK_MARGIN = 5
# A failure that cost a render process is cached for this many seconds. Otherwise one URL that
# hangs, requested often enough, could occupy the whole pool.
FAILURE_TTL = 10
COSTLY_FAILURES = {"timed-out", "crashed", "too-much-memory"}
# Seconds for which a failed cache is not used, so that its timeouts delay few requests.
BACKOFF = 5
WARNING_INTERVAL = 60


class FaultTolerantCache:
    """Django's default cache behind a circuit breaker: if it fails, nothing is cached."""

    def __init__(self) -> None:
        self._retry_at = self._warn_at = 0.0

    def get(self, key: str) -> Any:
        return self._attempt(None, lambda: django_cache.get(key))

    def get_many(self, keys: list[str]) -> dict[str, Any]:
        return self._attempt({}, lambda: django_cache.get_many(keys)) or {}

    def set(self, key: str, value: Any, seconds: float) -> None:
        self._attempt(None, lambda: django_cache.set(key, value, seconds))

    def add(self, key: str, value: Any, seconds: float) -> bool:
        """Return whether ``key`` was free; True if the cache fails."""
        return bool(self._attempt(True, lambda: django_cache.add(key, value, seconds)))

    def delete(self, key: str) -> None:
        self._attempt(None, lambda: django_cache.delete(key))

    def _attempt(self, default: Any, call: Callable[[], Any]) -> Any:
        if monotonic() < self._retry_at:
            return default
        try:
            return call()
        except Exception as error:  # each backend raises its own
            now = monotonic()
            self._retry_at = now + BACKOFF
            if now >= self._warn_at:
                self._warn_at = now + WARNING_INTERVAL
                logger.warning("The cache failed; plots are rendered without it: %r", error)
            return default


_cache = FaultTolerantCache()
_flights: dict[str, Future[Picture]] = {}
_flights_lock = Lock()


def fetch(spec: PlotSpec, render: Callable[[PlotSpec], Picture]) -> Picture:
    """Return the image of ``spec`` from the cache, from a rendering in progress, or rendered now.

    While one caller renders an expired image again, the others get the expired one. An exception of
    ``render`` is raised in every caller that waited for it.
    """
    key = f"plots:{spec.digest}"
    picture = _read(key, spec)
    if picture and picture.cache == "hit":
        return picture
    with _flights_lock:
        flight = _flights.get(key)
        is_leader = flight is None
        if flight is None:
            flight = _flights[key] = Future()
    if not is_leader:
        return picture or replace(flight.result(), cache="waited")
    try:
        flight.set_result(_render_once(key, spec, render, picture))
    except BaseException as error:
        flight.set_exception(error)
    finally:
        # The image is in the cache by now, where later requests find it.
        with _flights_lock:
            del _flights[key]
    return flight.result()


def store_report(spec: PlotSpec, report: Any) -> None:
    """Cache ``report`` about the image of ``spec``, in the current language."""
    _cache.set(_report_key(spec), report, _max_age(spec))


def stored_reports(specs: Iterable[PlotSpec]) -> dict[str, Any]:
    """Return the cached reports about ``specs`` in the current language, by digest."""
    digests = {_report_key(spec): spec.digest for spec in specs}
    return {digests[key]: report for key, report in _cache.get_many([*digests]).items()}


def _report_key(spec: PlotSpec) -> str:
    return f"plots:{spec.digest}:report:{get_language()}"


def _render_once(
    key: str, spec: PlotSpec, render: Callable[[PlotSpec], Picture], stale: Picture | None
) -> Picture:
    """Render, unless another process that shares the cache does so or has just done so."""
    lock, token = f"{key}:lock", uuid4().hex
    timeout = longest_render() + LOCK_MARGIN
    deadline = monotonic() + timeout
    while True:
        found = _read(key, spec)
        if found and found.cache == "hit":
            return found
        if _cache.add(lock, token, timeout) or monotonic() >= deadline:
            break
        if stale:
            return stale
        sleep(POLL_INTERVAL)
    try:
        picture = render(spec)
        _cache.set(key, (time(), picture.content), _max_age(spec) + _stale_age(spec))
        return picture
    except PlotError as error:
        if error.code in COSTLY_FAILURES:
            _cache.set(key, error, FAILURE_TTL)
        raise
    finally:
        if _cache.get(lock) == token:  # otherwise it has expired and belongs to another process
            _cache.delete(lock)


def _read(key: str, spec: PlotSpec) -> Picture | None:
    entry = _cache.get(key)
    if entry is None:
        return None
    if isinstance(entry, PlotError):
        raise entry
    rendered_at, content = entry
    # The digest of a pinned spec covers its data, so its image never becomes stale.
    is_fresh = spec.is_pinned or time() < rendered_at + _max_age(spec)
    return Picture(content, spec.format, cache="hit" if is_fresh else "stale")


def _max_age(spec: PlotSpec) -> float:
    return float(conf.CACHE_AGE) if spec.is_pinned else spec.source_age


def _stale_age(spec: PlotSpec) -> float:
    return 0.0 if spec.is_pinned else float(conf.STALE_WHILE_REVALIDATE)
