"""Helpers for tests of the pool: settings, requests and slow plots."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings as site
from django.test import Client, override_settings

from tests.helpers import ask
from tests.processes import FAR

GOOD = {"x": "1,2,3", "y": "2,4,8"}

DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@contextmanager
def pool(processes: int = 1, **changed: Any) -> Iterator[None]:
    """Use a pool, with ``changed`` settings once it has started.

    Unless it is changed, the time limit is so far that it ends nothing.
    """
    settings = {**site.PLOTS, "PROCESSES": processes, "TIMEOUT": FAR}
    with override_settings(PLOTS=settings):
        assert Client().get("/plot/line.png", GOOD).status_code == 200
    with override_settings(PLOTS=settings | changed):
        yield


def do(client: Client, deed: str, **parameters: Any) -> Any:
    return ask(client, "/plot/hostile.png", {"deed": deed, **parameters})


def code(answer: Any) -> str:
    return answer.json()["errors"][0]["code"]


def columns(client: Client, kind: str, **query: Any) -> dict[str, list[Any]]:
    """Return the data of a plot by column name."""
    answer = client.get(f"/plot/{kind}.json", query)
    assert answer.status_code == 200, answer.content
    return {column["name"]: column["values"] for column in answer.json()["columns"]}


def process(client: Client) -> list[int]:
    """Return the process ids of the worker and of the fork server."""
    return columns(client, "line", source="process", y="id")["id"]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@dataclass
class Slow:
    """A plot whose drawing takes until ``finish`` is called."""

    answer: Future[Any]
    fifo: int

    def finish(self) -> int:
        """Finish drawing; return the status of the response."""
        os.close(self.fifo)
        return int(self.answer.result(FAR).status_code)
