"""Migrations backwards, apps that are left out, and rows that exist under both labels."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from plots.migrations._adoption import MoveReferences
from tests.upgrade.conftest import copy_on
from tests.upgrade.site import Site, is_new
from tests.upgrade.test_rows import OVERLAPPED

REVISIONS = 29  # of the old data
TABLES = ("plots_preset", "plots_presetuse", "plots_board", "plots_boarditem", "plots_dataset")


def read(site: Site, query: str) -> list[tuple[Any, ...]]:
    """Rows of the SQLite database of ``site``."""
    with sqlite3.connect(site.var / "plotsite.sqlite3") as database:
        return database.execute(query).fetchall()


def tables(site: Site) -> set[str]:
    return {name for (name,) in read(site, "SELECT name FROM sqlite_master WHERE type = 'table'")}


def everything(site: Site) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the one that lists migrations.

    New permissions and the rows of django-axes are left out, because migrating plots backwards
    does not delete them, and so is the sum that a preset got.
    """
    names = tables(site) - {"django_migrations", "sqlite_sequence"}
    names = {name for name in names if not name.startswith("axes_")}
    rows = {name: read(site, f'SELECT * FROM "{name}"') for name in names}
    rows["auth_permission"] = [row for row in rows["auth_permission"] if not is_new(row[2])]
    rows["plots_preset"] = [row for row in rows["plots_preset"] if OVERLAPPED not in row]
    for name in ("reversion_revision", "reversion_version"):
        rows[name] = [row for row in rows[name] if row[0] <= REVISIONS]
    types = rows["django_content_type"]
    rows["django_content_type"] = [row for row in types if "axes" not in row]
    return rows


def go_back(site: Site) -> None:
    """Undo the migrations of the optional apps; those of boards depend on those of presets."""
    for app in ("plots_presets", "plots_datasets"):
        site.manage("migrate", "-v0", app, "zero")


def test_backwards_and_forwards_again(copy: Site) -> None:
    before = everything(copy)
    copy.manage("migrate", "-v0")
    after = everything(copy)
    go_back(copy)
    assert everything(copy) == before
    assert not read(copy, "SELECT * FROM django_migrations WHERE app LIKE 'plots\\_%' ESCAPE '\\'")
    copy.manage("migrate", "-v0")
    assert everything(copy) == after


def test_backwards_on_postgresql(old: Site, tmp_path: Path) -> None:
    labels = ("plots_presets.Preset", "contenttypes.ContentType", "auth.Permission",
              "reversion.Version")  # fmt: skip
    with copy_on("postgresql", old, tmp_path / "back") as site:
        before = site.dump(*labels)
        site.manage("migrate", "-v0")
        go_back(site)
        after = site.dump(*labels)
        permissions = after["auth_permission"]
        after["auth_permission"] = [row for row in permissions if not is_new(row["codename"])]
        after["reversion_version"] = after["reversion_version"][:REVISIONS]
        for rows in (before, after):
            rows["plots_preset"] = [r for r in rows["plots_preset"] if r["slug"] != OVERLAPPED]
        types = after["django_content_type"]
        after["django_content_type"] = [row for row in types if row["app_label"] != "axes"]
        assert after == before


def test_tables_of_a_fresh_database_are_dropped_backwards(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.manage("migrate", "-v0")
    assert set(TABLES) <= tables(site)
    assert not read(site, "SELECT * FROM django_migrations WHERE name LIKE 'adopted%'")
    go_back(site)
    assert not set(TABLES) & tables(site)
    site.manage("migrate", "-v0")
    assert set(TABLES) <= tables(site)


@pytest.mark.parametrize(
    ("left_out", "kept"),
    [
        ("plots.boards", ("plots_board", "plots_boarditem")),
        ("plots.datasets", ("plots_dataset",)),
        ("plots.boards,plots.datasets,plots.presets", TABLES),
    ],
)
def test_tables_of_an_app_that_is_left_out_stay(
    copy: Site, old: Site, left_out: str, kept: tuple[str, ...]
) -> None:
    expected = everything(old)
    # The site's own sources draw presets.
    extra = {"LEFT_OUT": f"plotsite,{left_out}", "DJANGO_SETTINGS_MODULE": "tests.upgrade.settings"}
    Site(copy.var, extra).manage("migrate", "-v0", "--skip-checks")
    found = everything(copy)
    assert {name: found[name] for name in kept} == {name: expected[name] for name in kept}
    types = dict(read(copy, "SELECT model, app_label FROM django_content_type"))
    labels = {types[name.removeprefix("plots_")] for name in kept}
    assert labels == {"plots"}
    # The app is added later. Its migration is no initial one that could be skipped.
    copy.manage("migrate", "-v0", "--fake-initial")
    types = dict(read(copy, "SELECT model, app_label FROM django_content_type"))
    assert "plots" not in {types[name.removeprefix("plots_")] for name in kept}
    assert read(copy, "SELECT COUNT(*) FROM auth_permission") == [(71,)]


@pytest.fixture(autouse=True)
def no_stale_types() -> Iterator[None]:
    """Forget the content types of each test, which its transaction takes back."""
    yield
    ContentType.objects.clear_cache()


def labelled(database: str, label: str) -> tuple[ContentType, Permission]:
    """A content type of presets under ``label`` with one permission."""
    kind = ContentType.objects.using(database).create(app_label=label, model="preset")
    may = Permission.objects.using(database).create(
        content_type=kind, codename="publish_preset", name="Can publish preset"
    )
    return kind, may


ALIASES = ["default"]
if "postgresql" in connections.databases:
    ALIASES.append("postgresql")


@pytest.mark.parametrize("database", ALIASES)
@pytest.mark.django_db(databases=ALIASES)
def test_rows_of_both_labels_are_merged(database: str) -> None:
    ContentType.objects.using(database).filter(model="preset").delete()
    new, may_new = labelled(database, "plots_presets")
    old, may_old = labelled(database, "plots")
    only_new = Permission.objects.using(database).create(content_type=new, codename="print_preset")
    both, one = (Group.objects.using(database).create(name=name) for name in ("both", "one"))
    both.permissions.set([may_new, may_old])
    one.permissions.set([may_new, only_new])
    user = User.objects.using(database).create(username="ann")
    user.user_permissions.add(may_new)
    for kind in (old, new):
        LogEntry.objects.using(database).create(user=user, content_type=kind, action_flag=1)

    move = MoveReferences("plots", ["preset"])
    editor = connections[database].schema_editor()
    for _ in range(2):  # the second time there is nothing to do
        move.database_forwards("plots_presets", editor, apps, apps)

    (kept,) = ContentType.objects.using(database).filter(model="preset")
    assert (kept.pk, kept.app_label) == (old.pk, "plots_presets")
    permissions = Permission.objects.using(database).filter(content_type=kept)
    assert {each.pk for each in permissions} == {may_old.pk, only_new.pk}
    assert [*both.permissions.all()] == [may_old]
    assert {*one.permissions.all()} == {may_old, only_new}
    assert user.has_perm("plots_presets.publish_preset")
    assert {each.content_type_id for each in LogEntry.objects.using(database).all()} == {old.pk}
    current = ContentType.objects.db_manager(database).get_by_natural_key("plots_presets", "preset")
    assert current.pk == old.pk


@pytest.mark.django_db
def test_a_site_without_former_rows_is_left_alone() -> None:
    before = [*ContentType.objects.order_by("pk").values()]
    move = MoveReferences("plots", ["preset"])
    move.database_forwards("plots_presets", connections["default"].schema_editor(), apps, apps)
    assert [*ContentType.objects.order_by("pk").values()] == before
