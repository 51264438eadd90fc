"""Hours that come twice when clocks are put back, and are skipped in spring, from every engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.helpers import ask
from tests.sources.conftest import require_database
from tests.sources.rows import write_parquet
from tests.tables.models import Reading

BERLIN, LORD_HOWE, KOLKATA = "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"
# Every quarter of an hour around changes of the clocks of Berlin and Lord Howe.
BEGINS = [datetime(2024, 10, 26, 20), datetime(2024, 4, 6, 12), datetime(2024, 3, 30, 22),
          datetime(2024, 10, 5, 12, 30)]  # fmt: skip
TIMES = [
    begin.replace(tzinfo=UTC) + timedelta(minutes=15 * quarter)
    for begin in BEGINS
    for quarter in range(32)
]
ENGINES = ["memory", "file", "default", "postgresql", "mariadb"]


@pytest.fixture(params=ENGINES)
def quarters(request: pytest.FixtureRequest, source: Any, tmp_path: Path) -> Any:
    """The name of a source with TIMES and their numbers from 0, from an engine."""
    numbers = [float(place) for place in range(len(TIMES))]
    rows: dict[str, list[Any]] = {"at": [*TIMES], "number": numbers}
    if request.param == "memory":
        source("quarters", rows)
    elif request.param == "file":
        types = {"at": "moment", "number": "number"}
        source("quarters", write_parquet(tmp_path / "t.parquet", rows, types))
    else:
        require_database(request.param)
        request.getfixturevalue("db")
        Reading.objects.using(request.param).bulk_create(
            Reading(day=date(2024, 1, 1), at=at, number=number, good=True)
            for at, number in zip(TIMES, numbers, strict=True)
        )
        source("quarters", lambda: Reading.objects.using(request.param).order_by("id"))
    return request.param


def read(client: Client, **query: Any) -> list[tuple[datetime, float]]:
    """The rows of a plot: instants, from their offsets in the csv, and numbers."""
    given = {"source": "quarters", "x": "at", "y": "number"} | query
    response = ask(client, "/plot/line.csv", given)
    assert response.status_code == 200, response.content
    rows = [line.split(",") for line in response.content.decode().split("\r\n")[1:-1]]
    return [(datetime.fromisoformat(at), float(number)) for at, number in rows]


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE])
def test_rows_are_instants(zone: str, quarters: str, client: Client) -> None:
    for query in ({}, {"order": "at"}, {"stat": "sum"}):
        found = dict(read(client, tz=zone, **query))
        assert found == {at: float(place) for place, at in enumerate(TIMES)}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE, KOLKATA])
def test_hours_are_told_apart(zone: str, quarters: str, client: Client) -> None:
    expected: dict[tuple[str, Any], list[datetime]] = {}
    for at in TIMES:
        local = at.astimezone(ZoneInfo(zone))
        expected.setdefault((f"{local:%Y-%m-%dT%H}", local.utcoffset()), []).append(at)
    found = read(client, tz=zone, stat="count", bin="hour")
    assert [count for _at, count in found] == [
        len(group) for group in sorted(expected.values(), key=min)
    ]
    if zone == KOLKATA:  # no hour comes twice: times without an offset
        assert all(at.tzinfo is None and at.minute == 0 for at, _count in found)
        return
    starts = [at for at, _count in found]
    assert starts == sorted(starts) and len({*starts}) == len(starts)
    firsts = [min(group) for group in sorted(expected.values(), key=min)]
    partial = [start for start, first in zip(starts, firsts, strict=True) if start != first]
    assert partial == ([] if zone == LORD_HOWE else [datetime(2024, 10, 5, 12, tzinfo=UTC)])


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE])
def test_days_have_their_hours(zone: str, quarters: str, client: Client) -> None:
    days = [at.astimezone(ZoneInfo(zone)).date() for at in TIMES]
    found = read(client, tz=zone, stat="count", bin="day")
    assert {at.date(): count for at, count in found} == {day: days.count(day) for day in days}


@pytest.mark.django_db(databases="__all__")
def test_filters_mean_instants(quarters: str, client: Client) -> None:
    """A time without an offset is in the first of the two hours."""
    first, second = (datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1))
    for text, begin in (("2024-10-27T02:30:00", first), ("2024-10-27T01:30:00Z", second)):
        found = read(client, tz=BERLIN, filter=f"at__gte:{text}")
        assert [at for at, _number in found] == [at for at in TIMES if at >= begin]
    text = "2024-10-27T01:30:00Z"
    ((at, _number),) = read(client, tz=BERLIN, filter=f"at:{text}")
    assert at.replace(tzinfo=at.tzinfo or UTC) in (second, second.replace(hour=2))


@pytest.mark.django_db(databases="__all__")
def test_bars_by_hour_are_all_drawn(quarters: str, client: Client) -> None:
    query = {
        "source": "quarters", "x": "at", "stat": "count", "bin": "hour", "tz": BERLIN,
        "filter": "at__range:2024-10-26T22:00:00Z,2024-10-27T03:59:00Z",
    }  # fmt: skip
    words = client.get("/plot/bar.txt", query).content.decode()
    assert "6 bars" in words and "4" in words
    rows = client.get("/plot/bar.csv", query).content.decode().split()
    assert rows[3:5] == ["2024-10-27T02:00:00+02:00,4", "2024-10-27T02:00:00+01:00,4"]
