"""Histograms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from numpy.testing import assert_allclose

from tests.helpers import problems
from tests.kinds.artists import boxes_of, heights_of
from tests.measure import axes_of


def test_hist_counts() -> None:
    ax = axes_of("hist", x="0,1,1,2,2,2,4,", bins="4")
    assert boxes_of(ax) == [[(0, 1, 0, 1), (1, 2, 0, 2), (2, 3, 0, 3), (3, 4, 0, 1)]]
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("cumulative", [False, True])
def test_hist_counts_as_numpy_does(density: bool, cumulative: bool) -> None:
    values = np.random.default_rng(1).normal(size=300).round(3)
    options = {"density": str(int(density)), "cumulative": str(int(cumulative)), "bins": "12"}
    heights = heights_of(axes_of("hist", x=",".join(map(str, values)), **options))[0]
    expected, edges = np.histogram(values, 12, density=density)
    if cumulative:
        expected = np.cumsum(expected * np.diff(edges) if density else expected)
    assert_allclose(heights, expected, atol=1e-8)


@pytest.mark.parametrize("mode", ["overlay", "stacked"])
def test_series_share_bins(mode: str) -> None:
    ax = axes_of("hist", x=["0,0,1", "1,2,2"], bins="2", mode=mode, alpha="0.4")
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in ax.collections]
    assert tops == ([2, 3] if mode == "overlay" else [2, 4])
    assert {area.get_alpha() for area in ax.collections} == {0.4}


def test_many_bins_have_no_lines_between_them() -> None:
    few, many = (axes_of("hist", x="1,2,3", bins=n).collections[0] for n in ("60", "61"))
    assert (few.get_linewidth()[0], many.get_linewidth()[0]) == (0.8, 0)


def test_hist_of_nothing() -> None:
    for options in ({}, {"bins": "5"}, {"mode": "stacked", "density": "1"}):
        ax = axes_of("hist", x="nan,nan", **options)
        assert [text.get_text() for text in ax.texts] == ["No data"]
        assert not ax.collections


def bins_of(**parameters: str) -> list[float]:
    (boxes,) = boxes_of(axes_of("hist", **parameters))
    edges = [*(box[0] for box in boxes), boxes[-1][1]]
    return [round(edge, 9) for edge in edges]


def values(*numbers: float) -> str:
    return ",".join(map(str, numbers))


def normal(count: int = 300, scale: float = 1) -> str:
    return values(*(np.random.default_rng(1).normal(scale=scale, size=count) + 5 * scale).round(6))


@pytest.mark.parametrize(
    ("x", "limits", "edges"),
    [
        ("1,2,2,3,6", {}, [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]),  # a die
        ("1,2,2,3,6", {"xmin": "1", "xmax": "6"}, [1, 1.5, 2.5, 3.5, 4.5, 5.5, 6]),
        (values(*range(101)), {}, [*range(0, 111, 10)]),  # 100 is not in the bin of 90 to 99
        (values(*range(101)), {"xmin": "0", "xmax": "100"}, [*range(0, 101, 10)]),
        ("0.3,0.7,0.31,0.99,1.24", {}, [0.25, 0.5, 0.75, 1, 1.25]),
        (normal(), {}, [2.25 + n / 4 for n in range(25)]),
        (normal(), {"xmin": "3", "xmax": "7"}, [3 + n / 4 for n in range(17)]),
        (normal(), {"xmin": "3.1"}, [3.1 + n / 4 for n in range(22)]),
        (normal(), {"xmin": "3", "xmax": "7", "bins": "3"}, [3, 4.333333333, 5.666666667, 7]),
        ("0.5,20,30,400,5000", {"xscale": "log"}, [0.1, 1, 10, 100, 1000, 10_000]),
        ("7,7,7", {}, [6.5, 7.5]),
    ],
    ids=lambda value: str(value)[:25],
)  # fmt: skip
def test_edges_are_round_and_reach_to_the_limits(
    x: str, limits: dict[str, str], edges: list[float]
) -> None:
    assert bins_of(x=x, **limits) == pytest.approx(edges, abs=1e-8)


def test_numbers_on_an_edge_are_in_the_bin_that_begins_there() -> None:
    (boxes,) = boxes_of(axes_of("hist", x="0.1,0.2,0.3,0.3,0.6,0.7,0.7,0.7,0.9,1.0"))
    counts = {round(left, 9): top - bottom for left, _, bottom, top in boxes}
    assert (counts[0.2], counts[0.6]) == (3, 4)


def days(*dates: str) -> list[float]:
    numbers: list[float] = (np.array(dates, "datetime64[us]").astype("int64") / 86_400e6).tolist()
    return numbers


@pytest.mark.parametrize(
    ("x", "options", "edges"),
    [
        ("2024-01-31,2024-02-01,2024-02-29,2024-06-30", {"bins": "6"},
         [f"2024-0{month}-01" for month in range(1, 8)]),
        ("2024-01-31,2024-02-01,2024-02-29,2024-06-30", {"bins": "2"},
         ["2024-01-01", "2024-04-01", "2024-07-01"]),
        ("2024-05-03,2024-05-12,2024-05-13", {"bins": "2"},
         ["2024-04-29", "2024-05-06", "2024-05-13", "2024-05-20"]),  # weeks begin on Monday
        ("2024-05-03,2024-05-04,2024-05-06", {},
         [f"2024-05-0{day}" for day in range(3, 8)]),  # no days are divided
        ("2024-05-03T01:00,2024-05-03T05:10", {"bins": "4"},
         [f"2024-05-03T0{hour}:00" for hour in range(1, 7)]),
        ("1890-05-03,2024-05-03", {"bins": "7"},
         [f"{year}-01-01" for year in range(1880, 2041, 20)]),
        ("2024-01-20,2024-03-10", {"bins": "2", "xmin": "2024-01-10", "xmax": "2024-03-20"},
         ["2024-01-10", "2024-02-01", "2024-03-01", "2024-03-20"]),
        ("0001-01-01,9999-12-31", {"bins": "10"},
         ["0001-01-01", *(f"{n}000-01-01" for n in range(1, 10)), "9999-12-31T23:59:59.9999"]),
    ],
    ids=lambda value: str(value)[:25],
)  # fmt: skip
def test_dates_are_counted_by_calendar_units(
    x: str, options: dict[str, str], edges: list[str]
) -> None:
    assert bins_of(x=x, **options) == pytest.approx(days(*edges), abs=1e-8)


def test_dates_of_a_plot_are_local(client: Any) -> None:
    text = client.get(
        "/plot/hist.txt?x=2024-05-02T23:30Z,2024-05-03T01:00Z,2024-05-06T12:00Z&bins=4&tz=Asia/Seoul"
    ).content.decode()
    assert "most (2) from May 3, 2024 to May 4, 2024" in text


def test_names_are_refused(client: Any) -> None:
    assert problems(client, "/plot/hist.png", {"x": "a,b"}) == [("x", "not-a-number")]


def test_rows_outside_the_limits_are_said(client: Any) -> None:
    text = client.get("/plot/hist.txt?x=1,2,3,40,50&xmax=10&xmin=0").content.decode()
    assert "2 points lie outside the limits of the axes." in text


@pytest.mark.parametrize("weight", ["-1,2,3", "-1,-2,-3", "-1e-300,-2e-300,0"])
def test_negative_weights_are_refused(client: Client, weight: str) -> None:
    found = problems(client, "/plot/hist.png", {"x": "1,2,3", "weight": weight})
    assert found == [("weight", "out-of-range")]
