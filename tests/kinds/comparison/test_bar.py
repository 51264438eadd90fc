"""Bar charts."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from tests.kinds.artists import DAYS, boxes_of, heights_of
from tests.measure import axes_of, tick_texts


def test_bars_start_at_zero() -> None:
    ax = axes_of("bar", x="a,b,c", y="3,-2,")
    assert_allclose(boxes_of(ax)[0], [(-0.38, 0.38, 0, 3), (0.62, 1.38, -2, 0), (1.62, 2.38, 0, 0)])
    assert tick_texts(ax.xaxis) == ["a", "b", "c"]
    low, high = ax.get_ylim()
    assert low < -2 < 3 < high


def test_no_margin_below_the_baseline() -> None:
    assert axes_of("bar", y="3,2").get_ylim()[0] == 0
    assert axes_of("bar", y="3,2", orientation="horizontal").get_xlim()[0] == 0


def test_bars_in_groups() -> None:
    one, two = boxes_of(axes_of("bar", x="a,b", y=["1,2", "3,4"]))
    assert_allclose(one, [(-0.38, 0, 0, 1), (0.62, 1, 0, 2)], atol=1e-12)
    assert_allclose(two, [(0, 0.38, 0, 3), (1, 1.38, 0, 4)], atol=1e-12)


def test_stacked_bars_of_both_signs() -> None:
    boxes = boxes_of(axes_of("bar", x="a,b", y=["1,-2", "-3,-4", "5,6"], mode="stacked"))
    assert [[box[2:] for box in each] for each in boxes] == [
        [(0, 1), (-2, 0)],
        [(-3, 0), (-6, -2)],
        [(1, 6), (0, 6)],
    ]


def test_horizontal_bars_start_at_the_top() -> None:
    ax = axes_of("bar", x="a,b", y="1,2", orientation="horizontal")
    assert_allclose(boxes_of(ax)[0], [(0, 1, -0.38, 0.38), (0, 2, 0.62, 1.38)])
    assert ax.yaxis.get_inverted()
    assert tick_texts(ax.yaxis) == ["a", "b"]


def test_bars_of_dates_and_of_one_value() -> None:
    (boxes,) = boxes_of(axes_of("bar", x=DAYS, y="1,2,3", alpha="0.5"))
    assert_allclose([(left + right) / 2 for left, right, _, _ in boxes], [20454, 20455, 20456])
    assert_allclose([right - left for left, right, _, _ in boxes], [0.76] * 3)
    assert heights_of(axes_of("bar", y="7")) == [[7]]
    assert axes_of("bar", y="7", alpha="0.5").collections[0].get_alpha() == 0.5


def test_bars_on_a_log_scale_start_a_decade_below() -> None:
    ax = axes_of("bar", y=["1,100", "30,300"], yscale="log")
    assert [[box[2:] for box in each] for each in boxes_of(ax)] == [
        [(0.1, 1), (0.1, 100)],
        [(0.1, 30), (0.1, 300)],
    ]
    assert ax.get_ylim()[0] == 0.1


def test_bars_in_percent() -> None:
    ax = axes_of("bar", x="a,b", y=["1,", "3,5"], mode="percent")
    one, two = [[box[2:] for box in each] for each in boxes_of(ax)]
    assert (one, two) == ([(0, 25), (0, 0)], [(25, 100), (0, 100)])
    assert ax.get_ylim() == (0, 100)


@pytest.mark.parametrize("y", ["0,0", "1e300,1e300", "5e-324,5e-324"])
def test_percents_of_extremes(y: str) -> None:
    tops = [box[3] for box in boxes_of(axes_of("bar", y=[y, y], mode="percent"))[1]]
    assert tops == ([0, 0] if y == "0,0" else [100, 100])
