"""Prometheus metrics and logging of requests and renderings.

The metrics are those of one process. If a server runs several web processes, each returns its own
at ``/metrics``.

Every record of the logger ``plots`` about a plot has the attributes ``digest``, ``kind`` and
``format`` and, if known, ``code`` (of the error) and ``seconds`` (by stage).
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

# Label values are closed lists, so requests cannot create an unlimited number of time series.
OUTCOMES = ("hit", "stale", "miss", "waited", "not-modified")  # and the codes in errors.STATUS
STAGES = ("queue", "data", "build", "draw", "encode")
Event = Literal["killed", "crashed", "recycled", "memory"]
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class Plot(Protocol):
    """The attributes of a spec that metrics and log records contain."""

    @property
    def digest(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def format(self) -> str: ...


_plot: ContextVar[Plot | None] = ContextVar("plot", default=None)


class Metrics:
    """All metrics, in a registry of their own."""

    def __init__(self) -> None:
        # Imported here because prometheus_client is optional.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "plots_requests",
            "Number of requests for images and tables, by outcome.",
            ("kind", "format", "outcome"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "plots_render_seconds",
            "Duration of each stage of rendering in seconds.",
            ("stage",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "plots_renders_in_flight", "Number of renderings in progress.", registry=self.registry
        )
        self.events = Counter(
            "plots_pool_events",
            "Render process lifecycle events.",
            ("event",),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        for stage in STAGES:  # start all time series at 0
            self.seconds.labels(stage)
        for event in get_args(Event):
            self.events.labels(event)


_lock = Lock()


@lru_cache(maxsize=1)
def _create() -> Metrics:
    return Metrics()


def metrics() -> Metrics | None:
    """Return the metrics of this process; None if ``PLOTS["METRICS"]`` is off."""
    if not conf.METRICS:
        return None
    with _lock:
        return _create()


def exposition() -> tuple[bytes, str] | None:
    """Return all metrics in Prometheus's text format, and its content type; None if off."""
    if (enabled := metrics()) is None:
        return None
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return generate_latest(enabled.registry), CONTENT_TYPE_LATEST


def count_response(kind: str, format: str, outcome: str) -> None:
    """Count one request. ``outcome`` is one of OUTCOMES or the code of a PlotError.

    ``kind`` and ``format`` must be registered names or "unknown".
    """
    if enabled := metrics():
        enabled.requests.labels(
            kind,
            format,
            outcome if outcome in OUTCOMES or outcome in STATUS else "invalid",
        ).inc()


@contextmanager
def track_render(spec: Plot) -> Iterator[None]:
    """Count ``spec`` as in progress, and add its attributes to log records of the block."""
    enabled, token = metrics(), _plot.set(spec)
    if enabled:
        enabled.in_flight.inc()
    try:
        yield
    finally:
        if enabled:
            enabled.in_flight.dec()
        _plot.reset(token)


def record_render(spec: Plot, durations: Mapping[str, float]) -> None:
    """Count and log the rendering of ``spec``, with the seconds of each stage."""
    if enabled := metrics():
        for stage in STAGES:
            if stage in durations:
                enabled.seconds.labels(stage).observe(durations[stage])
    if logger.isEnabledFor(logging.DEBUG):
        seconds = {stage: round(each, 4) for stage, each in durations.items()}
        logger.debug(
            "Drew %s.%s in %.0f ms",
            spec.kind,
            spec.format,
            sum(seconds.values()) * 1000,
            extra={"plot": spec, "seconds": seconds},
        )


def record_failure(spec: Plot, error: Exception) -> None:
    """Log that ``spec`` could not be drawn. The caller raises ``error``.

    Exceptions other than PlotError get a note with their plot; the view logs them with their
    traceback. Errors with the code "failed" have been logged already. Busy render processes are
    logged at level DEBUG, because a load peak must not fill the log.
    """
    vars(error)["plot_spec"] = spec
    if not isinstance(error, PlotError):
        error.add_note(f"while rendering {spec.digest} {str(spec)[:2000]}")
    elif error.code != "failed":
        is_server_error = error.status >= 500 and error.status != 503
        logger.log(
            logging.WARNING if is_server_error else logging.DEBUG,
            "Could not draw %s.%s: %s",
            spec.kind,
            spec.format,
            error,
            extra={"plot": spec, "code": error.code},
        )


def record_event(name: Event) -> None:
    """Count and log a lifecycle event of a render process."""
    if enabled := metrics():
        enabled.events.labels(name).inc()
    logger.debug("Render process event: %s", name, extra={"event": name})


def _add_plot(record: logging.LogRecord) -> bool:
    """Add the attributes of the plot that ``record`` is about, if there is one."""
    error = record.exc_info[1] if record.exc_info else None
    spec = vars(record).pop("plot", None) or getattr(error, "plot_spec", None) or _plot.get()
    if spec is not None:
        vars(record).update(digest=spec.digest, kind=spec.kind, format=spec.format)
    return True


logger.addFilter(_add_plot)


class JSONFormatter(logging.Formatter):
    """Format each record as a JSON object on one line, including its ``extra`` attributes."""

    standard = {*vars(logging.makeLogRecord({})), "message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        reserved = self.standard | entry.keys()
        entry |= {name: value for name, value in vars(record).items() if name not in reserved}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        return json.dumps(entry, default=str)
