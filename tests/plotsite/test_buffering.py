"""The ASGI application: requests with bodies, responses, and what reaches WSGI."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client

from plots.http.signing import make_token
from plotsite.buffering import request_body, transfer
from plotsite.buffering.application import BufferingApplication
from plotsite.buffering.response import PART

MAX_BODY = 100_000
JSON = {"content-type": "application/json"}
FRONT = b"larger than this site accepts"


class Exchange:
    """A request to an ASGI application, and the response of which the client reads ``reads``
    messages before ``may_send`` is set.
    """

    def __init__(
        self, path: str = "/", body: Iterable[bytes] = (), *, method: str = "POST",
        headers: dict[str, str] | None = None, **scope: Any
    ) -> None:  # fmt: skip
        headers = {"host": "testserver", **(headers or {})}
        self.scope: dict[str, Any] = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "query_string": b"", "client": ("192.0.2.1", 5000),
            "server": ("testserver", 80), "headers": encoded(headers), **scope,
        }  # fmt: skip
        self.chunks = list(body)
        self.is_complete = True
        self.reads = 1_000_000
        self.may_send = asyncio.Event()
        self.gone = asyncio.Event()
        self.received = 0  # chunks that the application wanted before it answered
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.chunks:
            self.received += not self.sent
            more = len(self.chunks) > 1 or not self.is_complete
            return {"type": "http.request", "body": self.chunks.pop(0), "more_body": more}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if len(self.sent) >= self.reads:
            await self.may_send.wait()
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.gone.set()

    async def answer(self, application: Any) -> tuple[int, dict[str, str], bytes]:
        await application(self.scope, self.receive, self.send)
        content = b"".join(message["body"] for message in self.sent[1:])
        headers = {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}
        return self.sent[0]["status"], headers, content


def encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def post(size: int, path: str = "/plot/line", **headers: str) -> Exchange:
    named = {**JSON, "content-length": str(size), **headers}
    return Exchange(path, [b" " * size], headers=named)


@pytest.fixture
def site(settings: Any, transactional_db: None) -> BufferingApplication:
    """The site, with one thread."""
    settings.PLOTS = {**settings.PLOTS, "MAX_BODY": MAX_BODY}
    return BufferingApplication(WSGIHandler(), threads=1)


def cookie(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@pytest.mark.parametrize(
    ("name", "is_trusted"),
    [("anonymous", False), ("customer", False), ("inactive", False), ("staff", True)],
)
def test_who_may_send_more_than_max_body(site, visitor, name, is_trusted):
    exchange = post(MAX_BODY + 1, cookie=cookie(visitor(name)))
    status, _, content = asyncio.run(exchange.answer(site))
    assert (FRONT in content) is not is_trusted
    assert status == (403 if is_trusted else 413)  # staff need a CSRF token, too
    assert exchange.received == is_trusted


def test_sessions_that_are_no_login(site, visitor):
    staff = visitor("staff")
    forged = f"sessionid={'x' * 32}"
    get_user_model().objects.get().set_password("another")
    user = get_user_model().objects.get()
    user.set_password("another")
    user.save()
    for given in (forged, cookie(staff)):
        status, _, _ = asyncio.run(post(MAX_BODY + 1, cookie=given).answer(site))
        assert status == 413


def test_session_stays_valid_while_the_key_is_rotated(site, visitor, settings):
    staff = visitor("staff")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    exchange = post(MAX_BODY + 1, cookie=cookie(staff))
    exchange.is_complete = False
    exchange.gone.set()
    assert asyncio.run(exchange.answer(site))[0] == 400 and exchange.received
    assert staff.get("/admin/").status_code == 200


@pytest.mark.parametrize(("days", "expected"), [(1, b"has more than 100,000"), (-1, FRONT)])
def test_tokens(site, days, expected):
    token = make_token("reports", days)
    status, _, content = asyncio.run(
        post(MAX_BODY + 1, authorization=f"Bearer {token}").answer(site)
    )
    assert status == 413
    assert expected in content


def test_limit_of_trusted_clients(site, settings):
    settings.PLOTS["MAX_UPLOAD"] = 1
    token = make_token("reports", 1)
    exchange = post(1_000_000 + MAX_BODY + 1, authorization=f"Bearer {token}")
    status, _, content = asyncio.run(exchange.answer(site))
    assert status == 413 and FRONT in content


def test_body_in_chunks(site):
    token = make_token("reports", 1)
    headers = {**JSON, "transfer-encoding": "chunked", "authorization": f"Bearer {token}"}
    exchange = Exchange("/plot/line", [b'{"y": ', b"[1, 2]}"], headers=headers)
    status, _, content = asyncio.run(exchange.answer(site))
    assert status == 201, content


def test_long_body_in_chunks(site):
    headers = {**JSON, "transfer-encoding": "chunked"}
    exchange = Exchange("/plot/line", [b" " * 60_000] * 3, headers=headers)
    status, headers, content = asyncio.run(exchange.answer(site))
    assert status == 413 and FRONT in content
    assert headers["connection"] == "close" and headers["cache-control"] == "no-store"


def test_disk_space_of_anonymous_bodies(site, monkeypatch):
    monkeypatch.setattr(request_body, "ANONYMOUS_ON_DISK", 50_000)
    size = MAX_BODY  # 34,464 bytes of it are on the disk

    async def scenario() -> None:
        held = post(size)
        held.is_complete = False
        holding = asyncio.create_task(held.answer(site))
        while held.chunks or not request_body.RequestBody.anonymous_on_disk:
            await asyncio.sleep(0)
        status, headers, _ = await post(size).answer(site)
        assert (status, headers["retry-after"]) == (503, "30")
        status, _, _ = await post(60_000).answer(site)
        assert status == 401  # received
        held.gone.set()
        status, _, _ = await holding
        assert status == 400
        status, _, _ = await post(size).answer(site)
        assert status == 401

    asyncio.run(scenario())
    assert request_body.RequestBody.anonymous_on_disk == 0


def test_full_disk(site, monkeypatch, caplog):
    def write(file: Any, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(request_body.SpooledTemporaryFile, "write", write)
    status, headers, content = asyncio.run(post(MAX_BODY).answer(site))
    assert (status, headers["retry-after"]) == (503, "30")
    assert b"space" not in content and "No space left" in caplog.text


def wsgi(make: Callable[[HttpRequest], Any]) -> BufferingApplication:
    """Return an application that answers with the response of ``make``, with one thread."""

    class Handler(WSGIHandler):
        def get_response(self, request: Any) -> Any:
            return make(request)

    return BufferingApplication(Handler(), threads=1)


def request_of(**scope: Any) -> Any:
    """Return Django's request for an ASGI scope."""
    found: list[HttpRequest] = []
    application = wsgi(lambda request: found.append(request) or HttpResponse())
    asyncio.run(Exchange(method="GET", **scope).answer(application))
    return found[0]


def test_request():
    request = request_of(
        path="/한/b",
        raw_path=b"/%ED%95%9C/%62",
        query_string=b"a=%ff&b=1",
        headers={"cookie": "a=1", "Cookie": "b=2", "x-forwarded-for": "192.0.2.7"},
    )
    assert request.path == request.path_info == "/한/b"
    assert request.META["QUERY_STRING"] == "a=%ff&b=1"
    assert request.COOKIES == {"a": "1", "b": "2"}
    assert request.headers["X-Forwarded-For"] == "192.0.2.7"
    assert request.META["REMOTE_ADDR"] == "192.0.2.1"
    assert request.build_absolute_uri("/") == "http://testserver/"


def test_path_that_is_not_utf8():
    assert request_of(path="/\ufffd", raw_path=b"/%ff").path_info == "/%FF"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/charts/plot/", "/plot/"), ("/charts", "/"), ("/chartss/", "/chartss/")],
)
def test_path_prefix(path, expected):
    request = request_of(path=path, root_path="/charts")
    assert (request.META["SCRIPT_NAME"], request.path_info) == ("/charts", expected)


def test_header_names_with_underscores_are_ignored():
    """A proxy that sets X-Forwarded-Proto does not remove X_Forwarded_Proto."""
    assert "X-Forwarded-Proto" not in request_of(headers={"x_forwarded_proto": "https"}).headers


CONTENT = bytes(range(256)) * (PART // 64)
SLOW = {
    "bytes": lambda request: HttpResponse(CONTENT),
    "file": lambda request: FileResponse(BytesIO(CONTENT)),
}


@pytest.mark.parametrize("make", SLOW.values(), ids=SLOW)
def test_slow_reader_holds_no_thread(make):
    async def scenario() -> None:
        application = wsgi(make)
        slow = Exchange(method="GET")
        slow.reads = 2
        reading = asyncio.create_task(slow.answer(application))
        status, _, content = await Exchange(method="GET").answer(application)
        assert (status, content) == (200, CONTENT)
        slow.may_send.set()
        assert (await reading)[2] == CONTENT

    asyncio.run(scenario())


@pytest.mark.parametrize("make", SLOW.values(), ids=SLOW)
def test_reader_that_is_too_slow(make, settings, monkeypatch):
    settings.BODY_TIMEOUT = 0.05
    monkeypatch.setattr(transfer, "RATE", 10**9)

    async def scenario() -> int:
        slow = Exchange(method="GET")
        slow.reads = 2
        await wsgi(make)(slow.scope, slow.receive, slow.send)
        return sum(len(message.get("body", b"")) for message in slow.sent)

    assert asyncio.run(scenario()) == PART


def test_streamed_response():
    """Each part is sent before the next one is made, and the end of the connection ends it."""
    closed: list[bool] = []
    exchange = Exchange(method="GET")

    def parts() -> Iterable[bytes]:
        try:
            for number in range(1000):
                assert len(exchange.sent) == number + 1
                if number == 5:
                    loop.call_soon_threadsafe(exchange.gone.set)
                yield b"x"
        finally:
            closed.append(True)

    async def scenario() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        await exchange.answer(wsgi(lambda request: StreamingHttpResponse(parts())))

    loop: Any = None
    asyncio.run(scenario())
    assert closed == [True]
    assert 5 < len(exchange.sent) < 100


def test_exceptions_reach_the_server():
    def fail(request: HttpRequest) -> None:
        raise RuntimeError("oh")

    with pytest.raises(RuntimeError, match="oh"):
        asyncio.run(Exchange(method="GET").answer(wsgi(fail)))


def test_other_protocols():
    with pytest.raises(ValueError, match="only supports HTTP"):
        asyncio.run(Exchange(type="lifespan").answer(wsgi(lambda request: HttpResponse())))
