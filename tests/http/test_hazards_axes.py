"""Hostile categories, dates, scales and limits: drawn or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from plots.spec.registry import source as register_source
from plots.spec.registry import sources
from plots.values.scalars import Value
from tests.hazards import drawn, refused
from tests.helpers import ask
from tests.measure import axes_of, tick_texts

pytestmark = pytest.mark.usefixtures("still_served")


@pytest.mark.parametrize("count", [51, 3000, 10_000])
@pytest.mark.parametrize("kind", ["bar", "line"])
def test_many_categories(client: Client, kind: str, count: int) -> None:
    names = ",".join(f"name {i}" for i in range(count))
    values = ",".join(str(i % 7) for i in range(count))
    drawn(client, kind, x=names, y=values)
    table = client.get(f"/plot/{kind}.csv", {"x": names, "y": values}).content
    assert table.count(b"\n") == count + 1
    for orientation in ("vertical", "horizontal"):
        options = {"orientation": orientation} if kind == "bar" else {}
        ax = axes_of(kind, x=names, y=values, width="2000", height="2000", **options)
        axis = ax.yaxis if options == {"orientation": "horizontal"} else ax.xaxis
        assert 20 < len(tick_texts(axis)) <= 50


@pytest.mark.parametrize("text", ["0000-01-01", "10000-01-01", "2026-02-30", "2026-13-01"])
def test_dates_outside_the_calendar(client: Client, text: str) -> None:
    told = ask(client, "/plot/line.png", {"x": f"2026-01-01,{text}", "y": "1,2"})
    assert told.status_code == 400
    assert (told.json()["errors"][0]["parameter"], told.json()["errors"][0]["code"]) == (
        "x",
        "not-a-date",
    )


@pytest.mark.parametrize(
    "dates",
    [
        "0001-01-01,9999-12-31",
        "0001-01-01",
        "9999-12-31",
        "2026-05-05",
        "2026-05-05,2026-05-05",
        "2026-01-01T00:00:00.000001,2026-01-01T00:00:00.000002",
        "9999-12-31T23:59:59.999999",
        "2026-01-01T00:00:00+23:59,2026-01-01T00:00:00-23:59",
        "nan,2026-05-05",
    ],
)
@pytest.mark.parametrize("kind", ["line", "scatter", "bar"])
def test_first_and_last_dates(client: Client, kind: str, dates: str) -> None:
    values = ",".join(["1"] * (dates.count(",") + 1))
    drawn(client, kind, x=dates, y=values)
    drawn(client, kind, x=dates, y=values, xmin="0001-01-01")
    drawn(client, kind, x=dates, y=values, xmax="0001-01-01")
    drawn(client, kind, x=dates, y=values, xmin="9999-12-31")
    drawn(client, kind, x=dates, y=values, xmax="9999-12-31")


def test_time_zone_offset_leaves_the_calendar(client: Client) -> None:
    refused(client, "line", "x", "not-a-date", x="0001-01-01T00:00+10:00", y="1")


DATES, NAMES = "2026-01-01,2026-01-02", "a,b"


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"y": "0,1", "yscale": "log"}, "yscale", "invalid-scale"),
        ({"y": "-1,1", "yscale": "log"}, "yscale", "invalid-scale"),
        ({"x": "0,1", "xscale": "log"}, "xscale", "invalid-scale"),
        ({"x": DATES, "xscale": "log"}, "xscale", "invalid-scale"),
        ({"x": NAMES, "xscale": "log"}, "xscale", "invalid-scale"),
        ({"x": NAMES, "xscale": "symlog"}, "xscale", "invalid-scale"),
        ({"yscale": "log", "ymin": "0"}, "ymin", "out-of-range"),
        ({"yscale": "log", "ymax": "-1"}, "ymax", "out-of-range"),
        ({"x": "1,2", "xmin": "2026-01-01"}, "xmin", "not-a-number"),
        ({"x": NAMES, "xmax": "2026-01-01"}, "xmax", "not-a-category"),
        ({"x": DATES, "xmin": "5"}, "xmin", "not-a-date"),
        ({"ymax": "2026-01-01"}, "ymax", "not-a-number"),
        ({"xmin": "2", "xmax": "1"}, "xmin", "invalid"),
        ({"xmin": "1_000"}, "xmin", "invalid"),
        ({"xmin": "1e301"}, "xmin", "invalid"),
    ],
)
def test_incompatible_scales_and_limits_are_refused(
    client: Client, query: Any, parameter: str, code: str
) -> None:
    refused(client, "line", parameter, code, **({"y": "1,2"} | query))


def test_scales_of_horizontal_bars(client: Client) -> None:
    lying = {"x": NAMES, "y": "1,100", "orientation": "horizontal"}
    drawn(client, "bar", xscale="log", **lying)
    refused(client, "bar", "yscale", "invalid-scale", yscale="log", **lying)


@pytest.fixture
def cold_source() -> Iterator[None]:
    @register_source("cold", visibility="public")
    def cold() -> dict[str, list[Value]]:
        return {"t": [-1.0, 2.0], "n": [1.0, 2.0]}

    yield
    sources.unregister("cold")


@pytest.mark.usefixtures("cold_source")
def test_scales_and_limits_of_a_source(client: Client) -> None:
    drawn(client, "line", source="cold", x="n", y="t")
    refused(client, "line", "yscale", "invalid-scale", source="cold", y="t", yscale="log")
    refused(client, "line", "xmin", "not-a-number", source="cold", x="n", y="t", xmin="2026-01-01")
