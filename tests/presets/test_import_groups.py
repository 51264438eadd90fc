"""Export and import of the groups that may see a preset."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from plots.presets.admin.changelist import resource
from plots.presets.models import Preset
from tests.presets.test_import_export import NEW, accept, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def preset() -> Preset:
    made = Preset.objects.create(
        slug="own", title="Own", kind="line", parameters={"y": ["1,2"]}, visibility="groups"
    )
    made.groups.set([Group.objects.create(name="Editors"), Group.objects.create(name="A, B")])
    return made


def groups() -> list[str]:
    return sorted(Preset.objects.get().groups.values_list("name", flat=True))


@pytest.mark.parametrize("format", resource.FORMATS)
def test_round_trip(format: str, preset: Preset, admin_client: Client) -> None:
    url = f"/admin/plots_presets/preset/export/presets.{format}"
    file = admin_client.get(url).content
    again = send(admin_client, file, f"presets.{format}")
    assert [row.state for row in again.context["rows"]] == ["unchanged"]
    preset.delete()
    accept(admin_client, send(admin_client, file, f"presets.{format}"))
    assert groups() == ["A, B", "Editors"]


def test_a_change_of_groups_is_shown_and_made(preset: Preset, admin_client: Client) -> None:
    shown = send(admin_client, [{"slug": "own", "groups": ["Editors"]}])
    (row,) = shown.context["rows"]
    assert (row.state, [(each.name, each.new) for each in row.changes]) == (
        "changed", [("groups", "Editors")],
    )  # fmt: skip
    assert groups() == ["A, B", "Editors"]
    accept(admin_client, shown)
    assert groups() == ["Editors"]


def test_rows_without_groups_keep_them(preset: Preset, admin_client: Client) -> None:
    rows = [{"slug": "own", "title": "New"}, {**NEW, "groups": ["Editors"], "visibility": "groups"}]
    accept(admin_client, send(admin_client, rows))
    found = {
        each.slug: sorted(group.name for group in each.groups.all())
        for each in Preset.objects.all()
    }
    assert found == {"own": ["A, B", "Editors"], "new": ["Editors"]}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"groups": ["Nobody"]}, "no group “Nobody”"),
        ({"groups": "Editors"}, "Invalid JSON"),
        ({"groups": [1]}, "list of names"),
        ({"groups": []}, "at least one group"),
        ({"slug": "new", "kind": "line", "visibility": "groups"}, "at least one group"),
    ],
)
def test_invalid_groups(
    given: dict[str, Any], problem: str, preset: Preset, admin_client: Client
) -> None:
    row = {**NEW, "slug": "own", "visibility": "groups", **given}
    shown = send(admin_client, [row])
    (row,) = shown.context["rows"]
    assert row.state == "invalid"
    assert any(problem in message for _, message in row.problems), row.problems
