"""Fair share: no client holds more than half of the places for plots that wait while others wait.

A place is held by each rendering from its start, waiting for a render process included, until the
plot is drawn. A cached image needs none, and neither do requests that wait for the rendering of
another one. The places are entries of a table of fixed size in the shared cache, and of a table of
this process for the case that the cache fails or stores nothing. Entries expire, so a process that
dies leaves none behind for long.

A client is the text that a function set by ``requested_by`` returns. Commands, health checks and
requests without an address have none and are not limited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from random import randrange
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar
from uuid import uuid4

from django.core.cache.backends.locmem import LocMemCache
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError

from . import shared_cache

# A request waits for a render process at most this many times TIMEOUT, so that a few plots that
# hang do not make others fail. QUEUE limits how many requests wait.
WAIT_FACTOR = 3
MAX_PLACES = 256
# Seconds beyond the longest possible rendering after which its owner counts as dead.
MARGIN = 5
TOO_MANY = "too-many-requests"

Client = Callable[[], str]
Place = tuple[str, tuple[str, str]]  # a key, and the client and the token stored under it
T = TypeVar("T")


class Store(Protocol):
    """The part of Django's cache API that a table of places needs."""

    def get(self, key: str) -> Any: ...
    def get_many(self, keys: list[str]) -> dict[str, Any]: ...
    def set(self, key: str, value: Any, seconds: float) -> None: ...
    def add(self, key: str, value: Any, seconds: float) -> bool: ...
    def delete(self, key: str) -> Any: ...


_client: ContextVar[Client | None] = ContextVar("_client", default=None)
_holder: ContextVar[str] = ContextVar("_holder", default="")
_local: Any = LocMemCache("plots.fair_share", {"OPTIONS": {"MAX_ENTRIES": 2 * MAX_PLACES}})
_local_lock = Lock()


def longest_render() -> float:
    """Return the seconds after which a rendering has ended, the time in the queue included."""
    return float((WAIT_FACTOR + 1) * conf.TIMEOUT)


def places() -> int:
    """Return the number of places: those of the render processes and of their queue."""
    return min(MAX_PLACES, max(1, int(conf.PROCESSES)) + int(conf.QUEUE))


@contextmanager
def requested_by(client: Client | None) -> Iterator[None]:
    """Draw the plots of the block for a client. ``client`` is called when the first is drawn."""
    token = _client.set(client)
    try:
        yield
    finally:
        _client.reset(token)


def set_client(client: Client | None) -> None:
    """Draw plots for a client until another one is set, as at the end of a request."""
    _client.set(client)


def current_client() -> str:
    """Return the client that the block of ``place`` belongs to, or an empty string."""
    return _holder.get()


@contextmanager
def place() -> Iterator[None]:
    """Hold a place for the current client during the block.

    Raises
    ------
    PlotError
        ``too-many-requests`` (429) if the client has half of the places and others have some, too;
        ``busy`` (503) if it has all.
    """
    find_client = _client.get()
    client = find_client() if find_client and not _holder.get() else ""
    if not client:
        yield
        return
    with _local_lock:  # so that concurrent requests count each other
        ours = _take(_local, client)
    shared = None
    token = _holder.set(client)
    try:
        shared = _take(shared_cache.store, client)
        yield
    finally:
        _holder.reset(token)
        _release(_local, ours)
        if shared:
            _release(shared_cache.store, shared)


def _take(store: Store, client: str) -> Place:
    count, seconds = places(), longest_render() + MARGIN
    keys = [f"plots:place:{number}" for number in range(count)]
    taken = store.get_many(keys)
    held = Counter(holder for holder, _token in taken.values())
    others = sum(held.values()) - held[client]
    if others and held[client] >= max(1, count // 2):
        raise too_many()
    if held[client] >= count:
        raise busy()
    entry = client, uuid4().hex
    start = randrange(count)  # so that processes rarely try the same place at the same time
    for key in (*keys[start:], *keys[:start]):
        if key not in taken and store.add(key, entry, seconds):
            return key, entry
    # All are taken. One that is recorded for the client with the most counts for this one instead.
    greediest = max(held, key=lambda holder: held[holder], default=client)
    key = next((key for key in keys if taken.get(key, entry)[0] == greediest), keys[0])
    store.set(key, entry, seconds)
    return key, entry


def _release(store: Store, held: Place) -> None:
    key, entry = held
    found = store.get(key)
    if found and tuple(found) == entry:  # otherwise it counts for another request by now
        store.delete(key)


def busy() -> PlotError:
    """Return the error of a request while too many others wait."""
    return PlotError(_("Too many plots are being drawn. Try again in a second."), "busy")


def too_many() -> PlotError:
    """Return the error of a client that has its share."""
    message = _("You are requesting too many plots at the same time. Try again in a second.")
    return PlotError(message, TOO_MANY)


class WaitingLine(Generic[T]):
    """Callers that wait for something, such as a render process, served in turn by client.

    It is not thread-safe.
    """

    def __init__(self) -> None:
        self._callers: list[tuple[str, Future[T]]] = []
        self._served: dict[str, int] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._callers)

    def append(self, client: str) -> Future[T]:
        """Add a caller at the end; return the future that it waits for."""
        future: Future[T] = Future()
        self._callers.append((client, future))
        return future

    def remove(self, future: Future[T]) -> None:
        """Remove the caller that waits for ``future``, if it is there."""
        self._callers = [caller for caller in self._callers if caller[1] is not future]

    def clear(self) -> list[Future[T]]:
        """Remove all callers and return their futures."""
        removed, self._callers = self._callers, []
        return [future for _client, future in removed]

    def pop(self, busy: Counter[str]) -> tuple[str, Future[T]]:
        """Remove and return the caller to be served next.

        It is one of the client with the fewest in ``busy``. Among several such clients, it is one
        of that whose last turn is longest ago, and of its callers the first.
        """
        client, future = min(
            self._callers, key=lambda caller: (busy[caller[0]], self._served.get(caller[0], 0))
        )
        self.remove(future)
        self._turn += 1
        self._served[client] = self._turn
        waiting = {waiting for waiting, _future in self._callers}
        self._served = {name: n for name, n in self._served.items() if name in waiting | {client}}
        return client, future

    def make_room(self, client: str) -> Future[T] | None:
        """Remove the last caller of the client with the most, for a new caller of ``client``.

        Returns
        -------
        Future or None
            That of the removed caller; None if no client has so many that this is fair.
        """
        counts = Counter(waiting for waiting, _future in self._callers)
        greediest, most = max(counts.items(), key=lambda item: item[1], default=("", 0))
        if most <= counts[client] + 1:
            return None
        future = next(f for waiting, f in reversed(self._callers) if waiting == greediest)
        self.remove(future)
        return future
