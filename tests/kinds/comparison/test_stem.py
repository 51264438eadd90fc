"""Lollipop charts."""

from __future__ import annotations

from numpy.testing import assert_allclose

from tests.measure import axes_of


def test_stems_start_at_the_baseline() -> None:
    ax = axes_of("stem", x="1,2,4", y="5,,-1", baseline="1", marker="square", markersize="9",
                 linewidth="3", alpha="0.5")  # fmt: skip
    (stems,) = ax.collections
    assert [each.tolist() for each in stems.get_segments()] == [
        [[1, 1], [1, 5]],
        [[4, 1], [4, -1]],
    ]
    assert (stems.get_linewidth().tolist(), stems.get_alpha()) == ([3], 0.5)
    marks, base, _zero = ax.lines
    assert_allclose(base.get_ydata(), [1, 1])
    assert marks.get_xydata().tolist() == [[1, 5], [4, -1]]
    assert (marks.get_marker(), marks.get_markersize(), marks.get_alpha()) == ("s", 9, 0.5)


def test_stems_on_a_log_scale() -> None:
    (stems,) = axes_of("stem", y="20,300", yscale="log").collections
    assert [each[:, 1].tolist() for each in stems.get_segments()] == [[10, 20], [10, 300]]
