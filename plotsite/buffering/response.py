"""Responses in parts, no faster than the client reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from .transfer import Disconnected, Receive, Send, Transfer

Headers = list[tuple[bytes, bytes]]

PART = 128 * 1024  # bytes


def encode_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return the headers of a WSGI response as ASGI expects them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class ResponseSender:
    """Sends one response. All methods are called in the event loop."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._transfer = Transfer()
        self._gone: asyncio.Future[None] | None = None

    async def send(self, status: int, headers: Headers, content: bytes) -> None:
        """Send a whole response."""
        await self.start(status, headers)
        if len(content) > PART:
            for start in range(0, len(content), PART):
                await self.send_part(content[start : start + PART])
            content = b""
        await self.end(content)

    def send_now(self, status: int, headers: Headers, content: bytes) -> bool:
        """Send a whole response in any thread; return False if the server cannot do that.

        granian's function sends when it is called, and its result need not be awaited. This saves
        the time in which the event loop wakes up.
        """
        server = type(getattr(self._send, "__self__", None)).__module__
        if server != "granian._granian" or len(content) > PART:
            return False
        self._send({"type": "http.response.start", "status": status, "headers": headers})
        self._send({"type": "http.response.body", "body": content})
        return True

    async def start(self, status: int, headers: Headers) -> None:
        """Send status and headers."""
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def send_part(self, content: bytes) -> None:
        """Send some content; raise Disconnected if the client does not read it."""
        if self._gone is None:
            self._gone = asyncio.ensure_future(self._wait_until_gone())
        if self._gone.done():
            raise Disconnected
        message = {"type": "http.response.body", "body": content, "more_body": True}
        try:
            await self._transfer.wait(self._send(message))
        except TimeoutError:
            raise Disconnected from None
        self._transfer.size += len(content)

    async def end(self, content: bytes = b"") -> None:
        """Send the last content."""
        await self._send({"type": "http.response.body", "body": content})

    def close(self) -> None:
        """Stop watching the connection."""
        if self._gone is not None:
            self._gone.cancel()

    async def _wait_until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
