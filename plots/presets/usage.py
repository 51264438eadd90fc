"""Where presets are used: the pages and tags that asked for them, counted by day.

A count costs a picture a step in a dictionary. Now and then, after an answer has left, the counts
of this process go into the database in one transaction.
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

from .models import LONGEST, PresetUse, Use

logger = logging.getLogger("plots")

DAYS = 30
EVERY = 30  # seconds between two times that counts are written
# A page names itself, and may lie: of so many places of a preset in a day, others are not told.
MOST_PLACES = 50
ELSEWHERE, UNKNOWN = "*", ""
# What waits to be written, at most; a database that is away for long loses the rest.
MOST_WAITING = 2_000


class Counts:
    """The counts of this process that are not in the database yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: Counter[Use] = Counter()
        self.clear()

    def clear(self) -> Counter[Use]:
        """Begin anew; returns what there was."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            self._places: Counter[tuple[int, date]] = Counter()
            self._due = monotonic() + EVERY
        return taken

    def add(self, use: Use, count: int = 1) -> None:
        with self._lock:
            if use not in self._waiting:
                use = _within(use, self._places)
                if len(self._waiting) >= MOST_WAITING:
                    return
            self._waiting[use] += count

    @property
    def are_due(self) -> bool:
        return monotonic() >= self._due or len(self._waiting) >= MOST_WAITING

    def flush(self) -> None:
        """Write what waits. Where the database fails, it waits on."""
        if not (taken := self.clear()):
            return
        try:
            _write(taken)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Where presets are used could not be written: %s", error)
            for use, count in taken.items():
                self.add(use, count)


def _within(use: Use, places: Counter[tuple[int, date]]) -> Use:
    """``use``, which is new, counted among ``places``, or elsewhere where there are enough."""
    if places[use.preset, use.day] >= MOST_PLACES:
        return use._replace(place=ELSEWHERE)
    places[use.preset, use.day] += 1
    return use


def _write(taken: Mapping[Use, int]) -> None:
    """Add what was counted to what the database has, and drop what is too old."""
    from .models import Preset

    with transaction.atomic():
        named = {use.preset for use in taken}
        there = {*Preset.objects.filter(pk__in=named).values_list("pk", flat=True)}
        found = PresetUse.objects.filter(preset__in=there, day__in={use.day for use in taken})
        known = {row.use for row in found}
        places = Counter((use.preset, use.day) for use in known)
        added: Counter[Use] = Counter()
        for use, count in taken.items():
            if use.preset in there:
                added[use if use in known else _within(use, places)] += count
        if new := [PresetUse.of(use) for use in added if use not in known]:
            # Another process may have made the same just now.
            PresetUse.objects.bulk_create(new, ignore_conflicts=True)
            PresetUse.objects.filter(day__lt=today() - timedelta(days=DAYS)).delete()
        rows = [row for row in found.order_by("pk") if row.use in added]
        for row in rows:
            vars(row)["count"] = models.F("count") + added[row.use]
        PresetUse.objects.bulk_update(rows, ["count"])


counts = Counts()


def count_picture(request: HttpRequest, preset: int) -> None:
    """Count that a page asked for the picture of ``preset``; the studio's own are not counted."""
    told = request.META
    ours = told.get("HTTP_HOST"), told.get("HTTP_X_FORWARDED_HOST"), told.get("SERVER_NAME")
    place = _place_of(told.get("HTTP_REFERER", "")[:2000], ours)
    if place is not None:
        counts.add(Use(preset, today(), "picture", place))


def count_tag(context: Any, preset: int) -> None:
    """Count that a template asked for ``preset``: by the path of its request, or by its name."""
    request = context.get("request")
    if isinstance(request, HttpRequest):
        place = None if _is_studio(request.path) else request.path[:LONGEST]
    else:
        place = str(getattr(context.template, "name", None) or UNKNOWN)[:LONGEST]
    if place is not None:
        counts.add(Use(preset, today(), "tag", place))


@lru_cache(maxsize=1024)
def _place_of(referer: str, ours: tuple[str | None, ...]) -> str | None:
    """The page that ``referer`` names: its path if its site is one of ``ours``, else its site."""
    try:
        page = urlsplit(referer)
        origin = f"{page.scheme}://{page.netloc.rpartition('@')[2]}"
    except ValueError:
        return UNKNOWN
    if page.scheme not in ("http", "https") or not page.netloc:
        return UNKNOWN
    if page.netloc not in ours:
        return origin[:LONGEST]
    return None if _is_studio(page.path) else (page.path or "/")[:LONGEST]


def _is_studio(path: str) -> bool:
    try:
        return path.startswith(reverse("admin:index"))
    except NoReverseMatch:
        return False


def _flush_if_due(**_: Any) -> None:
    if counts.are_due:
        counts.flush()
        if not connection.in_atomic_block:  # of a test
            connection.close_if_unusable_or_obsolete()  # as Django did before this


request_finished.connect(_flush_if_due)
# A server's worker may be a child of multiprocessing, which ends without the one or the other.
atexit.register(counts.flush)
Finalize(counts, counts.flush, exitpriority=10)
