"""Datasets as sources: in URLs, presets and stored plots, and who may see them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from plots.datasets import storage
from plots.datasets.models import Dataset
from plots.forms.parameters_to_spec import plot_spec
from plots.presets.models import Preset
from tests.datasets.uploads import LIST, create_dataset, replace_file, stored_files
from tests.helpers import ask, problems

pytestmark = pytest.mark.django_db


def test_dataset_in_urls_presets_and_pages(client: Client, admin_client: Client) -> None:
    create_dataset()
    preset = Preset(visibility="public", slug="t", title="T", kind="bar", source="towns")
    preset.parameters = {"x": "town", "y": "people"}
    preset.full_clean()
    preset.save()
    picture = client.get("/plot/bar.png?source=towns&x=town&y=people").content
    assert client.get("/presets/t.png").content == picture
    spec: Any = plot_spec("bar", source="towns", x="town", y="people")
    assert spec.data.revision == "1-public"
    page = client.get("/plot/bar/?source=towns&x=town").content.decode()
    assert '<option value="people">people (number)</option>' in page
    assert '<option value="town" selected>town (text)</option>' in page
    names = "source=towns&x=tonw&y=people"
    assert problems(client, f"/plot/bar.png?{names}") == [("x", "unknown-column")]
    assert "“town”" in ask(client, f"/plot/bar.png?{names}").json()["errors"][0]["message"]
    stat = "/plot/bar.csv?source=towns&x=founded&bin=year&stat=sum&y=people&filter=town__in:A,B"
    assert client.get(stat).content.decode().splitlines()[1:] == ["1200-01-01,10", "1300-01-01,20"]


def test_new_revision_is_drawn_at_once_and_the_old_file_deleted(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    url = "/plot/bar.csv?source=towns&x=town&y=people"
    dataset = create_dataset()
    before, first = client.get(url), stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        replace_file(dataset, b"town,people\nA,99\n")
    after = client.get(url, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after.content.split()) == (200, [b"town,people", b"A,99"])
    assert len(stored_files()) == len(first) and not stored_files() & first
    assert Dataset.objects.get().revision == 2
    again = client.get(url, headers={"if-none-match": after["ETag"]})
    assert again.status_code == 304


def test_staff_datasets_are_hidden_from_visitors(client: Client, admin_client: Client) -> None:
    url = "/plot/bar.png?source=towns&x=town&y=people"
    create_dataset(visibility="staff")
    hidden, unknown = ask(client, url), ask(client, url.replace("towns", "twons"))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    messages = [each.json()["errors"][0]["message"] for each in (hidden, unknown)]
    assert messages[0] == messages[1].replace("twons", "towns")
    assert problems(client, f"{url}&tilte=1")[0] == ("source", "unknown-source")
    assert "Towns" not in client.get("/plot/bar/").content.decode()
    shown = admin_client.get(url)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-cache")
    assert "Cookie" in shown["Vary"]
    assert client.get(url).status_code == 404  # although it is cached for staff
    assert "Towns" in admin_client.get("/plot/bar/").content.decode()
    # A public preset shows its data to everybody, but only what it draws.
    Preset.objects.create(
        visibility="public",
        slug="t",
        title="T",
        kind="bar",
        source="towns",
        parameters={"x": ["town"], "y": ["people"]},
    )
    published = client.get("/presets/t.png")
    assert (published.status_code, published.content) == (200, shown.content)
    assert published["Cache-Control"].startswith("public")
    assert client.get("/presets/t.png?y=founded").status_code == 400


def test_change_of_visibility_takes_effect_at_once(client: Client) -> None:
    url = "/plot/bar.png?source=towns&x=town&y=people"
    dataset = create_dataset()
    for _ in range(2):
        assert client.get(url).status_code == 200
    dataset.visibility = "staff"
    dataset.save()
    assert client.get(url).status_code == 404
    dataset.visibility = "unlisted"
    dataset.save()
    assert client.get(url).status_code == 200
    assert "Towns" not in client.get("/plot/bar/").content.decode()
    dataset.delete()
    assert client.get(url).status_code == 404


def test_stored_plot_of_a_staff_dataset_is_hidden(client: Client, admin_client: Client) -> None:
    create_dataset(visibility="staff")
    body = {"source": "towns", "x": "town", "y": "people"}
    client.force_login(User.objects.create(username="eve"))
    token = admin_client.post("/plot/bar", body, content_type="application/json")
    assert token.status_code == 201
    url = token.json()["png"] if "png" in token.json() else token["Location"]
    path = url.replace("http://testserver", "")
    assert admin_client.get(path).status_code == 200
    assert client.get(path).status_code == 404


def test_missing_file_breaks_only_its_plots(client: Client, admin_client: Client) -> None:
    dataset = create_dataset()
    storage.storage().delete(str(dataset.file.name))
    answer = client.get("/plot/bar.png?source=towns&x=town&y=people")
    assert answer.status_code == 503
    for page in (LIST, f"{LIST}{dataset.pk}/change/", "/", "/plot/bar/?source=towns"):
        assert admin_client.get(page).status_code == 200


def test_duckdb_is_not_imported_without_a_dataset() -> None:
    script = (
        "import django, sys; django.setup(); import plots.admin, plots.urls;"
        "from plots.forms.parameters_to_spec import plot_spec; plot_spec('line', y=[1, 2]);"
        "sys.exit('duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], env={**os.environ}).returncode == 0


MOMENTS = b"at,local,n\n" + b"".join(
    b"2026-03-%02dT%02d:30Z,2026-03-%02dT%02d:30,%d\n" % (day, hour, day, hour, day)
    for day in range(1, 31)
    for hour in (3, 20)
)


def test_only_times_with_an_offset_are_converted_to_the_plot_s_time_zone(
    client: Client,
) -> None:
    create_dataset(MOMENTS, name="moments")
    assert Dataset.objects.get().dtypes == {"at": "moment", "local": "datetime", "n": "number"}

    def first(x: str, **parameters: str) -> str:
        given = {"source": "moments", "x": x, "y": "n", **parameters}
        response = client.get("/plot/line.csv", given)
        assert response.status_code == 200, response.content
        return response.content.decode().splitlines()[1]

    assert first("at") == "2026-03-01T03:30:00,1"
    assert first("at", tz="Asia/Tokyo") == "2026-03-01T12:30:00,1"
    assert first("local", tz="Asia/Tokyo") == "2026-03-01T03:30:00,1"
    # Bins and filters use local time.
    days = {"stat": "count", "bin": "day", "tz": "Asia/Tokyo"}
    assert first("at", **days).split(",") == ["2026-03-01", "1"]
    assert first("local", **days).split(",") == ["2026-03-01", "2"]
    later = first("at", tz="Asia/Tokyo", filter="at__gte:2026-03-02T05:30")
    assert later == "2026-03-02T05:30:00,1"
    same = first("at", tz="Asia/Tokyo", filter="at__gte:2026-03-01T20:30Z")
    assert same == later
    page = client.get("/plot/line/", {"source": "moments"}).content.decode()
    assert "at (datetime)" in page
    for kind, parameters in (("scatter", {}), ("line", {"width": "16"})):
        given = {"source": "moments", "x": "at", "y": "n", "tz": "Asia/Tokyo", **parameters}
        response = client.get(f"/plot/{kind}.csv", given)
        assert "2026-03-01T12:30:00" in response.content.decode()
