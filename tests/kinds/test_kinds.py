"""What each kind draws, read back from the Artists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.forms.parameters_to_spec import read_spec
from plots.kinds.distribution.hist import bin_edges
from plots.rendering.render import render
from plots.spec.registry import kinds
from plots.spec.themes import LIGHT
from tests.measure import axes_of, layout_problems, tick_texts

DAYS = "2026-01-01,2026-01-02,2026-01-03"


def boxes_of(ax: Any) -> list[list[tuple[float, float, float, float]]]:
    """For each series, its boxes as (left, right, bottom, top)."""
    return [
        [
            (*np.sort(path.vertices[:4, 0])[[0, -1]], *np.sort(path.vertices[:4, 1])[[0, -1]])
            for path in collection.get_paths()
        ]
        for collection in ax.collections
    ]


def heights_of(ax: Any) -> list[list[float]]:
    return [[round(top - bottom, 9) for _, _, bottom, top in boxes] for boxes in boxes_of(ax)]


@pytest.mark.parametrize("kind", list(kinds), ids=lambda kind: kind.name)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_examples_are_at_their_best(kind: Any, theme: str) -> None:
    for width, height in (("640", "480"), ("320", "240"), ("160", "100"), ("16", "16")):
        frame = {"width": width, "height": height, "theme": theme}
        assert layout_problems(axes_of(kind.name, **kind.example, **frame).figure) == []


# line


def test_line_draws_its_numbers() -> None:
    (line,) = axes_of("line", x="1,2,4", y="5,-1,2.5").lines
    assert_allclose(line.get_xydata(), [(1, 5), (2, -1), (4, 2.5)])
    assert to_hex(line.get_color()) == LIGHT.palette[0]


def test_line_counts_what_has_no_x() -> None:
    (line,) = axes_of("line", y="5,6,7").lines
    assert_allclose(line.get_xdata(), [0, 1, 2])


def test_line_with_a_gap() -> None:
    (line,) = axes_of("line", y="1,2,,4,5").lines
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False, False]
    assert line.get_marker() == ""


@pytest.mark.parametrize(("y", "dots"), [("5", [0]), ("1,,3,,5,6", [0, 2]), (",7,", [1])])
def test_a_point_that_no_line_reaches_is_a_dot(y: str, dots: list[int]) -> None:
    (line,) = axes_of("line", y=y).lines
    assert (line.get_marker(), line.get_markevery()) == ("o", dots)


def test_line_of_dates_and_of_names() -> None:
    ax = axes_of("line", x=DAYS, y="1,2,3")
    assert_allclose(ax.lines[0].get_xdata(), [20454, 20455, 20456])
    assert tick_texts(ax.xaxis)[:2] == ["00:00\nJan 1, 2026", "12:00"]
    ax = axes_of("line", x="a,b,a", y="1,2,3")
    assert_allclose(ax.lines[0].get_xdata(), [0, 1, 0])
    assert tick_texts(ax.xaxis) == ["a", "b"]


@pytest.mark.parametrize(
    ("option", "value", "getter", "drawn"),
    [
        ("steps", "before", "get_drawstyle", "steps-pre"),
        ("steps", "middle", "get_drawstyle", "steps-mid"),
        ("steps", "after", "get_drawstyle", "steps-post"),
        ("linestyle", "dashed", "get_linestyle", "--"),
        ("linestyle", "none", "get_linestyle", "None"),
        ("linewidth", "5.5", "get_linewidth", 5.5),
        ("marker", "diamond", "get_marker", "D"),
        ("markersize", "11", "get_markersize", 11),
        ("alpha", "0.25", "get_alpha", 0.25),
    ],
)
def test_line_options(option: str, value: str, getter: str, drawn: Any) -> None:
    (line,) = axes_of("line", y="1,2", **{option: value}).lines
    assert getattr(line, getter)() == drawn


def test_a_long_line_is_solid() -> None:
    many = ",".join("1" * 10_001)
    assert axes_of("line", y=many, linestyle="dotted").lines[0].get_linestyle() == "-"
    assert axes_of("line", y=many, linestyle="none").lines[0].get_linestyle() == "None"


def test_series_by_name_and_by_column() -> None:
    ax = axes_of("line", x="1,2,3,4", y="5,6,7,8", by="b,a,b,")
    drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert drawn == {"b": [[1, 5], [3, 7]], "a": [[2, 6]], "(none)": [[4, 8]]}
    ax = axes_of("line", y=["1,2", "3,4"], label=["one"])
    assert [line.get_label() for line in ax.lines] == ["one", "Series 2"]
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["one", "Series 2"]


def test_a_name_that_matplotlib_would_hide_is_in_the_legend() -> None:
    legend = axes_of("line", y=["1,2", "3,4"], label=["_one", "two"]).figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["_one", "two"]


# scatter


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


# bar


def test_bars_stand_on_zero() -> None:
    ax = axes_of("bar", x="a,b,c", y="3,-2,")
    assert_allclose(boxes_of(ax)[0], [(-0.38, 0.38, 0, 3), (0.62, 1.38, -2, 0), (1.62, 2.38, 0, 0)])
    assert tick_texts(ax.xaxis) == ["a", "b", "c"]
    low, high = ax.get_ylim()
    assert low < -2 < 3 < high


def test_nothing_is_below_what_bars_stand_on() -> None:
    assert axes_of("bar", y="3,2").get_ylim()[0] == 0
    assert axes_of("bar", y="3,2", orientation="horizontal").get_xlim()[0] == 0


def test_bars_in_groups() -> None:
    one, two = boxes_of(axes_of("bar", x="a,b", y=["1,2", "3,4"]))
    assert_allclose(one, [(-0.38, 0, 0, 1), (0.62, 1, 0, 2)], atol=1e-12)
    assert_allclose(two, [(0, 0.38, 0, 3), (1, 1.38, 0, 4)], atol=1e-12)


def test_bars_upon_each_other_up_and_down() -> None:
    boxes = boxes_of(axes_of("bar", x="a,b", y=["1,-2", "-3,-4", "5,6"], mode="stacked"))
    assert [[box[2:] for box in each] for each in boxes] == [
        [(0, 1), (-2, 0)],
        [(-3, 0), (-6, -2)],
        [(1, 6), (0, 6)],
    ]


def test_bars_that_lie_begin_on_top() -> None:
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


def test_bars_on_a_log_scale_stand_a_decade_below() -> None:
    ax = axes_of("bar", y=["1,100", "30,300"], yscale="log")
    assert [[box[2:] for box in each] for each in boxes_of(ax)] == [
        [(0.1, 1), (0.1, 100)],
        [(0.1, 30), (0.1, 300)],
    ]
    assert ax.get_ylim()[0] == 0.1


# hist


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
def test_hist_of_series_shares_its_bins(mode: str) -> None:
    ax = axes_of("hist", x=["0,0,1", "1,2,2"], bins="2", mode=mode, alpha="0.4")
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in ax.collections]
    assert tops == ([2, 3] if mode == "overlay" else [2, 4])
    assert {area.get_alpha() for area in ax.collections} == {0.4}


def test_hist_of_many_bins_has_no_lines_between_them() -> None:
    few, many = (axes_of("hist", x="1,2,3", bins=n).collections[0] for n in ("60", "61"))
    assert (few.get_linewidth()[0], many.get_linewidth()[0]) == (0.8, 0)


def test_hist_of_nothing() -> None:
    for options in ({}, {"bins": "5"}, {"mode": "stacked", "density": "1"}):
        ax = axes_of("hist", x="nan,nan", **options)
        assert [text.get_text() for text in ax.texts] == ["No data"]
        assert not ax.collections


@pytest.mark.parametrize("size", [1, 2, 10, 1000])
def test_bin_edges_as_numpys(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    assert_allclose(bin_edges(values, 7), np.histogram_bin_edges(values, 7))
    if size == 1000:
        assert_allclose(bin_edges(values, None), np.histogram_bin_edges(values, "auto"))


@pytest.mark.parametrize(
    "values",
    [[0.0], [7.0] * 9, [1e20] * 3, [1e300, 1e300], [-1e300, 1e300], [0, 1e-300], [1, 1 + 2**-52]]
    + [[1e20, *range(1000)], [0.0] * 1000 + [1.0]],
)
def test_bin_edges_are_few_and_rise(values: list[float]) -> None:
    for bins in (None, 1, 500):
        edges = bin_edges(np.array(values, dtype=float), bins)
        assert np.isfinite(edges).all()
        assert (np.diff(edges) > 0).all()
        assert 2 <= len(edges) <= (bins or 200) + 1
        assert edges[0] <= min(values) <= max(values) <= edges[-1]


# normal


def test_normal_is_another_one_each_time(client: Client) -> None:
    drawn = [client.get("/plot/normal.png") for _ in range(2)]
    assert drawn[0].content != drawn[1].content
    assert "no-store" in drawn[0]["Cache-Control"]


def test_a_seed_holds_normal_still(client: Client) -> None:
    one, two, other = (client.get(f"/plot/normal.png?seed={seed}") for seed in (5, 5, 6))
    assert one.content == two.content != other.content
    assert one["ETag"] == two["ETag"] != other["ETag"]


def test_normal_draws_from_its_distribution() -> None:
    ax = axes_of("normal", seed="1", mean="50", variance="4", n="10000", marker="star")
    offsets = ax.collections[0].get_offsets()
    assert offsets.shape == (10_000, 2)
    assert_allclose(offsets.mean(axis=0), 50, atol=0.1)
    assert_allclose(offsets.var(axis=0), 4, atol=0.2)


def test_a_drawing_changes_with_each_option() -> None:
    """No option of a kind is without effect."""
    data: dict[str, dict[str, Any]] = {
        "line": {"y": "1,3,,2", "marker": "square"},
        "hist": {"x": ["1,2,2,5", "1,1,4,4"]},
    }
    data |= {"scatter": {"y": "1,3,2"}, "bar": {"y": ["1,3", "2,2"]}, "normal": {"seed": "1"}}
    others = {"bins": "3", "n": "5", "seed": "2", "mean": "9", "variance": "9", "alpha": "0.3"}
    others |= {"markersize": "30", "linewidth": "9", "density": "1", "cumulative": "1"}
    others |= {"marker": "star", "linestyle": "dotted", "mode": "stacked"}
    data["scatter"] |= {"color": "1,2,3"}
    others |= {"colormap": "magma", "orientation": "horizontal", "values": "1", "steps": "after"}
    others |= {"lines": "2"}
    for name, given in data.items():
        lists = {key: value if isinstance(value, list) else [value] for key, value in given.items()}
        plain = render(read_spec(name, lists)).content
        for option in kinds.get(name).options.base_fields:
            changed = render(read_spec(name, lists | {option: [others[option]]})).content
            assert changed != plain, f"{name}: {option}"


# Small pictures


@pytest.mark.parametrize(
    ("kind", "given"),
    [(name, {}) for name in ("line", "stem", "errorbar", "triplot", "radar", "timeline", "box")]
    + [("violin", {}), ("line", {"y": "1,,3"}), ("bar", {"y": "1,2", "error": "1,1"})],
)
def test_markers_are_smaller_in_small_pictures(kind: str, given: dict[str, str]) -> None:
    parameters = given or kinds.get(kind).example

    def sizes(width: str, height: str) -> list[float]:
        lines = axes_of(kind, **parameters, width=width, height=height).lines
        return [line.get_markersize() for line in lines if line.get_marker() not in ("", "None")]

    assert sizes("480", "320") == sizes("960", "960")
    assert_allclose(sizes("240", "320"), np.array(sizes("480", "320")) / 2)
    assert sizes("240", "320") == sizes("960", "90") != []


@pytest.mark.parametrize("kind", ["scatter", "normal"])
def test_dots_are_smaller_in_small_pictures(kind: str) -> None:
    given = {} if kind == "normal" else {"y": "1,2,3"}
    whole, half = (
        axes_of(kind, **given, width=width).collections[0].get_sizes()[0]
        for width in ("480", "240")
    )
    assert whole == 4 * half


@pytest.mark.parametrize("kind", ["barbs", "quiver"])
@pytest.mark.parametrize("size", [(640, 480), (343, 260), (150, 90)])
def test_what_points_somewhere_is_not_cut_off(kind: str, size: tuple[int, int]) -> None:
    width, height = map(str, size)
    ax = axes_of(kind, **kinds.get(kind).example, width=width, height=height)
    (drawn,) = ax.collections
    pictures = []
    for clipped in (True, False):
        drawn.set_clip_on(clipped)
        ax.figure.canvas.draw()
        pictures.append(np.array(ax.figure.canvas.buffer_rgba()))
    assert (pictures[0] == pictures[1]).all()


@pytest.mark.parametrize("kind", ["bar", "box", "violin"])
@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_one_alone_leaves_air_beside_it(kind: str, orientation: str) -> None:
    values = {"y": "5"} if kind == "bar" else {"y": "1,2,3,4"}
    ax = axes_of(kind, **values, orientation=orientation)
    low, high = sorted(ax.get_xlim() if orientation == "vertical" else ax.get_ylim())
    assert high - low > 1.4  # of which a bar takes 0.76


def test_the_legend_of_areas_shows_their_lines() -> None:
    two = {"y": ["1,2", "3,4"], "label": ["a", "b"]}
    for width, shown in (("2", "Line2D"), ("0", "PolyCollection")):
        ax = axes_of("area", **two, linewidth=width)
        handles, labels = ax.get_legend_handles_labels()
        assert labels == ["a", "b"]
        assert {type(each).__name__.removeprefix("FillBetween") for each in handles} == {shown}


def test_one_candle_and_one_row_leave_air() -> None:
    low, high = axes_of("candlestick", x="1", open="1", high="3", low="0", close="2").get_xlim()
    assert high - low > 1.4
    low, high = sorted(axes_of("timeline", start="1", end="2", y="a").get_ylim())
    assert high - low > 1
