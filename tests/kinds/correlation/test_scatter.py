"""Scatter plots."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from numpy.testing import assert_allclose

from tests.helpers import problems
from tests.kinds.artists import DAYS
from tests.measure import axes_of


def test_scatter_draws_its_numbers() -> None:
    (marks,) = axes_of("scatter", x="1,2,4", y="5,,2.5", markersize="8", alpha="0.5").collections
    assert_allclose(np.ma.filled(marks.get_offsets(), np.nan), [(1, 5), (np.nan, np.nan), (4, 2.5)])
    assert (marks.get_sizes().tolist(), marks.get_alpha()) == ([64], 0.5)


def test_scatter_of_one_point_of_dates_and_of_names() -> None:
    (marks,) = axes_of("scatter", y="5").collections
    assert_allclose(marks.get_offsets(), [(0, 5)])
    (marks,) = axes_of("scatter", x=DAYS, y="1,2,3").collections
    assert_allclose(marks.get_offsets()[:, 0], [20454, 20455, 20456])
    (marks,) = axes_of("scatter", x="a,b,b", y="1,2,3").collections
    assert_allclose(marks.get_offsets()[:, 0], [0, 1, 1])


def test_scatter_markers_differ() -> None:
    shapes = {
        axes_of("scatter", y="1,2", marker=marker).collections[0].get_paths()[0].vertices.tobytes()
        for marker in (
            "circle",
            "square",
            "triangle",
            "diamond",
            "hexagon",
            "star",
            "plus",
            "cross",
        )
    }
    assert len(shapes) == 8


def test_areas_of_bubbles_are_in_proportion() -> None:
    (marks,) = axes_of("scatter", y="1,2,3,4", size="1,4,0,", markersize="20").collections
    drawn = dict(zip(marks.get_offsets()[:, 1].tolist(), marks.get_sizes().tolist(), strict=True))
    assert (drawn[1], drawn[2], drawn[3]) == (100, 400, 4)  # a size of 0 is a row, too


def test_small_bubbles_are_in_front() -> None:
    query = {"y": ["1,2", "3,4"], "size": "1,9"}
    for marks in axes_of("scatter", **query).collections:
        assert_allclose(marks.get_sizes(), [34.56**2, 34.56**2 / 9])
    small = axes_of("scatter", **query, width="320", height="240").collections[0]
    assert small.get_sizes().max() == pytest.approx(17.28**2)


def test_sizes_of_nothing() -> None:
    (marks,) = axes_of("scatter", y="1,2", size="0,0").collections
    assert marks.get_sizes().tolist() == [4, 4]


def test_colors_by_number() -> None:
    ax = axes_of("scatter", y="1,2,3", color="0,10,", colormap="magma")
    (marks,) = ax.collections
    assert marks.get_array().tolist()[:2] == [0, 10]
    assert (marks.get_cmap().name, marks.get_clim()) == ("magma", (0, 10))
    (bar,) = [each for each in ax.figure.axes if each.get_label() == "colorbar"]
    assert bar.get_ylim() == (0, 10)
    assert ax.yaxis.style["gridOn"]


def test_invalid_sizes_and_colors(client: Client) -> None:
    path = "/plot/scatter.png"
    assert problems(client, path, {"y": "1,2", "size": "1,-1"}) == [("size", "out-of-range")]
    assert problems(client, path, {"y": "1,2", "color": "a,b"}) == [("color", "not-a-number")]
    found = problems(client, path, {"y": "1,2", "color": "1,2", "by": "a,b"})
    assert found == [("color", "invalid")]
    assert problems(client, path, {"y": "1,2", "size": "1"}) == [("size", "unequal-lengths")]


def test_a_size_that_is_a_gap_has_no_marker(client: Client) -> None:
    response = client.get("/plot/scatter.png", {"y": "1,2", "size": ",3", "by": "a,b"})
    assert response.status_code == 200
