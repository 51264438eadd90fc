"""Where ticks are and what their labels say."""

from __future__ import annotations

import pytest

from tests.measure import axes_of, figure_of, panels_of, tick_texts


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        ("2004-01-20,2026-07-09", ["2005", "2010", "2015", "2020", "2025"]),
        ("2025-11-20,2026-03-09", ["Dec\n2025", "Jan\n2026", "Feb", "Mar"]),
        ("2026-01-30,2026-02-03", ["Jan 30\n2026", "Jan 31", "Feb 1", "Feb 2", "Feb 3"]),
        ("2025-12-31T22:00,2026-01-01T02:00",
         ["22:00\nDec 31, 2025", "23:00", "00:00\nJan 1, 2026", "01:00", "02:00"]),
        ("2026-01-01T00:00:00,2026-01-01T00:00:02",
         ["00:00:00.0\nJan 1, 2026", "00:00:00.5", "00:00:01.0", "00:00:01.5", "00:00:02.0"]),
        # The calendar ends there, although the axis has margins.
        ("0001-01-01,0001-01-03",
         ["Jan 1\n1", "Jan 2", "Jan 3"]),
        ("9999-12-29,9999-12-31",
         ["Dec 29\n9999", "Dec 30", "Dec 31"]),
        ("9999-12-31T22:00,9999-12-31T23:00",
         ["22:00\nDec 31, 9999", "22:10", "22:20", "22:30", "22:40", "22:50", "23:00"]),
        ("1,2", ["1", "2"]),  # whole numbers have whole ticks
        ("0,2", ["0", "1", "2"]),
        ("2016,2017", ["2016", "2017"]),
        ("7", ["7"]),
        ("1,2.5", ["1.0", "1.5", "2.0", "2.5"]),
        ("0,40000", ["0", "10,000", "20,000", "30,000", "40,000"]),
        ("0,4e6", ["0", "1M", "2M", "3M", "4M"]),
        ("-2e-9,2e-9", ["−2×10⁻⁹", "−10⁻⁹", "0", "10⁻⁹", "2×10⁻⁹"]),
    ],
)  # fmt: skip
def test_tick_labels_match_their_positions(x: str, labels: list[str]) -> None:
    y = ",".join("12"[: 1 + x.count(",")])
    assert tick_texts(axes_of("line", x=x, y=y).xaxis) == labels


@pytest.mark.parametrize(
    ("y", "labels"),
    [
        ("200,40000", ["200", "500", "1,000", "2,000", "5,000", "10,000", "20,000"]),
        ("20,4000", ["100", "1000"]),
        ("0.01,2e7", ["0.1", "10", "1,000", "100,000", "10M"]),
    ],
)
def test_ticks_of_a_log_axis_are_written_alike(y: str, labels: list[str]) -> None:
    found = tick_texts(axes_of("line", y=y, yscale="log").yaxis)
    assert set(labels) <= set(found), found


def test_limits_between_two_whole_numbers_have_ticks() -> None:
    labels = tick_texts(axes_of("line", x="1,2", y="1,2", xmin="1.2", xmax="1.8").xaxis)
    assert labels == ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"]


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("bar", {"x": "a,b,c", "y": "1,2,1"}),
        ("stem", {"y": "0,1,2"}),
        ("hist", {"x": "1.5,1.5,2.5", "bins": "2"}),
        ("box", {"y": "1,2,2,3"}),
        ("bar", {"x": "a,b,c", "y": "1,2,1", "orientation": "horizontal"}),
        ("heatmap", {"z": "1,2;2,1"}),
        ("hexbin", {"x": "0.1,0.5,0.5", "y": "0.1,0.5,0.5"}),
    ],
)
def test_counts_have_whole_ticks(kind: str, query: dict[str, str]) -> None:
    figure = figure_of(kind, **query)
    figure.canvas.draw()
    bars = [ax.yaxis for ax in figure.axes if ax.get_label() == "colorbar"]
    axis = (*bars, figure.axes[0].xaxis if "orientation" in query else figure.axes[0].yaxis)[0]
    places = list(axis.get_majorticklocs())
    assert places and all(float(place).is_integer() for place in places), places


@pytest.mark.parametrize("kind", ["bar", "box", "violin"])
@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_every_bar_has_its_year(kind: str, orientation: str) -> None:
    years = [*map(str, range(2014, 2026))]
    query = {"x": ",".join(2 * years), "y": ",".join(map(str, range(24)))}
    if kind == "bar":
        query = {"x": ",".join(years), "y": ",".join(map(str, range(12)))}
    ax = axes_of(kind, **query, orientation=orientation)
    assert tick_texts(ax.xaxis if orientation == "vertical" else ax.yaxis) == years


def test_years_without_room_are_round() -> None:
    years = ",".join(map(str, range(1980, 2026)))
    ax = axes_of("bar", x=years, y=years, width="320", height="240")
    assert tick_texts(ax.xaxis) == ["1980", "2000", "2020"]


def test_bars_of_months_are_named() -> None:
    ax = axes_of("bar", x="2026-01-01,2026-02-01,2026-03-01", y="1,2,3")
    assert tick_texts(ax.xaxis) == ["Jan\n2026", "Feb", "Mar"]


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        ("2026-01-01,2026-01-02,2026-01-03", ["Jan 1\n2026", "Jan 2", "Jan 3"]),
        ("2026-01-01", ["Dec 31\n2025", "Jan 1\n2026", "Jan 2"]),
        ("2026-01-01T12:00,2026-01-03", ["12:00\nJan 1, 2026", "18:00", "00:00\nJan 2, 2026",
                                         "06:00", "12:00", "18:00", "00:00\nJan 3, 2026"]),
    ],
)  # fmt: skip
def test_days_have_ticks_of_whole_days(x: str, labels: list[str]) -> None:
    y = ",".join("1" for _day in x.split(","))
    assert tick_texts(axes_of("line", x=x, y=y).xaxis) == labels


@pytest.mark.parametrize(
    ("y", "labels"),
    [
        ("00:00:00,00:01:30", ["0", "30 s", "60 s", "90 s"]),
        ("00:00:00,00:45:00", ["0", "10 min", "20 min", "30 min", "40 min"]),
        ("-06:00:00,36:00:00", ["0", "12 h", "24 h", "36 h"]),
        ("00:00:00,240:00:00", ["0", "2 d", "4 d"]),
        ("01:00:00,04:10:00", ["1:00:00", "1:30:00", "2:00:00", "2:30:00", "3:00:00", "3:30:00",
                               "4:00:00"]),
        ("00:00:00,00:00:00.02", ["0:00:00.000", "0:00:00.005", "0:00:00.010", "0:00:00.015",
                                  "0:00:00.020"]),
        ("08:30,17:45", ["09:00", "12:00", "15:00"]),
        ("23:59:30,23:59:59.5", ["23:59:30", "23:59:35", "23:59:40"]),
    ],
)  # fmt: skip
def test_durations_and_times_have_round_ticks(y: str, labels: list[str]) -> None:
    found = tick_texts(axes_of("line", x="1,2", y=y).yaxis)
    assert set(labels) <= set(found) and len(set(found)) == len(found), found


def test_zero_has_a_line_where_values_have_both_signs() -> None:
    for query, drawn in (
        ({"y": "1,-2,3"}, True),
        ({"y": "1,2,3"}, False),
        ({"y": "-1,-2,-3"}, False),
        ({"y": "1,-2,3", "theme": "minimal"}, True),
        ({"y": "1,-2,3", "orientation": "horizontal"}, True),
        ({"y": "1,2,-3", "facet": "a,b,b"}, True),
        ({"y": "01:00:00,-01:00:00"}, True),
    ):
        for ax in panels_of(figure_of("bar", **query)):
            ends = [line.get_xydata().T.tolist() for line in ax.lines]
            along = [[0, 0], [0, 1]] if "orientation" in query else [[0, 1], [0, 0]]
            assert (along in ends) == drawn, query
            assert all(line.get_color() == ax.theme.line for line in ax.lines)
