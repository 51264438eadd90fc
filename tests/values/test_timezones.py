"""Time zones: times with an offset in URLs, Python values and sources."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, override_settings

import plots
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.spec.registry import sources
from plots.values.timezones import to_local_times, zone_names
from tests.helpers import ask, problems
from tests.measure import axes_of, reference_lines_of, tick_texts


def shown(client: Client, x: str, **given: Any) -> list[str]:
    """The x column of the CSV output."""
    y = ",".join("1" for _ in x.split(","))
    rows = client.get("/plot/line.csv", {"x": x, "y": y, **given}).content.decode()
    return [row.partition(",")[0] for row in rows.splitlines()[1:]]


@pytest.mark.parametrize(
    ("x", "tz", "local"),
    [
        ("2026-06-01T00:00Z", "Asia/Seoul", "2026-06-01T09:00:00"),
        ("2026-06-01T00:00+09:00", "Asia/Seoul", "2026-06-01T00:00:00"),
        ("2026-06-01T00:00+09:00", "", "2026-05-31T15:00:00"),
        ("2026-06-01T00:00+09:00", "Asia/Kolkata", "2026-05-31T20:30:00"),
        ("2026-06-01T00:00", "Asia/Seoul", "2026-06-01T00:00:00"),
        ("2026-06-01", "Asia/Seoul", "2026-06-01"),
        # In New York, daylight saving time begins on 8 March and ends on 1 November.
        ("2026-03-08T06:59Z", "America/New_York", "2026-03-08T01:59:00"),
        ("2026-03-08T07:00Z", "America/New_York", "2026-03-08T03:00:00"),
        ("2026-11-01T05:30Z", "America/New_York", "2026-11-01T01:30:00"),
        ("2026-11-01T06:30Z", "America/New_York", "2026-11-01T01:30:00-05:00"),
        ("2026-11-01T07:30Z", "America/New_York", "2026-11-01T02:30:00"),
    ],
)
def test_aware_times_become_local_times(client: Client, x: str, tz: str, local: str) -> None:
    assert shown(client, x, tz=tz) == [local]


def test_times_without_an_offset_are_not_converted(client: Client) -> None:
    x = "2026-06-01,,2026-06-01T10:00,2026-06-01T10:00Z"
    assert shown(client, x, tz="Asia/Tokyo") == [
        "2026-06-01T00:00:00", "", "2026-06-01T10:00:00", "2026-06-01T19:00:00",
    ]  # fmt: skip


@override_settings(TIME_ZONE="Europe/Berlin")
def test_default_is_the_time_zone_of_the_project(client: Client) -> None:
    assert shown(client, "2026-06-01T00:00Z") == ["2026-06-01T02:00:00"]
    digest = read_spec("line", {"x": ["2026-06-01T00:00Z"], "y": ["1"]}).digest
    with override_settings(TIME_ZONE="UTC"):
        assert read_spec("line", {"x": ["2026-06-01T00:00Z"], "y": ["1"]}).digest != digest


def test_ticks_are_at_round_local_times() -> None:
    given = {"x": "2026-06-01T00:00Z,2026-06-01T12:00Z", "y": "1,2", "width": "640"}
    found = tick_texts(axes_of("line", tz="Asia/Kolkata", **given).xaxis)
    assert found[0] == "06:00\nJun 1, 2026" and all(text[3:5] == "00" for text in found)
    days = {"x": "2026-05-31T15:00Z,2026-06-02T15:00Z", "y": "1,2"}
    found = tick_texts(axes_of("line", tz="Asia/Seoul", xformat="datetime", **days).xaxis)
    assert found[0] == "2026-06-01 00:00"


def test_limits_and_reference_lines_use_local_time() -> None:
    given = {"x": "2026-06-01T00:00Z,2026-06-02T00:00Z", "y": "1,2", "tz": "Asia/Seoul"}
    ax = axes_of("line", xmin="2026-06-01T00:00Z", vline="2026-06-01T12:00Z,Noon", **given)
    nine = 9 / 24
    (start,) = [x for _, x in reference_lines_of(ax)]
    assert start == pytest.approx(20605.5 + nine) and ax.get_xlim()[0] == 20605 + nine
    ax = axes_of("line", xmin="2026-06-01T00:00", **given)  # local time
    assert ax.get_xlim()[0] == 20605


def test_python_values_and_sources_with_an_offset() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
    spec = plot_spec("line", x=[noon, datetime(2026, 6, 1, 12)], y=[1, 2], tz="UTC")
    assert spec.data.columns["x"][0][0] == datetime(2026, 6, 1, 10, tzinfo=UTC)

    @plots.source("moments", visibility="public", version="1")
    def moments() -> dict[str, list[Any]]:
        return {"at": [noon], "n": [1]}

    try:
        query = "/plot/line.csv?source=moments&x=at&y=n&tz=Asia/Seoul"
        assert "2026-06-01T19:00:00,1" in Client().get(query).content.decode()
        assert "2026-06-01T10:00:00,1" in Client().get(query[:-14]).content.decode()
    finally:
        sources.unregister("moments")


def test_equal_times_have_equal_digests() -> None:
    given = {"y": ["1"], "tz": ["Asia/Seoul"], "xmin": ["2026-01-01T00:00Z"]}
    one, other = (
        read_spec("line", {"x": [x], **given})
        for x in ("2026-06-01T00:00Z", "2026-06-01T09:00+09:00")
    )
    assert one.digest == other.digest
    written = write_parameters(one)
    assert written["x"] == ["2026-06-01T00:00:00Z"] and written["tz"] == ["Asia/Seoul"]
    assert read_spec("line", written) == one
    elsewhere = read_spec("line", {"x": ["2026-06-01T00:00Z"], "y": ["1"], "tz": ["UTC"]})
    assert elsewhere.digest != one.digest


@pytest.mark.parametrize(
    ("zone", "hint"), [("Asia/Soul", "“Asia/Seoul”"), ("utc", "“UTC”"), ("../x", "not a time zone")]
)
def test_unknown_zones_are_refused(client: Client, zone: str, hint: str) -> None:
    (error,) = ask(client, f"/plot/line.png?y=1&tz={zone}").json()["errors"]
    assert (error["parameter"], error["code"]) == ("tz", "invalid_choice")
    assert hint in error["message"]


def test_every_zone_can_be_converted_to() -> None:
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    assert len(zone_names()) > 400
    for zone in zone_names():
        (local,) = to_local_times((moment,), zone, "x")
        assert isinstance(local, datetime) and local.tzinfo is None


@pytest.mark.parametrize(
    ("x", "tz"),
    [("0001-01-01T00:30Z", "America/New_York"), ("9999-12-31T23:30Z", "Asia/Seoul"),
     ("0001-01-01T00:30+09:00", "")],
)  # fmt: skip
def test_ends_of_the_calendar_are_refused(client: Client, x: str, tz: str) -> None:
    assert problems(client, "/plot/line.png", {"x": x, "y": "1", "tz": tz}) == [("x", "not-a-date")]
    given = {"x": "2026-01-01", "y": "1", "tz": tz}
    for name in ("xmax", "vline"):
        found = problems(client, "/plot/line.png", given | {name: x})
        assert [parameter for parameter, _ in found] == [name]


def test_columns_without_an_offset_are_not_changed() -> None:
    for column in ((1.0, None), (None, date(2026, 1, 1)), ("a", None), ()):
        assert to_local_times(column, "Asia/Seoul", "x") is column
