"""Every row of the old database is there after the upgrade, with the ids that it had."""

from __future__ import annotations

import json
from collections import Counter

from tests.upgrade.conftest import Upgrade
from tests.upgrade.site import is_new

# A preset that drew one of several rows with the same x.
OVERLAPPED = "overlapped"
COUNTS = {
    "plots_preset": 26,
    "plots_board": 3,
    "plots_boarditem": 12,
    "plots_dataset": 3,
    "plots_storedplot": 84,
    "plots_presetuse": 196,
    "auth_user": 2,
    "auth_user_user_permissions": 9,
    "auth_permission": 71,  # 16 of django-axes
    "django_admin_log": 15,
    "reversion_revision": 30,  # a new one, of the preset that got a sum
    "reversion_version": 30,
}
PERMISSIONS = """
from django.contrib.auth import get_user_model
editor = get_user_model().objects.get(username="editor")
print(json.dumps([each for each in given if editor.has_perm(each)]))
"""

NEW_ROWS = """
from django.db import transaction
from plots.boards.models import Board
from plots.datasets.models import Dataset
from plots.presets.models import Preset
with transaction.atomic():
    rows = [Preset(slug="new"), Board(slug="new"), Dataset(name="new", file="new")]
    for row in rows:
        row.save()
    print(json.dumps([row.pk for row in rows]))
    transaction.set_rollback(True)
"""


def test_rows_do_not_change(upgrade: Upgrade) -> None:
    for table in upgrade.before.keys() - {"django_content_type", "reversion_version"}:
        kept = [row for row in upgrade.after[table] if not is_new(row.get("codename", ""))]
        before = upgrade.before[table]
        if table == "plots_preset":
            before, kept = (
                [row for row in rows if row["slug"] != OVERLAPPED] for rows in (before, kept)
            )
        if table == "reversion_revision":
            kept = kept[: len(before)]
        assert kept == before, table
    assert {table: len(upgrade.after[table]) for table in COUNTS} == COUNTS


def test_rows_that_overlap_get_a_sum(upgrade: Upgrade) -> None:
    """In the preset and in a revision of it."""
    before, after = (
        next(row for row in rows["plots_preset"] if row["slug"] == OVERLAPPED)
        for rows in (upgrade.before, upgrade.after)
    )
    summarised = before["parameters"] | {"stat": ["sum"]}
    unchanged = {name: after[name] for name in ("updated", "editor_id")}
    assert after == before | {"parameters": summarised} | unchanged
    assert upgrade.after["reversion_revision"][-1]["comment"] == "stat"
    (answer,) = upgrade.site.visit([None, f"/presets/{OVERLAPPED}.json", None])
    column = json.loads(answer[2])["columns"][1]
    assert (answer[0], column["name"]) == (200, "Sum of body_mass_g")


def test_content_types_change_their_label_in_place(upgrade: Upgrade) -> None:
    found = {
        row["id"]: (row["app_label"], row["model"])
        for row in upgrade.after["django_content_type"]
        if row["app_label"] != "axes"
    }
    assert len(found) == 14
    assert {number: found[number] for number in range(1, 7)} == {
        1: ("plots", "storedplot"),
        2: ("plots_boards", "board"),
        3: ("plots_datasets", "dataset"),
        4: ("plots_presets", "preset"),
        5: ("plots_boards", "boarditem"),
        6: ("plots_presets", "presetuse"),
    }
    others = [row for row in upgrade.before["django_content_type"] if row["app_label"] != "plots"]
    assert {row["id"]: (row["app_label"], row["model"]) for row in others}.items() <= found.items()


def test_revisions_name_the_new_model(upgrade: Upgrade) -> None:
    before = upgrade.before["reversion_version"]
    after = upgrade.after["reversion_version"][: len(before)]
    for old, new in zip(before, after, strict=True):
        start = '[{"model": "plots.preset", '
        assert old["serialized_data"].startswith(start)
        expected = start.replace("plots.", "plots_presets.") + old["serialized_data"][len(start) :]
        assert new == {**old, "serialized_data": expected}


def test_users_keep_their_passwords(upgrade: Upgrade) -> None:
    admin, editor = upgrade.after["auth_user"]
    assert (admin["username"], admin["is_superuser"]) == ("admin", True)
    assert (editor["username"], editor["is_staff"]) == ("editor", True)
    assert admin["password"].endswith("$TOlFr2R6Ogv+zFFAtzVyIji50JmNxbzyc6f3RNCG5uI=")
    assert editor["password"].endswith("$+0rrtKuakwKzuymsmWA/f+8MLMW9hpXMkOHUK6mD6LM=")


def test_permissions_hold_under_the_new_labels(upgrade: Upgrade) -> None:
    models = {"plots_presets": "preset", "plots_boards": "board", "plots_datasets": "dataset"}
    actions = ("add", "change", "delete", "view", "publish")
    named = [f"{app}.{do}_{model}" for app, model in models.items() for do in actions]
    former = [f"plots.{do}_{model}" for model in models.values() for do in actions]
    held = upgrade.site.python(PERMISSIONS, named + former)
    assert held == [each for each in named if each.split(".")[1][:3] in ("add", "cha", "vie")]


def test_use_counts(upgrade: Upgrade) -> None:
    total: Counter[str] = Counter()
    for row in upgrade.after["plots_presetuse"]:
        total[row["how"]] += row["count"]
    assert total == {"picture": 774, "tag": 1159}


def test_another_start_changes_nothing(upgrade: Upgrade) -> None:
    assert upgrade.site.manage("prepare") == ""
    assert "No changes" in upgrade.site.manage("makemigrations", "--check", "--dry-run")
    stale = upgrade.site.manage("remove_stale_contenttypes", "--noinput", "--include-stale-apps")
    assert "Deleting" not in stale


def test_new_rows_get_new_ids(upgrade: Upgrade) -> None:
    """The ids of adopted tables still count up."""
    assert upgrade.site.python(NEW_ROWS) == [27, 4, 4]
