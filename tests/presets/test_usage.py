"""Usage counts of presets."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.template import Context, Template, engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from plots.http.stored_plots import today
from plots.presets import usage
from plots.presets.models import Preset
from plots.presets.preset_use import PresetUse, Use
from plots.presets.usage import counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def preset() -> Preset:
    return Preset.objects.create(
        visibility="public", slug="weekly", title="Weekly", kind="line", parameters={"y": ["1,2"]}
    )


def told() -> dict[tuple[str, str], int]:
    counts.flush()
    return {(use.how, use.place): use.count for use in PresetUse.objects.all()}


@pytest.mark.parametrize(
    ("referer", "place"),
    [
        ("http://testserver/news/today/?page=2#top", "/news/today/"),
        ("https://blog.example.org/2026/a-post/?utm=1", "https://blog.example.org"),
        ("https://me:secret@example.org:8443/x", "https://example.org:8443"),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("http://[broken", ""),
        ("http://testserver/" + "x" * 5000, "/" + "x" * 199),
    ],
)
def test_images_are_counted_by_referer(
    client: Client, preset: Preset, referer: str, place: str
) -> None:
    for _ in range(2):
        client.get("/presets/weekly.png", headers={"referer": referer} if referer else {})
    assert told() == {("picture", place): 2}
    use = PresetUse.objects.get()
    assert (use.preset, use.day) == (preset, today())


def test_admin_requests_are_not_counted(admin_client: Client, preset: Preset) -> None:
    admin_client.get("/presets/weekly.png", headers={"referer": "http://testserver/admin/plots/"})
    admin_client.get(f"/admin/plots_presets/preset/{preset.pk}/change/")
    assert told() == {}


def test_tags_are_counted_by_path_or_template(preset: Preset) -> None:
    source = "{% load plots %}{% plot_img preset='weekly' %}{% plot_url preset=it %}"
    request = RequestFactory().get("/reports/?year=2026")
    Template(source).render(Context({"it": preset, "request": request}))
    Template(source, name="mail/weekly.html").render(Context({"it": preset}))
    engines["django"].from_string(source).render({"it": preset}, request)
    assert told() == {("tag", "/reports/"): 4, ("tag", "mail/weekly.html"): 2}


def test_usage_caps_places_per_day(client: Client, preset: Preset) -> None:
    for number in range(usage.MAX_PLACES + 70):
        client.get("/presets/weekly.png", headers={"referer": f"https://x{number}.example"})
        if number == 20:
            counts.flush()
    assert len(told()) == usage.MAX_PLACES + 1
    assert told()["picture", usage.ELSEWHERE] == 70


def test_counts_are_written_in_one_transaction(client: Client, preset: Preset) -> None:
    for number in range(8):
        client.get("/presets/weekly.png", headers={"referer": f"http://testserver/{number % 2}"})
    assert not PresetUse.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        counts.flush()
    assert sum(each["sql"].startswith("UPDATE") for each in queries) == 1
    assert len(queries) <= 9, [each["sql"] for each in queries]
    assert told() == {("picture", "/0"): 4, ("picture", "/1"): 4}


def test_counts_are_flushed_after_a_response(
    client: Client, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/presets/weekly.png")  # the client says when it has the answer
    assert not PresetUse.objects.exists()
    monkeypatch.setattr(counts, "_due", 0.0)
    client.get("/presets/weekly.png")
    assert PresetUse.objects.get().count == 2


def test_counts_of_two_processes_are_added(preset: Preset) -> None:
    use = Use(preset.pk, today(), "picture", "/")
    usage._write(Counter({use: 3}))
    usage._write(Counter({use: 4}))
    assert PresetUse.objects.get().count == 7


def test_a_database_error_keeps_the_counts(
    client: Client, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(usage, "_write", fail)
        patched.setattr(counts, "_due", 0.0)
        for _ in range(3):
            assert client.get("/presets/weekly.png").status_code == 200
            counts.flush()
    assert told() == {("picture", ""): 3}


def test_pending_counts_are_limited(preset: Preset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "MAX_PENDING", 10)
    for day in range(30):
        counts.add(Use(preset.pk, today() - timedelta(days=day), "tag", "/"))
    assert counts.is_due
    assert len(told()) == 1 and PresetUse.objects.count() == 10


def test_old_counts_are_deleted(preset: Preset) -> None:
    old = today() - timedelta(days=usage.DAYS + 1)
    PresetUse.objects.create(preset=preset, day=old, how="tag", place="/", count=1)
    counts.add(Use(preset.pk, today(), "tag", "/"))
    counts.add(Use(preset.pk + 1, today(), "tag", "/of-one-that-is-deleted"))
    counts.flush()
    assert [use.day for use in PresetUse.objects.all()] == [today()]
    preset.delete()
    assert not PresetUse.objects.exists()


def test_the_form_shows_usage_and_embed_codes(
    admin_client: Client, admin_user: User, preset: Preset
) -> None:
    client = Client()
    for _ in range(3):
        client.get("/presets/weekly.png", headers={"referer": "https://blog.example.org/a"})
    Template("{% load plots %}{% plot_img preset='weekly' %}", name="mail/weekly.html").render(
        Context()
    )
    page = admin_client.get(f"/admin/plots_presets/preset/{preset.pk}/change/")
    context = page.context["usage"]
    assert [(place.name, place.tags, place.pictures) for place in context["places"]] == [
        ("https://blog.example.org", 0, 3),
        ("mail/weekly.html", 1, 0),
    ]
    assert context["total"] == 4
    html = page.content.decode()
    assert 'href="https://blog.example.org" rel="noreferrer"' in html
    assert "/plot/sparkline.png?" in html
    for code in ("{% plot_img preset=&quot;weekly&quot; %}", "http://testserver/presets/weekly.png",
                 "![Line chart", "&lt;img src="):  # fmt: skip
        assert code in html, code
