"""Fixtures of the tests of sources."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.models.query import ValuesListIterable

import plots
from plots.spec.registry import sources

MISSING = {
    "postgresql": "no PostgreSQL answers: apt install postgresql, createuser --superuser $USER",
    "mariadb": "no MariaDB answers: apt install mariadb-server, create the user of .ci/run",
}


def require_database(name: str) -> None:
    """Skip the test if the server of a database is missing; in CI, fail."""
    if name not in settings.DATABASES:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING[name])


@pytest.fixture(params=["default", "postgresql", "mariadb"])
def database(request: pytest.FixtureRequest) -> str:
    """The alias of a SQLite, a PostgreSQL and a MariaDB database."""
    name: str = request.param
    require_database(name)
    return name


@pytest.fixture
def source() -> Iterator[Callable[..., None]]:
    """Return a function that registers a source until the end of the test."""
    names = []

    def register(name: str, rows: Any, **declared: Any) -> None:
        function = rows if callable(rows) else lambda: rows
        plots.source(name, **{"version": "1", "visibility": "public", **declared})(function)
        names.append(name)

    yield register
    for name in names:
        sources.unregister(name)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A list of all rows that are fetched from a database, as tuples."""
    rows: list[Any] = []
    original = ValuesListIterable.__iter__

    def recorded(self: Any) -> Iterator[Any]:
        for row in original(self):
            rows.append(row)
            yield row

    monkeypatch.setattr(ValuesListIterable, "__iter__", recorded)
    return rows
