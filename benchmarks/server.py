"""The site as `make run` serves it, on a free port and with a new data folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
TIMEOUT = 60.0  # seconds to start, and again to stop


class Server(NamedTuple):
    port: int
    seconds: float  # from its start to its first response
    drawn: Path  # grows by one byte for each rendering of the kind ``counted``


@contextmanager
def served(processes: int) -> Iterator[Server]:
    """Run a server with this many render processes until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        port, count = _free_port(), Path(folder) / "count"
        count.touch()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "PLOTSITE_VAR": folder,
            "RENDER_PROCESSES": str(processes),
            "BENCH_COUNT": str(count),
        }
        begin = perf_counter()
        process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "granian"), "plotsite.asgi:application",
                "--interface", "asginl", "--http", "1", "--no-ws", "--host", "127.0.0.1",
                "--port", str(port), "--workers", "1", "--backlog", "2048",
                "--workers-kill-timeout", "5", "--log-level", "error",
            ],
            cwd=ROOT, env=environment, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(process, port)
            yield Server(port, perf_counter() - begin, count)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(TIMEOUT)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # only this server is in the session
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    request = b"GET /hello HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    deadline = perf_counter() + TIMEOUT
    while perf_counter() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(request)
            if b" 200 " in connection.recv(1000):
                return
        sleep(0.01)
    raise RuntimeError("the server did not start")
