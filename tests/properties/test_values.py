"""Properties of the parsers of single values, columns, CSV, filters, colours and formulas."""

from __future__ import annotations

import ast
import csv
import io
import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plots.errors import PlotError
from plots.forms.parameters_to_spec import read_spec
from plots.spec.query import LOOKUPS, Filter, read_bin, read_filter
from plots.values.column_text import read_column, split_items, write_column
from plots.values.csv_rows import read_rows
from plots.values.expressions import CONSTANTS, FUNCTIONS, VARIADIC_FUNCTIONS, parse
from plots.values.scalars import MAX_NUMBER, read_date, read_number, write_value

# Control characters, surrogates and non-characters cannot be drawn.
characters = st.characters(exclude_categories=["C"])
words = st.text(characters, min_size=1, max_size=30)
numbers = st.floats(-MAX_NUMBER, MAX_NUMBER)
days = st.dates()
moments = st.datetimes()


def gaps_in(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Columns of ``values`` with gaps, the first without."""
    rest = st.lists(st.none() | values, max_size=20)
    return st.tuples(values, rest).map(lambda parts: [parts[0], *parts[1]])


@given(gaps_in(numbers) | gaps_in(days) | gaps_in(moments) | gaps_in(words))
def test_a_written_column_is_read_back(column: list[Any]) -> None:
    assert list(read_column(write_column(column), "x")) == column


@given(st.text(max_size=60))
def test_any_text_is_a_column_or_an_error_of_its_parameter(text: str) -> None:
    for dtype in ("any", "number", "category", "link"):
        try:
            column = read_column(text, "x", dtype=dtype)
        except PlotError as error:
            assert error.parameter == "x"
        else:
            assert len(column) == len(split_items(text, "x"))
            assert len({type(value) for value in column} - {type(None)}) <= 1


@given(numbers)
def test_a_written_number_is_read_back(number: float) -> None:
    assert read_number(write_value(number)) == number


@given(st.text(max_size=12) | st.text("0123456789.eE+-_ ", max_size=12))
def test_a_number_is_what_python_reads(text: str) -> None:
    number = read_number(text)
    if number is not None:
        assert number == float(text)
        assert text.isascii() and "_" not in text and text == text.strip()


@given(days | moments, st.integers(-14 * 60, 14 * 60))
def test_a_written_date_is_read_back(day: date, offset: int) -> None:
    assert read_date(write_value(day)) == day
    if isinstance(day, datetime) and 2 < day.year < 9998:
        aware = day.replace(tzinfo=timezone(timedelta(minutes=offset)))
        read = read_date(aware.isoformat())
        assert read == aware and isinstance(read, datetime) and read.tzinfo is UTC


rows = st.lists(st.lists(st.text(max_size=10), min_size=2, max_size=4), max_size=5)


@given(rows, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_written_csv_is_read_back(rows: list[list[str]], delimiter: str, end: str) -> None:
    assume(not any("\0" in value for row in rows for value in row))
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    lines = io.StringIO(file.getvalue(), newline="\n")
    assert [row for _, row in read_rows(lines, delimiter)] == rows


columns = st.text("abc_xyz0", min_size=1).filter(lambda name: "__" not in name)
# Values as `split_items` returns them: without surrounding spaces.
found = words.map(str.strip).filter(bool)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    lookup = draw(st.sampled_from(sorted(LOOKUPS)))
    count = LOOKUPS[lookup]
    low, high = (count, count) if count else (1, 5)
    return Filter(draw(columns), lookup, tuple(draw(st.lists(found, min_size=low, max_size=high))))


@given(filters())
def test_a_written_filter_is_read_back(filter: Filter) -> None:
    assert read_filter(str(filter)) == filter


@given(st.text(max_size=30) | st.tuples(columns, st.text(max_size=20)).map("__".join))
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    try:
        read = read_filter(text)
    except PlotError as error:
        assert error.parameter == "filter"
    else:
        assert read_filter(str(read)) == read


@given(st.text(max_size=12) | numbers.map(write_value))
def test_any_text_is_a_bin_or_an_error(text: str) -> None:
    try:
        width = read_bin(text)
    except PlotError as error:
        assert (error.parameter, error.code) == ("bin", "invalid-bin")
    else:
        assert width == text or (isinstance(width, float) and width > 0)


@given(st.lists(st.integers(0, 0xFFFFFF), min_size=1, max_size=8), st.booleans())
def test_colors_are_read_as_written(colors: list[int], upper: bool) -> None:
    texts = [f"{color:06x}" for color in colors]
    given = ",".join(text.upper() if upper else text for text in texts)
    spec = read_spec("line", {"y": ["1,2"], "colors": [given]})
    assert spec.frame.colors == tuple(f"#{text}" for text in texts)


@given(st.text(max_size=30))
def test_any_text_is_a_list_of_colors_or_an_error(text: str) -> None:
    try:
        spec = read_spec("line", {"y": ["1,2"], "colors": [text]})
    except PlotError as error:
        assert error.parameter == "colors"
    else:
        assert all(color.startswith("#") for color in spec.frame.colors)


@given(st.lists(words.map(str.strip).filter(bool), min_size=1, max_size=5, unique=True))
def test_orders_and_references_of_any_names_are_read_as_written(names: list[str]) -> None:
    given = {"x": [write_column(names)], "y": [write_column([1.0] * len(names))]}
    given["xorder"] = [write_column([*reversed(names)])]
    given["vline"] = [write_column([names[0], "A label"])]
    spec = read_spec("bar", given)
    order = spec.frame.xorder
    assert order == tuple(reversed(names)) or (order,) == tuple(names)  # such as "name"
    assert spec.frame.vline == ((names[0], "A label"),)


# --- Formulas ---

atoms = (
    st.sampled_from(["x", "pi", "e"]) | st.floats(0, 1e6).map(repr) | st.integers(0, 99).map(str)
)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "**"]), inner)
    return (
        operators.map(lambda parts: "({} {} {})".format(*parts))
        | inner.map("-({})".format)
        | st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map("{0[0]}({0[1]})".format)
        | st.tuples(st.sampled_from(sorted(VARIADIC_FUNCTIONS)), inner, inner).map(
            "{0[0]}({0[1]}, {0[2]})".format
        )
    )


formulas = st.recursive(atoms, deeper, max_leaves=8).filter(lambda text: len(text) <= 200)
X = np.array([-3.0, -0.5, 0.0, 0.25, 7.0])


@given(formulas)
def test_a_formula_has_the_values_of_numpy(text: str) -> None:
    names: dict[str, Any] = {"x": X, **{name: np.float64(CONSTANTS[name]) for name in CONSTANTS}}
    names |= {name: getattr(np, ufunc) for name, ufunc in FUNCTIONS.items()}
    names |= {name: getattr(np, ufunc) for name, ufunc in VARIADIC_FUNCTIONS.items()}

    code = compile(_with_floats(text), "formula", "eval")
    with np.errstate(all="ignore"):
        expected = np.broadcast_to(eval(code, {"np": np, **names}), X.shape)
    found = parse(text, "expr")(X)
    assert np.array_equal(found, np.where(np.isfinite(expected), expected, np.nan), equal_nan=True)


def _with_floats(text: str) -> Any:
    """Return the tree of ``text`` with NumPy's floats, which do not raise, for numbers."""

    class Numbers(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.parse(f"np.float64({node.value!r})", mode="eval").body

    return ast.fix_missing_locations(Numbers().visit(ast.parse(text, mode="eval")))


@given(st.text(max_size=40) | st.text("x0.e()+-*/%,sincoma ", max_size=40))
def test_any_text_is_a_formula_or_an_error(text: str) -> None:
    try:
        values = parse(text, "expr")(X)
    except PlotError as error:
        assert (error.parameter, error.code) == ("expr", "invalid-expression")
    else:
        assert values.shape == X.shape and not np.isinf(values).any()


@pytest.mark.parametrize("text", ["min(sqrt(x), 9)", "max(sqrt(x), 0)", "min(9, sqrt(x), 9)"])
def test_least_and_greatest_leave_out_what_is_no_number(text: str) -> None:
    """As the functions of spreadsheets do."""
    expected = 9 if "9" in text else 0
    assert parse(text, "expr")(np.array([-1.0])).tolist() == [expected]
    assert math.isnan(parse("max(sqrt(x), sqrt(x))", "expr")(np.array([-1.0]))[0])
