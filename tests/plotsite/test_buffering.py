"""What the ASGI application passes to WSGI, and how it sends responses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plotsite.buffering import transfer
from plotsite.buffering.application import BufferingApplication
from plotsite.buffering.response import PART
from tests.plotsite.exchanges import Exchange, wsgi


def request_of(**scope: Any) -> Any:
    """Return Django's request for an ASGI scope."""
    found: list[HttpRequest] = []

    def note(request: HttpRequest) -> HttpResponse:
        found.append(request)
        return HttpResponse()

    asyncio.run(Exchange(method="GET", **scope).answer(wsgi(note)))
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
                    exchange.loses_client = True
                yield b"x"
        finally:
            closed.append(True)

    asyncio.run(exchange.answer(wsgi(lambda request: StreamingHttpResponse(parts()))))
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


PICTURE: dict[str, Any] = {"path": "/plot/line.png", "query_string": b"y=1,2,4"}


@pytest.fixture
def ask(monkeypatch):
    """Return a function that requests a picture, and whether a thread was needed.

    PICTURE is cached before.
    """
    application = BufferingApplication(get_wsgi_application(), threads=1)
    run, calls = application._threads.run, []

    async def counted(*args: Any) -> Any:
        calls.append(args)
        return await run(*args)

    monkeypatch.setattr(application._threads, "run", counted)

    def answer(**scope: Any) -> tuple[int, dict[str, str], bytes, bool]:
        asyncio.run(Exchange(method="GET", **PICTURE).answer(application))
        calls.clear()  # of the request before
        exchange = Exchange(**{"method": "GET", **PICTURE, **scope})
        return *asyncio.run(exchange.answer(application)), bool(calls)

    return answer


def test_cached_picture_needs_no_thread(ask):
    status, headers, content, used_thread = ask()
    assert (status, used_thread) == (200, False)
    assert headers["server-timing"] == "cache;desc=hit"
    assert content.startswith(b"\x89PNG")
    status, _, content, used_thread = ask(headers={"if-none-match": headers["etag"]})
    assert (status, content, used_thread) == (304, b"", False)


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"query_string": b"y=1,2,5"}, 200),
        ({"path": "/plot/line.svg"}, 200),
        ({"path": "/plot/line.svg/"}, 404),
        ({"headers": {"if-match": '"other"'}}, 412),
        ({"headers": {"if-none-match": '"other"'}}, 200),
        ({"method": "HEAD"}, 200),
    ],
    ids=str,
)
def test_other_requests_need_a_thread(ask, scope, status):
    assert ask(**scope)[::3] == (status, True)


@pytest.mark.parametrize("name", ["source", "signature", "all signatures"])
def test_pictures_that_may_change_need_a_thread(ask, name, settings):
    """Their source, or the time, decides whether the cached response is still right."""
    url = "/plot/line.png?source=google&x=date&y=close"
    if name != "source":
        settings.PLOTS = {**settings.PLOTS, "SIGNED_URLS": True}
        url = Plot(plot_spec("line", y=[1, 2, 3])).url()
        settings.PLOTS = {**settings.PLOTS, "SIGNED_URLS": name == "all signatures"}
    path, _, query = url.partition("?")
    for _attempt in range(2):
        assert ask(path=path, query_string=query.encode())[::3] == (200, True)
