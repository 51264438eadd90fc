"""Render cache with single flight: concurrent requests for one plot share one rendering.

Images are in Django's default cache, which several processes and machines may share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock
from time import monotonic, sleep, time
from typing import Any
from uuid import uuid4

from django.utils.translation import get_language

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from . import fair_share, shared_cache

# Seconds between two looks into the cache while another process renders.
POLL_INTERVAL = 0.02
# A failure that cost a render process is cached for this many seconds. Otherwise one URL that
# hangs, requested often enough, could occupy the whole pool.
FAILURE_TTL = 10
COSTLY_FAILURES = {"timed-out", "crashed", "too-much-memory"}
_flights: dict[str, Future[Picture]] = {}
_flights_lock = Lock()


def fetch(spec: PlotSpec, render: Callable[[PlotSpec], Picture]) -> Picture:
    """Return the image of ``spec`` from the cache, from a rendering in progress, or rendered now.

    While one caller renders an expired image again, the others get the expired one. An exception of
    ``render`` is raised in every caller that waited for it.

    Raises
    ------
    PlotError
        Also ``too-many-requests`` (429) if the client holds its share and no expired image exists.
    """
    key = f"plots:{spec.digest}"
    picture = _read(key, spec)
    if picture and picture.cache == "hit":
        return picture
    try:
        return _join_flight(key, spec, render, picture)
    except PlotError as error:
        if picture and error.code == fair_share.TOO_MANY:
            return picture
        raise


def _join_flight(
    key: str, spec: PlotSpec, render: Callable[[PlotSpec], Picture], picture: Picture | None
) -> Picture:
    with _flights_lock:
        flight = _flights.get(key)
        is_leader = flight is None
        if flight is None:
            flight = _flights[key] = Future()
    if not is_leader:
        try:
            return picture or replace(flight.result(), cache="waited")
        except PlotError as error:
            if error.code != fair_share.TOO_MANY:
                raise
            # It was another client that had its share.
            return _join_flight(key, spec, render, picture)
    try:
        found = _render_once(key, spec, render, picture)
    except BaseException as error:
        _end_flight(key)
        flight.set_exception(error)
        raise
    # The image is in the cache by now, where later requests find it.
    _end_flight(key)
    flight.set_result(found)
    return found


def _end_flight(key: str) -> None:
    with _flights_lock:
        del _flights[key]


def store_report(spec: PlotSpec, report: Any) -> None:
    """Cache ``report`` about the image of ``spec``, in the current language."""
    shared_cache.store.set(_report_key(spec), report, _max_age(spec))


def stored_reports(specs: Iterable[PlotSpec]) -> dict[str, Any]:
    """Return the cached reports about ``specs`` in the current language, by digest."""
    digests = {_report_key(spec): spec.digest for spec in specs}
    return {digests[key]: report for key, report in shared_cache.store.get_many([*digests]).items()}


def _report_key(spec: PlotSpec) -> str:
    return f"plots:{spec.digest}:report:{get_language()}"


def _render_once(
    key: str, spec: PlotSpec, render: Callable[[PlotSpec], Picture], stale: Picture | None
) -> Picture:
    """Render, unless another process that shares the cache does so or has just done so."""
    lock, token = f"{key}:lock", uuid4().hex
    timeout = fair_share.longest_render() + fair_share.MARGIN
    deadline = monotonic() + timeout
    while True:
        found = _read(key, spec)
        if found and found.cache == "hit":
            return found
        if shared_cache.store.add(lock, token, timeout) or monotonic() >= deadline:
            break
        if stale:
            return stale
        sleep(POLL_INTERVAL)
    try:
        picture = render(spec)
        shared_cache.store.set(key, (time(), picture.content), _max_age(spec) + _stale_age(spec))
        return picture
    except PlotError as error:
        if error.code in COSTLY_FAILURES:
            shared_cache.store.set(key, error, FAILURE_TTL)
        raise
    finally:
        if (
            shared_cache.store.get(lock) == token
        ):  # otherwise it has expired and belongs to another process
            shared_cache.store.delete(lock)


def _read(key: str, spec: PlotSpec) -> Picture | None:
    entry = shared_cache.store.get(key)
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
