"""Threads that run functions for coroutines."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """A fixed number of threads.

    This needs a fifth of the time of ``loop.run_in_executor``, which matters for cached images.
    """

    def __init__(self, count: int) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for _ in range(count):
            Thread(target=self._work, name="request", daemon=True).start()

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Call ``function`` in one of the threads, and return its result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                result = function(*args)
            except BaseException as error:
                loop.call_soon_threadsafe(_fail, future, error)
            else:
                loop.call_soon_threadsafe(_finish, future, result)

        self._jobs.put(job)
        return await future

    def _work(self) -> None:
        while True:
            self._jobs.get()()


class Turns:
    """Bounds how many threads one client has. Its further requests wait, without a thread.

    All methods are called in the event loop.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Hold a turn of ``client`` during the block. A client without a name is not bounded."""
        if client:
            await self._begin(client)
        try:
            yield
        finally:
            if client:
                self._end(client)

    async def _begin(self, client: str) -> None:
        if self._held[client] < self._most:
            self._held[client] += 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._end(client)  # the turn was just given to it
            raise

    def _end(self, client: str) -> None:
        """Give the turn to the request of ``client`` that has waited longest."""
        waiting = self._waiting.get(client, ())
        while waiting:
            if not (future := waiting.popleft()).done():
                future.set_result(None)
                return
        self._waiting.pop(client, None)
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]


def _finish(future: asyncio.Future[T], result: T) -> None:
    if not future.cancelled():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.cancelled():
        future.set_exception(error)
