"""Line charts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.kinds.artists import DAYS, lines_of
from tests.measure import axes_of, tick_texts


def test_line_draws_its_numbers() -> None:
    (line,) = lines_of(axes_of("line", x="1,2,4", y="5,-1,2.5"))
    assert_allclose(line.get_xydata(), [(1, 5), (2, -1), (4, 2.5)])
    assert to_hex(line.get_color()) == LIGHT.palette[0]


def test_line_without_x_counts_rows() -> None:
    (line,) = axes_of("line", y="5,6,7").lines
    assert_allclose(line.get_xdata(), [0, 1, 2])


def test_line_with_a_gap() -> None:
    (line,) = axes_of("line", y="1,2,,4,5").lines
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False, False]
    assert line.get_marker() == ""


@pytest.mark.parametrize(("y", "dots"), [("5", [0]), ("1,,3,,5,6", [0, 2]), (",7,", [1])])
def test_isolated_points_have_markers(y: str, dots: list[int]) -> None:
    (line,) = axes_of("line", y=y).lines
    assert (line.get_marker(), line.get_markevery()) == ("o", dots)


def test_line_of_dates_and_of_names() -> None:
    ax = axes_of("line", x=DAYS, y="1,2,3")
    assert_allclose(ax.lines[0].get_xdata(), [20454, 20455, 20456])
    assert tick_texts(ax.xaxis)[:2] == ["Jan 1\n2026", "Jan 2"]
    ax = axes_of("line", x="a,b,a", y="1,2,3")
    assert_allclose(ax.lines[0].get_xdata(), [0, 1, 0])
    assert tick_texts(ax.xaxis) == ["a", "b"]


@pytest.mark.parametrize(
    ("option", "value", "getter", "drawn"),
    [
        ("steps", "before", "get_drawstyle", "steps-pre"),
        ("steps", "middle", "get_drawstyle", "steps-mid"),
        ("steps", "after", "get_drawstyle", "steps-post"),
        ("linestyle", "dashed", "get_linestyle", "--"),
        ("linestyle", "none", "get_linestyle", "None"),
        ("linewidth", "5.5", "get_linewidth", 5.5),
        ("marker", "diamond", "get_marker", "D"),
        ("markersize", "11", "get_markersize", 11),
        ("alpha", "0.25", "get_alpha", 0.25),
    ],
)
def test_line_options(option: str, value: str, getter: str, drawn: Any) -> None:
    (line,) = axes_of("line", y="1,2", **{option: value}).lines
    assert getattr(line, getter)() == drawn


def test_a_long_line_is_solid() -> None:
    many = ",".join("1" * 10_001)
    assert axes_of("line", y=many, linestyle="dotted").lines[0].get_linestyle() == "-"
    assert axes_of("line", y=many, linestyle="none").lines[0].get_linestyle() == "None"


def test_series_by_name_and_by_column() -> None:
    ax = axes_of("line", x="1,2,3,4", y="5,6,7,8", by="b,a,b,")
    drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert drawn == {"b": [[1, 5], [3, 7]], "a": [[2, 6]], "(none)": [[4, 8]]}
    ax = axes_of("line", y=["1,2", "3,4"], label=["one"])
    assert [line.get_label() for line in ax.lines] == ["one", "Series 2"]
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["one", "Series 2"]


def test_a_name_that_matplotlib_would_hide_is_in_the_legend() -> None:
    legend = axes_of("line", y=["1,2", "3,4"], label=["_one", "two"]).figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["_one", "two"]
