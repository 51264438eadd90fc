"""make run, and the admin in a browser."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.contrib.auth import get_user_model

from tests.processes import FAR, make_run, wait_until


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server with a new data folder, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def answers() -> bool:
        assert process.poll() is None, process.communicate()[0]
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", port)) == 0

    with make_run(tmp_path, port) as process:
        try:
            wait_until(answers)
            yield process, port
        finally:
            if alive(process.pid):
                os.killpg(process.pid, signal.SIGKILL)


def test_static_files_and_404_of_the_server(served):
    _, port = served
    with urlopen(f"http://127.0.0.1:{port}/static/admin/css/base.css") as answer:
        assert answer.headers["Content-Type"].startswith("text/css")
        assert "public" in answer.headers["Cache-Control"]
    with pytest.raises(HTTPError) as missing:
        urlopen(f"http://127.0.0.1:{port}/no/such/page")
    with missing.value as answer:
        assert answer.code == 404
        assert "no-store" in answer.headers["Cache-Control"]
        assert b"DEBUG" not in answer.read()


def test_port_in_use(served, tmp_path):
    _, port = served
    with make_run(tmp_path, port) as second:
        output, _ = second.communicate(timeout=FAR)
    assert second.returncode != 0
    assert "Address already in use" in output


@pytest.mark.parametrize(
    ("stop", "sign"),
    [(os.kill, signal.SIGTERM), (os.killpg, signal.SIGINT)],
    ids=["terminated", "ctrl-c"],
)
def test_server_ends_with_make(served, stop, sign):
    process, _ = served
    stop(process.pid, sign)
    output, _ = process.communicate(timeout=FAR)
    wait_until(lambda: not alive(process.pid))
    assert "Traceback" not in output


@pytest.mark.django_db(transaction=True)
def test_admin_page_in_chromium(live_server, browser_page):
    get_user_model().objects.create_superuser("ada", password="known only here")
    browser_page.goto(f"{live_server.url}/admin/")
    browser_page.get_by_label("Username").fill("ada")
    browser_page.get_by_label("Password").fill("known only here")
    browser_page.get_by_role("button", name="Log in").click()
    assert browser_page.get_by_role("link", name="Users").is_visible()
