"""Durations and times of day: databases, Parquet files and NumPy return the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from plots.data.loading import load
from plots.data.model import Data
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.sources.parquet.file import ParquetFile
from plots.sources.reading import columns_of
from plots.spec.registry import sources
from tests.helpers import ask, messages
from tests.sources.rows import write_parquet
from tests.tables.models import Job

pytestmark = pytest.mark.django_db(databases=[*settings.DATABASES])

Register = Callable[..., None]
NAMES = ("took", "begins", "number", "paid")
ENGINES = ("queryset", "file", "rows", "frame")


def make_jobs(count: int) -> list[Job]:
    chance = Random(count)

    def gap(value: Any) -> Any:
        return None if chance.random() < 0.1 else value

    return [
        Job(
            took=gap(timedelta(milliseconds=250 * chance.randint(-4000, 400_000))),
            begins=gap(time(chance.randint(0, 23), chance.randint(0, 59), 15, 250_000)),
            number=chance.randint(1, 3),
            paid=gap(chance.random() < 0.5),
        )
        for _ in range(count)
    ]


def seconds(value: Any) -> Any:
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=15.25)
    return value.total_seconds() if isinstance(value, timedelta) else value


def as_file(jobs: list[Job], path: Path) -> ParquetFile:
    dtypes = {"took": "duration", "begins": "time", "number": "number", "paid": "boolean"}
    columns = {name: [seconds(getattr(job, name)) for job in jobs] for name in NAMES}
    return write_parquet(path, columns, dtypes)


@pytest.fixture
def engines(database: str, source: Register, tmp_path: Path) -> None:
    """Register the same rows as a QuerySet, a Parquet file, dicts and a polars frame."""
    polars = pytest.importorskip("polars")
    Job.objects.using(database).bulk_create(make_jobs(300))
    rows = Job.objects.using(database).order_by("id")
    source("queryset", lambda: rows.all())
    source("rows", lambda: list(rows.values(*NAMES)))
    source("frame", lambda: polars.DataFrame(list(rows.values(*NAMES)), infer_schema_length=None))
    file = as_file(list(rows), tmp_path / "jobs.parquet")
    source("file", lambda: file)


def loaded(source: str, kind: str = "line", **parameters: Any) -> Data:
    return load(read_spec(kind, as_parameters({"source": source, **parameters})))


def nearly(table: Any) -> Any:
    """The columns of ``table`` with tolerance, because databases add in another order."""
    return {
        name: [
            pytest.approx(each, rel=1e-9, abs=1e-6) if isinstance(each, float) else each
            for each in map(seconds, column)
        ]
        for name, column in table.items()
    }


QUERIES: list[dict[str, Any]] = [
    {"x": "number", "y": "took"},
    {"x": "took", "y": "number", "order": "-took", "limit": "9"},
    {"x": "begins", "y": "took", "order": "begins"},
    {"x": "begins", "y": "took", "by": "paid"},
    *(
        {"x": "number", "y": "took", "stat": stat}
        for stat in ("sum", "mean", "median", "min", "max", "std", "count")
    ),
    *(
        {"x": "number", "y": "begins", "stat": stat}
        for stat in ("mean", "median", "min", "max", "std", "count")
    ),
    {"x": "took", "stat": "count", "bin": "hour"},
    {"x": "took", "y": "took", "stat": "sum", "bin": "900"},
    {"x": "begins", "y": "took", "stat": "mean", "bin": "hour", "by": "paid"},
    {"x": "begins", "stat": "count", "bin": "900", "order": "-count"},
    {"x": "took", "stat": "count", "limit": "20"},
    *(
        {"x": "took", "y": "number", "filter": each}
        for each in (
            "took__gt:00:10:00",
            "took__lte:600",
            "took__lt:-0:00:30",
            "took__range:-1:00:00,01:30:00.5",
            "took__in:00:00:00,00:15:00",
            "took__isnull:1",
            "begins__gte:09:30",
            "begins__lt:9:30:15.25",
            "begins__range:T08:00,17:00",
            "begins__in:10:00:15.250,11:00:15.25",
            "paid:true",
            "paid:0",
            "paid__in:true,false",
        )
    ),
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_all_engines_return_the_same(engines: None, query: dict[str, Any]) -> None:
    expected = loaded("rows", **query)
    assert expected.table
    for name in ENGINES:
        found = loaded(name, **query)
        assert found.axes == expected.axes
        assert {n: [*map(seconds, c)] for n, c in found.table.items()} == nearly(expected.table)


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ({"y": "begins", "stat": "sum"}, "stat", "Times of day have no sum"),
        ({"x": "took", "stat": "count", "bin": "month"}, "bin", "width in seconds"),
        ({"x": "begins", "stat": "count", "bin": "day"}, "bin", "Set bin to hour"),
        ({"filter": "took__gt:soon"}, "filter", "such as 01:30:00|like 01:30:00"),
        ({"filter": "took__gt:00:60:00"}, "filter", "like 01:30:00"),
        ({"filter": "took__gt:1e18"}, "filter", "million days"),
        ({"filter": "begins:24:00"}, "filter", "like 09:30"),
        ({"filter": "begins:-1:00:00"}, "filter", "like 09:30"),
        ({"filter": "begins:600"}, "filter", "like 09:30"),
        ({"filter": "took__icontains:1"}, "filter", "does not hold text"),
        ({"filter": "took__range:02:00:00,01:00:00"}, "filter", "exchange"),
        ({"filter": "paid:perhaps"}, "filter", "paid:true"),
        ({"filter": "paid__gt:0"}, "filter", "paid:true"),
    ],
    ids=str,
)
def test_all_engines_refuse_the_same(
    engines: None, query: dict[str, Any], parameter: str, words: str
) -> None:
    for name in ENGINES:
        with pytest.raises(PlotError, match=words) as caught:
            loaded(name, "bar", **{"x": "number", "y": "took", **query})
        assert (caught.value.parameter, caught.value.status) == (parameter, 400)


def test_data_types_are_known_without_reading_rows(engines: None) -> None:
    expected = {"took": "duration", "begins": "time", "number": "number", "paid": "boolean"}
    for name in ENGINES:
        found = columns_of(sources.get(name), {})
        assert found and {each: found[each] for each in NAMES} == expected


@pytest.fixture
def many(database: str, source: Register, tmp_path: Path) -> None:
    """Register 21,000 rows as a QuerySet, a Parquet file and lists."""
    import duckdb

    took = [timedelta(seconds=i * 7) for i in range(21_000)]
    begins = [(datetime.min + timedelta(seconds=i)).time() for i in range(21_000)]
    jobs = Job.objects.using(database)
    jobs.bulk_create(
        [Job(took=each, begins=at) for each, at in zip(took, begins, strict=True)], batch_size=5000
    )
    path = tmp_path / "jobs.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT i * 7.0::DOUBLE AS took, i::DOUBLE AS begins FROM range(21000) r(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    source("queryset", lambda: jobs.order_by("id"))
    source("file", lambda: ParquetFile(path, {"took": "duration", "begins": "time"}))
    source("rows", {"took": took, "begins": begins})


@pytest.mark.parametrize("kind", ["line", "scatter", "hist"])
def test_many_durations_are_downsampled(kind: str, many: None, fetched: list[Any]) -> None:
    query = {"x": "took"} if kind == "hist" else {"x": "begins", "y": "took"}
    in_database = loaded("queryset", kind, **query)
    assert 100 < len(fetched) < 15_000
    for name in ("rows", "file"):
        found = loaded(name, kind, **query)
        assert found.axes == in_database.axes
        assert found.rows == in_database.rows == 21_000
    shown = {name: axis.dtype for name, axis in in_database.axes.items()}
    if kind == "hist":
        assert shown["x"] == "duration"
    else:
        assert (shown["x"], shown["y"]) == ("time", "duration")
        assert 20_000 < in_database.concat("x").max() < 21_000
        assert 140_000 < in_database.concat("y").max() < 147_000


def test_durations_in_a_url_are_drawn_and_given_back(client: Client) -> None:
    query = {
        "x": "build,test",
        "y": "00:12:30,26:10:00.5",
        "hline": "01:00:00,Goal",
        "ymax": "30:00:00",
    }
    csv = client.get("/plot/bar.csv", query)
    assert csv.content.decode() == "x,y\r\nbuild,00:12:30\r\ntest,26:10:00.500\r\n"
    columns = client.get("/plot/bar.json", query).json()["columns"]
    assert columns[1]["values"] == ["00:12:30", "26:10:00.500"]
    text = client.get("/plot/bar.txt", query).content.decode()
    assert "00:12:30" in text and "01:00:00" in text
    assert client.get("/plot/bar.png", query).status_code == 200


def test_times_of_day_in_a_url(client: Client) -> None:
    query = {"x": "08:15,9:30,13:05:15", "y": "1,2,5", "xmin": "08:00", "xmax": "24:00"}
    csv = client.get("/plot/line.csv", query)
    assert csv.content.decode() == "x,y\r\n08:15,1\r\n09:30,2\r\n13:05:15,5\r\n"
    assert client.get("/plot/line.png", query).status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ({"x": "24:00,1:00"}, "x", "00:00 to 23:59"),
        ({"x": "25:00,1:00"}, "x", "00:00 to 23:59"),
        ({"x": "00:60:00,1:00:00"}, "x", "from 00 to 59"),
        ({"x": "00:10:00,5"}, "x", "not a duration like"),
        ({"x": "09:00,5"}, "x", "not a time of day like"),
        ({"x": "true,5"}, "x", "neither true nor false"),
        ({"x": "09:00,10:00", "xmin": "8"}, "xmin", "such as 09:30"),
        ({"x": "09:00,10:00", "xmax": "25:00:00"}, "xmax", "such as 09:30"),
        ({"x": "00:10:00,01:00:00", "xmin": "2026-01-01"}, "xmin", "such as 00:30:00"),
        ({"x": "00:10:00,01:00:00", "xmin": "01:00:00", "xmax": "60"}, "xmin", "less than xmax"),
        ({"x": "09:00,10:00", "xscale": "log"}, "xscale", "no log scale"),
        ({"x": "09:00,10:00", "vline": "5"}, "vline", "times of day"),
        ({"x": ["00:10:00,01:00:00", "1,2"]}, "x", "once"),
    ],
    ids=str,
)
def test_invalid_times_are_explained(
    client: Client, query: dict[str, Any], parameter: str, words: str
) -> None:
    assert words in messages(client, "line", **{"y": "1,2", **query})[parameter]


def test_extreme_durations(client: Client) -> None:
    query = {"x": "-0:00:00,99999999:00:00", "y": "1,2"}
    csv = client.get("/plot/line.csv", query).content.decode()
    assert csv == "x,y\r\n00:00:00,1\r\n99999999:00:00,2\r\n"
    assert ask(client, "/plot/line.png", query).status_code == 200
