"""Concurrent edits of a preset."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from plots.presets.models import Preset
from tests.presets.editor import bars, change, filled, form

# Two who edit at once

pytestmark = pytest.mark.django_db


@pytest.fixture
def preset() -> Preset:
    return bars()


def test_a_conflict_shows_the_differences_and_can_be_overridden(
    admin_client: Client, preset: Preset
) -> None:
    mine = filled(form(admin_client, change(preset)))
    theirs = dict(mine)
    other = Client()
    other.force_login(User.objects.create_superuser("kim"))
    theirs |= {"plot_ylabel": "Orders", "tags": "shop", "plot_width": "700"}
    assert other.post(change(preset), theirs).status_code == 302
    saved = Preset.objects.get()
    mine |= {"plot_title": "Mine <b>", "description": "Typed for an hour"}
    told = admin_client.post(change(preset), mine)
    assert told.status_code == 200 and Preset.objects.get().updated == saved.updated
    assert "kim has saved this preset" in told.content.decode()
    found = {(each.label, each.theirs, each.yours) for each in
             told.context["adminform"].form.conflict}  # fmt: skip
    assert found == {
        ("Description", "", "Typed for an hour"),
        ("Tags", "shop", ""),
        ("Title", "", "Mine <b>"),
        ("y label", "Orders", ""),
        ("Width", "700", "640"),
    }
    html = told.content.decode()
    assert "Typed for an hour</textarea>" in html and "Mine &lt;b&gt;" in html
    again = filled(told.context["adminform"].form)
    assert admin_client.post(change(preset), again).status_code == 302
    after = Preset.objects.get()
    assert after.description == "Typed for an hour" and "ylabel" not in after.parameters


def test_a_second_conflict_is_reported_again(admin_client: Client, preset: Preset) -> None:
    mine = filled(form(admin_client, change(preset))) | {"title": "Mine"}
    Preset.objects.get().save()
    Preset.objects.filter(pk=preset.pk).update(title="Theirs")
    told = admin_client.post(change(preset), mine)
    assert "Another user has saved" in told.content.decode()
    Preset.objects.get().save()
    again = filled(told.context["adminform"].form)
    assert admin_client.post(change(preset), again).status_code == 200
    assert Preset.objects.get().title == "Theirs"


def test_identical_changes_are_no_conflict(admin_client: Client, preset: Preset) -> None:
    mine = filled(form(admin_client, change(preset)))
    Preset.objects.get().save()
    assert admin_client.post(change(preset), mine).status_code == 302


def test_a_conflict_with_another_kind(admin_client: Client, preset: Preset) -> None:
    mine = filled(form(admin_client, change(preset))) | {"title": "Mine"}
    theirs = Preset.objects.get()
    theirs.kind, theirs.parameters = "line", {"y": ["1,2"], "linestyle": ["dashed"]}
    theirs.save()
    told = admin_client.post(change(preset), mine).context["adminform"].form.conflict
    found = {each.label: (each.theirs, each.yours) for each in told}
    assert found["Kind"] == ("Line chart", "Bar chart") and found["linestyle"] == ("dashed", "")
    assert found["Mode"] == ("", "stacked") and "Alpha" not in found
