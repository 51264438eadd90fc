"""Requests that try to break matplotlib, with a limit of processor time."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from tests.helpers import ask, pixels

# The slowest picture takes 3 s. A processor that others use too, or one that measures coverage, is
# slower, but code that hangs takes far longer.
SECONDS = 30


@contextmanager
def deadline(seconds: float = SECONDS) -> Iterator[None]:
    """Limit the processor time of this process, which does not depend on what else is running."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


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
