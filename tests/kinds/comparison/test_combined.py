"""Bar charts with lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import messages
from tests.measure import axes_of, figure_of

SALES = {"x": "a,b,c", "y": ["1,2,3", "3,2,1", "8,,9"], "label": ["Shop", "Online", "Target"]}


def boxes_of(ax: Any) -> list[Any]:
    return [each for each in ax.collections if isinstance(each, PolyCollection)]


@pytest.mark.parametrize("lines", ["Target", "3", '"Target"'])
def test_a_series_is_a_line_over_the_bars(lines: str) -> None:
    ax = axes_of("bar", **SALES, lines=lines)
    (line,) = ax.lines
    assert_allclose(line.get_xydata(), [(0, 8), (1, np.nan), (2, 9)])
    assert (line.get_label(), line.get_marker()) == ("Target", "o")
    shop, online = boxes_of(ax)
    assert [shop.get_label(), online.get_label()] == ["Shop", "Online"]
    # The bars share the room of two, not three.
    assert_allclose(np.ptp(shop.get_paths()[0].vertices[:, 0]), 0.38)
    inks = [to_hex(each.get_facecolor()[0]) for each in (shop, online)] + [to_hex(line.get_color())]
    assert inks == [each.lower() for each in LIGHT.palette[:3]]
    (legend,) = ax.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["Shop", "Online", "Target"]
    assert line.get_zorder() > shop.get_zorder()


def test_a_line_is_not_stacked_and_no_part_of_100_percent() -> None:
    ax = axes_of("bar", **SALES, lines="Target", mode="stacked")
    assert_allclose([path.vertices[:, 1].max() for path in boxes_of(ax)[1].get_paths()], 4)
    assert_allclose(ax.lines[0].get_ydata(), [8, np.nan, 9])
    ax = axes_of("bar", **SALES, lines="Target", mode="percent")
    assert_allclose([path.vertices[:, 1].max() for path in boxes_of(ax)[1].get_paths()], 100)
    assert_allclose(ax.lines[0].get_ydata(), [8, np.nan, 9])
    below = SALES | {"y": ["1,2,3", "3,2,1", "-8,1,9"]}  # of a line, which is no part
    axes_of("bar", **below, lines="Target", mode="percent")


def test_lines_have_errors_words_and_panels(client: Client) -> None:
    errors = ["1,1,1", "1,1,1", "2,2,2"]
    ax = axes_of("bar", **SALES, lines="Target", error=errors)
    segments = [
        each.get_segments() for each in ax.collections if not isinstance(each, PolyCollection)
    ]
    assert_allclose(segments[-1][0], [(0, 6), (0, 10)])
    svg = client.get("/plot/bar.svg", {**SALES, "lines": "Target"}).content.decode()
    assert "<title>Target, a: 8</title>" in svg
    panels = figure_of("bar", **SALES, lines="Target", facet="u,v,v").axes
    assert [len(ax.lines) for ax in panels] == [1, 1]
    assert not axes_of("bar", **SALES).lines


def test_names_take_precedence_over_numbers() -> None:
    ax = axes_of("bar", y=["1,2", "3,4"], label=["2", "1"], lines="2")
    assert ax.lines[0].get_label() == "2"


def test_lines_refuse(client: Client) -> None:
    def message(**given: Any) -> str:
        return messages(client, "bar", **SALES, **given)["lines"]

    assert message(lines="Targt") == "There is no series “Targt”. Did you mean “Target”?"
    assert "There is no series “4”." in message(lines="4")
    assert "There is no series “0”." in message(lines="0")
    assert "vertical bars" in message(lines="Target", orientation="horizontal")
    assert "All series" in message(lines="1,2,3")
    assert "Give names" in message(lines="Target,,1")
    assert "All series" in messages(client, "bar", y="1,2", lines="1")["lines"]
