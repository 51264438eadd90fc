"""Fork server and workers, as seen from the process that owns the pool."""

from __future__ import annotations

import os
import pickle
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from subprocess import DEVNULL, Popen, TimeoutExpired
from threading import Lock

from .worker_process import FORK, MESSAGE, Answer

# Seconds after which a fork server that does not answer counts as dead. Loading takes 1 to 2 s.
RESPONSE_TIMEOUT = 60


class ForkServer:
    """A process that has imported everything and forks the workers. Raises OSError if dead.

    multiprocessing's own fork server does not fit: it imports the main module in every fork, loses
    the import path, ignores failed imports, is shared by all users in a process, and lives on while
    one fork hangs.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(RESPONSE_TIMEOUT)
        with theirs:
            code = (
                f"import sys; sys.path[:] = {sys.path!r}; import django; django.setup(); "
                f"from plots.delivery.worker_process import main; main({theirs.fileno()})"
            )
            self._process = Popen(
                [sys.executable, "-c", code],
                stdin=DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,  # a terminal's Ctrl-C must not reach it while it loads
                # One figure at a time needs no threads, and a process without threads forks safely.
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )

    def fork(self) -> Worker:
        """Spawn a worker."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                return Worker(self, self._request(FORK, theirs), Connection(ours.detach()))
            except OSError:
                ours.close()
                raise

    def reap(self, pid: int) -> int:
        """Kill the fork ``pid`` if it is alive; return its exit code, or minus the signal."""
        return self._request(pid)

    def _request(self, number: int, *sockets: socket.socket) -> int:
        with self._lock:
            socket.send_fds(self._control, [MESSAGE.pack(number)], [s.fileno() for s in sockets])
            answer = self._control.recv(MESSAGE.size, socket.MSG_WAITALL)
        if len(answer) < MESSAGE.size:
            raise ConnectionError("the fork server of the render processes has ended")
        return int(MESSAGE.unpack(answer)[0])

    def close(self) -> None:
        """Stop the fork server and all its forks."""
        with suppress(OSError):  # it may be dead
            self._control.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for an answer
        try:
            self._process.wait(2)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()

    def abandon(self) -> None:
        """Close the control socket in a forked process, so that only its owner keeps it open."""
        self._control.close()


class Worker:
    """A render process. Raises EOFError or OSError if it is dead."""

    def __init__(self, server: ForkServer, pid: int, connection: Connection) -> None:
        self._server = server
        self.pid = pid
        self.connection = connection
        self.jobs = 0
        self.client = ""  # that it draws for
        self.exit_code: int | None = None

    @property
    def is_alive(self) -> bool:
        """Whether an idle worker is still running: it sends nothing but its end of file."""
        return not self.connection.poll()

    def draw(self, job: bytes, seconds: float) -> Answer:
        """Return the answer to the pickled ``job``; raise TimeoutError after ``seconds``."""
        self.jobs += 1
        self.connection.send_bytes(job)
        if not self.connection.poll(seconds):
            raise TimeoutError
        answer: Answer = pickle.loads(self.connection.recv_bytes())
        return answer

    def reap(self) -> None:
        """Kill the process if it is alive and record its exit code."""
        if self.connection.closed:
            return
        self.connection.close()
        with suppress(OSError):  # without a fork server, its closed socket or its alarm ends it
            self.exit_code = self._server.reap(self.pid)
