"""The command import_dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from plots.datasets.models import Dataset
from tests.datasets.uploads import TOWNS

pytestmark = pytest.mark.django_db


def test_command_imports_a_file(tmp_path: Path, client: Client, capsys: Any) -> None:
    path = tmp_path / "My towns.csv"
    path.write_bytes(TOWNS)
    call_command("import_dataset", str(path), title="Towns", licence="CC0", visibility="public")
    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.title, dataset.licence) == ("my-towns", "Towns", "CC0")
    shown = capsys.readouterr()
    assert "my-towns, revision 1: 3 rows of town (text), people (number)" in shown.out
    assert "“NA” means that there is no value." in shown.err and "[" not in shown.err
    assert client.get("/plot/bar.png?source=my-towns&x=town&y=people").status_code == 200
    call_command("import_dataset", str(path))
    assert Dataset.objects.get().revision == 2 and Dataset.objects.get().title == "Towns"
