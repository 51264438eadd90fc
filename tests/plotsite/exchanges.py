"""Requests to an ASGI application, and their responses, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest

from plotsite.buffering.application import BufferingApplication


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
        self.loses_client = False  # after the next message
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
        is_last = message["type"] == "http.response.body" and not message.get("more_body")
        if is_last or self.loses_client:
            self.gone.set()

    async def answer(self, application: Any) -> tuple[int, dict[str, str], bytes]:
        await application(self.scope, self.receive, self.send)
        content = b"".join(message["body"] for message in self.sent[1:])
        headers = {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}
        return self.sent[0]["status"], headers, content


def encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def wsgi(make: Callable[[HttpRequest], Any]) -> BufferingApplication:
    """Return an application that answers with the response of ``make``, with one thread."""

    class Handler(WSGIHandler):
        def get_response(self, request: Any) -> Any:
            return make(request)

    return BufferingApplication(Handler(), threads=1)
