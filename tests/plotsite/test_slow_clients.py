"""Slow and greedy clients of the site that `make run` serves."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from django.contrib.staticfiles import finders

from tests.processes import FAR, make_run, wait_until
from tests.settings import HAS_POSTGRESQL

HELD = 500
THREADS = 64
FORM = "application/x-www-form-urlencoded"
JSON = {"Content_Type": "application/json"}
LOGIN = "/admin/login/?next=/admin/"
PICTURE = "/plot/line.png?y=1,2,3"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    content: bytes

    @property
    def cookies(self) -> str:
        found = [value.partition(";")[0] for name, value in self.headers if name == "set-cookie"]
        return "; ".join(found)


@dataclass
class Site:
    """A served site, and the password of its admin."""

    port: int
    password: str
    database: str

    def ask(self, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request, a POST if there is a body, on a connection of its own."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=FAR)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET" if body is None else "POST", path, body, named)  # type: ignore[arg-type]
            return read(connection.getresponse())

    def half_sent(self, path: str = LOGIN, **headers: str) -> socket.socket:
        """Send the first bytes of a POST."""
        connection = socket.create_connection(("127.0.0.1", self.port), FAR)
        named = {"Host": "127.0.0.1", "Content-Type": FORM, "Content-Length": "3000"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        chunk = ""
        if "Transfer-Encoding" in named:
            del named["Content-Length"]
            chunk = "800\r\n"
        start = f"\r\n{chunk}csrfmiddlewaretoken="
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        connection.sendall("\r\n".join([*lines, start]).encode())
        return connection

    def log_in(self) -> str:
        """Log in as the admin, and return the cookies."""
        page = self.ask(LOGIN)
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content)
        assert token
        form = {"username": "admin", "password": self.password}
        form["csrfmiddlewaretoken"] = token[1].decode()
        answer = self.ask(LOGIN, urlencode(form), Cookie=page.cookies, Content_Type=FORM)
        assert answer.status == 302
        return answer.cookies


def read(response: HTTPResponse) -> Answer:
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    return Answer(response.status, headers, response.read())


def answer_on(connection: socket.socket) -> Answer:
    """Wait for the response and for the end of the connection."""
    response = HTTPResponse(connection)
    response.begin()
    answer = read(response)
    assert connection.recv(1) == b"", "the connection is still open"
    return answer


@contextmanager
def served(var: Path, **settings: str) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with make_run(var, port, **settings) as process:
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            password = next(line.split()[1] for line in lines if "password  " in line)
            wait_until(lambda: accepts(port))
            site = Site(port, password, settings.get("DATABASE_URL", ""))
            wait_until(lambda: site.ask("/healthz").status == 200)  # has render processes
            yield site
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(FAR)


def accepts(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The URL of a new PostgreSQL database, or nothing if there is no server."""
    if not HAS_POSTGRESQL:
        yield ""
        return
    name = f"test_buffering_{uuid4().hex}"
    with psycopg.connect("dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgres:///{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Site]:
    """A site whose time limit no test reaches; its threads keep their connections."""
    settings = {"BODY_TIMEOUT": "3600"}
    if database:
        settings["DATABASE_URL"] = f"{database}?conn_max_age=3600"
    with served(tmp_path_factory.mktemp("patient"), **settings) as site:
        yield site


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose time limit is short."""
    with served(tmp_path_factory.mktemp("hasty"), BODY_TIMEOUT="0.5") as site:
        yield site


def test_half_sent_posts_do_not_silence_the_site(patient):
    assert patient.ask(PICTURE).status == 200
    page = patient.ask(LOGIN)
    assert "csrftoken=" in page.cookies
    with ExitStack() as stack:
        held = [stack.enter_context(patient.half_sent(Cookie=page.cookies)) for _ in range(HELD)]
        for path in ("/healthz", "/", PICTURE):
            assert patient.ask(path).status == 200
        cookies = patient.log_in()
        assert upload(patient, cookies, 50_000_000).status == 200
        for connection in held:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):  # neither answered nor closed
                connection.recv(1)


def upload(site: Site, cookies: str, size: int) -> Answer:
    """Upload a table of about ``size`` bytes as a dataset."""
    row = f"2026-01-01,{'x' * 120},{'y' * 120}\n" * 8
    table = "day,first,second\n" + row * (size // len(row))
    token = re.search(r"csrftoken=(\w+)", cookies)
    fields = {"csrfmiddlewaretoken": token[1] if token else "", "name": "big", "title": "Big"}
    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append(f'name="upload"; filename="big.csv"\r\nContent-Type: text/csv\r\n\r\n{table}')
    body = "".join(f"--limit\r\nContent-Disposition: form-data; {each}\r\n" for each in parts)
    return site.ask(
        "/admin/plots_datasets/dataset/add/",
        f"{body}--limit--\r\n",
        Cookie=cookies,
        Content_Type="multipart/form-data; boundary=limit",
    )


@pytest.mark.skipif(not HAS_POSTGRESQL, reason="needs PostgreSQL")
def test_connections_to_postgresql_are_bounded(patient):
    with ExitStack() as stack, ThreadPoolExecutor(3 * THREADS) as clients:
        for _ in range(HELD):
            stack.enter_context(patient.half_sent())
        statuses = list(clients.map(lambda _: patient.ask("/feed.atom").status, range(1000)))
    assert set(statuses) == {200}
    name = patient.database.rpartition("/")[2].partition("?")[0]
    with psycopg.connect("dbname=postgres") as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        count = connection.execute(query, [name]).fetchone()
    assert count
    # Connections are persistent here: each thread has one, and so may each render process.
    assert 1 < count[0] <= THREADS + 4


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        (LOGIN, {}, b"in time."),
        ("/plot/line", JSON, b'"code": "too-slow"'),
        ("/plot/line", JSON | {"Transfer_Encoding": "chunked"}, b'"code": "too-slow"'),
        ("/plot/line", JSON | {"Content_Length": "3000000"}, b'"code": "too-slow"'),
    ],
)
def test_slow_post(hasty, path, headers, expected):
    with hasty.half_sent(path, **headers) as connection:
        answer = answer_on(connection)
    assert answer.status == 408
    assert expected in answer.content
    assert ("cache-control", "no-store") in answer.headers


def test_half_sent_headers(hasty):
    with ExitStack() as stack:
        for _ in range(HELD):
            connection = socket.create_connection(("127.0.0.1", hasty.port), FAR)
            stack.enter_context(connection).sendall(b"POST / HTTP/1.1\r\nHost: 127.")
        assert hasty.ask("/healthz").status == 200


def test_invalid_chunks(hasty):
    with hasty.half_sent("/plot/line", **JSON, Transfer_Encoding="chunked") as connection:
        connection.sendall(b"x" * 0x800)
        answer = answer_on(connection)
    assert answer.status == 400
    assert b'"code": "incomplete"' in answer.content


def large(**headers: str) -> dict[str, str]:
    """Headers of a request whose body is larger than MAX_BODY."""
    return {**JSON, "Content_Length": "4000001", "Expect": "100-continue", **headers}


def test_large_anonymous_post(hasty):
    with hasty.half_sent("/plot/line", **large()) as connection:
        answer = answer_on(connection)  # and no "100 Continue" before it
    assert answer.status == 413
    assert b'"code": "too-much"' in answer.content


def test_keep_alive_and_pipelined_posts(hasty):
    """The body of a request never becomes the start of the next one."""
    post = b"POST /plot/line HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello"
    chunked = (
        b"POST /plot/line HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n0\r\n\r\n"
    )
    last = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", hasty.port), FAR) as connection:
        connection.sendall(post + chunked + post + last)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert re.findall(rb"HTTP/1\.1 (\d+)", received) == [b"401", b"401", b"401", b"200"]


def test_many_bytes_after_a_413(hasty):
    """A client that sends all before it reads gets the response."""
    answer = hasty.ask("/plot/line", b"x" * 20_000_000, **JSON)
    assert answer.status == 413


LARGE_FILE = "admin/js/vendor/select2/select2.full.js"


@pytest.mark.parametrize("name", [LARGE_FILE, "admin/css/base.css"])
def test_response_of_a_file(hasty, name):
    path = finders.find(name)
    assert path and hasty.ask(f"/static/{name}").content == Path(path).read_bytes()


def test_slow_readers(hasty):
    """Clients that do not read hold no thread."""
    path = f"/static/{LARGE_FILE}"
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", hasty.port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * 50)
        assert hasty.ask("/healthz").status == 200
