"""The hour that comes twice, because clocks are put back: on axes, in words and in tables."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.helpers import ask
from tests.kinds.artists import boxes_of
from tests.measure import axes_of, tick_texts

BERLIN, LORD_HOWE = "Europe/Berlin", "Australia/Lord_Howe"


def hours(begin: datetime, count: int, minutes: int = 60) -> str:
    times = (begin + timedelta(minutes=minutes * step) for step in range(count))
    return ",".join(f"{time:%Y-%m-%dT%H:%M}Z" for time in times)


AUTUMN = hours(datetime(2024, 10, 26, 22, tzinfo=UTC), 6)
SPRING = hours(datetime(2024, 3, 30, 22, tzinfo=UTC), 6)
EVEN = {"x": AUTUMN, "y": "4,9,16,8,2,15", "tz": BERLIN}


def test_both_bars_are_drawn_and_labelled() -> None:
    ax = axes_of("bar", **EVEN)
    (boxes,) = boxes_of(ax)
    assert len(boxes) == 6
    middles = sorted((left + right) / 2 for left, right, *_ in boxes)
    assert np.diff(middles) == pytest.approx([1 / 24] * 5)
    assert [top for *_, top in sorted(boxes)] == pytest.approx([4, 9, 16, 8, 2, 15])
    ticks = tick_texts(ax.xaxis)
    assert [tick.split("\n")[0] for tick in ticks] == [
        "00:00", "01:00", "02:00", "02:00", "03:00", "04:00"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("line", {}),
        ("scatter", {}),
        ("area", {}),
        ("stack", {}),
        ("stem", {}),
        ("errorbar", {}),
        ("stairs", {"y": "1,2,3,4,5"}),
    ],
)
def test_time_passes_evenly_in_all_kinds(kind: str, given: dict[str, Any]) -> None:
    ax = axes_of(kind, **EVEN | given)
    low, high = ax.get_xlim()
    hour = 1 / 24
    assert high - low >= 5 * hour - 1e-9
    assert "02:00" in [tick.split("\n")[0] for tick in tick_texts(ax.xaxis)]
    assert [tick for tick in tick_texts(ax.xaxis) if tick.startswith("02:00")] == ["02:00"] * 2


def test_rows_of_different_hours_are_no_duplicates(client: Client) -> None:
    for kind in ("bar", "stem", "stack", "candlestick"):
        names = ("open", "high", "low", "close") if kind == "candlestick" else ("y",)
        query = {"x": AUTUMN, "tz": BERLIN} | dict.fromkeys(names, EVEN["y"])
        text = client.get(f"/plot/{kind}.txt", query).content.decode()
        assert "same x" not in text and "UTC" in text or kind != "bar"


def test_edges_of_stairs_and_names_of_cells_are_different(client: Client) -> None:
    assert client.get("/plot/stairs.png", EVEN | {"y": "1,2,3,4,5"}).status_code == 200
    text = client.get("/plot/heatmap.txt", {"x": AUTUMN, "z": "1,2,3,4,5,6", "tz": BERLIN})
    words = text.content.decode()
    assert "2024-10-27 02:00:00 (UTC+2), 2024-10-27 02:00:00 (UTC+1)" in words


def test_words_tooltips_and_tables_tell_them_apart(client: Client) -> None:
    words = client.get("/plot/bar.txt", EVEN).content.decode()
    assert "highest 16 at Oct. 27, 2024, 2 a.m. (UTC+2)" in words
    assert "from Oct. 27, 2024, midnight to Oct. 27, 2024, 4 a.m." in words
    titles = re.findall("<title>([^<]*)", client.get("/plot/bar.svg", EVEN).content.decode())
    assert {"Oct. 27, 2024, 2 a.m. (UTC+2): 16", "Oct. 27, 2024, 2 a.m. (UTC+1): 8"} <= {*titles}
    rows = client.get("/plot/bar.csv", EVEN).content.decode().split()
    assert rows[3:5] == ["2024-10-27T02:00:00+02:00,16", "2024-10-27T02:00:00+01:00,8"]
    given = ",".join(row.split(",")[0] for row in rows[1:])
    assert client.get("/plot/bar.svg", EVEN | {"x": given}).content == (
        client.get("/plot/bar.svg", EVEN).content
    )
    column = ask(client, "/plot/bar.json", EVEN).json()["columns"][0]["values"]
    assert column[2:4] == ["2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00"]


def test_half_an_hour_that_comes_twice(client: Client) -> None:
    given = {
        "x": hours(datetime(2024, 4, 6, 14, tzinfo=UTC), 5, 30),
        "y": "1,2,3,4,5",
        "tz": LORD_HOWE,
    }
    rows = client.get("/plot/bar.csv", given).content.decode().split()
    assert [row[11:16] + row[19:25] for row in rows[1:]] == [
        "01:00+11:00", "01:30+11:00", "01:30+10:30", "02:00+10:30", "02:30+10:30",
    ]  # fmt: skip
    ax = axes_of("bar", **given)
    assert len(boxes_of(ax)[0]) == 5
    assert [each.split("\n")[0] for each in tick_texts(ax.xaxis)].count("01:30") == 2
    words = client.get("/plot/bar.svg", given).content.decode()
    assert "1:30 a.m. (UTC+11): 2" in words and "1:30 a.m. (UTC+10:30): 3" in words


def test_the_hour_that_is_skipped_is_a_gap(client: Client) -> None:
    ax = axes_of("bar", **EVEN | {"x": SPRING})
    middles = sorted((left + right) / 2 for left, right, *_ in boxes_of(ax)[0])
    assert np.diff(middles) * 24 == pytest.approx([1, 1, 2, 1, 1])  # there is no 02:00
    rows = client.get("/plot/bar.csv", EVEN | {"x": SPRING}).content.decode().split()
    assert rows[3:5] == ["2024-03-31T01:00:00,16", "2024-03-31T03:00:00,8"]


def test_limits_and_references_are_local_times(client: Client) -> None:
    ax = axes_of("line", **EVEN, xmin="2024-10-27T01:00", xmax="2024-10-27T03:00")
    low, high = ax.get_xlim()
    assert (high - low) * 24 == pytest.approx(3)
    ax = axes_of("line", **EVEN, vline="2024-10-27T03:00")
    (place,) = {line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 2}
    assert (place - ax.lines[0].get_xdata()[0]) * 24 == pytest.approx(4)
    words = client.get("/plot/line.txt", EVEN | {"vline": "2024-10-27T03:00,Start"})
    assert "3 a.m." in words.content.decode()


def test_the_pass_that_a_limit_means_is_part_of_the_digest(client: Client) -> None:
    first, second = (
        client.get("/plot/line.png", EVEN | {"xmin": f"2024-10-27T0{hour}:30Z"}) for hour in (0, 1)
    )
    assert first["ETag"] != second["ETag"]


def test_a_timeline_in_which_only_ends_repeat(client: Client) -> None:
    given = {
        "start": "2024-10-26T23:30Z,2024-10-27T00:30Z",
        "end": "2024-10-27T00:30Z,2024-10-27T01:30Z",
        "y": "a,b",
        "tz": BERLIN,
    }
    ax = axes_of("timeline", **given)
    spans = [path.get_extents().width * 24 for each in ax.collections for path in each.get_paths()]
    assert spans == pytest.approx([1, 1])
    titles = client.get("/plot/timeline.svg", given).content.decode()
    assert "2:30 a.m. (UTC+2) to Oct. 27, 2024, 2:30 a.m. (UTC+1)" in titles


def test_ticks_of_days_are_at_midnights(client: Client) -> None:
    """Days have 25 hours in autumn."""
    given = {"x": hours(datetime(2024, 10, 24, 22, tzinfo=UTC), 97), "tz": BERLIN}
    ax = axes_of("line", **given, y=",".join(map(str, range(97))))
    assert [each.split("\n")[0] for each in tick_texts(ax.xaxis)] == [
        "Oct 25", "Oct 26", "Oct 27", "Oct 28", "Oct 29"
    ]  # fmt: skip
    assert np.diff(ax.xaxis.get_majorticklocs()) * 24 == pytest.approx([24, 24, 25, 24])
