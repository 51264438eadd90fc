"""Select the renderer: this process, or a pool of render processes."""

from __future__ import annotations

import atexit
import os
from threading import Lock
from time import monotonic
from typing import Protocol

from plots.conf import conf
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from .fair_share import WAIT_FACTOR
from .process_pool import Pool


class Renderer(Protocol):
    """Anything that renders specs."""

    def render(self, spec: PlotSpec) -> Picture:
        """Render ``spec``. Raise PlotError if it cannot be drawn."""


class InProcessRenderer:
    """Renders in the calling process, one figure at a time: for commands and tests."""

    def render(self, spec: PlotSpec) -> Picture:
        """Render ``spec``. Raise PlotError if it cannot be drawn."""
        # Imported here because a process that never renders must not load matplotlib.
        from plots.rendering.render import render

        return render(spec)


in_process = InProcessRenderer()

_lock = Lock()
_pools: dict[int, Pool] = {}  # by process id: a forked process starts a pool of its own


def renderer() -> Renderer:
    """Return the pool if ``PLOTS["PROCESSES"]`` is positive, otherwise the in-process renderer."""
    return _pool() or in_process


def warm_up() -> None:
    """Start the render processes before the first request, without waiting for them."""
    if pool := _pool():
        pool.warm_up()


def is_stalled() -> bool:
    """Return whether no render process was taken or became free while a request waits for one."""
    pool = _pool()
    return pool is not None and monotonic() > pool.moved + WAIT_FACTOR * conf.TIMEOUT


def close() -> None:
    """Stop the render processes of this process; the next plot starts new ones."""
    with _lock:
        pool = _pools.pop(os.getpid(), None)
    if pool:
        pool.close()


def _pool() -> Pool | None:
    size = conf.PROCESSES
    if not size:
        return None
    pool = _pools.get(os.getpid())
    if pool and pool.size == size:
        return pool
    close()
    with _lock:
        return _pools.setdefault(os.getpid(), Pool(size))


def _after_fork() -> None:
    global _lock
    _lock = Lock()
    for pool in _pools.values():
        pool.abandon()


atexit.register(close)
os.register_at_fork(after_in_child=_after_fork)
