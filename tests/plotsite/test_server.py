"""The site served by granian: render processes, shutdown and killed processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.processes import FAR, ROOT, environment, start_python, wait_until

GRANIAN = Path(sys.executable).parent / "granian"
PNG = b"\x89PNG"


def processes(session: int) -> dict[int, str]:
    """Return the running processes of ``session`` with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _, _, sid = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(sid) == session and state != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


@dataclass
class Server:
    """A running site, whose processes are all in one session."""

    process: subprocess.Popen[str]
    port: int
    folder: Path
    threads: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)

    def get(self, path: str, /, **query: str) -> tuple[int, bytes]:
        url = f"http://127.0.0.1:{self.port}{path}?{urlencode(query)}"
        try:
            with urlopen(url, timeout=FAR) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def draws(self) -> bool:
        status, content = self.get("/plot/line.png", y="1,2,3")
        return status == 200 and content.startswith(PNG)

    def start_slow(self) -> tuple[Future[tuple[int, bytes]], int]:
        """Start drawing a plot that takes until the returned descriptor is closed."""
        path = self.folder / "fifo"
        os.mkfifo(path)
        answer = self.threads.submit(self.get, "/plot/waits.png", path=str(path))
        found: list[int] = []

        def has_reader() -> bool:
            assert not answer.done(), answer.result()
            with suppress(OSError):
                found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            return bool(found)

        wait_until(has_reader)
        return answer, found[0]

    @property
    def alive(self) -> dict[int, str]:
        return processes(self.process.pid)

    def web_process(self) -> int:
        """Return the id of the web process."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = [int(pid) for pid in path.read_text().split()]
        assert len(children) == 1, self.alive
        return children[0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The site with hostile plots, a new data folder and two render processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.hostile.settings", "RENDER_PROCESSES": "2"}
    prepared = start_python(tmp_path, "manage.py", "prepare", **settings)
    output, _ = prepared.communicate(timeout=FAR)
    assert prepared.returncode == 0, output
    process = subprocess.Popen(
        [
            *(GRANIAN, "plotsite.asgi:application", "--interface", "asginl", "--http", "1"),
            *("--no-ws", "--port", str(port), "--log-level", "error"),
        ],
        cwd=ROOT,
        env=environment(tmp_path, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    server = Server(process, port, tmp_path)

    def answers() -> bool:
        assert process.poll() is None, process.communicate()[0]
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(answers)
        yield server
    finally:
        for pid in server.alive:
            os.kill(pid, signal.SIGKILL)
        server.threads.shutdown()
        process.communicate()


def test_web_process_does_not_draw(server):
    assert server.draws()
    maps = Path(f"/proc/{server.web_process()}/maps").read_text()
    assert "matplotlib" not in maps  # no extension module is loaded
    assert "matplotlib" in "".join(Path(f"/proc/{p}/maps").read_text() for p in server.alive)


def test_graceful_shutdown(server):
    answer, fifo = server.start_slow()
    # Like a service manager, which signals all processes of a service.
    for pid in server.alive:
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not accepts(server.port))
    assert not answer.done()
    os.close(fifo)
    status, content = answer.result(FAR)
    assert (status, content[:4]) == (200, PNG)
    wait_until(lambda: not server.alive)


def accepts(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_end(server, sign):
    assert server.draws()
    server.process.send_signal(sign)
    wait_until(lambda: not server.alive)


def test_processes_end_with_a_killed_web_process(server):
    """A hanging worker ends, too. granian exits because it has no web process."""
    answer, fifo = server.start_slow()
    os.kill(server.web_process(), signal.SIGKILL)
    wait_until(lambda: not server.alive)
    assert answer.exception()
    os.close(fifo)
