"""Fixtures for tests of the cache and the render processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client, override_settings

import plots
from plots.delivery import renderers
from plots.spec.registry import Registry, kinds, sources
from tests.delivery.drawings import Drawings
from tests.delivery.pools import DUMMY, GOOD, Slow
from tests.processes import FAR, wait_until


@pytest.fixture
def drawings() -> Iterator[Drawings]:
    drawn = Drawings()

    @plots.kind("counted", channels=plots.XY)
    def counted(ax: Any, data: Any) -> None:
        drawn.append(data.series[0].label)
        drawn.begun.set()
        assert drawn.gate.wait(FAR)
        ax.plot(data.series[0].y)

    yield drawn
    kinds.unregister("counted")


@pytest.fixture(scope="module")
def hostile(django_db_setup: None) -> Iterator[None]:
    """Register the hostile kinds and sources, here and in workers, with the test database."""
    registries: list[Registry[Any]] = [kinds, sources]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_SETTINGS_MODULE", "tests.hostile.settings")
        name = quote(str(connection.settings_dict["NAME"]))
        environment.setenv("DATABASE_URL", f"sqlite:///{name}")
        module = import_module("tests.hostile.plots")
        hostile = [
            (registry, entry)
            for registry in registries
            for entry in registry
            if entry.function.__module__ == module.__name__
        ]
        yield
        renderers.close()
    for registry, entry in hostile:
        registry.unregister(entry.name)
    del sys.modules[module.__name__]  # so that the next import registers them again


@pytest.fixture
def no_caches(settings: Any) -> None:
    """Turn all caches off."""
    settings.CACHES = DUMMY
    settings.PLOTS = {**site.PLOTS, "RECALL": 0}


@pytest.fixture
def good(client: Client) -> Callable[[], bool]:
    """Return a function that checks whether a good plot is drawn correctly."""
    with override_settings(PLOTS={**site.PLOTS, "PROCESSES": 0}):
        wanted = client.get("/plot/line.png", GOOD).content
    return lambda: Client().get("/plot/line.png", GOOD).content == wanted


@pytest.fixture
def start_slow(tmp_path: Path) -> Iterator[Callable[[], Slow]]:
    """Return a function that starts drawing a slow plot."""

    def start() -> Slow:
        path = tmp_path / str(next(names))
        os.mkfifo(path)
        answer = threads.submit(Client().get, "/plot/waits.png", {"path": str(path)})
        found: list[int] = []

        def has_reader() -> bool:
            with suppress(OSError):
                found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            return bool(found)

        wait_until(has_reader)
        return Slow(answer, found[0])

    names = count()
    with ThreadPoolExecutor() as threads:
        yield start
