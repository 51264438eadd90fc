"""Datasets: uploaded in the admin or from a shell, and drawn by every door as any source is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client

from plots.datasets import storage
from plots.datasets.models import Dataset
from plots.datasets.staging import stage
from plots.datasets.supply import broken_by
from plots.forms.parameters_to_spec import plot_spec
from plots.presets.models import Preset
from tests.helpers import ask, problems

pytestmark = pytest.mark.django_db
LIST = "/admin/plots_datasets/dataset/"
ADD = f"{LIST}add/"
TOWNS = b"town,people,founded\nA,10,1200-01-01\nB,20,1300-01-01\nC,NA,1400-01-01\n"
FIELDS = {"title": "Towns", "name": "towns", "visibility": "public"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "files"


def make(content: bytes = TOWNS, called: str = "towns.csv", **fields: Any) -> Dataset:
    dataset = Dataset(**{**FIELDS, **fields})
    return renew(dataset, content, called)


def renew(dataset: Dataset, content: bytes, called: str = "towns.csv") -> Dataset:
    with storage.workshop() as folder:
        path = Path(folder, "given")
        path.write_bytes(content)
        dataset.accept(stage(path, called, dataset.name))
    return dataset


def kept() -> set[str]:
    return {path.name for path in Path(storage.storage().path(storage.FOLDER)).iterdir()} - {
        ".work"
    }


def upload(client: Client, url: str, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("towns.csv", content, "text/csv")
    return client.post(url, {**FIELDS, **fields, "upload": file})


def test_a_file_is_looked_at_and_then_drawn(
    admin_client: Client, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    looked = upload(admin_client, ADD, TOWNS)
    assert looked.status_code == 200
    html = looked.content.decode()
    assert "Look at what was read" in html and "3 rows" in html
    assert "<td>1200-01-01</td>" in html and "“NA” stands for no value." in html
    assert not Dataset.objects.exists()
    accepted = admin_client.post(ADD, {**FIELDS, "token": looked.context["token"]})
    assert accepted.status_code == 302, accepted.context["adminform"].form.errors
    dataset = Dataset.objects.get()
    assert dataset.dtypes == {"town": "text", "people": "number", "founded": "date"}
    assert (dataset.rows, dataset.revision, str(dataset.author)) == (3, 1, "admin")
    picture = client.get("/plot/bar.png?source=towns&x=town&y=people")
    assert picture.status_code == 200
    assert picture["Cache-Control"].startswith("public")
    table = client.get("/plot/bar.csv?source=towns&x=town&y=people").content.decode()
    assert table.split() == ["town,people", "A,10", "B,20", "C,"]


def test_a_shell_does_the_same(tmp_path: Path, client: Client, capsys: Any) -> None:
    path = tmp_path / "My towns.csv"
    path.write_bytes(TOWNS)
    call_command("import_dataset", str(path), title="Towns", licence="CC0")
    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.title, dataset.licence) == ("my-towns", "Towns", "CC0")
    shown = capsys.readouterr()
    assert "my-towns, revision 1: 3 rows of town (text), people (number)" in shown.out
    assert "“NA” stands for no value." in shown.err and "[" not in shown.err
    assert client.get("/plot/bar.png?source=my-towns&x=town&y=people").status_code == 200
    call_command("import_dataset", str(path))
    assert Dataset.objects.get().revision == 2 and Dataset.objects.get().title == "Towns"


def test_names_that_cannot_be(admin_client: Client) -> None:
    for name, message in (("nile", "already has this name"), ("Towns", "lower-case letters")):
        answer = upload(admin_client, ADD, TOWNS, name=name)
        assert message in str(answer.context["adminform"].form.errors["name"])
    make()
    assert "already exists" in str(upload(admin_client, ADD, TOWNS).context["errors"])


def test_every_door_finds_it(client: Client, admin_client: Client) -> None:
    make()
    preset = Preset(slug="t", title="T", kind="bar", source="towns")
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


def test_a_new_revision_is_seen_at_once_and_the_old_file_goes(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    address = "/plot/bar.csv?source=towns&x=town&y=people"
    dataset = make()
    before, first = client.get(address), kept()
    with django_capture_on_commit_callbacks(execute=True):
        renew(dataset, b"town,people\nA,99\n")
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after.content.split()) == (200, [b"town,people", b"A,99"])
    assert len(kept()) == len(first) and not kept() & first
    assert Dataset.objects.get().revision == 2
    again = client.get(address, headers={"if-none-match": after["ETag"]})
    assert again.status_code == 304


def test_who_sees_it(client: Client, admin_client: Client) -> None:
    address = "/plot/bar.png?source=towns&x=town&y=people"
    make(visibility="staff")
    hidden, unknown = ask(client, address), ask(client, address.replace("towns", "twons"))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    told = [each.json()["errors"][0]["message"] for each in (hidden, unknown)]
    assert told[0] == told[1].replace("twons", "towns")
    assert problems(client, f"{address}&tilte=1")[0] == ("source", "unknown-source")
    assert "Towns" not in client.get("/plot/bar/").content.decode()
    shown = admin_client.get(address)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-cache")
    assert "Cookie" in shown["Vary"]
    assert client.get(address).status_code == 404  # though staff had it drawn
    assert "Towns" in admin_client.get("/plot/bar/").content.decode()
    # What is published of it is for all, and no more than that.
    Preset.objects.create(
        slug="t", title="T", kind="bar", source="towns", parameters={"x": ["town"], "y": ["people"]}
    )
    published = client.get("/presets/t.png")
    assert (published.status_code, published.content) == (200, shown.content)
    assert published["Cache-Control"].startswith("public")
    assert client.get("/presets/t.png?y=founded").status_code == 400


def test_what_was_public_is_forgotten(client: Client) -> None:
    address = "/plot/bar.png?source=towns&x=town&y=people"
    dataset = make()
    for _ in range(2):
        assert client.get(address).status_code == 200
    dataset.visibility = "staff"
    dataset.save()
    assert client.get(address).status_code == 404
    dataset.visibility = "unlisted"
    dataset.save()
    assert client.get(address).status_code == 200
    assert "Towns" not in client.get("/plot/bar/").content.decode()
    dataset.delete()
    assert client.get(address).status_code == 404


def test_a_stored_plot_of_it_is_for_who_may_see_it(client: Client, admin_client: Client) -> None:
    make(visibility="staff")
    body = {"source": "towns", "x": "town", "y": "people"}
    client.force_login(User.objects.create(username="eve"))
    token = admin_client.post("/plot/bar", body, content_type="application/json")
    assert token.status_code == 201
    address = token.json()["png"] if "png" in token.json() else token["Location"]
    path = address.replace("http://testserver", "")
    assert admin_client.get(path).status_code == 200
    assert client.get(path).status_code == 404


def test_what_would_break_is_said_first(admin_client: Client, tmp_path: Path) -> None:
    dataset = make()
    for slug, columns in (("one", ["people"]), ("two", ["founded"])):
        Preset.objects.create(
            slug=slug, title=slug.title(), kind="scatter", source="towns",
            parameters={"x": columns, "y": ["people"]},
        )  # fmt: skip
    url = f"{LIST}{dataset.pk}/change/"
    looked = upload(admin_client, url, b"town,people\nA,x\n")
    html = looked.content.decode()
    assert "could no longer be drawn" in html
    broken = {str(link): str(error) for link, error in looked.context["broken"]}
    assert "not a number" in next(v for k, v in broken.items() if "One" in k)
    assert "no column “founded”" in next(v for k, v in broken.items() if "Two" in k)
    assert looked.context["lost"] == ["founded"]
    assert Dataset.objects.get().revision == 1
    (tmp_path / "towns.csv").write_bytes(b"town,people\nA,x\n")
    with pytest.raises(CommandError, match="two: x: The source “towns” has no column"):
        call_command("import_dataset", str(tmp_path / "towns.csv"))
    call_command("import_dataset", str(tmp_path / "towns.csv"), force=True)
    assert Dataset.objects.get().revision == 2


def test_what_is_used_is_not_deleted(
    admin_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    dataset = make()
    preset = Preset.objects.create(slug="t", title="Tea", kind="bar", source="towns")
    url = f"{LIST}{dataset.pk}/delete/"
    page = admin_client.get(url).content.decode()
    assert "Tea" in page and "would require deleting the following protected" in page
    assert admin_client.post(url, {"post": "yes"}).status_code == 200
    action = {"action": "delete_selected", "_selected_action": dataset.pk, "post": "yes"}
    admin_client.post(LIST, action)
    with pytest.raises(ProtectedError), transaction.atomic():
        dataset.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Dataset.objects.all().delete()
    assert Dataset.objects.exists() and kept()
    preset.delete()
    before = kept()
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not Dataset.objects.exists() and len(kept()) == len(before) - 1


def test_a_token_is_good_for_what_it_was_made_for(
    admin_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    looked = upload(admin_client, ADD, TOWNS)
    token = looked.context["token"]
    for bad in (f"{token}x", "datasets/other.parquet", json.dumps(["a", {}, 1, 1, []])):
        answer = admin_client.post(ADD, {**FIELDS, "token": bad})
        assert "send it again" in str(answer.context["adminform"].form.errors["upload"])
    # What is wrong besides is mended without choosing the file again.
    answer = admin_client.post(ADD, {**FIELDS, "title": "", "token": token})
    assert answer.status_code == 200 and answer.context["token"]
    done = admin_client.post(ADD, {**FIELDS, "token": answer.context["token"]})
    dataset = Dataset.objects.get()
    assert done.status_code == 302 and dataset.rows == 3
    # Sent once more, it is neither another dataset's nor another revision.
    answer = admin_client.post(ADD, {**FIELDS, "name": "other", "token": token})
    assert "send it again" in str(answer.context["adminform"].form.errors["upload"])
    again = {**FIELDS, "title": "New", "token": token}
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(f"{LIST}{dataset.pk}/change/", again).status_code == 302
    dataset.refresh_from_db()
    assert (dataset.title, dataset.revision, len(kept())) == ("New", 1, 1)


def test_strangers_upload_nothing(client: Client) -> None:
    assert upload(client, ADD, TOWNS).status_code == 302
    user = User.objects.create(username="eye", is_staff=True)
    client.force_login(user)
    assert upload(client, ADD, TOWNS).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    user.is_superuser = True
    user.save()
    strict.force_login(user)
    assert upload(strict, ADD, TOWNS).status_code == 403
    assert not Dataset.objects.exists()


def test_a_dataset_that_cannot_be_read_breaks_nothing_else(
    client: Client, admin_client: Client
) -> None:
    dataset = make()
    storage.storage().delete(str(dataset.file.name))
    answer = client.get("/plot/bar.png?source=towns&x=town&y=people")
    assert answer.status_code == 503
    for page in (LIST, f"{LIST}{dataset.pk}/change/", "/", "/plot/bar/?source=towns"):
        assert admin_client.get(page).status_code == 200


def test_the_loop_of_a_newcomer(admin_client: Client, client: Client) -> None:
    dataset = make()
    page = admin_client.get(f"{LIST}{dataset.pk}/change/").content.decode()
    assert "/plot/bar/?source=towns&amp;x=town&amp;stat=count" in page
    kind = admin_client.get("/plot/bar/?source=towns&x=town&y=people&title=Big")
    url = kind.context["save"]
    assert "plot_x=town" in url and not client.get("/plot/bar/").context["save"]
    form = admin_client.get(url).context["adminform"].form
    assert (form["kind"].value(), form["source"].value()) == ("bar", "towns")
    assert form["plot_y"].value() == ["people"] and form["plot_title"].value() == "Big"
    given = {"kind": "bar", "source": "towns", "plot_x": "town", "plot_y": ["people"]}
    given |= {"title": "Towns", "slug": "t", "cache": "default", "visibility": "public"}
    given |= {"order": "1"}
    draft = admin_client.post(url, {**given, "_refresh": "1"})
    assert "data:image/png;base64," in draft.content.decode()
    saved = admin_client.post(url, given, follow=True)
    assert "for staff only" not in saved.content.decode()
    assert Preset.objects.get().parameters == {"x": ["town"], "y": ["people"]}
    assert client.get("/presets/t/").status_code == 200
    Dataset.objects.update(visibility="staff")
    again = admin_client.post(url, {**given, "slug": "u"}, follow=True)
    assert "Its data are for staff only" in again.content.decode()


class Far(Storage):
    """A storage that can do the least: its files are nowhere on this machine."""

    kept: dict[str, bytes] = {}

    def _save(self, name: str, content: Any) -> str:
        self.kept[name] = content.read()
        return name

    def _open(self, name: str, mode: str = "rb") -> Any:
        return ContentFile(self.kept[name], name)

    def exists(self, name: str) -> bool:
        return name in self.kept

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def test_a_storage_elsewhere_is_read_through_a_copy(
    client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    far = {"BACKEND": "tests.datasets.test_datasets.Far"}
    settings.STORAGES = {**settings.STORAGES, "far": far}
    settings.PLOTS = {**settings.PLOTS, "STORAGE": "far"}
    dataset = make()
    address = "/plot/bar.csv?source=towns&x=town&y=people"
    assert b"A,10" in client.get(address).content
    copies = [path.name for path in tmp_path.rglob("*.parquet")]
    assert copies == [Path(str(dataset.file.name)).name]
    renew(dataset, b"town,people\nZ,1\n")
    assert b"Z,1" in client.get(address).content


@pytest.mark.django_db(transaction=True)
def test_nothing_waits_for_the_database_while_a_file_is_read(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []
    for module, whole in (("staging", stage), ("admin", broken_by)):

        def noted(*args: Any, whole: Any = whole) -> Any:
            states.append(connection.in_atomic_block)
            return whole(*args)

        monkeypatch.setattr(f"plots.datasets.{module}.{whole.__name__}", noted)
    assert upload(admin_client, ADD, TOWNS).context["staged"]
    dataset = make()
    assert upload(admin_client, f"{LIST}{dataset.pk}/change/", TOWNS).context["staged"]
    assert states == [False, False, False]


def test_who_draws_no_dataset_loads_no_duckdb() -> None:
    script = (
        "import django, sys; django.setup(); import plots.admin, plots.urls;"
        "from plots.shortcuts import plot_spec; plot_spec('line', y=[1, 2]);"
        "sys.exit('duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], env={**os.environ}).returncode == 0


MOMENTS = b"at,local,n\n" + b"".join(
    b"2026-03-%02dT%02d:30Z,2026-03-%02dT%02d:30,%d\n" % (day, hour, day, hour, day)
    for day in range(1, 31)
    for hour in (3, 20)
)


def test_a_time_with_an_offset_is_moved_by_the_plot_s_zone_and_others_are_not(
    client: Client,
) -> None:
    make(MOMENTS, name="moments")
    assert Dataset.objects.get().dtypes == {"at": "moment", "local": "datetime", "n": "number"}

    def first(x: str, **asked: str) -> str:
        given = {"source": "moments", "x": x, "y": "n", **asked}
        response = client.get("/plot/line.csv", given)
        assert response.status_code == 200, response.content
        return response.content.decode().splitlines()[1]

    assert first("at") == "2026-03-01T03:30:00,1"
    assert first("at", tz="Asia/Tokyo") == "2026-03-01T12:30:00,1"
    assert first("local", tz="Asia/Tokyo") == "2026-03-01T03:30:00,1"
    # Days begin, and filters count, where the plot is read.
    days = {"stat": "count", "bin": "day", "tz": "Asia/Tokyo"}
    assert first("at", **days).split(",") == ["2026-03-01", "1"]
    assert first("local", **days).split(",") == ["2026-03-01", "2"]
    later = first("at", tz="Asia/Tokyo", filter="at__gte:2026-03-02T05:30")
    assert later == "2026-03-02T05:30:00,1"
    same = first("at", tz="Asia/Tokyo", filter="at__gte:2026-03-01T20:30Z")
    assert same == later
    page = client.get("/plot/line/", {"source": "moments"}).content.decode()
    assert "at (datetime)" in page
    for kind, asked in (("scatter", {}), ("line", {"width": "16"})):
        given = {"source": "moments", "x": "at", "y": "n", "tz": "Asia/Tokyo", **asked}
        response = client.get(f"/plot/{kind}.csv", given)
        assert "2026-03-01T12:30:00" in response.content.decode()
