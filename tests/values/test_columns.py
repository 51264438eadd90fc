"""Columns: read from text, written back, and made from Python values."""

from __future__ import annotations

import random
import string
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

from plots.errors import PlotError
from plots.values.column_text import read_column, split_items, write_column
from plots.values.columns import Column, from_values, is_date, is_text, to_numbers
from plots.values.scalars import Value, check_text, read_date, read_number


def read(text: str, dtype: str = "any") -> Column:
    return read_column(text, "x", dtype=dtype)


def error_of(text: str, dtype: str = "any") -> PlotError:
    with pytest.raises(PlotError) as caught:
        read(text, dtype)
    assert caught.value.parameter == "x"
    return caught.value


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("1,2.5,-3e2", (1.0, 2.5, -300.0)),
        (" 1 , +2 ,.5,5.", (1.0, 2.0, 0.5, 5.0)),
        ("1,,3", (1.0, None, 3.0)),
        ("1,nan,inf,-Infinity,null", (1.0, None, None, None, None)),
        (",", (None, None)),
        ("a,b", ("a", "b")),
        ("a,,b", ("a", None, "b")),
        ("2026-01-31", (date(2026, 1, 31),)),
        ("2026-01-31,,", (date(2026, 1, 31), None, None)),
        ("2026-01-31T12:30", (datetime(2026, 1, 31, 12, 30),)),
        ("2026-01-31 12:30:05.25", (datetime(2026, 1, 31, 12, 30, 5, 250_000),)),
        ("2026-01-31,2026-01-31T06:00", (datetime(2026, 1, 31), datetime(2026, 1, 31, 6))),
        ("2026-01-31T12:00Z", (datetime(2026, 1, 31, 12, tzinfo=UTC),)),
        ("2026-01-31T12:00+02:00", (datetime(2026, 1, 31, 10, tzinfo=UTC),)),
        # The + of an offset is decoded as a space in URLs.
        ("2026-01-31T12:00 02:00", (datetime(2026, 1, 31, 10, tzinfo=UTC),)),
        ('"a, b",c', ("a, b", "c")),
        ('"say ""no""",b', ('say "no"', "b")),
        ('"1","2"', ("1", "2")),
        ('"2026-01-01",b', ("2026-01-01", "b")),
        ('"",b', (None, "b")),
        ('a"b,c', ('a"b', "c")),
        ("1-2,3/4", ("1-2", "3/4")),
    ],
)
def test_text_is_read_as_a_column(text: str, column: Column) -> None:
    assert read(text) == column


@pytest.mark.parametrize(
    ("text", "dtype", "code", "item"),
    [
        ("1,2,x", "any", "not-a-number", "Item 3, “x”"),
        ("x,1", "any", "not-a-text", "Item 2, “1”"),
        ("2026-01-01,5", "any", "not-a-date", "Item 2, “5”"),
        ("1,2026-01-01", "any", "not-a-number", "Item 2"),
        ("1,2026-02-30", "number", "not-a-number", "Item 2"),
        ("2026-01-01,2026-02-30", "any", "not-a-date", "Item 2"),
        ("1,1e301", "any", "out-of-range", "Item 2"),
        ('"1",2', "number", "not-a-number", "Item 1"),
        ('1,"2', "any", "invalid-quoting", "Item 2"),
        ('"a"b,c', "any", "invalid-quoting", "Item 1"),
        ("a,\x00", "any", "invalid-text", "U+0000"),
    ],
)
def test_mixed_and_invalid_items_are_refused(text: str, dtype: str, code: str, item: str) -> None:
    error = error_of(text, dtype)
    assert error.code == code
    assert item in error.message


def test_categories_are_never_read_as_numbers() -> None:
    assert read("1,2,,a", "category") == ("1", "2", None, "a")


@pytest.mark.parametrize(
    "text",
    ["1_000", "\u0661", "１", "0x1", "1e", "nan", "inf", "", " 1", "1.2.3", "9" * 41, "1e1234"],
)
def test_number_notation_is_strict(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["12", "2026-1-1", "20260101", "2026-01-01T24", "today"])
def test_date_notation_is_strict(text: str) -> None:
    assert read_date(text) is None


@override_settings(PLOTS={"MAX_POINTS": 100})
def test_number_of_values_is_limited() -> None:
    assert len(read("1," * 99 + "1")) == 100
    assert error_of("1," * 100 + "1").status == 413


def test_split_marks_quoted_items() -> None:
    assert split_items('a, "b" ,c', "x") == ["a", "b", "c"]
    assert [type(item) is str for item in split_items('a,"b"', "x")] == [True, False]


@pytest.mark.parametrize(
    "character", ["\x00", "\x1f", "\x7f", "\x9f", "\ud800", "\ufffe", "\uffff"]
)
def test_control_characters_are_refused(character: str) -> None:
    with pytest.raises(PlotError, match="cannot be drawn"):
        check_text(f"a{character}", "title")


def test_length_of_text_is_limited() -> None:
    assert check_text("x" * 200, "title")
    with pytest.raises(PlotError, match="201 characters"):
        check_text("x" * 201, "title")


def random_column(chance: random.Random) -> Column:
    """A column of one data type, with text that looks like other types."""

    def number() -> Value:
        return chance.choice([chance.uniform(-1, 1) * 10.0 ** chance.randint(-300, 299), 0.0, 1e15])

    def name() -> Value:
        odd = ["1", "nan", "2026-01-01", '"', 'a"b', ",", " a ", "inf", "'", "a,b", '""', "="]
        letters = "".join(chance.choices(string.printable[:95] + "é中", k=chance.randint(1, 8)))
        return chance.choice([*odd, letters])

    def day() -> Value:
        return date.fromordinal(chance.randint(1, 3_652_059))

    def moment() -> Value:
        return datetime(1, 1, 1) + timedelta(microseconds=chance.randint(0, 10**17))

    make = chance.choice([number, name, day, moment])
    return tuple(None if chance.random() < 0.2 else make() for _ in range(chance.randint(1, 6)))


@pytest.mark.parametrize("seed", range(400))
def test_column_survives_writing_and_reading(seed: int) -> None:
    column = random_column(random.Random(seed))
    assert read(write_column(column)) == column


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([1, 2.5, True], (1.0, 2.5, 1.0)),
        ((1, 2), (1.0, 2.0)),
        (range(3), (0.0, 1.0, 2.0)),
        ((i for i in (1, 2)), (1.0, 2.0)),
        (np.array([1, 2], "int8"), (1.0, 2.0)),
        (np.array([1.5, np.nan, np.inf], "float32"), (1.5, None, None)),
        (np.array(["a", "b"]), ("a", "b")),
        ([np.float64(1), np.int64(2)], (1.0, 2.0)),
        ([Decimal("1.5"), Fraction(1, 2), None], (1.5, 0.5, None)),
        ([float("nan"), float("-inf"), Decimal("NaN")], (None, None, None)),
        ([10**400, -(10**400), 1], (None, None, 1.0)),
        (["a", "", None], ("a", None, None)),
        (["1", "2"], ("1", "2")),
        ([date(2026, 1, 1)], (date(2026, 1, 1),)),
        (
            [date(2026, 1, 1), datetime(2026, 1, 1, 6)],
            (datetime(2026, 1, 1), datetime(2026, 1, 1, 6)),
        ),
        ([datetime(2026, 1, 1, 6, tzinfo=UTC)], (datetime(2026, 1, 1, 6, tzinfo=UTC),)),
        (
            [datetime(2026, 1, 1, 6, tzinfo=timezone(timedelta(hours=2)))],
            (datetime(2026, 1, 1, 4, tzinfo=UTC),),
        ),
        (np.array(["2026-01-01", "NaT"], "datetime64[D]"), (date(2026, 1, 1), None)),
        (np.array(["2026-01"], "datetime64[M]"), (date(2026, 1, 1),)),
        (np.array(["2026-01-01T06:00"], "datetime64[ns]"), (datetime(2026, 1, 1, 6),)),
        ([], ()),
    ],
)
def test_python_values_become_a_column(values: Any, column: Column) -> None:
    assert from_values(values, "x") == column


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([1, "a"], "mixed"),
        ([date(2026, 1, 1), 1], "mixed"),
        (["a", date(2026, 1, 1)], "mixed"),
        ([1, object()], "invalid-value"),
        ([[1, 2]], "invalid-value"),
        ([1j], "invalid-value"),
        ([1, 1e301], "out-of-range"),
        (["a\x00"], "invalid-text"),
    ],
)
def test_invalid_python_values_are_refused(values: Any, code: str) -> None:
    with pytest.raises(PlotError) as caught:
        from_values(values, "y")
    assert (caught.value.code, caught.value.parameter) == (code, "y")


def test_columns_become_arrays_of_numbers() -> None:
    assert to_numbers((1.0, None)).tolist()[0] == 1.0
    assert np.isnan(to_numbers((1.0, None))[1])
    days = to_numbers((date(1970, 1, 2), datetime(1970, 1, 1, 12), None))
    assert days[:2].tolist() == [1.0, 0.5]
    assert np.isnan(days[2])
    ends = to_numbers((datetime.min, datetime.max))
    assert (ends[0], round(ends[1])) == (-719162.0, 2932897)


def test_text_and_dates_are_recognised() -> None:
    assert is_text((None, "a")) and not is_text((1.0,))
    assert is_date((None, date(2026, 1, 1))) and not is_date(("a",))
