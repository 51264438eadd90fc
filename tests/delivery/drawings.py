"""Renderings that tests wait for and count."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

from plots.delivery import cache


class Drawings(list[str]):
    """Labels of the drawn plots of kind ``counted``. Drawing waits until ``gate`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()
        self.begun = Event()
        self.gate.set()


def draw_as(content: bytes) -> Callable[[Any], Any]:
    return lambda spec: cache.Picture(content, spec.format)
