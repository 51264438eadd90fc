"""What people upload: read rightly, or refused with the line and what to do about it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings

from plots.datasets import staging, storage
from plots.datasets.ingest import deadline, workspace
from plots.datasets.ingest.decoding import Plain
from plots.datasets.models import Dataset, Staged
from plots.errors import PlotError
from tests.datasets.test_datasets import ADD, FIELDS, TOWNS, kept, make, own_folder, renew

__all__ = ["own_folder"]  # a fixture
pytestmark = pytest.mark.django_db


packed = partial(gzip.compress, mtime=0)  # the same bytes at any time


def read(content: bytes, called: str = "t.csv") -> tuple[Staged, list[tuple[Any, ...]]]:
    """What is read of a file, and all its rows."""
    with storage.workshop() as folder:
        path = folder / "given"
        path.write_bytes(content)
        staged = staging.stage(path, called, "t")
    table = staged.table()
    return staged, table.head(100)


def parquet(sql: str, tmp_path: Path) -> bytes:
    import duckdb

    path = tmp_path / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "sorts", "rows", "warning"),
    [
        (b"a,b\n1,2.5\n-3e2,\n", {"a": "number", "b": "number"}, [(1, 2.5), (-300, None)], ""),
        (b"\xef\xbb\xbfa,b\r\n1,x\r\n", {"a": "number", "b": "text"}, [(1, "x")], ""),
        ("a,b\n1,中\n".encode("utf-16"), {"a": "number", "b": "text"}, [(1, "中")], ""),
        ("a,ä\n1,ö\n".encode("latin-1"), {"a": "number", "ä": "text"}, [(1, "ö")], "Latin-1"),
        (b"a,b\r1,2\r3,4\r", {"a": "number", "b": "number"}, [(1, 2), (3, 4)], ""),
        (b"a;b\n1,5;x\n1.234,25;y\n", {"a": "number", "b": "text"}, [(1.5, "x"), (1234.25, "y")],
         "written like 1.234,5"),
        (b'a,b\n"1,234",x\n"2,000.5",y\n', {"a": "number", "b": "text"},
         [(1234, "x"), (2000.5, "y")], "written like 1,234.5"),
        (b"a\tb\n1\t2\n", {"a": "number", "b": "number"}, [(1, 2)], ""),
        (b"a|b\n1|2\n", {"a": "number", "b": "number"}, [(1, 2)], ""),
        (b"a\n1\n2\n", {"a": "number"}, [(1,), (2,)], ""),
        (b"# about\na,b\n1,2\n", {"a": "number", "b": "number"}, [(1, 2)], "with #"),
        (b'a,b\n1,"x\ny"\n\n2,"say ""no"""\n', {"a": "number", "b": "text"},
         [(1, "x\ny"), (2, 'say "no"')], ""),
        (b"a,b\n1,x\nNA,NA\n", {"a": "number", "b": "text"}, [(1, "x"), (None, None)],
         "“NA” stands for no value"),
        (b"a\nNA\nDE\n", {"a": "text"}, [("NA",), ("DE",)], ""),
        (b"a,b\n1,x\nx,y\n", {"a": "text", "b": "text"}, [("1", "x"), ("x", "y")],
         "“a” is text: line 3 has “x”"),
        (b"a,b\n007,1\n012,2\n", {"a": "text", "b": "number"}, [("007", 1), ("012", 2)],
         "leading zeros"),
        (b"a\n12345678901234567890\n", {"a": "text"}, [("12345678901234567890",)], "names"),
        (b"a\n1_000\n", {"a": "text"}, [("1_000",)], ""),
        (b"a,b\n1e999,inf\n1,2\n", {"a": "text", "b": "number"}, [("1e999", None), ("1", 2)],
         "line 2 has “1e999”"),
        (b"a,a,,A\n1,2,3,4\n", {"a": "number", "a 2": "number", "column 3": "number",
         "A 3": "number"}, [(1, 2, 3, 4)], "Column 2, “a”, is called “a 2” here"),
        (b"a,b\n=1+1,=cmd|x!A1\n", {"a": "text", "b": "text"}, [("=1+1", "=cmd|x!A1")],
         "formulas such as “=1+1”"),
        (b'x; drop table,"a ""b"", c",select,file_row_number\n1,2,3,4\n',
         {"x; drop table": "number", 'a "b", c': "number", "select": "number",
          "file_row_number 2": "number"}, [(1, 2, 3, 4)], "is called “file_row_number 2” here"),
        (b"d,e\n2026-01-31,31.01.2026\n2026-02-01,1.2.2026\n", {"d": "date", "e": "date"},
         [(date(2026, 1, 31),) * 2, (date(2026, 2, 1),) * 2], ""),
        (b"d\n2026-02-30\n2026-01-01\n", {"d": "text"}, [("2026-02-30",), ("2026-01-01",)],
         "line 2 has “2026-02-30”"),
        (b"d\n01/02/2026\n02/03/2026\n", {"d": "text"}, [("01/02/2026",), ("02/03/2026",)],
         "day and month may be either"),
        (b"d\n01/02/2026\n31/03/2026\n", {"d": "date"},
         [(date(2026, 2, 1),), (date(2026, 3, 31),)], ""),
        (b"t\n2026-01-31T12:30Z\n2026-01-31 13:30+02:00\n2026-02-01\n", {"t": "datetime"},
         [(datetime(2026, 1, 31, 12, 30),), (datetime(2026, 1, 31, 11, 30),),
          (datetime(2026, 2, 1),)], ""),
        (b"t\n2026-01-31T12:30Z\n2026-01-31 13:30+02:00\nNA\n", {"t": "moment"},
         [(datetime(2026, 1, 31, 12, 30),), (datetime(2026, 1, 31, 11, 30),), (None,)],
         "“NA” stands for no value"),
        (b"t\n2026-01-31T12:30Z\n9999-12-31T23:30-05:00\n", {"t": "text"},
         [("2026-01-31T12:30Z",), ("9999-12-31T23:30-05:00",)], "line 3 has"),
        (b"a,b\ntrue,1\nFALSE,2\n", {"a": "boolean", "b": "number"}, [(1, 1), (0, 2)], ""),
        (b"a,b\n1,\n2,\n", {"a": "number", "b": "number"}, [(1, None), (2, None)],
         "“b” has no values"),
        (packed(b"a,b\n1,2\n"), {"a": "number", "b": "number"}, [(1, 2)], ""),
    ],
)  # fmt: skip
def test_what_is_read(content: bytes, sorts: Any, rows: Any, warning: str) -> None:
    staged, found = read(content)
    assert staged.dtypes == sorts and [*staged.dtypes] == [*sorts]
    assert found == rows and staged.rows == len(rows)
    assert warning in " ".join(staged.warnings) if warning else not staged.warnings


@pytest.mark.parametrize(
    ("content", "called", "message"),
    [
        (b"a,b\n1," + b"x" * 300_000 + b"\n3\n", "t.csv", "Line 3 has 1 value"),
        (b"a,b\n1,2\n3\n", "t.csv", "Line 3 has 1 value, and the header names 2 columns: “b”"),
        (b'a,b\n"x\ny",2\n\n3,4,5\n', "t.csv", "Line 5 has 3 values"),
        (b"a,b\n1,2\n1,5,2\n", "t.csv", "the first without a name is “2”. Put a value that"),
        (b'a,b\n1,"2\n3,4\n', "t.csv", "Line 2: a double quote"),
        (b'a,b\n1,"2"x\n', "t.csv", "Line 2: a double quote"),
        (b"", "t.csv", "empty"),
        (b" \n\n", "t.csv", "empty"),
        (b"a,b\n", "t.csv", "no rows below"),
        (b"# only\n# remarks\n", "t.csv", "no header"),
        (b"a,b\n1,2\n\x00\x01,3\n", "t.csv", "Line 3 has a NUL"),
        (b"a,b\n1,2\n" + b"x" * 3_000_000, "t.csv", "Line 3 is longer than"),
        (b",".join(b"c%d" % i for i in range(10_000)) + b"\n", "t.csv", "has 10,000 columns"),
        (b"a,b\n1,2\n", "t.parquet", "is called .parquet and is none"),
        (b"PAR1 nothing of the sort PAR1", "t.parquet", "could not be read as Parquet"),
        (b"PAR1", "t.csv", "could not be read as Parquet"),
        (packed(b"a,b\n" * 1000)[:-9], "t.csv.gz", "packed with gzip and broken"),
        (packed(b"a")[:5], "t.csv.gz", "packed with gzip and broken"),
        (packed(packed(b"a,b\n1,2\n")), "t.csv.gz", "packed twice"),
        (b"PK\x03\x04 a spreadsheet", "t.xlsx", "Save the table as CSV"),
        (b'{"a": 1}\n{"a" 2}\n', "t.jsonl", "Line 2, column 6: this is no JSON"),
        (b'{"a": 1}\n[1]\n', "t.jsonl", "Line 2 is no object"),
        (b'[{"a": 1}]', "t.json", "Write JSON lines"),
        (b'{"a": [1]}\n', "t.jsonl", "No column holds numbers"),
        (json.dumps({f"c{i}": 1 for i in range(900)}).encode(), "t.jsonl", "more than 500 columns"),
    ],
)
def test_what_is_refused(content: bytes, called: str, message: str) -> None:
    before = kept() if storage.storage().exists(storage.FOLDER) else set()
    with pytest.raises(PlotError) as error:
        read(content, called)
    assert message in error.value.message
    assert error.value.parameter == "file"
    assert kept() == before


def test_json_lines() -> None:
    content = (
        b'{"day": "2026-01-01", "n": 1, "on": true, "id": "12", "tags": ["x"], "mixed": 1}\n\n'
        b'{"n": 2.5, "late \\"key\\"": "x", "id": NaN, "mixed": "b"}\n'
    )
    staged, rows = read(content, "t.ndjson")
    assert staged.dtypes == {
        "day": "date", "n": "number", "on": "boolean", "id": "text", "mixed": "text",
        'late "key"': "text",
    }  # fmt: skip
    assert rows == [
        (date(2026, 1, 1), 1, 1, "12", "1", None), (None, 2.5, None, None, "b", "x"),
    ]  # fmt: skip
    assert staged.warnings == ("“tags” was left out: it holds lists or objects.",)


def test_parquet_of_others(tmp_path: Path) -> None:
    content = parquet(
        "SELECT 1::TINYINT AS i, 2.50::DECIMAL(9, 2) AS d, 'NaN'::FLOAT AS f, '' AS t, "
        "TIMESTAMPTZ '2026-01-31 12:00:00+02' AS z, TIMESTAMP_NS '2026-01-31 12:00:00' AS ns, "
        "DATE 'infinity' AS never, [1, 2] AS many, 'x'::BLOB AS b, true AS ok",
        tmp_path,
    )
    staged, rows = read(content, "t.parquet")
    assert staged.dtypes == {
        "i": "number", "d": "number", "f": "number", "t": "text", "z": "moment",
        "ns": "datetime", "never": "date", "ok": "boolean",
    }  # fmt: skip
    moment = datetime(2026, 1, 31, 12)
    assert rows == [(1, 2.5, None, None, moment.replace(hour=10), moment, None, 1)]
    assert "“many” was left out" in staged.warnings[0]


def test_the_project_s_own_time_zone(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    _, rows = read(b"t\n2026-01-31T12:00Z\n2026-01-31T12:00\n")
    assert rows == [(datetime(2026, 1, 31, 21),), (datetime(2026, 1, 31, 12),)]


@override_settings(PLOTS={"MAX_UNPACKED": 5})
def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(b"a,b\n" + b"1,2\n" * 5_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(PlotError, match="more than 5 MB"):
        read(bomb, "t.csv.gz")


@override_settings(PLOTS={"MAX_UPLOAD": 1})
def test_a_file_that_is_too_large(admin_client: Client, tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 400_000
    file = SimpleUploadedFile("t.csv", content)
    answer = admin_client.post(ADD, {**FIELDS, "upload": file})
    message = answer.context["adminform"].form.errors["upload"][0]
    assert "at most 1 are taken" in message and "Pack it" in message
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(Exception, match="at most 1 are taken"):
        call_command("import_dataset", str(tmp_path / "t.csv"))


@override_settings(PLOTS={"UPLOAD_TIMEOUT": 60})
def test_a_reading_that_takes_too_long_is_given_up(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = iter(range(0, 10**6, 61))  # each look at it is a minute later
    monkeypatch.setattr(deadline, "monotonic", lambda: next(clock))
    file = SimpleUploadedFile("t.csv", TOWNS)
    answer = admin_client.post(ADD, {**FIELDS, "upload": file})
    message = answer.context["adminform"].form.errors["upload"][0]
    assert "longer than 60 seconds" in message and "import_dataset" in message
    assert not Dataset.objects.exists() and not kept()
    (tmp_path / "towns.csv").write_bytes(TOWNS)
    call_command("import_dataset", str(tmp_path / "towns.csv"))  # where one may wait
    assert Dataset.objects.exists()


def test_a_statement_ends_with_the_time_there_is(tmp_path: Path) -> None:
    slow = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a != b"
    plain = Plain(tmp_path / "t.csv", "csv")
    with (
        deadline.within(0.2),
        pytest.raises(PlotError, match="longer than 0.2 seconds") as error,
        workspace.opened(tmp_path) as connection,
    ):
        workspace.Working(connection, plain, tmp_path).run(slow, "Reading")
    assert error.value.parameter == "file"


def test_a_refusal_stands_beside_the_file(admin_client: Client) -> None:
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


def test_what_was_never_accepted_is_swept(tmp_path: Path) -> None:
    dataset = make()
    staged, _ = read(TOWNS)
    assert len(kept()) == 2
    folder = Path(storage.storage().path(storage.FOLDER))
    for path in folder.glob("*.parquet"):
        os.utime(path, (time.time() - 3 * 86_400,) * 2)
    call_command("import_dataset")
    assert kept() == {Path(str(dataset.file.name)).name}
    assert Staged.read(staged.token) is None


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from pathlib import Path
from plots.datasets import uploads, working
whole = working.Working.write
def killed(self, name, *args):
    path = whole(self, name, *args)
    if name == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
    return path
working.Working.write = killed
uploads.Dataset.objects.sweep = lambda: 0
uploads.stage(Path(sys.argv[2]), "t.csv", "towns")
"""


@pytest.mark.parametrize("step", ["raw", "table"])
def test_one_who_is_killed_leaves_nothing(
    step: str, tmp_path: Path, client: Client, settings: Any
) -> None:
    dataset = make()
    before = kept()
    path = tmp_path / "t.csv"
    path.write_bytes(b"town,people\nZ,1\n")
    script = [sys.executable, "-c", KILLED, str(settings.MEDIA_ROOT), str(path), step]
    assert subprocess.run(script, env={**os.environ}).returncode == -9
    assert kept() == before
    work = Path(storage.storage().path(storage.FOLDER), ".work")
    assert [each for each in work.iterdir() if each.is_dir()]
    answer = client.get("/plot/bar.csv?source=towns&x=town&y=people")
    assert answer.content.split() == [b"town,people", b"A,10", b"B,20", b"C,"]
    with storage.workshop() as mine:
        assert [each for each in work.iterdir() if each.is_dir()] == [mine]
    assert not [each for each in work.iterdir() if each.is_dir()]
    renew(dataset, b"town,people\nZ,1\n")
    assert Dataset.objects.get().rows == 1


def test_a_failure_while_accepting_leaves_the_former_revision(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make()
    staged, _ = read(b"town,people\nZ,1\n")
    monkeypatch.setattr(Dataset, "save", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dataset.accept(staged)
    assert Dataset.objects.get().revision == 1
    assert b"A,10" in client.get("/plot/bar.csv?source=towns&x=town&y=people").content


MEASURED = """
import resource, sys, tempfile
import django
django.setup()
from pathlib import Path
import duckdb
from plots.datasets.tables import read_table
duckdb.connect().close()
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with tempfile.TemporaryDirectory(dir=sys.argv[2]) as folder:
    before = peak()
    table = read_table(Path(sys.argv[1]), "big.csv", Path(folder).resolve())
    print(table.rows, *table.sorts.values(), peak() - before)
"""


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
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
