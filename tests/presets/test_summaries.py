"""Presets whose rows would hide each other get a statistic: in the admin, and those of before."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

import plots
from plots.presets import overlaps
from plots.presets.admin.changelist.resource import import_rows, read, write
from plots.presets.checks import check_overlaps
from plots.presets.models import Preset
from plots.presets.revisions import read_version, restore, versions_of
from plots.spec.registry import sources
from tests.presets.editor import LIST, ask, change, filled, form

pytestmark = pytest.mark.django_db

RAW = {"kind": "bar", "source": "town-visits", "plot_x": "town", "plot_y": "count"}
SAVED: dict[str, Any] = {"kind": "bar", "source": "town-visits", "visibility": "public"}
XY = {"x": ["town"], "y": ["count"]}
gate = Event()


@pytest.fixture(autouse=True)
def visits() -> Iterator[None]:
    rows = {
        "town": ["Ulm", "Ulm", "Kiel"],
        "day": ["Mon", "Tue", "Mon"],
        "count": [3, 4, 5],
        "place": ["a", "b", "c"],
    }

    def hang() -> Any:
        gate.wait(60)
        return rows

    plots.source("town-visits", version="1")(lambda: rows)
    plots.source("towns-only")(lambda: {"town": rows["town"]})
    plots.source("broken")(lambda: 1 / 0)
    plots.source("hanging")(hang)
    yield
    gate.set()
    for name in ("town-visits", "towns-only", "broken", "hanging"):
        sources.unregister(name)


def saved(slug: str = "visits", **given: Any) -> Preset:
    """A preset as an earlier version saved it."""
    fields = {**SAVED, "parameters": XY, **given}
    return Preset.objects.create(slug=slug, title=slug.title(), **fields)


def test_the_preview_chooses_a_sum_and_says_so(admin_client: Client) -> None:
    answer = ask(admin_client, "preview", RAW).json()
    assert (answer["statistic"], answer["messages"]) == ("sum", [])
    assert answer["remark"].startswith("Several rows would be drawn at the same place")
    assert "“Sum” is chosen" in answer["remark"] and "“day” for “By”" in answer["remark"]
    assert "highest 7 at Ulm" in answer["alt"]


@pytest.mark.parametrize(
    ("given", "stat"),
    [
        ({"plot_y": "place"}, "count"),
        ({"plot_x": "place"}, ""),
        ({"plot_by": "day"}, ""),
        ({"plot_facet": "day"}, ""),
        ({"plot_mode": "stacked"}, ""),
        ({"plot_stat": "mean"}, ""),
        ({"kind": "line"}, ""),
        ({"kind": "stem"}, "sum"),
        ({"plot_y": ""}, ""),
        ({"source": "towns-only", "plot_y": ""}, "count"),
        ({"source": "towns-only", "plot_x": "", "plot_y": ""}, ""),
        ({"source": "broken"}, ""),
        ({"source": "", "plot_x": "a,a", "plot_y": "1,2"}, ""),
    ],
)
def test_other_drafts(given: dict[str, str], stat: str, admin_client: Client) -> None:
    answer = ask(admin_client, "preview", RAW | given).json()
    assert (answer["statistic"], bool(answer["remark"])) == (stat, bool(stat))


def test_the_user_may_keep_the_rows(admin_client: Client) -> None:
    answer = ask(admin_client, "preview", RAW | {"plot_stat": "", "_keep": "1"}).json()
    assert (answer["statistic"], answer["remark"]) == ("", "")
    assert answer["errors"]["plot_stat"][0]["code"] == "overlapping-rows"


def test_the_form_opens_with_the_sum(admin_client: Client) -> None:
    query: dict[str, str] = RAW
    response = admin_client.get(f"{LIST}add/", query)
    assert response.context["adminform"].form["plot_stat"].value() == "sum"
    html = response.content.decode()
    assert '<option value="sum" selected>' in html and "“Sum” is chosen" in html
    rows = html.index(">Rows<")
    assert "<details><summary>" not in html[rows - 120 : rows]  # not collapsed
    without = response.context["adminform"].form
    data = filled(without) | {"title": "Visits", "slug": "visits", "visibility": "staff"}
    assert admin_client.post(f"{LIST}add/", data).status_code == 302
    assert Preset.objects.get().parameters["stat"] == ["sum"]


def test_without_a_script_the_sum_is_selected_after_saving(admin_client: Client) -> None:
    data = filled(form(admin_client, f"{LIST}add/?kind=bar&source=town-visits"))
    data |= {"title": "V", "slug": "v", "plot_x": "town", "plot_y": "count", "plot_stat": ""}
    response = admin_client.post(f"{LIST}add/", data)
    again = response.context["adminform"].form
    (message,) = again.errors["plot_stat"]
    assert "Add stat=sum" in message and message.endswith("Save again to use it.")
    assert again["plot_stat"].value() == "sum"
    assert admin_client.post(f"{LIST}add/", filled(again)).status_code == 302
    assert Preset.objects.get().parameters["stat"] == ["sum"]


def test_restored_and_imported_presets_get_a_sum(admin_client: Client, admin_user: Any) -> None:
    preset = saved()
    preset.parameters = {**XY, "stat": ["mean"]}
    preset.save()
    first = versions_of(Preset, preset.pk).last()
    html = admin_client.get(f"{LIST}revisions/{first.pk}.png").headers["Content-Type"]
    assert html == "image/png"
    revision = read_version(first)
    assert revision and "stat" not in revision.preset.parameters
    assert restore(revision, admin_user).parameters["stat"] == ["sum"]
    preset.parameters = XY
    content = write([preset], "json")
    preset.delete()
    (row,) = import_rows(read(content, "presets.json"))
    assert not row.problems
    assert Preset.objects.get().parameters["stat"] == ["sum"]


def migrate_again(**kwargs: Any) -> None:
    """Send the signal that `migrate` sends after the migration 0003."""
    config = apps.get_app_config("plots_presets")
    done = SimpleNamespace(app_label=config.label, name="0003_summaries")
    plan = kwargs.pop("plan", [(done, False)])
    overlaps.summarise_after_migration(config, plan=plan, using="default", verbosity=1, **kwargs)


@pytest.mark.django_db(transaction=True)
def test_presets_of_before_get_a_statistic(capsys: pytest.CaptureFixture[str]) -> None:
    rows = saved()
    others = [
        saved("apart", parameters={**XY, "by": ["day"]}),
        saved("mean", parameters={**XY, "stat": ["mean"]}),
        saved("stacked", parameters={**XY, "mode": ["stacked"]}),
        saved("inline", source="", parameters={"x": ["a,a"], "y": ["1,2"]}),
        saved("gone", source="gone"),
        saved("kind", kind="gone"),
        saved("broken", source="broken"),
        saved("odd", parameters=["x"]),
    ]
    before = [each.parameters for each in others]
    migrate_again()
    rows.refresh_from_db()
    assert rows.parameters == {**XY, "stat": ["sum"]}
    assert json.loads(Client().get("/presets/visits.json").content)["columns"][1] == {
        "name": "Sum of count", "values": [5, 7],
    }  # fmt: skip
    for each, parameters in zip(others, before, strict=True):
        each.refresh_from_db()
        assert each.parameters == parameters
    assert versions_of(Preset, rows.pk).count() == 2
    assert "added a statistic to: visits" in capsys.readouterr().out
    migrate_again()
    assert versions_of(Preset, rows.pk).count() == 2


@pytest.mark.django_db(transaction=True)
def test_only_the_migration_itself_writes() -> None:
    rows = saved()
    for plan in ([], [(SimpleNamespace(app_label="plots_presets", name="0003_summaries"), True)]):
        migrate_again(plan=plan)
    call_command("migrate", verbosity=0)
    rows.refresh_from_db()
    assert rows.parameters == XY


@pytest.mark.django_db(transaction=True)
def test_a_source_that_hangs_does_not_stop_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlaps, "PATIENCE", 0.2)
    gate.clear()
    saved("slow", source="hanging")
    rows = saved()
    begin = time.monotonic()
    migrate_again()
    assert time.monotonic() - begin < 30
    rows.refresh_from_db()
    assert rows.parameters["stat"] == ["sum"]
    rows.parameters = XY
    rows.save()
    found = {each.obj.slug: each.msg for each in check_overlaps(databases=["default"])}
    assert found == {
        "slow": "The rows of the preset 'slow' could not be examined in time.",
        "visits": "Several rows of the preset 'visits' would be drawn at the same place.",
    }
    gate.set()


@pytest.mark.django_db(transaction=True)
def test_the_check_lists_what_overlaps_now() -> None:
    saved()
    saved("apart", parameters={**XY, "by": ["day"]})
    (warning,) = check_overlaps(databases=["default"])
    assert (warning.id, warning.obj.slug) == ("plots.W013", "visits")
    assert "'sum'" in warning.hint
    assert check_overlaps(databases=None) == check_overlaps(databases=[]) == []


def test_the_saved_preset_is_a_400_with_a_hint_for_its_author(admin_client: Client) -> None:
    preset = saved()
    response = Client().get("/presets/visits.png", headers={"accept": "application/json"})
    (error,) = response.json()["errors"]
    assert (response.status_code, error["parameter"]) == (400, "stat")
    assert "day" not in error["message"].split()  # visitors need not see the source
    opened = admin_client.get(change(preset))
    assert opened.context["adminform"].form["plot_stat"].value() == "sum"
