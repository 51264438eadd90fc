"""Limits of uploads: size, time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings

from plots.datasets.ingest import deadline, workspace
from plots.datasets.ingest.decoding import DecodedFile
from plots.datasets.models import Dataset
from plots.errors import PlotError
from tests.datasets.uploads import ADD, FIELDS, TOWNS, packed, read, stored_files

pytestmark = pytest.mark.django_db


@override_settings(PLOTS={"MAX_UNPACKED": 5})
def test_unpacked_size_is_limited() -> None:
    bomb = packed(b"a,b\n" + b"1,2\n" * 5_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(PlotError, match="larger than 5 MB"):
        read(bomb, "t.csv.gz")


@override_settings(PLOTS={"MAX_UPLOAD": 1})
def test_upload_size_is_limited(admin_client: Client, tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 400_000
    file = SimpleUploadedFile("t.csv", content)
    answer = admin_client.post(ADD, {**FIELDS, "upload": file})
    message = answer.context["adminform"].form.errors["upload"][0]
    assert "at most 1 MB can be uploaded" in message and "Pack it" in message
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(Exception, match="at most 1 MB can be uploaded"):
        call_command("import_dataset", str(tmp_path / "t.csv"))


@override_settings(PLOTS={"UPLOAD_TIMEOUT": 60})
def test_time_of_an_upload_is_limited_but_not_that_of_a_command(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = iter(range(0, 10**6, 61))  # each call is a minute later
    monkeypatch.setattr(deadline, "monotonic", lambda: next(clock))
    file = SimpleUploadedFile("t.csv", TOWNS)
    answer = admin_client.post(ADD, {**FIELDS, "upload": file})
    message = answer.context["adminform"].form.errors["upload"][0]
    assert "longer than 60 seconds" in message and "import_dataset" in message
    assert not Dataset.objects.exists() and not stored_files()
    (tmp_path / "towns.csv").write_bytes(TOWNS)
    call_command("import_dataset", str(tmp_path / "towns.csv"))
    assert Dataset.objects.exists()


def test_statement_is_interrupted_at_the_deadline(tmp_path: Path) -> None:
    slow = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a != b"
    decoded = DecodedFile(tmp_path / "t.csv", "csv")
    with (
        deadline.within(0.2),
        pytest.raises(PlotError, match="longer than 0.2 seconds") as error,
        workspace.connect(tmp_path) as connection,
    ):
        workspace.Workspace(connection, decoded, tmp_path).run(slow, "Reading")
    assert error.value.parameter == "file"


MEASURED = """
import resource, sys, tempfile
import django
django.setup()
from pathlib import Path
import duckdb
from plots.datasets.ingest.reader import read_table
duckdb.connect().close()
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with tempfile.TemporaryDirectory(dir=sys.argv[2]) as folder:
    before = peak()
    table = read_table(Path(sys.argv[1]), "big.csv", Path(folder).resolve())
    print(table.rows, *table.dtypes.values(), peak() - before)
"""


def test_large_file_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    block = "".join(
        f"{i},{i * 0.37:.3f},2026-01-{i % 28 + 1:02}T{i % 24:02}:00,name {i % 1000},"
        f"a longer text of the row {i * 7919 % 100_003}\n"
        for i in range(100_000)
    ).encode()
    with path.open("wb") as file:
        file.write(b"n,x,at,who,what\n")
        while file.tell() < 100e6:
            file.write(block)
    script = [sys.executable, "-c", MEASURED, str(path), str(tmp_path)]
    done = subprocess.run(script, env={**os.environ}, capture_output=True, text=True, check=True)
    rows, *sorts, grown = done.stdout.split()
    assert int(rows) == (path.stat().st_size - 16) // len(block) * 100_000
    assert sorts == ["number", "number", "datetime", "text", "text"]
    assert float(grown) < 300
