"""Notations of numbers, dates, times and booleans: the type and the value of each cell."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tests.datasets.uploads import read

pytestmark = pytest.mark.django_db


def column(cells: list[str], name: str = "c") -> tuple[str, list[Any], str, tuple[str, ...]]:
    """Upload one column beside another. Returns its type, values, format and the warnings."""
    quoted = (f'"{cell}"' for cell in cells)
    content = "".join(f"{line},k\n" for line in [name, *quoted]).encode()
    staged, rows = read(content)
    return (
        staged.dtypes[name],
        [row[0] for row in rows],
        staged.formats.get(name, ""),
        staged.warnings,
    )


@pytest.mark.parametrize(
    ("cells", "values", "format"),
    [
        (["$65,548", "$1,200", "$7"], [65548, 1200, 7], "usd"),
        (["$1,234.50", "-$5", "($20.25)", "$-3"], [1234.5, -5, -20.25, -3], "usd"),
        (["$1,000", "2,000", "3,000"], [1000, 2000, 3000], "usd"),
        (["1.234,50 €", "99 €", "-0,5 €"], [1234.5, 99, -0.5], "eur"),
        (["€ 1,200", "€ 5"], [1200, 5], "eur"),
        (["£12.50", "£0.99"], [12.5, 0.99], "gbp"),
        (["₩1,000,000", "₩500"], [1_000_000, 500], "krw"),
        (["¥1,200", "¥300"], [1200, 300], "jpy"),
        (["1,500 USD", "20 USD"], [1500, 20], "usd"),
        (["42.10%", "-3%", "66 %", "0"], [42.1, -3, 66, 0], "of-100"),
        (["(1,234)", "2,000", "(50)"], [-1234, 2000, -50], ""),
        (["\N{MINUS SIGN}5", "3.5"], [-5, 3.5], ""),
        (["1 234 567", "1 000"], [1_234_567, 1000], ""),
        (["1\N{NO-BREAK SPACE}234,5", "7,25"], [1234.5, 7.25], ""),
        (["1'234'567.5", "1'000"], [1_234_567.5, 1000], ""),
        (["1\N{RIGHT SINGLE QUOTATION MARK}234", "12"], [1234, 12], ""),
        (["1,23,456", "12,34,567"], [123_456, 1_234_567], ""),
        (["12 km", "7.5 km"], [12, 7.5], ""),
        (["21.5°C", "-3°C"], [21.5, -3], ""),
        (["1e3", "2.5E-2", "+7", ".5"], [1000, 0.025, 7, 0.5], ""),
    ],
)  # fmt: skip
def test_numbers(cells: list[str], values: list[float], format: str) -> None:
    dtype, found, written, warnings = column(cells)
    assert (dtype, written) == ("number", format), warnings
    assert found == values


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["2026-1-5", "2026-12-31"], ["2026-01-05", "2026-12-31"]),
        (["2026/1/5", "2026/12/31"], ["2026-01-05", "2026-12-31"]),
        (["2026. 1. 5", "2026. 12. 31"], ["2026-01-05", "2026-12-31"]),
        (["1/22/2026", "1/2/2026"], ["2026-01-22", "2026-01-02"]),
        (["22/1/2026", "1/2/2026"], ["2026-01-22", "2026-02-01"]),
        (["22-01-2026", "01-02-2026"], ["2026-01-22", "2026-02-01"]),
        (["3/27/18", "12/31/99"], ["2018-03-27", "1999-12-31"]),
        (["27/3/18", "1/2/68"], ["2018-03-27", "2068-02-01"]),
        (["31.12.26", "01.02.26"], ["2026-12-31", "2026-02-01"]),
        (["5 Mar 2026", "31 December 2026"], ["2026-03-05", "2026-12-31"]),
        (["5-Mar-26", "12-JAN-99"], ["2026-03-05", "1999-01-12"]),
        (["Mar 5, 2026", "Sept 30 2026", "May 1st, 2026"],
         ["2026-03-05", "2026-09-30", "2026-05-01"]),
        (["Thursday, March 5, 2026", "Fri, June 6, 2026"], ["2026-03-05", "2026-06-06"]),
        (["2026-05", "2026-12"], ["2026-05-01", "2026-12-01"]),
        (["05/2026", "12/2026"], ["2026-05-01", "2026-12-01"]),
        (["Mar 2026", "December 2025"], ["2026-03-01", "2025-12-01"]),
        (["2026M05", "2026M11"], ["2026-05-01", "2026-11-01"]),
        (["2026-Q1", "2026-Q4"], ["2026-01-01", "2026-10-01"]),
        (["2020Q1", "2020Q3"], ["2020-01-01", "2020-07-01"]),
        (["Q1 2026", "Q2 2026"], ["2026-01-01", "2026-04-01"]),
        (["2026-W01", "2026-W05"], ["2025-12-29", "2026-01-26"]),
    ],
)  # fmt: skip
def test_dates(cells: list[str], values: list[str]) -> None:
    dtype, found, _format, warnings = column(cells)
    assert dtype == "date", warnings
    assert found == [*map(date.fromisoformat, values)]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["2015/01/01 01:00:00", "2015/12/31 23:59"], ["2015-01-01T01:00", "2015-12-31T23:59"]),
        (["1/22/2020 17:00", "1/2/2020 9:30"], ["2020-01-22T17:00", "2020-01-02T09:30"]),
        (["1/22/2020 5:00 PM", "1/2/2020 12:15 am"], ["2020-01-22T17:00", "2020-01-02T00:15"]),
        (["22.01.2020, 17:00:05", "1.2.2020"], ["2020-01-22T17:00:05", "2020-02-01T00:00"]),
        (["3/27/18 8:05", "3/2/18 18:05"], ["2018-03-27T08:05", "2018-03-02T18:05"]),
        (["5 Mar 2026 09:30", "6 Mar 2026 10:00"], ["2026-03-05T09:30", "2026-03-06T10:00"]),
        (["2026-1-5 9:30", "2026-1-6 10:30:15.25"], ["2026-01-05T09:30", "2026-01-06T10:30:15.25"]),
        (["2026-01-05T09:30:15.123456", "2026-01-06 10:30"],
         ["2026-01-05T09:30:15.123456", "2026-01-06T10:30"]),
    ],
)  # fmt: skip
def test_datetimes(cells: list[str], values: list[str]) -> None:
    dtype, found, _format, warnings = column(cells)
    assert dtype == "datetime", warnings
    assert found == [*map(datetime.fromisoformat, values)]


@pytest.mark.parametrize(
    "cells",
    [
        ["2020-04-02T23:00:00.749079563Z", "2020-04-02T23:00:01Z"],
        ["2020-04-02 23:00:00.749079 UTC", "2020-04-02 23:00:01 UTC"],
        ["2020-04-03 01:00:00.749079 +0200", "2020-04-03 01:00:01 +02:00"],
    ],
)
def test_moments(cells: list[str]) -> None:
    dtype, found, _format, _warnings = column(cells)
    assert dtype == "moment"
    assert found == [datetime(2020, 4, 2, 23, 0, 0, 749079), datetime(2020, 4, 2, 23, 0, 1)]


def seconds(values: list[Any]) -> list[float]:
    """Durations or times of day as seconds."""
    midnight = datetime.combine(date.min, time.min)
    return [
        (
            each if isinstance(each, timedelta) else datetime.combine(date.min, each) - midnight
        ).total_seconds()
        for each in values
    ]


@pytest.mark.parametrize(
    ("name", "cells", "dtype", "values"),
    [
        ("time", ["08:15", "9:30", "13:05"], "time", [29700, 34200, 47100]),
        ("opens", ["08:15:30", "23:59:59"], "time", [29730, 86399]),
        ("c", ["9:30 AM", "12:15 am", "1:05 p.m."], "time", [34200, 900, 47100]),
        ("c", ["00:12:30", "26:10:00"], "duration", [750, 94200]),
        ("took", ["00:12:30", "01:05:00.250"], "duration", [750, 3900.25]),
        ("c", ["-1:00:00", "36:00:00"], "duration", [-3600, 129600]),
        ("c", ["1 day, 2:03:04", "0:00:01"], "duration", [93784, 1]),
        ("c", ["0 days 00:12:30", "2 days 01:00:00"], "duration", [750, 176400]),
    ],
)
def test_times_and_durations(name: str, cells: list[str], dtype: str, values: list[float]) -> None:
    found_type, found, _format, warnings = column(cells, name)
    assert found_type == dtype, warnings
    assert seconds(found) == values


@pytest.mark.parametrize(
    "words", ["Yes No", "y n", "TRUE FALSE", "T F", "on off"]
)  # fmt: skip
def test_booleans(words: str) -> None:
    true, false = words.split()
    dtype, found, _format, _warnings = column([true, false, true, "NA"])
    assert (dtype, found) == ("boolean", [True, False, True, None])


def test_one_letter_alone_is_text() -> None:
    assert column(["N", "N", "N"])[0] == "text"


GAPS = (
    "NA", "N/A", "n/a", "n.a.", "NaN", "null", "NULL", "None", "none", "missing", "?", "-", "--",
    "–", "—", ".", "..", "(null)", "#DIV/0!", "#N/A", "#VALUE!", "<NA>", "*", ":", "inf", "unknown",
)  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("others", [["1", "2"], ["2026-01-01", "2026-01-02"], ["Yes", "No"]])
def test_gaps(gap: str, others: list[str]) -> None:
    dtype, found, _format, warnings = column([others[0], gap, others[1]])
    assert dtype == {"1": "number", "2026-01-01": "date", "Yes": "boolean"}[others[0]]
    assert found[1] is None and None not in (found[0], found[2])
    assert f"“{gap}”" in warnings[-1] and "no value" in warnings[-1]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["01/02/2026", "02/03/2026"], "day and month of its dates cannot be distinguished"),
        (["1/2/26 9:30", "2/3/26 10:30"], "day and month of its dates cannot be distinguished"),
        (["007", "12"], "leading zeros, as codes have (1 of 2)"),
        (["1007232378128805888", "5"], "“1007232378128805888” has more digits than a number holds"),
        (["12:30", "1:02:30"], "may be hours and minutes or minutes and seconds"),
        (["45:30", "59:10"], "may be hours and minutes or minutes and seconds"),
        (["1.2M", "3k", "950k"], "values such as “1.2M” are not read"),
        (["5. März 2026", "6. Mai 2026"], "values such as “5. März 2026” are not read"),
        (["Jan-20", "Feb-20"], "values such as “Jan-20” are not read"),
        (["PT1H30M", "PT5M"], "values such as “PT1H30M” are not read"),
        (["$5", "$6", "€7"], "line 4 has “€7”, which is not written like $12.5"),
        (["5%", "6%", "0.07"], "line 4 has “0.07”, which is not written like 12.5%"),
        (["2026-01-01", "2026-01-02", "soon"], "line 4 has “soon”"),
        (["2026-01-01", "2026-02-30", "2026-03-01"], "line 3 has “2026-02-30”"),
    ],
)  # fmt: skip
def test_text_has_a_reason(cells: list[str], message: str) -> None:
    dtype, found, _format, warnings = column(cells)
    assert (dtype, found) == ("text", cells)
    assert message in " ".join(warnings)


@pytest.mark.parametrize(
    "cells",
    [
        ["2019/20", "2020/21", "2010/11"],
        ["10.0.0.1", "192.168.1.1"],
        ["1.2.10", "1.3.0", "2.0.1"],
        ["555-1234", "555-9876"],
        ["12-34-56", "40-47-84"],
        ["18-24", "25-34", "65+"],
        ["A12", "B7"],
        ["1st", "2nd"],
        ["12A", "14B"],
        ["N", "NE", "S"],
        ["Mai", "June"],
        ["May", "March"],
    ],
)
def test_other_text_is_text_without_a_remark(cells: list[str]) -> None:
    dtype, found, _format, warnings = column(cells)
    assert (dtype, found, warnings) == ("text", cells, ())


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["20200101", "20201231"], "“20200101” may be 2020-01-01"),
        (["1577836800000", "1577923200000"], "may be milliseconds since 1970"),
        (["1577836800", "1577923200"], "may be seconds since 1970"),
        (["12 kWh", "7 kWh"], "numbers in kWh. Axes do not show this unit"),
        (["CHF 12", "CHF 7"], "numbers in CHF. Axes do not show this unit"),
        (["3/27/18", "1/31/18"], "in the years 1969 to 2068"),
    ],
)
def test_readings_have_remarks(cells: list[str], message: str) -> None:
    dtype, _found, _format, warnings = column(cells)
    assert dtype != "text"
    assert message in " ".join(warnings)


def test_ordinary_numbers_have_no_remark() -> None:
    for cells in (["2019", "2020"], ["10000001", "99999999"], ["5550001234", "9995550000"]):
        assert column(cells)[3] == ()


def test_few_values_of_many_are_named_wherever_they_are() -> None:
    cells = [f"2026-01-{day % 28 + 1:02}" for day in range(5000)]
    for place in (2, 1700, 4998):
        wrong = [*cells[:place], "later", *cells[place:]]
        dtype, _found, _format, warnings = column(wrong)
        assert dtype == "text"
        assert f"line {place + 2} has “later”" in warnings[0]
        assert "1 of 5,001 values" in warnings[0]


def test_values_of_another_kind_behind_many_gaps_are_found() -> None:
    dtype, found, _format, _warnings = column([*["NA"] * 4000, "5", *["NA"] * 4000])
    assert dtype == "number" and found[0] is None


def test_larger_numbers_further_down_have_separators() -> None:
    dtype, *_rest = column([*["5"] * 1000, "1,234", *["5"] * 1000])
    assert dtype == "number"
