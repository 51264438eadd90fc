"""The data folder of commit 1ca9f82, and what today's site makes of it on two databases."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.upgrade.postgresql import copy_database
from tests.upgrade.site import ROOT, Site

ARCHIVE = ROOT.parent / "shared/upgrade/var-1ca9f82.tar.gz"
# The rows of these models stay as they are.
STABLE = (
    "plots.StoredPlot", "plots_presets.Preset", "plots_presets.PresetUse", "plots_boards.Board",
    "plots_boards.BoardItem", "plots_datasets.Dataset", "auth.User", "auth.Group",
    "auth.Permission", "auth.User_user_permissions", "auth.Group_permissions", "admin.LogEntry",
    "reversion.Revision",
)  # fmt: skip
# Content types get other labels, and saved revisions other names of models.
CHANGED = ("contenttypes.ContentType", "reversion.Version")


def require(condition: bool, reason: str) -> None:
    """Skip the test without ``condition``; in CI, fail."""
    if not condition:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def old(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The data folder as commit 1ca9f82 left it. Tests work on copies."""
    require(ARCHIVE.exists(), f"no {ARCHIVE}: it lies beside the repository")
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return Site(folder / "var-1ca9f82")


@contextmanager
def postgresql_copy(site: Site, var: Path) -> Iterator[Site]:
    """A copy of ``site`` whose database is a PostgreSQL database of the test's own."""
    reason = "no PostgreSQL answers: apt install postgresql, createuser --superuser $USER"
    require(settings.HAS_POSTGRESQL, reason)
    name = f"{settings.DATABASES['postgresql']['TEST']['NAME']}_{var.name}"
    with psycopg.connect("dbname=postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(dbname=name) as database:
                copy_database(site.var / "plotsite.sqlite3", database)
            copied = site.copy(var, DATABASE_URL=f"postgres:///{name}")
            (var / "plotsite.sqlite3").unlink()
            yield copied
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def copy_on(database: str, site: Site, var: Path) -> Iterator[Site]:
    """A copy of ``site`` on SQLite or PostgreSQL."""
    if database == "postgresql":
        with postgresql_copy(site, var) as copied, closing(copied):
            yield copied
    else:
        with closing(site.copy(var)) as copied:
            yield copied
    shutil.rmtree(var)


@dataclass
class Upgrade:
    """A site after the upgrade, with all its rows before and right after it."""

    site: Site
    before: dict[str, Any]
    after: dict[str, Any]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def upgrade(
    request: pytest.FixtureRequest, old: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgrade]:
    """The old data after the usual start of today's site."""
    var = tmp_path_factory.mktemp("upgrade") / "upgraded"
    with copy_on(request.param, old, var) as site:
        before = site.dump(*STABLE, *CHANGED)
        assert "up to date" in site.manage("prepare")
        yield Upgrade(site, before, site.dump(*STABLE, *CHANGED))


@pytest.fixture
def copy(old: Site, tmp_path: Path) -> Site:
    """A copy of the old data on SQLite that is not migrated yet."""
    return old.copy(tmp_path / "var")
