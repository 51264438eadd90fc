"""The processes of a pool, seen from the process that owns it."""

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

# Seconds until a server that does not answer is given up; loading everything takes it one or two.
PATIENCE = 60


class ForkServer:
    """The process that has everything loaded and forks those that draw. Raises OSError if dead.

    Not multiprocessing's own, which loads the main module anew into every fork, loses the import
    path, ignores what fails to load, is one for all users in a process, and lives on as long as
    one fork hangs.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(PATIENCE)
        with theirs:
            code = (
                f"import sys; sys.path[:] = {sys.path!r}; import django; django.setup(); "
                f"from plots.delivery.worker_process import main; main({theirs.fileno()})"
            )
            self._process = Popen(
                [sys.executable, "-c", code],
                stdin=DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,  # out of reach of a terminal's Ctrl-C while it still loads
                # One figure at a time needs no threads, and what has none forks safely.
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )

    def fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                return Worker(self, self._ask(FORK, theirs), Connection(ours.detach()))
            except OSError:
                ours.close()
                raise

    def end(self, pid: int) -> int:
        """Kill the fork ``pid``, if it still runs; its exit code, or minus the signal."""
        return self._ask(pid)

    def _ask(self, number: int, *sockets: socket.socket) -> int:
        with self._lock:
            socket.send_fds(self._control, [MESSAGE.pack(number)], [s.fileno() for s in sockets])
            answer = self._control.recv(MESSAGE.size, socket.MSG_WAITALL)
        if len(answer) < MESSAGE.size:
            raise ConnectionError("the server of the render processes has ended")
        return int(MESSAGE.unpack(answer)[0])

    def close(self) -> None:
        """End it and its forks. Nothing of them is left afterwards."""
        with suppress(OSError):  # it may be dead
            self._control.shutdown(socket.SHUT_RDWR)  # a thread that waits for it learns so
        try:
            self._process.wait(2)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()

    def abandon(self) -> None:
        """In a forked process: let go of it, so that it ends when its own owner does."""
        self._control.close()


class Worker:
    """A render process, seen from the pool. Raises EOFError or OSError when it is dead."""

    def __init__(self, server: ForkServer, pid: int, connection: Connection) -> None:
        self._server = server
        self.pid = pid
        self.connection = connection
        self.jobs = 0
        self.exit_code: int | None = None

    @property
    def is_alive(self) -> bool:
        """Whether an idle one still waits: it has nothing to say but its end."""
        return not self.connection.poll()

    def draw(self, job: bytes, seconds: float) -> Answer:
        """The answer to the pickled ``job``; TimeoutError if there is none after ``seconds``."""
        self.jobs += 1
        self.connection.send_bytes(job)
        if not self.connection.poll(seconds):
            raise TimeoutError
        answer: Answer = pickle.loads(self.connection.recv_bytes())
        return answer

    def end(self) -> None:
        """Kill it, if it still runs, and note its exit code."""
        if self.connection.closed:
            return
        self.connection.close()
        with suppress(OSError):  # without a server it ends with its socket, or by its alarm
            self.exit_code = self._server.end(self.pid)
