"""Cumulative distributions."""

from __future__ import annotations

from numpy.testing import assert_allclose

from tests.kinds.artists import DAYS
from tests.measure import axes_of


def test_distribution_functions_step_at_each_value() -> None:
    (line,) = axes_of("ecdf", x="3,1,2,2,", linewidth="3", alpha="0.5").lines
    assert line.get_xydata().tolist() == [[1, 0], [1, 0.25], [2, 0.5], [2, 0.75], [3, 1]]
    assert (line.get_drawstyle(), line.get_linewidth(), line.get_alpha()) == ("steps-post", 3, 0.5)
    (line,) = axes_of("ecdf", x="3,1,2,2", complementary="1").lines
    assert line.get_xydata().tolist() == [[1, 1], [2, 0.75], [2, 0.5], [3, 0.25], [3, 0]]
    assert line.get_drawstyle() == "steps-pre"


def test_distribution_functions_of_series_and_dates() -> None:
    ax = axes_of("ecdf", x="3,1,2", by="a,b,b")
    assert [line.get_label() for line in ax.lines] == ["a", "b"]
    assert ax.get_ylim() == (0, 1)
    line = axes_of("ecdf", x=DAYS).lines[0]
    assert_allclose(line.get_xdata(), [20454, 20454, 20455, 20456])
    assert axes_of("ecdf", x="1,10", xscale="log", yscale="log", complementary="1").lines
