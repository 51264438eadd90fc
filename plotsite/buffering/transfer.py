"""How long a client may take to send a request or to receive a response."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
T = TypeVar("T")

RATE = 16_384  # bytes per second that every client must reach


class Disconnected(Exception):
    """The client has closed the connection, or is too slow to read the response."""


class Transfer:
    """The bytes of one body, and the time in which the server waited for the client.

    A client has ``BODY_TIMEOUT`` seconds, and more for each byte that it has transferred.
    """

    def __init__(self) -> None:
        self.size = 0
        self._waited = 0.0

    async def wait(self, step: Awaitable[T]) -> T:
        """Return the result of ``step``; raise TimeoutError if the client is too slow."""
        clock = asyncio.get_running_loop().time
        start = clock()
        left = settings.BODY_TIMEOUT + self.size / RATE - self._waited
        try:
            async with asyncio.timeout(left):
                return await step
        finally:
            self._waited += clock() - start
