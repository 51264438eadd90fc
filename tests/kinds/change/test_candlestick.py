"""Candlestick charts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import messages, picture_of, problems
from tests.kinds.artists import candles_of
from tests.measure import axes_of, tick_texts, words_of

PRICES = {"open": "1,5,3", "high": "6,7,3", "low": "0.5,2,3", "close": "5,3,3"}


def test_candlestick_draws_bodies_and_wicks() -> None:
    ax = axes_of("candlestick", x="1,2,3", **PRICES, bodywidth="0.5")
    bodies = candles_of(ax)
    assert_allclose(bodies["Up"], [(0.75, 1.25, 1, 5), (2.75, 3.25, 3, 3)])
    assert_allclose(bodies["Down"], [(1.75, 2.25, 3, 5)])
    up, down = (each for each in ax.collections if isinstance(each, LineCollection))
    ends: Any = [[(1, 0.5), (1, 1)], [(3, 3), (3, 3)], [(1, 5), (1, 6)], [(3, 3), (3, 3)]]
    assert_allclose(up.get_segments(), ends)
    assert_allclose(down.get_segments(), [[(2, 2), (2, 3)], [(2, 5), (2, 7)]])
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["Up", "Down"]


def test_candlestick_up_and_down_differ_in_colour_and_in_filling() -> None:
    def fills(**options: str) -> list[tuple[str, str]]:
        bodies = axes_of("candlestick", **PRICES, **options).collections[1::2]
        return [
            (to_hex(each.get_facecolor()[0]), to_hex(each.get_edgecolor()[0])) for each in bodies
        ]

    blue, orange = LIGHT.palette[:2]
    assert fills() == [(LIGHT.ground, blue), (orange, orange)]
    assert fills(rising="filled") == [(blue, blue), (orange, orange)]
    assert fills(colors="111111,999999")[1][0] == "#999999"
    widths = {
        each.get_linewidth()[0]
        for each in axes_of("candlestick", **PRICES, linewidth="3").collections
    }
    assert widths == {3}


def test_candlesticks_as_bars() -> None:
    ax = axes_of("candlestick", x="1,2,3", **PRICES, shape="bars", bodywidth="0.5")
    down: Any = ax.collections[1].get_segments()
    expected: Any = [[(2, 2), (2, 7)], [(1.75, 5), (2, 5)], [(2, 3), (2.25, 3)]]
    assert_allclose(down, expected)
    assert [each.get_label() for each in ax.collections] == ["Up", "Down"]
    assert len(ax.figure.legends[0].get_texts()) == 2


def test_candlestick_skips_days_without_a_row() -> None:
    days = "2026-01-02,2026-01-05,2026-01-06"
    shown = axes_of("candlestick", x=days, **PRICES)
    assert_allclose([body[0] for body in candles_of(shown)["Up"]], [20454.68, 20458.68], atol=0.01)
    skipped = axes_of("candlestick", x=days, **PRICES, gaps="skip")
    assert_allclose(candles_of(skipped)["Up"], [(-0.32, 0.32, 1, 5), (1.68, 2.32, 3, 3)])
    assert tick_texts(skipped.xaxis) == days.split(",")
    named = axes_of("candlestick", x="a,b,c", **PRICES, gaps="skip")
    assert tick_texts(named.xaxis) == ["a", "b", "c"]


def test_candlestick_with_a_gap_with_one_row_and_with_none(client: Client) -> None:
    gap = PRICES | {"high": "6,,3"}
    assert [*candles_of(axes_of("candlestick", **gap))] == ["Up"]
    one = dict.fromkeys(PRICES, "7")
    assert_allclose(
        candles_of(axes_of("candlestick", x="2026-01-01", **one))["Up"],
        [(20453.68, 20454.32, 7, 7)],
    )
    nothing = axes_of("candlestick", **(one | {"low": "nan"}))
    assert words_of(nothing) == ["No data"]
    table = client.get("/plot/candlestick.csv", PRICES).content.decode()
    assert table.splitlines()[:2] == ["open,high,low,close", "1,6,0.5,5"]


def test_candlestick_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/candlestick.png", PRICES | query)

    assert wrong(high="6,1,3") == [("high", "out-of-range")]
    assert (
        messages(client, "candlestick", **(PRICES | {"high": "6,1,3"}))["high"]
        == "In row 2, high (1) is below low (2)."
    )
    assert wrong(low="") == [("low", "required")]
    assert wrong(open="a,b,c")[0][0] == "open"
    assert wrong(close="1,2") == [("close", "unequal-lengths")]
    cold = dict.fromkeys(PRICES, "-1,-1,-1")
    assert wrong(**cold, yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(gaps="hide") == [("gaps", "invalid_choice")]
    picture_of(client, "candlestick", **PRICES, yscale="log")


@pytest.mark.parametrize("value", ["1e300", "-1e300", "0", "1e-323"])
def test_candlesticks_of_equal_prices(client: Client, value: str) -> None:
    picture_of(client, "candlestick", **dict.fromkeys(PRICES, f"{value},{value}"))
