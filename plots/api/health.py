"""What machines ask about the site: whether it works, and what it has counted."""

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
    """Something that must work, tried at most once in ``every`` seconds, one try at a time.

    However often it is asked, and however long the thing takes or hangs, no more than one thread
    is at it: neither a stranger nor a monitor can load the site by asking.
    """

    def __init__(self, attempt: Callable[[], None], every: float) -> None:
        self.attempt, self.every = attempt, every
        self.lock = Lock()
        self.due = 0.0
        self.done = Event()
        self.done.set()
        self.answer = OK

    def start(self) -> None:
        """Try it in a thread of its own, if it is time and no earlier try is still at it."""
        with self.lock:
            if self.done.is_set() and monotonic() >= self.due:
                self.done.clear()
                Thread(target=self._run, daemon=True).start()

    def result(self, until: float) -> str:
        """OK, or the name of what went wrong; TimeoutError if there is no answer at ``until``."""
        answered = self.done.wait(max(0, until - monotonic()))
        return self.answer if answered else TimeoutError.__name__

    def _run(self) -> None:
        try:
            self.attempt()
            self.answer = OK
        except Exception as error:
            # Its text may hold addresses and names, which are not for everybody.
            self.answer = type(error).__name__
            plots_metrics.logger.warning("A health check failed", exc_info=error)
        finally:
            for opened in (connections, caches):
                opened.close_all()  # those of this thread
            self.due = monotonic() + self.every
            self.done.set()


def _database() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _cache() -> None:
    cache.set("plots.health", OK, 60)
    if cache.get("plots.health") != OK:
        raise LookupError("The cache has forgotten what it was just told.")


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
    """200 when database, cache and renderer answer, else 503 with which do not."""
    until = monotonic() + LIMIT
    for check in CHECKS.values():
        check.start()
    found = {name: check.result(until) for name, check in CHECKS.items()}
    works = all(answer == OK for answer in found.values())
    body = {"status": OK if works else "failing", "checks": found}
    return JsonResponse(body, status=200 if works else 503, headers={"Cache-Control": "no-store"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The counters, for Prometheus; a 404 while ``PLOTS["METRICS"]`` is off."""
    exposed = plots_metrics.exposition()
    if exposed is None:
        raise Http404("Nothing is counted.")
    content, content_type = exposed
    return HttpResponse(content, content_type, headers={"Cache-Control": "no-store"})
