"""Formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from numpy.testing import assert_allclose

from plots.forms.parameters_to_spec import read_spec
from plots.forms.spec_to_parameters import write_parameters
from tests.helpers import messages, picture_of, problems
from tests.kinds.artists import lines_of
from tests.measure import axes_of, words_of


def test_formula_draws_its_curve() -> None:
    (line,) = lines_of(axes_of("formula", expr="x**2 - 1", start="-2", stop="2", n="5"))
    assert_allclose(line.get_xydata(), [(-2, 3), (-1, 0), (0, -1), (1, 0), (2, 3)])


def test_formulas_are_named_after_themselves_or_by_labels(client: Client) -> None:
    ax = axes_of("formula", expr=["sin(x)", "cos(x)", "2"], label=["wave"])
    assert [line.get_label() for line in lines_of(ax)] == ["wave", "cos(x)", "2"]
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["wave", "cos(x)", "2"]
    query = {"expr": ["x+1", "2*x"], "n": "2", "start": "0", "stop": "3"}
    table = client.get("/plot/formula.csv", query).content.decode()
    assert table.splitlines() == ["x,x+1,2*x", "0,1,0", "3,4,6"]


def test_formula_has_gaps_where_it_has_no_value() -> None:
    (line,) = lines_of(axes_of("formula", expr="sqrt(x)", start="-1", stop="1", n="3"))
    assert_allclose(line.get_ydata(), [np.nan, 0, 1])
    assert words_of(axes_of("formula", expr="log(-1)")) == ["No data"]
    (line,) = lines_of(axes_of("formula", expr="exp(700)*exp(x)", start="-100", stop="100", n="3"))
    assert np.isnan(line.get_ydata()).tolist() == [False, True, True]  # beyond 1e300


@pytest.mark.parametrize(
    ("expr", "poles"),
    [("tan(x)", 6), ("1/x", 1), ("1/(x**2 - 4)", 2), ("sin(x)", 0), ("x**3 - x", 0), ("sign(x)", 0)]
    + [("1000*x", 0), ("atan(50*x)", 0), ("floor(x) + 0.5", 0)],
)
def test_poles_are_gaps(expr: str, poles: int) -> None:
    ax = axes_of("formula", expr=expr)
    (line,) = lines_of(ax)
    x, y = line.get_xydata().T
    assert np.isnan(y).sum() == poles
    assert len(np.unique(x[~np.isnan(y)])) == 1000  # nothing is lost
    low, high = ax.get_ylim()
    if poles:
        assert high - low < 100 and high < np.nanmax(y)
    else:
        assert low <= np.nanmin(y) <= np.nanmax(y) <= high


def test_a_narrow_peak_is_shown_whole() -> None:
    ax = axes_of("formula", expr="1/(1 + 10000*x**2)", n="1001")
    assert ax.get_ylim()[1] > 1


def test_formula_options() -> None:
    (line,) = lines_of(axes_of("formula", expr="x", linestyle="dashed", linewidth="4", alpha="0.5"))
    assert (line.get_linestyle(), line.get_linewidth(), line.get_alpha()) == ("--", 4, 0.5)


def test_formula_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/formula.png", {"expr": "x"} | query)

    assert wrong(expr="") == [("expr", "required")]
    assert wrong(expr="sine(x)") == [("expr", "invalid-expression")]
    told = messages(client, "formula", expr=["x", "x + sine(x)"])["expr"]
    assert "“sine” is not known (column 5). Did you mean “sin”?" in told
    assert wrong(expr=["x"] * 51) == [("expr", "too-many-series")]
    assert wrong(expr="x" + "+x" * 100) == [("expr", "too-long-text")]
    assert wrong(start="3", stop="3") == [("start", "invalid")]
    assert wrong(n="10001") == [("n", "max_value")]
    assert wrong(label=["a", "b"]) == [("label", "too-many-labels")]
    assert wrong(y="1,2") == [("y", "unknown-parameter")]
    assert wrong(source="days") == [("source", "unknown-parameter")]
    assert wrong(yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(xmin="2026-01-01") == [("xmin", "not-a-number")]
    picture_of(client, "formula", expr="exp(x)", yscale="log")


def test_the_largest_number_of_formulas(client: Client) -> None:
    expr = [f"sin({i}*x)" for i in range(1, 51)]
    picture_of(client, "formula", expr=expr, n="10000", width="320", height="200")


def test_a_formula_has_its_own_digest() -> None:
    given = {"expr": ["sin(x)*2", "x % 3"], "label": ["wave"], "n": ["50"]}
    spec = read_spec("formula", given)
    assert write_parameters(spec) == given
    assert spec.digest == read_spec("formula", given).digest
    assert spec.digest != read_spec("formula", given | {"expr": ["sin(x)*2", "x % 2"]}).digest
