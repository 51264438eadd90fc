"""Values of many types: times with nanoseconds, numbers like times, and Python objects."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from plots.errors import PlotError
from plots.values.columns import from_values
from tests.tables.models import Job


def test_nanoseconds_are_times(client: Client) -> None:
    stamps = "2020-04-02T23:00:00.749079563Z,2020-04-02 23:00:01.5+00,2020-04-02t23:00:05z"
    query = {"x": stamps, "y": "1,2,3", "tz": "UTC"}
    rows = client.get("/plot/line.csv", query).content.decode().split("\r\n")[1:-1]
    assert rows[1:] == ["2020-04-02T23:00:01.500000,2", "2020-04-02T23:00:05,3"]
    assert rows[0].startswith("2020-04-02T23:00:00.749079")


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ("1608766202000,1608767103000", "milliseconds since 1970"),
        ("1608766202,1608767103", "seconds since 1970"),
        ("1,2", ""),
    ],
)
def test_numbers_like_times_are_remarked(client: Client, x: str, words: str) -> None:
    text = client.get("/plot/line.txt", {"x": x, "y": "1,2"}).content.decode()
    assert words in text and ("1970" in text) == bool(words)


@pytest.mark.parametrize(
    ("value", "words"),
    [(1j, "complex"), (b"12", "bytes"), (object(), "object"), ([1], "list")],
    ids=["complex", "bytes", "object", "list"],
)
def test_values_that_cannot_be_drawn(value: Any, words: str) -> None:
    with pytest.raises(PlotError, match=words) as caught:
        from_values([value], "y")
    assert caught.value.parameter == "y"


def test_python_values_of_many_types() -> None:
    np, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    hour, key = timedelta(hours=1), UUID("6f1c2a34-0000-4000-8000-00000000ABCD")
    assert from_values([Decimal("1.5"), Fraction(1, 2), np.float32(2)], "y") == (1.5, 0.5, 2.0)
    assert from_values(np.array([3_600_000_000_000], "m8[ns]"), "y") == (hour,)
    assert from_values([np.timedelta64(60, "m"), None], "y") == (hour, None)
    assert from_values(pandas.Series(pandas.to_timedelta(["1h", None])), "y") == (hour, None)
    assert from_values([pandas.NA, 2, True], "y") == (None, 2.0, 1.0)
    assert from_values([True, np.bool_(False)], "y") == (True, False)
    assert from_values([key], "x") == (str(key),)
    assert from_values([Job.Size.LARGE, Job.Size.SMALL], "x") == ("Large", "Small")
    assert from_values([time(9, 30)], "x") == (time(9, 30),)
    stamps = np.array(["2026-01-01T00:00:00.123456789"], "M8[ns]")
    assert from_values(stamps, "x") == (datetime(2026, 1, 1, 0, 0, 0, 123_456),)
