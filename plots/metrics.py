"""What the site does, counted for Prometheus and told in the log; the one home of both.

Every count is of this process, and nothing of it is shared: a site whose server runs one worker,
as ours does, is counted whole. With several, each answers ``/metrics`` for itself alone.

Every record of the logger ``plots`` about a plot has the attributes ``digest``, ``kind`` and
``format``; where they are known, ``code`` (of the error) and ``seconds`` (by stage) too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Literal, Protocol, get_args

from .conf import conf
from .errors import STATUS, PlotError

logger = logging.getLogger("plots")

# The values of labels are closed lists, so that no stranger can make the numbers of them grow.
OUTCOMES = ("hit", "stale", "miss", "waited", "not-modified")  # and the codes in errors.STATUS
STAGES = ("queue", "data", "build", "draw", "encode")
Event = Literal["killed", "crashed", "recycled", "memory"]
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class Plot(Protocol):
    """What a metric or a log record says about a plot."""

    @property
    def digest(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def format(self) -> str: ...


_plot: ContextVar[Plot | None] = ContextVar("plot", default=None)


class Metrics:
    """The counters, in a registry of their own."""

    def __init__(self) -> None:
        # Imported here: who does not count need not have it.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "plots_requests",
            "Pictures and tables asked for, by what became of it.",
            ("kind", "format", "outcome"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "plots_render_seconds",
            "Seconds that each stage of drawing took.",
            ("stage",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "plots_renders_in_flight", "Plots being drawn now.", registry=self.registry
        )
        self.events = Counter(
            "plots_pool_events",
            "What befell render processes.",
            ("event",),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        for stage in STAGES:  # a series that begins at 0 shows its first step
            self.seconds.labels(stage)
        for event in get_args(Event):
            self.events.labels(event)


_making = Lock()


@lru_cache(maxsize=1)
def _made() -> Metrics:
    return Metrics()


def metrics() -> Metrics | None:
    """The counters of this process, or None while ``PLOTS["METRICS"]`` is off."""
    if not conf.METRICS:
        return None
    with _making:
        return _made()


def exposition() -> tuple[bytes, str] | None:
    """All counters in Prometheus's text format with its content type; None while they are off."""
    if (counted := metrics()) is None:
        return None
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return generate_latest(counted.registry), CONTENT_TYPE_LATEST


def count_response(kind: str, format: str, outcome: str) -> None:
    """Count one request: ``outcome`` is one of OUTCOMES, or the code of a PlotError.

    ``kind`` and ``format`` must be registered names, or "unknown".
    """
    if counted := metrics():
        counted.requests.labels(
            kind,
            format,
            outcome if outcome in OUTCOMES or outcome in STATUS else "invalid",
        ).inc()


@contextmanager
def track_render(spec: Plot) -> Iterator[None]:
    """While it lasts, ``spec`` counts as in flight, and what the app logs here names it."""
    counted, token = metrics(), _plot.set(spec)
    if counted:
        counted.in_flight.inc()
    try:
        yield
    finally:
        if counted:
            counted.in_flight.dec()
        _plot.reset(token)


def record_render(spec: Plot, took: Mapping[str, float]) -> None:
    """Count and log that ``spec`` was drawn; ``took`` has the seconds of each stage."""
    if counted := metrics():
        for stage in STAGES:
            if stage in took:
                counted.seconds.labels(stage).observe(took[stage])
    if logger.isEnabledFor(logging.DEBUG):
        seconds = {stage: round(each, 4) for stage, each in took.items()}
        logger.debug(
            "Drew %s.%s in %.0f ms",
            spec.kind,
            spec.format,
            sum(seconds.values()) * 1000,
            extra={"plot": spec, "seconds": seconds},
        )


def record_failure(spec: Plot, error: Exception) -> None:
    """Tell that ``spec`` could not be drawn; ``error`` itself is for the caller to raise.

    An error that is no PlotError is logged by whoever answers it, with its traceback: it leaves
    with a note of its plot. So does one with the code "failed", which somebody has logged. That
    all are busy is only counted: a crowd is not to fill the log.
    """
    vars(error)["plot_spec"] = spec
    if not isinstance(error, PlotError):
        error.add_note(f"while drawing {spec.digest} {str(spec)[:2000]}")
    elif error.code != "failed":
        ours = error.status >= 500 and error.status != 503
        logger.log(
            logging.WARNING if ours else logging.DEBUG,
            "Did not draw %s.%s: %s",
            spec.kind,
            spec.format,
            error,
            extra={"plot": spec, "code": error.code},
        )


def record_event(name: Event) -> None:
    """Count and tell what befell a render process; whose picture it cost, ``failed`` tells."""
    if counted := metrics():
        counted.events.labels(name).inc()
    logger.debug("A render process: %s", name, extra={"event": name})


def _name_the_plot(record: logging.LogRecord) -> bool:
    """Give ``record`` the names of the plot it is about, if it is about one."""
    raised = record.exc_info[1] if record.exc_info else None
    spec = vars(record).pop("plot", None) or getattr(raised, "plot_spec", None) or _plot.get()
    if spec is not None:
        vars(record).update(digest=spec.digest, kind=spec.kind, format=spec.format)
    return True


logger.addFilter(_name_the_plot)


class JSONFormatter(logging.Formatter):
    """A record as one JSON object in one line, with all that its caller gave as ``extra``."""

    standard = {*vars(logging.makeLogRecord({})), "message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        known = self.standard | entry.keys()
        entry |= {name: value for name, value in vars(record).items() if name not in known}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        return json.dumps(entry, default=str)
