"""Dates at both ends of the calendar, in years 1 and 9999, from every engine."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import make_aware

from plots.spec.query import UNITS
from tests.sources.conftest import require_database
from tests.sources.rows import write_parquet
from tests.tables.models import Reading

DAYS = [date(1, 1, 1), date(1, 1, 2), date(9999, 12, 30), date(9999, 12, 31)]
TIMES = [datetime(1, 1, 1), datetime(1, 1, 1, 23), datetime(9999, 12, 31, 1),
         datetime(9999, 12, 31, 23, 59, 59)]  # fmt: skip


@pytest.fixture(params=["memory", "file", "default", "postgresql", "mariadb"])
def ends(request: pytest.FixtureRequest, source: Any, tmp_path: Path) -> str:
    """The name of a source with the days and times, from an engine."""
    rows: dict[str, list[Any]] = {"day": DAYS, "at": TIMES, "number": [1.0, 2.0, 3.0, 4.0]}
    if request.param == "memory":
        source("ends", rows)
    elif request.param == "file":
        types = {"day": "date", "at": "datetime", "number": "number"}
        source("ends", write_parquet(tmp_path / "t.parquet", rows, types))
    elif request.param not in settings.DATABASES:
        require_database(request.param)
    else:
        Reading.objects.using(request.param).bulk_create(
            Reading(day=day, at=make_aware(at), number=number, good=True)
            for day, at, number in zip(DAYS, TIMES, rows["number"], strict=True)
        )
        source("ends", lambda: Reading.objects.using(request.param).order_by("id"))
    return str(request.param)


def rows(client: Client, **query: str) -> list[list[str]]:
    answer = client.get("/plot/line.csv", {"source": "ends", "tz": "UTC", **query})
    assert answer.status_code == 200, answer.content
    return [line.split(",") for line in answer.content.decode().splitlines()[1:]]


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize("unit", ["", *UNITS])
@pytest.mark.parametrize("column", ["day", "at"])
def test_ends_of_the_calendar_are_read_and_binned(
    client: Client, ends: str, column: str, unit: str
) -> None:
    query = {"x": column, "y": "number"} | ({"bin": unit, "stat": "sum"} if unit else {})
    found = rows(client, **query)
    assert sum(float(number) for _, number in found) == 10
    assert found[0][0].startswith("0001-01-01")
    assert found[-1][0].startswith("9999-01-01" if unit == "year" else "9999-1")
    assert client.get("/plot/line.png", {"source": "ends", **query}).status_code == 200


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize(
    ("filter", "numbers"),
    [("lte:0001-01-01", "1"), ("gte:9999-12-31", "4"), ("range:0001-01-01,9999-12-31", "1234"),
     ("exact:9999-12-31", "4"), ("lt:0001-01-01", ""), ("gt:9999-12-31", "")],
)  # fmt: skip
def test_ends_of_the_calendar_are_filtered(
    client: Client, ends: str, filter: str, numbers: str
) -> None:
    found = rows(client, x="day", y="number", filter=f"day__{filter}")
    assert [number for _, number in found] == list(numbers)
