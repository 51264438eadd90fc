"""Health checks and metrics, for monitoring."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from django.core.cache import cache, caches
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from plots import metrics as plots_metrics
from plots.conf import conf
from plots.delivery import deliver
from plots.forms.parameters_to_spec import read_spec

LIMIT = 5.0  # seconds that all checks together may take
OK = "ok"


class Check:
    """One health check, run at most once in ``every`` seconds and in at most one thread.

    Frequent requests, or a check that hangs, thus cannot overload the site.
    """

    def __init__(self, attempt: Callable[[], None], every: float) -> None:
        self.attempt, self.every = attempt, every
        self.lock = Lock()
        self.due = 0.0
        self.done = Event()
        self.done.set()
        self.answer = OK

    def start(self) -> None:
        """Run the check in a thread if it is due and not running."""
        with self.lock:
            if self.done.is_set() and monotonic() >= self.due:
                self.done.clear()
                Thread(target=self._run, daemon=True).start()

    def result(self, until: float) -> str:
        """Return OK or the name of an exception; TimeoutError if not finished at ``until``."""
        is_done = self.done.wait(max(0, until - monotonic()))
        return self.answer if is_done else TimeoutError.__name__

    def _run(self) -> None:
        try:
            self.attempt()
            self.answer = OK
        except Exception as error:
            # Its message may contain host names and must not be public.
            self.answer = type(error).__name__
            plots_metrics.logger.warning("A health check failed", exc_info=error)
        finally:
            for handler in (connections, caches):
                handler.close_all()  # those of this thread
            self.due = monotonic() + self.every
            self.done.set()


def _database() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _cache() -> None:
    cache.set("plots.health", OK, 60)
    if cache.get("plots.health") != OK:
        raise LookupError("The cache did not return a value that was just stored.")


def _renderer() -> None:
    side = [str(conf.MIN_SIDE)]
    deliver.render(read_spec("line", {"y": ["1,2"], "width": side, "height": side}))


CHECKS = {
    "database": Check(_database, 1),
    "cache": Check(_cache, 1),
    "renderer": Check(_renderer, 10),
}


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Return 200 if database, cache and renderer work, otherwise 503 and the failed checks."""
    until = monotonic() + LIMIT
    for check in CHECKS.values():
        check.start()
    results = {name: check.result(until) for name, check in CHECKS.items()}
    is_healthy = all(result == OK for result in results.values())
    body = {"status": OK if is_healthy else "failing", "checks": results}
    return JsonResponse(
        body, status=200 if is_healthy else 503, headers={"Cache-Control": "no-store"}
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics in Prometheus's format; 404 if ``PLOTS["METRICS"]`` is off."""
    exposed = plots_metrics.exposition()
    if exposed is None:
        raise Http404("Metrics are off.")
    content, content_type = exposed
    return HttpResponse(content, content_type, headers={"Cache-Control": "no-store"})
