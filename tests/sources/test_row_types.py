"""What the functions of sources return: instances, tuples and other rows."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db.models import Sum
from django.test import Client, override_settings

from plots.sources.parquet.file import ParquetFile
from tests.helpers import ask
from tests.tables.models import Reading

pytestmark = pytest.mark.django_db

Register = Callable[..., None]
DAYS = [date(2026, 1, 1), date(2026, 1, 2)]
CSV = "day,count\r\n2026-01-01,3\r\n2026-01-02,5\r\n"


@dataclass
class Day:
    day: date
    count: int


DayTuple = namedtuple("DayTuple", "day count")


def csv_of(client: Client, **query: Any) -> Any:
    answer = ask(client, "/plot/line.csv", {"source": "made", "x": "day", "y": "count", **query})
    return answer.content.decode() if answer.status_code == 200 else answer.json()["errors"][0]


@pytest.fixture
def readings() -> None:
    for day, count in zip(DAYS, (3, 5), strict=True):
        Reading.objects.create(at="2026-01-01T00:00Z", day=day, count=count)


def test_instances_of_models_are_rows(
    readings: None, source: Register, client: Client, django_assert_max_num_queries: Any
) -> None:
    source("made", lambda: list(Reading.objects.order_by("id")))
    with django_assert_max_num_queries(1):
        assert csv_of(client) == CSV
    assert csv_of(client, filter="count__gt:3").count("\r\n") == 2


def test_deferred_fields_are_no_columns(readings: None, source: Register, client: Client) -> None:
    source("made", lambda: list(Reading.objects.order_by("id").only("day")))
    error = csv_of(client)
    assert error["code"] == "unknown-column"


@pytest.mark.parametrize("made", [Day, DayTuple, lambda day, count: {"day": day, "count": count}])
def test_rows_of_many_types(made: Any, source: Register, client: Client) -> None:
    source("made", lambda: [made(day, count) for day, count in zip(DAYS, (3, 5), strict=True)])
    assert csv_of(client) == CSV


def test_pydantic_models_are_rows(source: Register, client: Client) -> None:
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model("Model", day=(date, ...), count=(int, ...))
    source("made", lambda: [model(day=DAYS[0], count=3), model(day=DAYS[1], count=5)])
    assert csv_of(client) == CSV


def test_tuples_have_the_declared_names(readings: None, source: Register, client: Client) -> None:
    rows = Reading.objects.order_by("id").values_list("day", "count")
    source("made", lambda: list(rows), columns={"day": "date", "count": "number"})
    assert csv_of(client) == CSV
    source("lazy", lambda: rows)  # a QuerySet knows its names
    assert csv_of(client, source="lazy") == CSV


@override_settings(DEBUG=True)
@pytest.mark.parametrize(
    ("rows", "words"),
    [([(1, 2)], "declare their names"), ([1, 2], "rows of type int"), (5, "returned a int")],
    ids=str,
)
def test_unknown_rows_are_explained_to_the_author(
    rows: Any, words: str, source: Register, client: Client, caplog: Any
) -> None:
    source("made", lambda: rows)
    assert csv_of(client)["code"] == "failed"
    assert words in caplog.text


def test_one_row_of_aggregates(readings: None, source: Register, client: Client) -> None:
    live: dict[str, Any] = {"version": None, "live": True}
    source("made", lambda: Reading.objects.aggregate(count=Sum("count")), **live)
    answer = ask(client, "/plot/gauge.txt", {"source": "made", "value": "count"})
    assert answer.status_code == 200 and "8" in answer.content.decode()
    Reading.objects.all().delete()
    answer = ask(client, "/plot/gauge.txt", {"source": "made", "value": "count"})
    assert answer.status_code == 200 and "No data" in answer.content.decode()


def test_latest_of_an_empty_table(source: Register, client: Client) -> None:
    def version() -> str:
        return str(Reading.objects.latest("at").at)

    source("made", lambda: Reading.objects.all(), version=version)
    assert csv_of(client) == "day,count\r\n"
    source("last", lambda: [Reading.objects.latest("at")], version=None, live=True)
    assert csv_of(client, source="last") == "day,count\r\n"
    Reading.objects.create(at="2026-01-01T00:00Z", day=DAYS[0], count=3)
    assert csv_of(client) == csv_of(client, source="last") == "day,count\r\n2026-01-01,3\r\n"


def test_many_booleans_are_names(client: Client, source: Register, tmp_path: Path) -> None:
    paid = [None if row % 10 == 9 else row % 3 == 0 for row in range(24_000)]
    number = [float(row) for row in range(24_000)]
    source("rows", {"paid": paid, "number": number})
    path = tmp_path / "t.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT CASE WHEN i % 10 != 9 THEN i % 3 = 0 END AS paid, i::DOUBLE AS number "
            f"FROM range(24000) r(i)) TO '{path}' (FORMAT parquet)"
        )
    source("file", lambda: ParquetFile(path, {"paid": "boolean", "number": "number"}))
    query = {"x": "paid", "y": "number"}
    found = {
        name: client.get("/plot/scatter.csv", {"source": name, **query}).content
        for name in ("rows", "file")
    }
    assert found["rows"] == found["file"]
    rows = found["rows"].decode().split("\r\n")[1:-1]
    assert {row.split(",")[0] for row in rows} == {"false", "true"} and len(rows) < 1000
