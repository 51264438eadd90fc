"""Pool of render processes: each draws one figure at a time and can be killed.

The calling thread takes an idle worker, talks to it over a socket and gives it back. Only spawning
and reaping workers happens in a thread of its own.
"""

from __future__ import annotations

import logging
import pickle
import signal
from collections import Counter, deque
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock, Thread
from time import monotonic, perf_counter

from django.utils.translation import gettext as _

from plots import metrics
from plots.conf import conf
from plots.errors import PlotError
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from .fair_share import WAIT_FACTOR, WaitingLine, busy, current_client, too_many
from .forkserver import ForkServer, Worker
from .worker_process import Answer, Job, internal_error

logger = logging.getLogger("plots")

# Seconds after its own alarm in which a worker must have ended. Code may have tampered with the
# alarm; then the worker is killed.
GRACE_PERIOD = 0.5


class Pool:
    """``size`` render processes, used by any number of threads of this process."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._lock = Lock()
        self._server: ForkServer | None = None
        self._idle: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._waiting: WaitingLine[Worker] = WaitingLine()
        self._dead: list[Worker] = []
        self._missing = size
        self._is_filling = False
        self._is_closed = False
        self.moved = monotonic()  # when a worker was last taken or became free

    def render(self, spec: PlotSpec) -> Picture:
        """Render ``spec`` in a worker.

        Besides the PlotErrors of rendering, this raises those with the codes ``busy`` (503) if
        ``QUEUE`` requests are waiting or no worker became free in three times ``TIMEOUT``;
        ``too-many-requests`` (429) if another client, of which fewer are waiting, needs the place;
        ``timed-out`` (504) if drawing took longer than ``TIMEOUT``; ``too-much-memory`` and
        ``crashed`` (500).
        """
        seconds = conf.TIMEOUT
        job = pickle.dumps(Job(spec, seconds, conf.MEMORY))
        start = perf_counter()
        worker = self._take(WAIT_FACTOR * seconds)
        queued = perf_counter() - start
        answer: Answer | None = None
        try:
            answer = worker.draw(job, seconds + GRACE_PERIOD)
        except (EOFError, OSError) as error:
            worker.reap()
            is_late = isinstance(error, TimeoutError) or worker.exit_code == -signal.SIGALRM
            raise _timed_out(spec, seconds) if is_late else _crashed(spec, worker) from None
        finally:
            if answer is None or answer.is_last or worker.jobs >= conf.RENDERS:
                self._replace(worker)
            else:
                self._give(worker)
        if isinstance(answer.result, PlotError):
            if answer.result.code == "too-much-memory":
                metrics.record_event("memory")
            raise answer.result
        return replace(answer.result, seconds={**answer.result.seconds, "queue": queued})

    def warm_up(self) -> None:
        """Spawn missing workers in a thread; return at once."""
        with self._lock:
            if self._is_filling or self._is_closed or not (self._missing or self._dead):
                return
            self._is_filling = True
        Thread(target=self._fill, name="plots-pool", daemon=True).start()

    def close(self) -> None:
        """Stop all workers; requests that wait for one fail."""
        with self._lock:
            self._is_closed = True
            server, waiting = self._server, self._waiting.clear()
        for future in waiting:
            future.set_exception(busy())
        if server:
            server.close()
        for worker in (*self._idle, *self._dead):
            worker.connection.close()

    def abandon(self) -> None:
        """In a forked process: close the sockets of workers that belong to its parent."""
        if self._server:
            self._server.abandon()
        for worker in (*self._idle, *self._busy, *self._dead):
            worker.connection.close()

    def _take(self, seconds: float) -> Worker:
        """Return an idle worker. Waiting clients get one in turn."""
        client = current_client()
        while True:
            self.warm_up()
            with self._lock:
                future = self._enter(client)
            try:
                worker = future.result(seconds)
            except BaseException as error:
                self._cancel(future)
                raise busy() if isinstance(error, TimeoutError) else error from None
            with self._lock:
                worker.client = client
                self._busy.add(worker)
                self.moved = monotonic()
            if worker.is_alive:
                return worker
            self._replace(worker)

    def _enter(self, client: str) -> Future[Worker]:
        """Return the future of an idle worker, or of a place in the queue. Needs the lock."""
        if self._is_closed:
            raise busy()
        if self._idle:
            future: Future[Worker] = Future()
            # The one that has been idle longest has had time to prepare a blank figure.
            future.set_result(self._idle.popleft())
            return future
        if len(self._waiting) >= conf.QUEUE:
            if (removed := self._waiting.make_room(client)) is None:
                raise busy()
            removed.set_exception(too_many())
        return self._waiting.append(client)

    def _cancel(self, future: Future[Worker]) -> None:
        """Stop waiting, and give back a worker that was assigned in the meantime."""
        with self._lock:
            self._waiting.remove(future)
        if future.done() and not future.exception():
            self._give(future.result())

    def _give(self, worker: Worker) -> None:
        """Assign ``worker`` to a waiting caller, or mark it as idle."""
        with self._lock:
            self._busy.discard(worker)
            self.moved = monotonic()
            if self._is_closed:
                worker.connection.close()
            elif self._waiting:
                # Assigned workers count as busy at once, before their callers wake up.
                drawing = Counter(each.client for each in self._busy)
                worker.client, future = self._waiting.pop(drawing)
                self._busy.add(worker)
                future.set_result(worker)
            else:
                self._idle.append(worker)

    def _replace(self, worker: Worker) -> None:
        """Have ``worker`` reaped and another one spawned."""
        metrics.record_event("recycled")
        with self._lock:
            self._busy.discard(worker)
            self._dead.append(worker)
            self._missing += 1
        self.warm_up()

    def _fill(self) -> None:
        """Spawn missing workers, then reap dead ones."""
        while True:
            with self._lock:
                is_missing, dead = bool(self._missing), self._dead
                if self._is_closed or not (is_missing or dead):
                    self._is_filling = False
                    break
                if not is_missing:
                    self._dead = []
            if not is_missing:
                for worker in dead:
                    worker.reap()
            elif not self._spawn():
                break
        if self._is_closed and self._server:
            self._server.close()  # it may have been started after the pool was closed

    def _spawn(self) -> bool:
        try:
            worker = self._fork()
        except Exception:  # loading the project or starting a process may raise anything
            self._fail_waiting()
            return False
        with self._lock:
            self._missing -= 1
        self._give(worker)
        return True

    def _fork(self) -> Worker:
        if self._server:
            try:
                return self._server.fork()
            except OSError:
                self._server.close()  # it was killed; start a new one
        self._server = ForkServer()
        return self._server.fork()

    def _fail_waiting(self) -> None:
        """Fail the waiting requests if there is no worker at all. The next request tries again."""
        if not self._is_closed:
            logger.exception("No render process could be started")
        with self._lock:
            self._is_filling = False
            waiting = self._waiting.clear() if self._missing == self.size else []
        for future in waiting:
            future.set_exception(internal_error())


def _timed_out(spec: PlotSpec, seconds: float) -> PlotError:
    logger.error("Killed the render process of %s after %g s", spec.digest, seconds)
    metrics.record_event("killed")
    message = _("Drawing this plot takes longer than %(seconds)s seconds. Request fewer values.")
    return PlotError(message % {"seconds": f"{seconds:g}"}, "timed-out")


def _crashed(spec: PlotSpec, worker: Worker) -> PlotError:
    logger.error("The render process of %s exited (%s)", spec.digest, worker.exit_code)
    metrics.record_event("crashed")
    message = _("The process that drew this plot crashed. The error has been logged.")
    return PlotError(message, "crashed")
