"""The admin of datasets: upload, preview, new revisions and deletion."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client

from plots.datasets.models import Dataset
from plots.datasets.sources import broken_by
from plots.datasets.staging import stage
from plots.presets.models import Preset
from tests.datasets.uploads import ADD, FIELDS, LIST, TOWNS, create_dataset, stored_files, upload

pytestmark = pytest.mark.django_db


def test_upload_is_previewed_then_saved_and_drawn(
    admin_client: Client, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    preview = upload(admin_client, ADD, TOWNS)
    assert preview.status_code == 200
    html = preview.content.decode()
    assert "Check your data" in html and "3 rows" in html
    assert "<td>1200-01-01</td>" in html and "“NA” means that there is no value." in html
    assert not Dataset.objects.exists()
    accepted = admin_client.post(ADD, {**FIELDS, "token": preview.context["token"]})
    assert accepted.status_code == 302, accepted.context["adminform"].form.errors
    dataset = Dataset.objects.get()
    assert dataset.dtypes == {"town": "text", "people": "number", "founded": "date"}
    assert (dataset.rows, dataset.revision, str(dataset.author)) == (3, 1, "admin")
    picture = client.get("/plot/bar.png?source=towns&x=town&y=people")
    assert picture.status_code == 200
    assert picture["Cache-Control"].startswith("public")
    table = client.get("/plot/bar.csv?source=towns&x=town&y=people").content.decode()
    assert table.split() == ["town,people", "A,10", "B,20", "C,"]


def test_invalid_names_are_refused(admin_client: Client) -> None:
    for name, message in (("nile", "already has this name"), ("Towns", "lower-case letters")):
        answer = upload(admin_client, ADD, TOWNS, name=name)
        assert message in str(answer.context["adminform"].form.errors["name"])
    create_dataset()
    assert "already exists" in str(upload(admin_client, ADD, TOWNS).context["errors"])


def test_preview_lists_presets_that_would_break(admin_client: Client, tmp_path: Path) -> None:
    dataset = create_dataset()
    for slug, columns in (("one", ["people"]), ("two", ["founded"])):
        Preset.objects.create(visibility="public",
            slug=slug, title=slug.title(), kind="scatter", source="towns",
            parameters={"x": columns, "y": ["people"]},
        )  # fmt: skip
    url = f"{LIST}{dataset.pk}/change/"
    preview = upload(admin_client, url, b"town,people\nA,x\n")
    html = preview.content.decode()
    assert "can then no longer be drawn" in html
    broken = {str(link): str(error) for link, error in preview.context["broken"]}
    assert "not a number" in next(v for k, v in broken.items() if "One" in k)
    assert "no column “founded”" in next(v for k, v in broken.items() if "Two" in k)
    assert preview.context["missing"] == ["founded"]
    assert Dataset.objects.get().revision == 1
    (tmp_path / "towns.csv").write_bytes(b"town,people\nA,x\n")
    with pytest.raises(CommandError, match="two: x: The source “towns” has no column"):
        call_command("import_dataset", str(tmp_path / "towns.csv"))
    call_command("import_dataset", str(tmp_path / "towns.csv"), force=True)
    assert Dataset.objects.get().revision == 2


def test_used_dataset_is_not_deleted(
    admin_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    dataset = create_dataset()
    preset = Preset.objects.create(
        visibility="public", slug="t", title="Tea", kind="bar", source="towns"
    )
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
    assert Dataset.objects.exists() and stored_files()
    preset.delete()
    before = stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not Dataset.objects.exists() and len(stored_files()) == len(before) - 1


def test_token_is_valid_only_for_its_upload(
    admin_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    preview = upload(admin_client, ADD, TOWNS)
    token = preview.context["token"]
    for bad in (f"{token}x", "datasets/other.parquet", json.dumps(["a", {}, 1, 1, []])):
        answer = admin_client.post(ADD, {**FIELDS, "token": bad})
        assert "upload it again" in str(answer.context["adminform"].form.errors["upload"])
    # Other mistakes are corrected without uploading the file again.
    answer = admin_client.post(ADD, {**FIELDS, "title": "", "token": token})
    assert answer.status_code == 200 and answer.context["token"]
    done = admin_client.post(ADD, {**FIELDS, "token": answer.context["token"]})
    dataset = Dataset.objects.get()
    assert done.status_code == 302 and dataset.rows == 3
    # Sent again, the token creates neither another dataset nor another revision.
    answer = admin_client.post(ADD, {**FIELDS, "name": "other", "token": token})
    assert "upload it again" in str(answer.context["adminform"].form.errors["upload"])
    url = f"{LIST}{dataset.pk}/change/"
    token = upload(admin_client, url, TOWNS).context["token"]
    again = {**FIELDS, "title": "New", "token": token}
    with django_capture_on_commit_callbacks(execute=True):
        assert {admin_client.post(url, again).status_code for _ in range(2)} == {302}
    dataset.refresh_from_db()
    assert (dataset.title, dataset.revision, len(stored_files())) == ("New", 2, 1)


def test_uploads_need_permission_and_a_csrf_token(client: Client) -> None:
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


def test_path_from_dataset_to_published_preset(admin_client: Client, client: Client) -> None:
    dataset = create_dataset()
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
    assert "staff-only, but" not in saved.content.decode()
    assert Preset.objects.get().parameters == {"x": ["town"], "y": ["people"]}
    assert client.get("/presets/t/").status_code == 200
    Dataset.objects.update(visibility="staff")
    again = admin_client.post(url, {**given, "slug": "u"}, follow=True)
    assert "More people can see this chart than its data" in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_files_are_read_outside_of_transactions(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []
    for module, original in (("staging", stage), ("admin", broken_by)):

        def recorded(*args: Any, original: Any = original) -> Any:
            states.append(connection.in_atomic_block)
            return original(*args)

        monkeypatch.setattr(f"plots.datasets.{module}.{original.__name__}", recorded)
    assert upload(admin_client, ADD, TOWNS).context["staged"]
    dataset = create_dataset()
    assert upload(admin_client, f"{LIST}{dataset.pk}/change/", TOWNS).context["staged"]
    assert states == [False, False, False]


def test_errors_are_shown_beside_the_file(admin_client: Client) -> None:
    file = SimpleUploadedFile("t.csv", b"a,b\n1,2\n3\n")
    answer = admin_client.post(ADD, {**FIELDS, "upload": file})
    assert "Line 3 has 1 value" in answer.context["adminform"].form.errors["upload"][0]
    assert "Line 3 has 1 value" in answer.content.decode()
    assert not Dataset.objects.exists() and answer.context.get("staged") is None
    sheet = BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    answer = admin_client.post(
        ADD, {**FIELDS, "upload": SimpleUploadedFile("t.xlsx", sheet.getvalue())}
    )
    assert "spreadsheet" in answer.content.decode()
