"""Error bars."""

from __future__ import annotations

from django.test import Client
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import problems
from tests.kinds.artists import DAYS, segments_of
from tests.measure import axes_of, tick_texts


def test_error_bars_reach_to_both_sides() -> None:
    ax = axes_of("errorbar", x="1,2,3", y="5,6,", error="1,,2", capsize="7", linewidth="3")
    assert segments_of(ax) == [[[[1, 4], [1, 6]]]]
    values, caps = ax.lines
    assert values.get_xydata()[:2].tolist() == [[1, 5], [2, 6]]
    assert caps.get_xydata().tolist() == [[1, 4], [1, 6]]
    assert (caps.get_markersize(), ax.collections[0].get_linewidth()[0]) == (14, 3)
    assert len(axes_of("errorbar", y="5", error="1", capsize="0").lines) == 1


def test_error_bars_from_low_to_high() -> None:
    ax = axes_of("errorbar", y=["5,6", "1,2"], low=["4,5", "0,1"], high=["9,7", "2,3"])
    assert segments_of(ax) == [
        [[[0, 4], [0, 9]], [[1, 5], [1, 7]]],
        [[[0, 0], [0, 2]], [[1, 1], [1, 3]]],
    ]
    colors = [to_rgb(line.get_color()[0]) for line in ax.lines[::2]]
    assert colors == [to_rgb(color) for color in LIGHT.palette[:2]]
    assert len(ax.figure.legends[0].get_texts()) == 2


def test_error_bars_beyond_a_log_scale() -> None:
    ax = axes_of("errorbar", y="5,50", error="6,20", yscale="log")
    low, high = ax.get_ylim()
    assert 0.1 < low <= 1 and 70 <= high < 1000


def test_options_of_error_bars() -> None:
    options = {"marker": "square", "markersize": "9", "linestyle": "dashed", "alpha": "0.5"}
    line = axes_of("errorbar", x=DAYS, y="1,2,3", error="1,1,1", **options).lines[0]
    assert (line.get_marker(), line.get_markersize(), line.get_linestyle()) == ("s", 9, "--")
    assert line.get_color()[1] == 0.5
    assert_allclose(line.get_xdata(), [20454, 20455, 20456])
    assert tick_texts(axes_of("errorbar", x="a,b", y="1,2").xaxis) == ["a", "b"]


def test_invalid_error_bars(client: Client) -> None:
    path = "/plot/errorbar.png"
    for given, problem in (
        ({"error": "-1,1"}, ("error", "out-of-range")),
        ({"error": "a,b"}, ("error", "not-a-number")),
        ({"error": "1,1", "low": "0,0", "high": "3,3"}, ("error", "invalid")),
        ({"low": "0,0"}, ("high", "required")),
        ({"high": "0,0"}, ("low", "required")),
        ({"low": "0,5", "high": "3,3"}, ("low", "out-of-order")),
    ):
        assert problems(client, path, {"y": "1,2", **given}) == [problem]
