"""Distributions of dates and durations: from a URL, and of a source of many rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client

from tests.helpers import problems
from tests.measure import axes_of
from tests.sources.conftest import require_database
from tests.tables.models import Reading

COUNT = 25_000  # more than are drawn one by one


def rows() -> dict[str, list[Any]]:
    places = np.random.default_rng(5).normal(500, 90, size=COUNT).tolist()
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    return {
        "at": [begin + timedelta(hours=place) for place in places],
        "day": [date(2024, 1, 1) + timedelta(days=int(place)) for place in places],
        "span": [timedelta(seconds=abs(place)) for place in places],
        "time": [time(int(place) % 24, int(place * 60) % 60) for place in places],
        "number": places,
        "group": ["a", "b"] * (COUNT // 2),
    }


@pytest.mark.parametrize("column", ["at", "day", "span", "time", "number"])
@pytest.mark.parametrize("kind", ["hist", "box", "violin", "ecdf", "event", "hexbin", "hist2d"])
def test_sources_of_dates_and_durations(
    client: Client, source: Any, kind: str, column: str
) -> None:
    source("rows", rows())
    given = {"x": column, "y": "number"}
    if kind in ("box", "violin"):
        given = {"x": "group", "y": column}
    elif kind not in ("hexbin", "hist2d"):
        del given["y"]
    for format in ("png", "txt"):
        answer = client.get(f"/plot/{kind}.{format}", {"source": "rows", **given})
        assert answer.status_code == 200, answer.get("X-Plot-Error")
    assert f"{COUNT:,}" in answer.content.decode()


@pytest.mark.parametrize("kind", ["box", "violin"])
def test_quartiles_of_dates_are_dates(client: Client, kind: str) -> None:
    url = f"/plot/{kind}.txt?y=2024-01-01,2024-01-03,2024-01-05,2024-01-07,2024-02-01"
    assert "median Jan. 5, 2024" in client.get(url).content.decode()
    ax = axes_of(kind, y="2024-01-01,2024-01-03,2024-01-05,2024-01-07,2024-02-01")
    ends = (np.array(["2024-01-01", "2024-02-01"], "datetime64[D]").astype(int)).tolist()
    assert ax.get_ylim()[0] < ends[0] < ends[1] < ax.get_ylim()[1] < ends[1] + 31


def test_names_are_refused(client: Client) -> None:
    for kind in ("box", "violin"):
        assert problems(client, f"/plot/{kind}.png", {"y": "a,b"}) == [("y", "not-a-number")]
    for kind in ("hist", "ecdf"):
        assert problems(client, f"/plot/{kind}.png", {"x": "a,b"}) == [("x", "not-a-number")]


def test_booleans_are_counted_as_numbers(client: Client, source: Any) -> None:
    source("rows", {"good": [True, False, True]})
    answer = client.get("/plot/hist.txt?source=rows&x=good")
    assert answer.status_code == 200, answer.get("X-Plot-Error")
    assert "most (2) at 1" in answer.content.decode()


def test_words_of_counted_dates_have_no_fractions(client: Client, source: Any) -> None:
    source("rows", rows())
    words = {
        column: client.get(f"/plot/hist.txt?source=rows&x={column}").content.decode()
        for column in ("at", "span")
    }
    assert "median about Jan. 21, 2024" in words["at"]
    assert "from 00:08:20 to 00:08:30" in words["span"] or "to 00:08:20" in words["span"]
    assert ".000" not in "".join(words.values()).split("x:")[0].split("most")[1]


@pytest.mark.django_db(databases=[*settings.DATABASES])
def test_nan_of_a_database_is_a_gap(client: Client, source: Any) -> None:
    require_database("postgresql")
    Reading.objects.using("postgresql").bulk_create(
        Reading(at=datetime(2024, 1, 1, tzinfo=UTC), number=number, count=count)
        for number, count in ((1.0, 1), (float("nan"), 1), (float("inf"), 1), (3.0, 1))
    )
    source("nan", lambda: Reading.objects.using("postgresql").order_by("id"))
    query = "source=nan&x=count&y=number"
    for given, expected in (
        ("stat=max", "1,3"), ("stat=mean", "1,2"), ("stat=count", "1,2"),
        ("filter=number__gt:2", "1,3"), ("filter=number__isnull:1", "1,\r\n1,"),
    ):  # fmt: skip
        text = client.get(f"/plot/line.csv?{query}&{given}").content.decode()
        assert text.partition("\r\n")[2].strip() == expected.strip(), given
