"""Values in words: in descriptions, tooltips and alternative texts."""

from __future__ import annotations

from datetime import datetime
from html import unescape

import numpy as np
import pytest
from django.template import Context, Template
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from plots.data.model import Axis, Data, Series
from plots.description.wording import Wording
from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.values.columns import to_numbers
from tests.description.svg_marks import words

SECONDS = "2021-05-04T00:00:00,2021-05-04T00:00:01,2021-05-04T00:00:02"


def first_line(client: Client, url: str) -> str:
    response = client.get(f"/plot/{url}")
    assert response.status_code == 200, response.get("X-Plot-Error")
    return response.content.decode().splitlines()[0]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        # numbers with the digits in which they differ, and no others
        ("line.txt?y=169.595,169.621,169.64", "rises from 169.595 to 169.64, highest 169.64 at 2"),
        ("line.txt?y=1234567890,1234567891", "highest 1,234,567,891 at 1, lowest 1,234,567,890 at"),
        ("line.txt?y=10001.5,10002.5", "highest 10,002.5 at 1, lowest 10,001.5 at 0"),
        ("line.txt?y=1.00000001,1.00000002", "highest 1.00000002 at 1, lowest 1.00000001 at 0"),
        ("line.txt?y=0.1,0.2,0.30000000000000004", "rises from 0.1 to 0.3,"),
        ("line.txt?y=1e-9,3.5e-9", "highest 3.5×10⁻⁹ at 1, lowest 10⁻⁹ at 0"),
        ("line.txt?y=-0.5,-0.25", "highest -0.25 at 1, lowest -0.5 at 0"),
        # the format of the axis
        ("line.txt?y=1999.99,2500.5&yformat=usd", "highest $2,500.50 at 1, lowest $1,999.99 at 0"),
        ("line.txt?y=1234567,1234568&yformat=usd", "highest $1,234,568 at 1"),
        ("line.txt?y=0.25,0.2501,0.3&yformat=percent", "rises from 25% to 30%"),
        ("line.txt?y=0.25,0.2501&yformat=percent", "highest 25.01% at 1, lowest 25% at 0"),
        ("line.txt?y=42.1,42.15&yformat=of-100", "highest 42.15% at 1, lowest 42.1% at 0"),
        ("line.txt?y=1234,1235&yformat=si", "highest 1.235k at 1, lowest 1.234k at 0"),
        ("line.txt?y=1234,1235&yformat=scientific", "highest 1.235×10³ at 1"),
        ("line.txt?y=12345,12346&yformat=plain", "highest 12346 at 1, lowest 12345 at 0"),
        ("bar.txt?x=a,b&y=1,2.5&yformat=eur&orientation=vertical", "highest €2.50 at b"),
        ("bar.txt?x=a,b&y=1,2.5&xformat=eur&orientation=horizontal", "highest €2.50 at b"),
        ("candlestick.txt?open=1&high=3&low=1&close=2.5&yformat=usd",
         "opens at $1 (0), closes at $2.50 (0), up $1.50 (150.0%), highest $3 at 0, lowest $1"),
        # times with seconds, and parts of them
        (f"line.txt?x={SECONDS}&y=1,2,3", "from May 4, 2021, 00:00:00 to May 4, 2021, 00:00:02"),
        ("line.txt?x=2021-01-01T10:00:00.25,2021-01-01T10:00:00.5&y=1,2",
         "highest 2 at Jan. 1, 2021, 10:00:00.50, lowest 1 at Jan. 1, 2021, 10:00:00.25."),
        ("line.txt?x=2021-01-01T10:00:00.000250,2021-01-01T10:00:00.000251&y=1,2",
         "highest 2 at Jan. 1, 2021, 10:00:00.000251"),
        ("line.txt?x=2021-01-01T00:00,2021-01-01T12:00&y=1,2",
         "highest 2 at Jan. 1, 2021, noon, lowest 1 at Jan. 1, 2021, midnight"),
        ("line.txt?x=2021-01-01,2021-02-01&y=1,2&xformat=month", "highest 2 at Feb 2021, lowest"),
        ("line.txt?x=2021-01-01,2021-02-01&y=1,2&xformat=iso", "highest 2 at 2021-02-01, lowest"),
        ("line.txt?x=2021-01-05,2021-01-07&y=1,2&xformat=month", "highest 2 at Jan. 7, 2021"),
        ("line.txt?x=9999-12-31T23:59:58,9999-12-31T23:59:59&y=1,2",
         "highest 2 at Dec. 31, 9999, 23:59:59, lowest 1 at Dec. 31, 9999, 23:59:58"),
        # names as they were given
        ("bar.txt?x=iPhone,eBay&y=1,2", "highest 2 at eBay, lowest 1 at iPhone."),
        ('bar.txt?x=eBay,"Smith, Inc."&y=1,2', "highest 2 at “Smith, Inc.”, lowest 1 at eBay."),
        ("bar.txt?x=a,b&y=1,2&y=3,4&label=iPhone&label=eBay",
         "Bar chart of iPhone, eBay. 2 series, 4 bars; iPhone: highest 2 at b; eBay: highest 4 at"),
        ("line.txt?y=1,2&yscale=log&title=iOS", "Line chart: iOS. 2 points;"),
    ],
)  # fmt: skip
def test_values_that_differ_read_differently(client: Client, url: str, said: str) -> None:
    assert said in first_line(client, url)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sales", "Line chart: Sales. 1 point"), ("Acme Inc.", "Line chart: Acme Inc. 1 point"),
        ("Why?", "Line chart: Why? 1 point"), ("Yahoo!", "Line chart: Yahoo! 1 point"),
        ("Wait…", "Line chart: Wait… 1 point"), ("等等。", "Line chart: 等等。 1 point"),
        ("“Stop.”", "Line chart: “Stop.” 1 point"), ("Rain (mm.)", "Line chart: Rain (mm.). 1"),
    ],
)  # fmt: skip
def test_a_title_has_one_full_stop(client: Client, title: str, name: str) -> None:
    url = "/plot/line.txt"
    said = client.get(url, {"y": "1", "title": title}).content.decode().splitlines()
    assert said[0].startswith(name)
    given = {"x": f"{title},b", "y": "1,2", "hline": f"1,{title}", "title": title, "facet": title}
    given["facet"] = f"{title},{title}"
    said = client.get(url, {**given, "alt": title}).content.decode().splitlines()
    assert said[0] == title
    assert not [line for line in said if line.endswith(("..", "!.", "?.", "….", "。.", ".”."))]


def test_a_name_at_the_beginning_of_a_sentence_is_not_changed(client: Client) -> None:
    query = {"y": ["1,2", "3,4"], "label": ["iPhone", "eBay"], "title": "x"}
    lines = client.get("/plot/line.txt", query).content.decode().splitlines()
    assert lines[-2:] == ["iPhone: highest 2 at 1, lowest 1 at 0.",
                          "eBay: highest 4 at 1, lowest 3 at 0."]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("line", {"x": SECONDS, "y": "169.595,169.621,169.64", "marker": "circle"},
         ["May 4, 2021, 00:00:00: 169.595", "May 4, 2021, 00:00:01: 169.621",
          "May 4, 2021, 00:00:02: 169.64"]),
        ("bar", {"x": "iPhone,eBay", "y": "1000.5,1000.25", "yformat": "usd"},
         ["iPhone: $1,000.50", "eBay: $1,000.25"]),
        ("scatter", {"x": "1.00001,1.00002", "y": "5,6"}, ["1.00001: 5", "1.00002: 6"]),
        ("candlestick", {"x": "2026-01-01", "open": "1", "high": "4", "low": "0.5", "close": "3",
                         "yformat": "eur"},
         ["Jan. 1, 2026: open €1; high €4; low €0.50; close €3"]),
        ("errorbar", {"x": "1", "y": "5", "error": "0.25", "yformat": "usd"},
         ["1: $5; error ± $0.25"]),
        ("area", {"x": "1", "y": "5", "y2": "4", "yformat": "usd"}, ["1: $5; from $4"]),
        ("box", {"y": "1,2,3,4,5", "yformat": "of-100"},
         ["median 3%; first quartile 2%; third quartile 4%; low 1%; high 5%"]),
        ("heatmap", {"z": "0.25,0.2501", "zformat": "percent"}, ["0, 0: 25%", "1, 0: 25.01%"]),
        ("hist", {"x": "1234.5,1235.5", "bins": "1", "xformat": "usd"},
         ["$1,234.50 to $1,235.50: 2"]),
        ("pie", {"x": "a,b", "y": "99.99,0.01"}, ["a: 99.99; 99.99%", "b: 0.01; 0.01%"]),
    ],
)  # fmt: skip
def test_tooltips_have_the_precision_and_the_format_of_the_axis(
    kind: str, given: dict[str, str], said: list[str]
) -> None:
    assert sorted(words(kind, **given)) == sorted(said)


def test_the_tag_has_the_same_words() -> None:
    times = [datetime(2021, 5, 4, 0, 0, second) for second in range(3)]
    template = Template('{% load plots %}{% plot_img "line" x=x y=y title=title %}')
    html = template.render(
        Context({"x": times, "y": [169.595, 169.621, 169.64], "title": "iPhone Inc."})
    )
    assert (
        'alt="Line chart: iPhone Inc. 3 points, from May 4, 2021, 00:00:00 to May 4, 2021, '
        "00:00:02; rises from 169.595 to 169.64, "
    ) in unescape(html)


def test_summaries_of_many_values_stay_short() -> None:
    spec = plot_spec("line", y=[(n * 7919 % 1009) / 7 for n in range(1000)])
    # Steps of a seventh: what a thousand values differ in would be 15 digits.
    assert Plot(spec).alt == (
        "Line chart. 1,000 points; rises from 0 to 74.43, highest 144 at 765, lowest 0 at 0."
    )


@given(
    st.lists(
        st.decimals(-100_000, 100_000, places=6).map(float), min_size=2, max_size=30, unique=True
    ),
    st.sampled_from(("auto", "usd", "percent", "of-100", "thousands", "plain", "scientific")),
)
def test_no_two_different_numbers_read_the_same(numbers: list[float], style: str) -> None:
    values = np.array(numbers)
    wording = Wording(Data((Series("", {"y": values}),), {"y": Axis("number", (), style)}))
    written = {wording.value("y", number) for number in numbers}
    assert len(written) == len({number + 0.0 for number in numbers}), (numbers, style)


@given(st.lists(st.datetimes(), min_size=2, max_size=20, unique=True))
def test_no_two_different_times_read_the_same(times: list[datetime]) -> None:
    whole = {time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times}
    days = to_numbers(tuple(sorted(whole)))
    wording = Wording(Data((Series("", {"x": days}),), {"x": Axis("date")}))
    assert len({wording.value("x", day) for day in days}) == len(whole)


def test_a_format_of_a_column_along_an_axis_is_that_of_the_axis() -> None:
    """A source can declare number formats of its columns, such as a currency."""
    columns = {name: np.array([1.0, 2.5]) for name in ("open", "high", "low", "close")}
    axes = {"x": Axis(), **dict.fromkeys(columns, Axis("number", (), "usd"))}
    wording = Wording(Data((Series("", {"x": np.arange(2.0), **columns}),), axes))
    assert wording.value("close", 2.5) == "$2.50" == wording.value("y", 2.5)
    assert wording.value("x", 1.0) == "1"
