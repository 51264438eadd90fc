"""Formatting of numbers and dates on ticks, in cells and in descriptions."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from plots.values.formatting import (
    CURRENCIES,
    DATE_FORMATS,
    NUMBER_FORMATS,
    format_values,
)
from tests.helpers import ask
from tests.measure import axes_of, figure_of, layout_problems, tick_texts, words_of

DAYS = "2026-01-15,2026-12-20"


@pytest.mark.parametrize(
    ("y", "style", "labels"),
    [
        ("0,40000", "plain", ["0", "10000", "20000", "30000", "40000"]),
        ("0,4e6", "plain", ["0", "1000000", "2000000", "3000000", "4000000"]),
        ("-2000,2000", "thousands", ["−2,000", "−1,000", "0", "1,000", "2,000"]),
        ("0,4e6", "thousands", ["0", "1,000,000", "2,000,000", "3,000,000", "4,000,000"]),
        ("0,2000", "si", ["0", "0.5k", "1.0k", "1.5k", "2.0k"]),
        ("0,4e9", "si", ["0", "1G", "2G", "3G", "4G"]),
        ("0,0.004", "si", ["0", "1m", "2m", "3m", "4m"]),
        ("0,4e25", "si", ["0", "10²⁵", "2×10²⁵", "3×10²⁵", "4×10²⁵"]),
        ("0,0.4", "percent", ["0%", "10%", "20%", "30%", "40%"]),
        ("-0.02,0.02", "percent", ["−2%", "−1%", "0%", "1%", "2%"]),
        ("0,40", "of-100", ["0%", "10%", "20%", "30%", "40%"]),
        ("0,4000", "scientific", ["0", "10³", "2×10³", "3×10³", "4×10³"]),
        ("0,2.5", "usd", ["$0", "$0.50", "$1.00", "$1.50", "$2.00", "$2.50"]),
        ("-4e3,4e3", "eur", ["−€4,000", "−€2,000", "€0", "€2,000", "€4,000"]),
        ("0,4e6", "gbp", ["£0", "£1M", "£2M", "£3M", "£4M"]),
        ("0,4e4", "krw", ["₩0", "₩10,000", "₩20,000", "₩30,000", "₩40,000"]),
        ("0,4", "cny", ["CN¥0", "CN¥1", "CN¥2", "CN¥3", "CN¥4"]),
        ("0,4", "jpy", ["¥0", "¥1", "¥2", "¥3", "¥4"]),
    ],
)
def test_number_formats_on_ticks(y: str, style: str, labels: list[str]) -> None:
    given = {"y": y, "yformat": style, "height": "360"}
    assert tick_texts(axes_of("line", **given).yaxis) == labels


@pytest.mark.parametrize(
    ("x", "style", "labels"),
    [
        ("2022-03-01,2026-07-01", "year", ["2022", "2023", "2024", "2025", "2026"]),
        ("2026-01-15,2026-02-20", "year", ["2026"]),
        (DAYS, "quarter", ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026", "Q1 2027"]),
        ("2026-01-15,2026-04-20", "month", ["Feb 2026", "Mar 2026", "Apr 2026"]),
        ("2026-01-30,2026-02-03", "day", ["Jan 30", "Jan 31", "Feb 1", "Feb 2", "Feb 3"]),
        ("2026-01-30,2026-02-01", "date", ["Jan 30, 2026", "Jan 31, 2026", "Feb 1, 2026"]),
        ("2026-01-30,2026-02-01", "weekday", ["Fri", "Sat", "Sun"]),
        ("2026-01-30,2026-02-01", "iso", ["2026-01-30", "2026-01-31", "2026-02-01"]),
        ("2026-01-30T10:00,2026-01-30T12:00", "time",
         ["10:00", "10:30", "11:00", "11:30", "12:00"]),
        ("2026-01-30T10:00:00,2026-01-30T10:00:40", "time", ["10:00"]),
        ("2026-01-30T06:00,2026-01-31", "datetime",
         ["2026-01-30 06:00", "2026-01-30 12:00", "2026-01-30 18:00", "2026-01-31 00:00"]),
        ("0001-01-01,9999-12-31", "year", ["2000", "4000", "6000", "8000"]),
    ],
)  # fmt: skip
def test_date_formats_on_ticks(x: str, style: str, labels: list[str]) -> None:
    found = tick_texts(axes_of("line", x=x, y="1,2", xformat=style, width="600").xaxis)
    assert found == labels


def test_every_format_is_tested_above(client: Client) -> None:
    marks = [
        mark
        for test in (test_number_formats_on_ticks, test_date_formats_on_ticks)
        for mark in vars(test)["pytestmark"]
    ]
    tried = {row[1] for mark in marks for row in mark.args[1]}
    assert tried == {*NUMBER_FORMATS, *DATE_FORMATS}


def test_format_follows_the_axis_on_which_values_are_drawn() -> None:
    given = {"x": "a,b", "y": "1000,2000", "orientation": "horizontal", "values": "1"}
    ax = axes_of("bar", xformat="usd", **given)
    assert tick_texts(ax.xaxis)[-1] == "$2,000" and tick_texts(ax.yaxis) == ["a", "b"]
    assert set(words_of(ax)) == {"$1,000", "$2,000"}
    ax = axes_of("bar", mode="percent", x="a", y=["1", "3"], yformat="of-100", values="1")
    assert tick_texts(ax.yaxis)[-1] == "100%" and set(words_of(ax)) == {"25%", "75%"}


@pytest.mark.parametrize("kind", ["mesh", "image", "contourf", "heatmap"])
def test_format_of_colour_bars(client: Client, kind: str) -> None:
    given = {"z": "0.1,0.2;0.3,0.5", "zformat": "percent"}
    figure = figure_of(kind, **given)
    figure.canvas.draw()
    bar = figure.axes[1]
    low, high = bar.get_ylim()
    shown = {label.get_text() for label in bar.get_yticklabels() if low <= label._y <= high}  # type: ignore[attr-defined]
    assert {"20%", "30%"} <= shown
    text = client.get(f"/plot/{kind}.txt", given).content.decode()
    assert "highest 50%" in text and "lowest 10%" in text


def test_format_in_cells_and_along_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []
    monkeypatch.setattr(
        "plots.kinds.correlation.heatmap._write", lambda *args: written.extend(args[3])
    )
    figure_of("heatmap", z="0.1,0.25", zformat="percent")
    assert written == ["10%", "25%"]
    ax = axes_of("contour", z="0,1,2;1,2,3;2,3,4", zformat="eur", labels="1")
    assert all(text.get_text().startswith("€") for text in ax.texts) and ax.texts


def test_format_of_log_axes_and_counts() -> None:
    found = tick_texts(axes_of("line", y="200,40000", yscale="log", yformat="si").yaxis)
    assert {"200", "500", "1k", "2k", "10k"} <= set(found)
    found = tick_texts(axes_of("hist", x="1,2,2", yformat="percent").yaxis)
    assert found[-1] == "200%"


def test_descriptions_format_numbers_and_keep_full_dates(client: Client) -> None:
    query = f"x={DAYS}&y=1500,2500&yformat=usd&xformat=year&hline=2000,Goal"
    text = client.get(f"/plot/line.txt?{query}").content.decode()
    assert "highest $2,500 at Dec. 20, 2026" in text
    assert "y: from $1,500 to $2,500." in text
    assert "Line at y $2,000: Goal." in text


@pytest.mark.parametrize(
    ("query", "parameter", "code", "hint"),
    [
        ("line.png?y=1,2&xformat=year", "xformat", "invalid-format", "numbers, written as plain"),
        ("hist.png?x=1,2&yformat=iso", "yformat", "invalid-format", "percent"),
        (f"line.png?x={DAYS}&y=1,2&xformat=usd", "xformat", "invalid-format", "dates, written as"),
        ("bar.png?x=a,b&y=1,2&xformat=usd", "xformat", "invalid-format", "leave the format out"),
        ("normal.png?xformat=month", "xformat", "invalid-format", "numbers"),
        ("line.png?y=1,2&yformat={x}", "yformat", "invalid_choice", "not a choice"),
        ("line.png?y=1,2&yformat=procent", "yformat", "invalid_choice", "“percent”"),
        ("pie.png?y=1,2&yformat=usd", "yformat", "unknown-parameter", "no parameter"),
    ],
)
def test_format_of_another_data_type_is_refused(
    client: Client, query: str, parameter: str, code: str, hint: str
) -> None:
    (error,) = ask(client, f"/plot/{query}").json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code), error
    assert hint in error["message"]


@pytest.mark.parametrize("size", [("150", "90"), ("343", "257"), ("640", "480")])
@pytest.mark.parametrize("style", [*NUMBER_FORMATS, *DATE_FORMATS])
def test_labels_in_any_format_do_not_overlap(style: str, size: tuple[str, str]) -> None:
    width, height = size
    given: dict[str, Any] = {"y": "0,1234567", "width": width, "height": height}
    if style in DATE_FORMATS:
        for x in (DAYS, "2026-01-30T10:00:00,2026-01-30T10:00:40", "0001-01-01,9999-12-31"):
            assert layout_problems(figure_of("line", x=x, xformat=style, **given)) == []
        return
    for x in ("0,1", "-1e-9,1e-9", "-1e9,4e9", "0,1e300"):
        given |= {"x": x, "xformat": style, "yformat": style}
        assert layout_problems(figure_of("line", **given)) == []


@pytest.mark.parametrize("code", CURRENCIES)
def test_font_has_every_currency_symbol(code: str) -> None:
    from matplotlib.font_manager import get_font

    from plots.rendering.text.matplotlib_fonts import font, fontManager

    charmap = get_font(fontManager.findfont(font(9))).get_charmap()
    assert {ord(character) for character in CURRENCIES[code]} <= set(charmap)


@pytest.mark.parametrize(
    ("values", "style", "texts"),
    [
        ([1_200_000, 800_000], "auto", ["1.2M", "0.8M"]),
        ([1_234_567, 800_000], "auto", ["1.235M", "0.800M"]),
        ([1_000_001, 1_000_002], "auto", ["1,000,001", "1,000,002"]),
        ([1e6, 1000], "auto", ["1,000,000", "1,000"]),
        ([12_345, 0.5], "auto", ["12,345.0", "0.5"]),
        ([0.25, 1.25], "auto", ["0.25", "1.25"]),
        ([1 / 3, 2 / 3], "percent", ["33.33%", "66.67%"]),
        ([2.5e9, 1], "usd", ["$2,500,000,000", "$1"]),
        ([9.99, -5], "usd", ["$9.99", "−$5.00"]),
        ([1500, 250], "si", ["1.50k", "0.25k"]),
        ([0, 0], "auto", ["0", "0"]),
        ([], "auto", []),
    ],
)
def test_values_of_a_chart_have_one_unit(values: list[float], style: str, texts: list[str]) -> None:
    assert format_values(values, style) == texts
