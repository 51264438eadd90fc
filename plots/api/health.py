"""Health checks and metrics, for monitoring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from django.apps import apps
from django.core.cache import cache, caches
from django.db import DatabaseError, connections, models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from plots import metrics as plots_metrics
from plots.conf import conf
from plots.delivery import deliver, fair_share, renderers
from plots.delivery.clients import untrusted_headers
from plots.errors import RETRY_AFTER, PlotError, lacks_table
from plots.forms.parameters_to_spec import read_spec

LIMIT = 5.0  # seconds that a response waits for the checks
PATIENCE = 10.0  # seconds after which a check that has not finished has failed
OK, BUSY, SLOW = "ok", "busy", "slow"


class NotMigrated(Exception):
    """Tables or columns of the app are missing."""


class Check:
    """One health check, run at most once in ``every`` seconds and in at most one thread.

    Frequent requests, or a check that hangs, thus cannot overload the site.

    Parameters
    ----------
    attempt : callable
        Raises an exception if the check fails.
    every : float
        Seconds between two attempts.
    is_needed : bool
        Whether neither pages nor pictures can be served if the check fails.
    patience : callable, optional
        Returns the seconds after which an attempt that has not finished has failed.
    """

    def __init__(
        self,
        attempt: Callable[[], None],
        every: float,
        *,
        is_needed: bool = True,
        patience: Callable[[], float] = lambda: PATIENCE,
    ) -> None:
        self.attempt, self.every, self.is_needed = attempt, every, is_needed
        self.patience = patience
        self.lock = Lock()
        self.due = self.late = 0.0
        self.done = Event()
        self.done.set()
        self.answer = OK

    def start(self) -> None:
        """Run the check in a thread if it is due and not running."""
        with self.lock:
            if self.done.is_set() and monotonic() >= self.due:
                self.done.clear()
                self.late = monotonic() + self.patience()
                Thread(target=self._run, daemon=True).start()

    def result(self, until: float) -> str:
        """Wait until ``until`` and return OK, BUSY, SLOW, or the name of a failure.

        An attempt that has not finished is slow, or has the result of the previous one if that
        failed. A busy machine thus does not count as a failure, until ``patience`` is over.
        """
        is_done = self.done.wait(max(0, until - monotonic()))
        if not is_done and monotonic() >= self.late:
            return TimeoutError.__name__
        return self.answer if is_done or self.answer != OK else SLOW

    def _run(self) -> None:
        try:
            self.attempt()
            self.answer = OK
        except Exception as error:
            # Its message may contain host names and must not be public.
            self.answer = error.code if isinstance(error, PlotError) else type(error).__name__
            plots_metrics.logger.warning("A health check failed", exc_info=error)
        finally:
            for handler in (connections, caches):
                handler.close_all()  # those of this thread
            self.due = monotonic() + self.every
            self.done.set()


def _models() -> Iterator[type[models.Model]]:
    for app in apps.get_app_configs():
        if app.name == "plots" or app.name.startswith("plots."):
            yield from app.get_models()


def _database() -> None:
    try:
        for model in _models():
            [*model._base_manager.extra(where=["1 = 0"])]  # names all columns, reads no row
    except DatabaseError as error:
        if lacks_table(error):
            raise NotMigrated from error
        raise


def _cache() -> None:
    cache.set("plots.health", OK, 60)
    if cache.get("plots.health") != OK:
        raise LookupError("The cache did not return a value that was just stored.")


def _renderer() -> None:
    side = [str(conf.MIN_SIDE)]
    try:
        deliver.render(read_spec("line", {"y": ["1,2"], "width": side, "height": side}))
    except PlotError as error:
        if error.code == BUSY and renderers.is_stalled():
            raise TimeoutError from error
        raise


CHECKS = {
    "database": Check(_database, 1),
    "cache": Check(_cache, 1, is_needed=False),
    "renderer": Check(_renderer, 10, patience=lambda: fair_share.longest_render() + LIMIT),
}


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Return the result of each check: 200 while pages and pictures can be served, else 503.

    The status is "ok" if all checks succeed, "degraded" if one fails that is not needed or the
    site is busy, and otherwise "failing".
    """
    until = monotonic() + LIMIT
    for check in CHECKS.values():
        check.start()
    results = {name: check.result(until) for name, check in CHECKS.items()}
    failed = {name for name, result in results.items() if result not in (OK, BUSY, SLOW)}
    is_failing = any(CHECKS[name].is_needed for name in failed)
    is_ok = all(result == OK for result in results.values())
    status = "failing" if is_failing else OK if is_ok else "degraded"
    body: dict[str, Any] = {"status": status, "checks": results}
    if untrusted_headers:
        body["notes"] = ["untrusted-proxy-header"]
    response = JsonResponse(body, status=503 if is_failing else 200)
    response["Cache-Control"] = "no-store"
    if is_failing:
        response["Retry-After"] = str(RETRY_AFTER["unavailable"])
    return response


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics in Prometheus's format; 404 if ``PLOTS["METRICS"]`` is off."""
    exposed = plots_metrics.exposition()
    if exposed is None:
        raise Http404("Metrics are off.")
    content, content_type = exposed
    return HttpResponse(content, content_type, headers={"Cache-Control": "no-store"})
