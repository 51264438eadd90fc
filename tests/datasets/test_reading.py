"""Reading of uploads: notations, encodings, and messages about files that cannot be read."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from plots.datasets import storage
from plots.errors import PlotError
from tests.datasets.uploads import packed, parquet, read, stored_files

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "dtypes", "rows", "warning"),
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
         "“NA” means that there is no value"),
        (b"a\nNA\nDE\n", {"a": "text"}, [("NA",), ("DE",)], ""),
        (b"a,b\n1,x\nx,y\n", {"a": "text", "b": "text"}, [("1", "x"), ("x", "y")],
         "“a” is text: line 3 has “x”"),
        (b"a,b\n007,1\n012,2\n", {"a": "text", "b": "number"}, [("007", 1), ("012", 2)],
         "leading zeros"),
        (b"a\n12345678901234567890\n", {"a": "text"}, [("12345678901234567890",)],
         "more digits than a number holds"),
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
         "day and month of its dates cannot be distinguished"),
        (b"d\n01/02/2026\n31/03/2026\n", {"d": "date"},
         [(date(2026, 2, 1),), (date(2026, 3, 31),)], ""),
        (b"t\n2026-01-31T12:30Z\n2026-01-31 13:30+02:00\n2026-02-01\n", {"t": "datetime"},
         [(datetime(2026, 1, 31, 12, 30),), (datetime(2026, 1, 31, 11, 30),),
          (datetime(2026, 2, 1),)], ""),
        (b"t\n2026-01-31T12:30Z\n2026-01-31 13:30+02:00\nNA\n", {"t": "moment"},
         [(datetime(2026, 1, 31, 12, 30),), (datetime(2026, 1, 31, 11, 30),), (None,)],
         "“NA” means that there is no value"),
        (b"t\n2026-01-31T12:30Z\n9999-12-31T23:30-05:00\n", {"t": "text"},
         [("2026-01-31T12:30Z",), ("9999-12-31T23:30-05:00",)], "line 3 has"),
        (b"a,b\ntrue,1\nFALSE,2\n", {"a": "boolean", "b": "number"}, [(1, 1), (0, 2)], ""),
        (b"a,b\n1,\n2,\n", {"a": "number", "b": "number"}, [(1, None), (2, None)],
         "“b” has no values"),
        (packed(b"a,b\n1,2\n"), {"a": "number", "b": "number"}, [(1, 2)], ""),
    ],
)  # fmt: skip
def test_types_rows_and_warnings(content: bytes, dtypes: Any, rows: Any, warning: str) -> None:
    staged, found = read(content)
    assert staged.dtypes == dtypes and [*staged.dtypes] == [*dtypes]
    assert found == rows and staged.rows == len(rows)
    assert warning in " ".join(staged.warnings) if warning else not staged.warnings


@pytest.mark.parametrize(
    ("content", "filename", "message"),
    [
        (b"a,b\n1," + b"x" * 300_000 + b"\n3\n", "t.csv", "Line 3 has 1 value"),
        (b"a,b\n1,2\n3\n", "t.csv", "Line 3 has 1 value, but the header has 2 columns: “b”"),
        (b'a,b\n"x\ny",2\n\n3,4,5\n', "t.csv", "Line 5 has 3 values"),
        (
            b"a,b\n1,2\n1,5,2\n",
            "t.csv",
            "“2” is the first value without a column. Put a value that",
        ),
        (b'a,b\n1,"2\n3,4\n', "t.csv", "Line 2: a double quote"),
        (b'a,b\n1,"2"x\n', "t.csv", "Line 2: a double quote"),
        (b"", "t.csv", "empty"),
        (b" \n\n", "t.csv", "empty"),
        (b"a,b\n", "t.csv", "a header but no rows"),
        (b"# only\n# remarks\n", "t.csv", "no header"),
        (b"a,b\n1,2\n\x00\x01,3\n", "t.csv", "Line 3 has a NUL"),
        (b"a,b\n1,2\n" + b"x" * 3_000_000, "t.csv", "Line 3 is longer than"),
        (b",".join(b"c%d" % i for i in range(10_000)) + b"\n", "t.csv", "has 10,000 columns"),
        (b"a,b\n1,2\n", "t.parquet", "This is not a Parquet file"),
        (b"PAR1 nothing of the sort PAR1", "t.parquet", "cannot be read as Parquet"),
        (b"PAR1", "t.csv", "cannot be read as Parquet"),
        (packed(b"a,b\n" * 1000)[:-9], "t.csv.gz", "packed with gzip and damaged"),
        (packed(b"a")[:5], "t.csv.gz", "packed with gzip and damaged"),
        (packed(packed(b"a,b\n1,2\n")), "t.csv.gz", "packed twice"),
        (b"PK\x03\x04 a spreadsheet", "t.xlsx", "Save the table as CSV"),
        (b'{"a": 1}\n{"a" 2}\n', "t.jsonl", "Line 2, column 6 is not valid JSON"),
        (b'{"a": 1}\n[1]\n', "t.jsonl", "Line 2 is not an object"),
        (b'[{"a": 1}, 2]', "t.json", "Element 2 of the JSON array is not an object"),
        (b'[{"a": 1},\n {"a" 2}]', "t.json", "Line 2, column 7 is not valid JSON"),
        (b"[]", "t.json", "array is empty"),
        (b'{"a": [\n {"b": 1}]\n}', "t.json", "one JSON object that takes several lines"),
        (b'{"type": "FeatureCollection", "features": []}', "t.csv", "This is GeoJSON"),
        (b'{"a": [1]}\n', "t.jsonl", "No column holds numbers"),
        (json.dumps({f"c{i}": 1 for i in range(900)}).encode(), "t.jsonl", "more than 500 columns"),
    ],
)
def test_unreadable_files_are_refused(content: bytes, filename: str, message: str) -> None:
    before = stored_files() if storage.storage().exists(storage.FOLDER) else set()
    with pytest.raises(PlotError) as error:
        read(content, filename)
    assert message in error.value.message
    assert error.value.parameter == "file"
    assert stored_files() == before


def test_json_lines() -> None:
    content = (
        b'{"day": "2026-01-01", "n": 1, "on": true, "id": "12", "tags": ["x"], "mixed": 1}\n\n'
        b'{"n": 2.5, "late \\"key\\"": "x", "id": NaN, "mixed": "b"}\n'
    )
    staged, rows = read(content, "t.ndjson")
    assert staged.dtypes == {
        "day": "date", "n": "number", "on": "boolean", "id": "number", "mixed": "text",
        'late "key"': "text",
    }  # fmt: skip
    assert rows == [
        (date(2026, 1, 1), 1, 1, 12, "1", None), (None, 2.5, None, None, "b", "x"),
    ]  # fmt: skip
    assert staged.warnings == (
        "“tags” was left out because it holds lists or objects.",
        "“mixed” is text: line 3 has “b”, which is not written like 12.5. This applies to 1 of 2 "
        "values. Correct or empty them.",
        "“id”: the JSON has numbers in quotation marks, which were read as numbers.",
    )


def test_types_of_parquet_columns(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_ends_of_the_calendar(ending: str, tmp_path: Path) -> None:
    """Years 1 to 9999 are read whole. Python has no others, so in Parquet they are gaps."""
    times = ["0001-01-01 00:00:00", "0001-01-01 12:30:00", "9999-12-31 00:00:00",
             "9999-12-31 23:59:59.999999"]  # fmt: skip
    beyond = ["0001-12-31 (BC) 23:59:59", "10000-01-01 00:00:00", "infinity", "-infinity"]
    if ending == "parquet":
        listed = ", ".join(f"'{time}'" for time in [*times, *beyond])
        columns = 'CAST(t AS TIMESTAMP) AS "at", CAST(t AS DATE) AS day'
        content = parquet(f"SELECT {columns} FROM unnest([{listed}]) _(t)", tmp_path)
    else:
        lines = (f"{time},{time[:10]}" for time in times)
        content = "\n".join(["at,day", *lines]).encode()
    staged, rows = read(content, f"t.{ending}")
    assert staged.dtypes == {"at": "datetime", "day": "date"}
    moments = map(datetime.fromisoformat, times)
    expected: list[Any] = [(moment, moment.date()) for moment in moments]
    assert rows == expected + [(None, None)] * (4 if ending == "parquet" else 0)


def test_mixed_offsets_use_the_time_zone_of_the_project(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    _, rows = read(b"t\n2026-01-31T12:00Z\n2026-01-31T12:00\n")
    assert rows == [(datetime(2026, 1, 31, 21),), (datetime(2026, 1, 31, 12),)]
