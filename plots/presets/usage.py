"""Count where presets are used: the pages and template tags that request them, by day.

Counting adds one dictionary lookup to a request. From time to time, after a response is sent, the
counts of this process are written to the database in one transaction.
"""

from __future__ import annotations

import atexit
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from multiprocessing.util import Finalize
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.core.signals import request_finished
from django.db import DatabaseError, InterfaceError, connection, models, transaction
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from plots.http.stored_plots import today

from .preset_use import MAX_PLACE_LENGTH, PresetUse, Use

logger = logging.getLogger("plots")

DAYS = 30
FLUSH_INTERVAL = 30  # seconds
# The Referer header is not trusted. Further places of a preset on one day are counted as ELSEWHERE.
MAX_PLACES = 50
ELSEWHERE, UNKNOWN = "*", ""
# While the database is unavailable, further counts are dropped.
MAX_PENDING = 2_000


class Counts:
    """Counts of this process that are not in the database yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pending: Counter[Use] = Counter()
        self.clear()

    def clear(self) -> Counter[Use]:
        """Remove and return all pending counts."""
        with self._lock:
            removed, self._pending = self._pending, Counter()
            self._places: Counter[tuple[int, date]] = Counter()
            self._due = monotonic() + FLUSH_INTERVAL
        return removed

    def add(self, use: Use, count: int = 1) -> None:
        with self._lock:
            if use not in self._pending:
                use = _limit_places(use, self._places)
                if len(self._pending) >= MAX_PENDING:
                    return
            self._pending[use] += count

    @property
    def is_due(self) -> bool:
        return monotonic() >= self._due or len(self._pending) >= MAX_PENDING

    def flush(self) -> None:
        """Write the pending counts to the database. After an error they stay pending."""
        if not (pending := self.clear()):
            return
        try:
            _write(pending)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The usage counts of presets were not written: %s", error)
            for use, count in pending.items():
                self.add(use, count)


def _limit_places(use: Use, places: Counter[tuple[int, date]]) -> Use:
    """Count a new use among ``places``; above the limit, return it with the place ELSEWHERE."""
    if places[use.preset, use.day] >= MAX_PLACES:
        return use._replace(place=ELSEWHERE)
    places[use.preset, use.day] += 1
    return use


def _write(counted: Mapping[Use, int]) -> None:
    """Add ``counted`` to the rows in the database, and delete old rows."""
    from .models import Preset

    with transaction.atomic():
        named = {use.preset for use in counted}
        there = {*Preset.objects.filter(pk__in=named).values_list("pk", flat=True)}
        found = PresetUse.objects.filter(preset__in=there, day__in={use.day for use in counted})
        known = {row.use for row in found}
        places = Counter((use.preset, use.day) for use in known)
        increments: Counter[Use] = Counter()
        for use, count in counted.items():
            if use.preset in there:
                increments[use if use in known else _limit_places(use, places)] += count
        if new := [PresetUse.of(use) for use in increments if use not in known]:
            # Another process may have inserted the same rows.
            PresetUse.objects.bulk_create(new, ignore_conflicts=True)
            PresetUse.objects.filter(day__lt=today() - timedelta(days=DAYS)).delete()
        rows = [row for row in found.order_by("pk") if row.use in increments]
        for row in rows:
            vars(row)["count"] = models.F("count") + increments[row.use]
        PresetUse.objects.bulk_update(rows, ["count"])


counts = Counts()


def count_picture(request: HttpRequest, preset: int) -> None:
    """Count a request for the image of ``preset``. Requests from the admin are not counted."""
    meta = request.META
    own_hosts = meta.get("HTTP_HOST"), meta.get("HTTP_X_FORWARDED_HOST"), meta.get("SERVER_NAME")
    place = _place_of(meta.get("HTTP_REFERER", "")[:2000], own_hosts)
    if place is not None:
        counts.add(Use(preset, today(), "picture", place))


def count_tag(context: Any, preset: int) -> None:
    """Count a template tag that uses ``preset``, by the request's path or the template's name."""
    request = context.get("request")
    if isinstance(request, HttpRequest):
        place = None if _is_admin(request.path) else request.path[:MAX_PLACE_LENGTH]
    else:
        place = str(getattr(context.template, "name", None) or UNKNOWN)[:MAX_PLACE_LENGTH]
    if place is not None:
        counts.add(Use(preset, today(), "tag", place))


@lru_cache(maxsize=1024)
def _place_of(referer: str, own_hosts: tuple[str | None, ...]) -> str | None:
    """Return the place of ``referer``: the path on one of ``own_hosts``, else the origin."""
    try:
        page = urlsplit(referer)
        origin = f"{page.scheme}://{page.netloc.rpartition('@')[2]}"
    except ValueError:
        return UNKNOWN
    if page.scheme not in ("http", "https") or not page.netloc:
        return UNKNOWN
    if page.netloc not in own_hosts:
        return origin[:MAX_PLACE_LENGTH]
    return None if _is_admin(page.path) else (page.path or "/")[:MAX_PLACE_LENGTH]


def _is_admin(path: str) -> bool:
    try:
        return path.startswith(reverse("admin:index"))
    except NoReverseMatch:
        return False


def _flush_if_due(**_: Any) -> None:
    if counts.is_due:
        counts.flush()
        if not connection.in_atomic_block:  # as in tests
            # Django did this before the signal handler opened the connection again.
            connection.close_if_unusable_or_obsolete()


request_finished.connect(_flush_if_due)
# A process ends with atexit handlers, or, as a child of multiprocessing, with finalizers.
atexit.register(counts.flush)
Finalize(counts, counts.flush, exitpriority=10)
