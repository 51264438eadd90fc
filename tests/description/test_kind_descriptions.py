"""What the text about a plot says of each kind, as it is read from its picture."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client

import plots
from plots.forms.binding import as_parameters
from plots.spec.registry import kinds

OHLC = "x=2026-03-02,2026-03-03,2026-03-04&open=10,12,9&high=13,14,11&low=9,8,7.5&close=12,9,11"
HEIGHTS = "z=0,10,20;10,20,30;20,30,40"

# The query, the summary, and the lines about its series, groups or parts.
TABLE: list[tuple[str, str, list[str]]] = [
    (
        "line?x=2026-01-01,2026-02-01,2026-03-01&y=5,2,9&y=4,4,4&label=iPhone&label=eBay",
        "Line chart of iPhone, eBay. 2 series, 6 points, from Jan. 1, 2026 to March 1, 2026; "
        "iPhone: rises from 5 to 9; eBay: always 4.",
        [
            "iPhone: rises from 5 to 9, highest 9 at March 1, 2026, lowest 2 at Feb. 1, 2026.",
            "eBay: always 4.",
        ],
    ),
    (
        "line?x=Mon,Tue,Wed,Thu&y=3,7,7,",
        "Line chart. 3 points; highest 7 at Tue and Wed, lowest 3 at Mon, first 3, last 7, 1 gap.",
        ["Highest 7 at Tue and Wed, lowest 3 at Mon, first 3, last 7, 1 gap."],
    ),
    (
        "area?x=1,2,3&y=5,9,6&y2=1,3,4",
        "Area chart. 3 points; rises from 5 to 6, highest 9 at 2, lowest 5 at 1, "
        "the other edge is from 1 to 4, widest 6 at 2.",
        ["Rises from 5 to 6, highest 9 at 2, lowest 5 at 1, the other edge is from 1 to 4, "
         "widest 6 at 2."],
    ),
    (
        "bar?x=a,b&y=1,3&y=3,1&label=Tea&label=Coffee&mode=stacked",
        "Bar chart of Tea, Coffee. 2 series, 4 bars; Coffee: highest 3 at a; Tea: highest 3 at b; "
        "Total: always 4.",
        ["Coffee: highest 3 at a, lowest 1 at b.", "Tea: highest 3 at b, lowest 1 at a.",
         "Total: always 4."],
    ),
    (
        "bar?x=a,b&y=1,3&y=3,3&label=Tea&label=Coffee&mode=percent",
        "Bar chart of Tea, Coffee. 2 series, 4 bars; Coffee: highest 75.0% at a; "
        "Tea: highest 50.0% at b; Total: highest 6 at b.",
        ["Coffee: highest 75.0% at a, lowest 50.0% at b, total 6.",
         "Tea: highest 50.0% at b, lowest 25.0% at a, total 4.",
         "Total: highest 6 at b, lowest 4 at a."],
    ),
    (
        "bar?x=a,b&y=1,3&y=3,5&label=Sales&label=Target&lines=Target",
        "Bar chart of Sales, Target. 2 series, 4 bars; Sales: highest 3 at b; "
        "Target: highest 5 at b.",
        ["Sales: highest 3 at b, lowest 1 at a.",
         "Target: highest 5 at b, lowest 3 at a, drawn as a line."],
    ),
    (
        f"candlestick?{OHLC}",
        "Candlestick chart. 3 candles, from March 2, 2026 to March 4, 2026; opens at 10 (March 2, "
        "2026), closes at 11 (March 4, 2026), up 1 (10.0%), highest 14 at March 3, 2026, lowest "
        "7.5 at March 4, 2026, rising: 2, falling: 1.",
        ["Opens at 10 (March 2, 2026), closes at 11 (March 4, 2026), up 1 (10.0%), highest 14 at "
         "March 3, 2026, lowest 7.5 at March 4, 2026, rising: 2, falling: 1."],
    ),
    (
        "stairs?x=0,10,20,40&y=1,3,2",
        "Step chart. 3 levels; rises from 1 to 2, highest 3 at 10 to 20, lowest 1 at 0 to 10.",
        ["Rises from 1 to 2, highest 3 at 10 to 20, lowest 1 at 0 to 10."],
    ),
    (
        "timeline?start=2026-01-05,2026-02-02&end=2026-01-30,2026-02-02&y=Plan,eBay&text=Talks,Go",
        "Timeline. 2 bars, from Jan. 5, 2026 to Feb. 2, 2026; in 2 rows: Plan, eBay.",
        ["Plan: Talks: from Jan. 5, 2026 to Jan. 30, 2026.", "eBay: Go: Feb. 2, 2026."],
    ),
    (
        "gauge?value=72&thresholds=60,85&unit=%25&title=Disk",
        "Gauge: Disk. 72%, on a scale from 0% to 100%, in zone 2 of 3, from 60% to 85%.",
        ["72%, on a scale from 0% to 100%, in zone 2 of 3, from 60% to 85%."],
    ),
    (
        "pie?x=a,b,c&y=10,60,30",
        "Pie chart. 3 slices; total 100, a 10.0%, b 60.0%, c 30.0%.",
        ["a: 10, 10.0%.", "b: 60, 60.0%.", "c: 30, 30.0%."],
    ),
    (
        "stack?x=1,2,3&y=1,2,4&y=3,3,7&label=Sun&label=Wind",
        "Stacked area chart of Sun, Wind. 2 series, 6 points; Wind: rises from 3 to 7; "
        "Sun: rises from 1 to 4; Total: rises from 4 to 11.",
        ["Wind: rises from 3 to 7, highest 7 at 3, lowest 3 at 1 and 2, 65.0% of the total.",
         "Sun: rises from 1 to 4, highest 4 at 3, lowest 1 at 1, 35.0% of the total.",
         "Total: rises from 4 to 11, highest 11 at 3, lowest 4 at 1."],
    ),
    (
        "box?y=1,2,3,4,100&y=5,6,7,,&label=A&label=B",
        "Box plot of A, B. 8 values; A: median 3; B: median 6.",
        ["A: median 3, quartiles 2 and 4, whiskers from 1 to 4, 1 outlier: 100.",
         "B: median 6, quartiles 5.5 and 6.5, whiskers from 5 to 7."],
    ),
    (
        "violin?y=1,2,3,4,5",
        "Violin plot. 5 values; median 3, quartiles 2 and 4, reaches from 1 to 5, widest near 3.",
        ["Median 3, quartiles 2 and 4, reaches from 1 to 5, widest near 3."],
    ),
    (
        "ecdf?x=1,2,3,4,5",
        "Cumulative distribution. 5 values; from 1 to 5, median 3, the middle half from 2 to 4.",
        ["From 1 to 5, median 3, the middle half from 2 to 4."],
    ),
    (
        "event?x=1,2,6&x=4,9,&label=a&label=b",
        "Event plot of a, b. 5 events; a: 3 events; b: 2 events.",
        ["a: 3 events, from 1 to 6.", "b: 2 events, from 4 to 9."],
    ),
    (
        "errorbar?x=1,2,3&y=5,6,9&error=0.5,1,0.25",
        "Error bars. 3 points; rises from 5 to 9, highest 9 at 3, lowest 5 at 1, "
        "errors from ± 0.25 to ± 1, bars reach from 4.5 to 9.25.",
        ["Rises from 5 to 9, highest 9 at 3, lowest 5 at 1, errors from ± 0.25 to ± 1, "
         "bars reach from 4.5 to 9.25."],
    ),
    (
        "errorbar?x=1,2,3&y=5,6,9&low=4,5,7&high=6,8,12",
        "Error bars. 3 points; rises from 5 to 9, highest 9 at 3, lowest 5 at 1, "
        "bars reach from 4 to 12.",
        ["Rises from 5 to 9, highest 9 at 3, lowest 5 at 1, bars reach from 4 to 12."],
    ),
    (
        "heatmap?x=Mon,Tue&y=Night,Day&z=1,2;,4&zlabel=Visitors",
        "Heat map of Visitors. 3 cells; highest 4 at (Tue, Day), lowest 1 at (Mon, Night), "
        "median 2, 1 gap.",
        ["Highest 4 at (Tue, Day), lowest 1 at (Mon, Night), median 2, 1 gap."],
    ),
    (
        "scatter?x=1,2,3,4&y=2,4,6,8&size=1,9,5,3",
        "Scatter plot. 4 points; strong positive correlation of x and y (1.00), sizes from 1 to 9, "
        "highest 8 at 4, lowest 2 at 1.",
        ["Strong positive correlation of x and y (1.00), sizes from 1 to 9, highest 8 at 4, "
         "lowest 2 at 1."],
    ),
    (
        "hist2d?x=0,0,10&y=0,0,10&bins=2",
        "Two-dimensional histogram. 3 points; most (2) where x is from 0 to 5 and y is from 0 "
        "to 5.",
        ["Most (2) where x is from 0 to 5 and y is from 0 to 5."],
    ),
    (
        "sankey?x=a,a,b&y=b,c,c&value=3,4,2",
        "Sankey diagram. 3 flows; total 7, largest flows: a to c: 4; a to b: 3; b to c: 2.",
        ["a: 3 to b, 4 to c.", "b: 2 to c."],
    ),
    (
        "polar?x=a,b&y=1,2",
        "Polar area chart. 2 sectors; highest 2 at b, lowest 1 at a.",
        ["a: 1.", "b: 2."],
    ),
    (
        "radar?x=a,b,c&y=1,2,3&y=3,2,1&label=A&label=B",
        "Radar chart of A, B. 2 series, 6 points; A: highest 3 at c; B: highest 3 at a.",
        ["A: highest 3 at c, lowest 1 at a.", "B: highest 3 at a, lowest 1 at c."],
    ),
    (
        f"contour?{HEIGHTS}&levels=4",
        "Contour lines. 9 points; highest 40 at (2, 2), lowest 0 at (0, 0), median 20, "
        "3 lines at 10, 20, 30.",
        ["Highest 40 at (2, 2), lowest 0 at (0, 0), median 20, 3 lines at 10, 20, 30."],
    ),
    (
        f"contourf?{HEIGHTS}&levels=4&zlabel=Height&zformat=thousands",
        "Filled contours of Height. 9 points; highest 40 at (2, 2), lowest 0 at (0, 0), "
        "median 20, 4 bands between 0, 10, …, 40.",
        ["Highest 40 at (2, 2), lowest 0 at (0, 0), median 20, 4 bands between 0, 10, …, 40."],
    ),
    (
        "quiver?x=1,2&y=5,6&dx=3,0&dy=4,1",
        "Arrow plot. 2 arrows; speed: highest 5 at (1, 5), lowest 1 at (2, 6), "
        "on average 1.5 along x and 2.5 along y.",
        ["Speed: highest 5 at (1, 5), lowest 1 at (2, 6), "
         "on average 1.5 along x and 2.5 along y."],
    ),
    (
        "triplot?x=1,2,1.5&y=1,1,4",
        "Triangle mesh. 3 points; joined to triangles, x from 1 to 2, y from 1 to 4.",
        ["Joined to triangles, x from 1 to 2, y from 1 to 4."],
    ),
]  # fmt: skip
_AXES = ("x:", "y:", "x (", "y (", "The x axis", "The y axis")


def lines(client: Client, url: str) -> list[str]:
    kind, _, query = url.partition("?")
    response = client.get(f"/plot/{kind}.txt?{query}")
    assert response.status_code == 200, response.get("X-Plot-Error")
    return response.content.decode().splitlines()


@pytest.mark.parametrize(("url", "summary", "parts"), TABLE, ids=[row[0][:40] for row in TABLE])
def test_what_each_kind_draws_is_said(
    client: Client, url: str, summary: str, parts: list[str]
) -> None:
    first, *rest = lines(client, url)
    assert first == summary
    assert [line for line in rest if not line.startswith(_AXES)] == parts


@pytest.mark.parametrize("kind", list(kinds), ids=lambda kind: kind.name)
@pytest.mark.parametrize("lang", ["en", "ko", "zh-hans"])
def test_the_example_of_each_kind_is_described(
    client: Client, kind, lang: str, caplog: pytest.LogCaptureFixture
) -> None:
    query = {**as_parameters(kind.example), "lang": [lang]}
    with caplog.at_level(logging.ERROR, "plots"):
        response = client.get(f"/plot/{kind.name}.txt", query)
    assert not caplog.records
    said = response.content.decode().splitlines()
    assert len(said) > 1 and all(said)
    assert not any(wrong in line for line in said for wrong in ("nan", "..", ". .", "%(", "  "))


def test_the_summary_names_all_series(client: Client) -> None:
    names = [f"Town {n}" for n in range(1, 15)]
    query = "&".join(f"y={n},{20 - n}&label={name}" for n, name in enumerate(names, 1))
    first, *rest = lines(client, f"line?title=Rain&{query}")
    assert first == (
        "Line chart: Rain. 14 series (" + ", ".join(names[:12]) + " and 2 more), 28 points; "
        "highest 19 in Town 1, lowest 1 in Town 1."
    )
    assert [line for line in rest if line.startswith("Town")][-1].startswith("Town 12: ")
    assert rest[-1] == "And 2 more series."


def test_panels_without_rows_say_so(client: Client) -> None:
    said = lines(client, "line?y=1,2,,&facet=a,a,b,b")
    assert said[0] == "Line chart. 2 panels, 2 points; a: highest 2 at 1; b: no data."
    assert said[-2:] == ["a: highest 2 at 1, lowest 1 at 0.", "b: no data."]


def describe_own(data: plots.Data, wording: Any, *, level: int) -> Iterator[tuple[str, list[str]]]:
    for series in data.series:
        most = wording.value("y", float(series.y.max()))
        yield series.label, [f"reaches {most} of level {level}"]


class OwnOptions(forms.Form):
    level = forms.IntegerField(initial=3, required=False)


@pytest.fixture
def own(request: pytest.FixtureRequest) -> Iterator[None]:
    """A kind of another app."""

    @plots.kind("own", channels=plots.XY, options=OwnOptions, **request.param)
    def draw(ax: plots.Axes, data: plots.Data, *, level: int) -> None:
        for series in data.series:
            ax.plot(series.x, series.y)

    yield
    kinds.unregister("own")


@pytest.mark.parametrize(
    "own", [{"describe": describe_own, "marks": lambda count: "%(count)s dots"}], indirect=True
)
@pytest.mark.usefixtures("own")
def test_a_kind_of_another_app_says_what_it_draws(client: Client) -> None:
    query = "y=1,2.5&y=3,4&label=iPhone&label=eBay&yformat=usd"
    assert lines(client, f"own?{query}") == [
        "Own of iPhone, eBay. 2 series, 4 dots; iPhone: reaches $2.50 of level 3; "
        "eBay: reaches $4 of level 3.",
        "x: from 0 to 1.",
        "y: from $1 to $4.",
        "iPhone: reaches $2.50 of level 3.",
        "eBay: reaches $4 of level 3.",
    ]


def fail(data: plots.Data, wording: Any, *, level: int) -> Any:
    raise KeyError("wrong")


@pytest.mark.parametrize("own", [{}, {"describe": fail}], indirect=True, ids=["none", "failing"])
@pytest.mark.usefixtures("own")
def test_a_kind_without_a_description_has_the_default(client: Client) -> None:
    assert lines(client, "own?y=1,2.5")[0] == "Own. 2 points; highest 2.5 at 1, lowest 1 at 0."
    assert client.get("/plot/own.png?y=1,2.5").status_code == 200


def test_long_names_are_not_all_in_the_summary(client: Client) -> None:
    names = [f"{n:03}" * 40 for n in range(12)]
    query = {"y": ["1,2"] * 12, "label": names, "title": "Long"}
    first = client.get("/plot/line.txt", query).content.decode().splitlines()[0]
    assert len(first) < 500 and f"({names[0]} and 11 more)" in first
