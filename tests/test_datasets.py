"""Datasets: uploaded in the admin or from a shell, and drawn by every door as any source is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from plots.datasets import files
from plots.datasets.models import Dataset
from plots.datasets.uploads import stage

pytestmark = pytest.mark.django_db
LIST = "/admin/plots/dataset/"
ADD = f"{LIST}add/"
TOWNS = b"town,people,founded\nA,10,1200-01-01\nB,20,1300-01-01\nC,NA,1400-01-01\n"
FIELDS = {"title": "Towns", "name": "towns", "visibility": "public"}


def make(content: bytes = TOWNS, called: str = "towns.csv", **fields: Any) -> Dataset:
    dataset = Dataset(**{**FIELDS, **fields})
    return renew(dataset, content, called)


def renew(dataset: Dataset, content: bytes, called: str = "towns.csv") -> Dataset:
    with files.workshop() as folder:
        path = Path(folder, "given")
        path.write_bytes(content)
        dataset.accept(stage(path, called, dataset.name))
    return dataset


def kept() -> set[str]:
    return {path.name for path in Path(files.storage().path(files.FOLDER)).iterdir()} - {".work"}


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
    assert dataset.sorts == {"town": "text", "people": "number", "founded": "date"}
    assert (dataset.rows, dataset.revision, dataset.author.username) == (3, 1, "admin")
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
