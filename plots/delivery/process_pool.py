"""A pool of render processes: each draws one figure at a time, and may be killed.

Nothing stands between the thread that asks and the process that draws: the thread takes an idle
process, talks to it over a socket and gives it back. Only starting processes is done aside.
"""

from __future__ import annotations

import logging
import pickle
import signal
from collections import deque
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock, Thread
from time import perf_counter

from plots import metrics
from plots.conf import conf
from plots.errors import PlotError
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from .forkserver import ForkServer, Worker
from .worker_process import Answer, Job, went_wrong

logger = logging.getLogger("plots")

# Seconds that a process may outlive its own alarm: one whose clock was tampered with is killed.
GRACE = 0.5
# Deadlines that may pass while a caller waits: a few that hang shall not cost others their picture.
# How many wait is bounded by QUEUE.
ROUNDS = 3


class Pool:
    """``size`` render processes of this process, for any number of threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._lock = Lock()
        self._server: ForkServer | None = None
        self._idle: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._waiting: deque[Future[Worker]] = deque()
        self._ended: list[Worker] = []
        self._missing = size
        self._is_filling = False
        self._is_closed = False

    def render(self, spec: PlotSpec) -> Picture:
        """Draw ``spec``. Raises PlotError as drawing does, and besides

        ``busy`` (503) when ``QUEUE`` others wait already, or none of the processes was free for
        three times ``TIMEOUT``; ``timed-out`` (504) when drawing alone took longer than that;
        ``too-much-memory`` and ``crashed`` (500).
        """
        seconds = conf.TIMEOUT
        job = pickle.dumps(Job(spec, seconds, conf.MEMORY))
        start = perf_counter()
        worker = self._take(ROUNDS * seconds)
        queued = perf_counter() - start
        answer: Answer | None = None
        try:
            answer = worker.draw(job, seconds + GRACE)
        except (EOFError, OSError) as error:
            worker.end()
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
        """Start what is missing, aside: returns at once."""
        with self._lock:
            if self._is_filling or self._is_closed or not (self._missing or self._ended):
                return
            self._is_filling = True
        Thread(target=self._fill, name="plots-pool", daemon=True).start()

    def close(self) -> None:
        """End all processes; whoever waits for one gets an error."""
        with self._lock:
            self._is_closed = True
            server, waiting = self._server, [*self._waiting]
            self._waiting.clear()
        for place in waiting:
            place.set_exception(_busy())
        if server:
            server.close()
        for worker in (*self._idle, *self._ended):
            worker.connection.close()

    def abandon(self) -> None:
        """In a forked process: let go of processes that belong to the one it was forked from."""
        if self._server:
            self._server.abandon()
        for worker in (*self._idle, *self._busy, *self._ended):
            worker.connection.close()

    def _take(self, seconds: float) -> Worker:
        """An idle process; callers get one in the order in which they came."""
        while True:
            self.warm_up()
            with self._lock:
                if self._is_closed or (not self._idle and len(self._waiting) >= conf.QUEUE):
                    raise _busy()
                place: Future[Worker] = Future()
                if self._idle:
                    # The one that has been idle longest: it has prepared itself.
                    place.set_result(self._idle.popleft())
                else:
                    self._waiting.append(place)
            try:
                worker = place.result(seconds)
            except BaseException as error:
                self._leave(place)
                raise _busy() if isinstance(error, TimeoutError) else error from None
            with self._lock:
                self._busy.add(worker)
            if worker.is_alive:
                return worker
            self._replace(worker)

    def _leave(self, place: Future[Worker]) -> None:
        """Wait no longer, and pass on what was given in the last moment."""
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
        if place.done() and not place.exception():
            self._give(place.result())

    def _give(self, worker: Worker) -> None:
        """``worker`` is free: for who waits longest, else for who comes next."""
        with self._lock:
            self._busy.discard(worker)
            if self._is_closed:
                worker.connection.close()
            elif self._waiting:
                self._waiting.popleft().set_result(worker)
            else:
                self._idle.append(worker)

    def _replace(self, worker: Worker) -> None:
        """Have another take the place of ``worker``, which has ended or is to."""
        metrics.record_event("recycled")
        with self._lock:
            self._busy.discard(worker)
            self._ended.append(worker)
            self._missing += 1
        self.warm_up()

    def _fill(self) -> None:
        """Start all that is missing, then see off those that ended."""
        while True:
            with self._lock:
                is_missing, ended = bool(self._missing), self._ended
                if self._is_closed or not (is_missing or ended):
                    self._is_filling = False
                    break
                if not is_missing:
                    self._ended = []
            if not is_missing:
                for worker in ended:
                    worker.end()
            elif not self._start_one():
                break
        if self._is_closed and self._server:
            self._server.close()  # it may be younger than the end of the pool

    def _start_one(self) -> bool:
        try:
            worker = self._fork()
        except Exception:  # whatever loading the project, or starting a process, may raise
            self._despair()
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
                self._server.close()  # somebody killed it; another takes its place
        self._server = ForkServer()
        return self._server.fork()

    def _despair(self) -> None:
        """No process can be started: tell who would wait in vain. The next to come tries again."""
        if not self._is_closed:
            logger.exception("No render process could be started")
        with self._lock:
            self._is_filling = False
            waiting = [*self._waiting] if self._missing == self.size else []
            for place in waiting:
                self._waiting.remove(place)
        for place in waiting:
            place.set_exception(went_wrong())


def _busy() -> PlotError:
    message = "Too many plots are being drawn just now; ask again in a second."
    return PlotError(message, "busy")


def _timed_out(spec: PlotSpec, seconds: float) -> PlotError:
    logger.error("Drawing %s took longer than %g s and was ended", spec.digest, seconds)
    metrics.record_event("killed")
    message = f"Drawing this takes longer than {seconds:g} seconds; ask for less at once."
    return PlotError(message, "timed-out")


def _crashed(spec: PlotSpec, worker: Worker) -> PlotError:
    logger.error("A render process ended (%s) while drawing %s", worker.exit_code, spec.digest)
    metrics.record_event("crashed")
    message = "The process that drew this ended before it was done; it has been logged."
    return PlotError(message, "crashed")
