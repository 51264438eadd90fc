"""What draws: this process, or processes of its own. One on other machines would stand here too."""

from __future__ import annotations

import atexit
import os
from threading import Lock
from typing import Protocol

from plots.conf import conf
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from .process_pool import Pool


class Renderer(Protocol):
    def render(self, spec: PlotSpec) -> Picture:
        """Draw ``spec``. Raises PlotError where it cannot be drawn as asked."""


class InProcess:
    """Draws in the process that asks, one figure at a time: for commands and tests."""

    def render(self, spec: PlotSpec) -> Picture:
        # Imported here, so that a process that never draws never loads matplotlib.
        from plots.rendering.render import render

        return render(spec)


in_process = InProcess()

_lock = Lock()
_pools: dict[int, Pool] = {}  # by process: one that was forked has none yet


def renderer() -> Renderer:
    """What the settings choose to draw with: ``PROCESSES`` of a pool, or with 0 this process."""
    return _pool() or in_process


def warm_up() -> None:
    """Start the render processes, if the settings want any, before they are asked; at once."""
    if pool := _pool():
        pool.warm_up()


def close() -> None:
    """End the render processes of this process; the next plot would start them anew."""
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
