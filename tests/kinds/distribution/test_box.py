"""Box plots."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import problems
from tests.kinds.artists import DAYS, segments_of
from tests.measure import axes_of, tick_texts


def boxes_of_groups(ax: Any) -> list[Any]:
    """Return each box as (left, right, bottom, top)."""
    drawn: list[Any] = [each for each in ax.collections if isinstance(each, PolyCollection)]
    corners = [path.vertices for each in drawn for path in each.get_paths()]
    return [(*c[:, 0][[0, 2]], *c[:, 1][[0, 2]]) for c in corners]


def test_boxes_are_quartiles_and_whiskers() -> None:
    ax = axes_of("box", y="1,2,3,4,5,6,7,8,9,30,")
    assert_allclose(boxes_of_groups(ax), [(-0.285, 0.285, 3.25, 7.75)])
    low, high, median = segments_of(ax)
    assert low == [[[0, 1], [0, 3.25]]]
    assert high == [[[0, 7.75], [0, 9]]]
    assert_allclose(median, [[[-0.285, 5.5], [0.285, 5.5]]])
    assert ax.lines[0].get_xydata().tolist() == [[0, 30]]


def test_boxes_of_several_columns_are_named_along_x() -> None:
    ax = axes_of("box", y=["1,2,3", "4,5,6"], label=["low", "high"])
    assert tick_texts(ax.xaxis) == ["low", "high"]
    assert ax.figure.legends == []
    assert [box[2:] for box in boxes_of_groups(ax)] == [(1.5, 2.5), (4.5, 5.5)]
    faces = [each.get_facecolor()[0][:3] for each in ax.collections[::4]]
    assert [to_hex(face) for face in faces] == list(LIGHT.palette[:2])
    by = axes_of("box", y="1,2,3,4,5,6", by="a,a,a,b,b,b")
    assert tick_texts(by.xaxis) == ["a", "b"]


def test_boxes_of_groups_and_series() -> None:
    ax = axes_of("box", y=["1,2,3,9", "4,5,6,7"], x="a,a,a,b", label=["one", "two"])
    assert tick_texts(ax.xaxis) == ["a", "b"]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["one", "two"]
    middles = [(left + right) / 2 for left, right, _, _ in boxes_of_groups(ax)]
    assert_allclose(middles, [-0.19, 0.81, 0.19, 1.19])


def test_boxes_at_dates_and_horizontal_boxes() -> None:
    ax = axes_of("box", y="1,2,3", x=DAYS)
    assert [round((a + b) / 2) for a, b, _, _ in boxes_of_groups(ax)] == [20454, 20455, 20456]
    ax = axes_of("box", y=["1,2,3", "4,5,6"], label=["low", "high"], orientation="horizontal")
    assert [box[:2] for box in boxes_of_groups(ax)] == [(1.5, 2.5), (4.5, 5.5)]
    assert tick_texts(ax.yaxis) == ["low", "high"]
    assert ax.yaxis.get_inverted()


def test_options_of_boxes() -> None:
    y = "1,2,3,4,5,6,7,8,9,30"
    assert not axes_of("box", y=y, outliers="0").lines
    assert segments_of(axes_of("box", y=y, whiskers="9"))[1] == [[[0, 7.75], [0, 30]]]
    assert segments_of(axes_of("box", y=y, whiskers="0"))[1] == [[[0, 7.75], [0, 7.75]]]
    assert axes_of("box", y=y, alpha="0.5").collections[0].get_facecolor()[0][3] == 0.5


@pytest.mark.parametrize("kind", ["box", "violin"])
def test_too_many_groups(client: Client, kind: str) -> None:
    many = ",".join(map(str, range(501)))
    assert problems(client, f"/plot/{kind}.png", {"x": many, "y": many}) == [
        ("x", "too-many-groups")
    ]
    assert client.get(f"/plot/{kind}.png", {"x": many[:-4], "y": many[:-4]}).status_code == 200
