"""Requests that try to break matplotlib, with a time limit."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from tests.helpers import ask, pixels

SECONDS = 2

# Factor for loaded machines. Code that hangs takes far longer.
PATIENCE = 30


@contextmanager
def deadline(seconds: float = SECONDS * PATIENCE) -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def drawn(client: Client, kind: str, format: str = "png", **query: Any) -> Any:
    with deadline():
        response = client.get(f"/plot/{kind}.{format}", query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return response


def refused(client: Client, kind: str, parameter: str, code: str, **query: Any) -> None:
    with deadline():
        told = ask(client, f"/plot/{kind}.png", query)
        shown = client.get(f"/plot/{kind}.png", query)
    assert (told.status_code, shown.status_code) == (400, 400)
    errors = [(error["parameter"], error["code"]) for error in told.json()["errors"]]
    assert (parameter, code) in errors
    assert parameter in shown["X-Plot-Error"]
    assert shown["Cache-Control"] == "no-store"
    assert pixels(shown).format == "PNG"


def numbers(count: int, of: Any = None) -> str:
    of = of or random.Random(count).random
    return ",".join(f"{of():.4f}" for _ in range(count))
