"""Stacked area charts."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.helpers import problems
from tests.kinds.artists import areas_of, heights_at
from tests.measure import axes_of


def test_stacks_add_up() -> None:
    ax = axes_of("stack", x="0,1,2", y=["1,2,3", "4,,6"], alpha="0.5")
    one, two = areas_of(ax)
    assert [heights_at(one, place) for place in (0, 1, 2)] == [(0, 1), (0, 2), (0, 3)]
    assert [heights_at(two, place) for place in (0, 1, 2)] == [(1, 5), (2, 2), (3, 9)]
    assert ax.get_ylim()[0] == 0
    assert {each.get_alpha() for each in ax.collections} == {0.5}


def test_stacks_of_series_with_different_x() -> None:
    ax = axes_of("stack", x="2,0,1,0,2", y="3,1,2,4,6", by="a,a,a,b,b")
    _, two = areas_of(ax)
    assert [heights_at(two, place) for place in (0, 1, 2)] == [(1, 5), (2, 2), (3, 9)]


def test_a_stack_where_all_have_a_gap() -> None:
    one, _ = areas_of(axes_of("stack", y=["1,2,,4,5", "1,2,,4,5"]))
    assert [path[:, 0].max() for path in one] == [1, 4]


@pytest.mark.parametrize(
    ("baseline", "first"), [("sym", -5.0), ("wiggle", -(1.5 * 2 + 0.5 * 8) / 2)]
)
def test_stacks_around_zero(baseline: str, first: float) -> None:
    one, two = areas_of(axes_of("stack", y=["2,2", "8,8"], baseline=baseline))
    assert heights_at(one, 0) == (first, first + 2)
    assert heights_at(two, 0) == (first + 2, first + 10)


def test_negative_numbers_cannot_be_stacked(client: Client) -> None:
    assert problems(client, "/plot/stack.png", {"y": "1,-2"}) == [("y", "out-of-range")]
