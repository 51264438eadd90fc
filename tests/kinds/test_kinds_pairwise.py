"""What lines, bars, bubbles, stems, areas, stacks and stairs draw, read back from the Artists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Annotation
from numpy.testing import assert_allclose

from plots.kinds.shared.annotations import write_short
from plots.spec.themes import LIGHT
from tests.hazards import drawn, numbers
from tests.helpers import problems
from tests.kinds.test_kinds import DAYS, boxes_of
from tests.measure import axes_of, tick_texts

KINDS = ("line", "scatter", "bar", "stem", "area", "stack", "stairs")


def words_of(ax: Any) -> list[str]:
    """What is written into the drawing and fits."""
    words = [text for text in ax.texts if isinstance(text, Annotation) and text.get_visible()]
    return [text.get_text() for text in words]


def areas_of(ax: Any) -> list[Any]:
    """For each filled area, its outline."""
    return [
        [path.vertices for path in each.get_paths()]
        for each in ax.collections
        if not isinstance(each, LineCollection)
    ]


def heights_at(area: Any, place: float) -> tuple[float, float]:
    """From where to where an area that has a corner at ``place`` reaches there."""
    corners = np.concatenate(area)
    there = corners[np.isclose(corners[:, 0], place), 1]
    return there.min(), there.max()


def color_of(handle: Any) -> tuple[float, ...]:
    """The colour of a legend's handle, without its opacity."""
    fill = hasattr(handle, "get_facecolor") and np.ravel(handle.get_facecolor())
    return tuple(fill[:3]) if fill is not False and fill.size else to_rgb(handle.get_color())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("y", ["nan", "nan,nan,nan", "5", ",5,", "0,0,0", "1e300,1e300,-1e300"])
def test_what_there_is_little_of(client: Client, kind: str, y: str) -> None:
    if kind == "stack" and "-" in y:
        assert problems(client, "/plot/stack.png", {"y": y}) == [("y", "out-of-range")]
        return
    says = [text.get_text() for text in axes_of(kind, y=y).texts]
    assert says == (["No data"] if "5" not in y and "0" not in y else [])
    assert client.get(f"/plot/{kind}.svg", {"y": y}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_dates_and_names_along_x(kind: str) -> None:
    for x, place, shown in ((f"{DAYS},2026-01-04", 20455, "2026"), ("a,b,c,d", 1, "b")):
        given = {"x": x, "y": "1,2,3" if kind == "stairs" else "1,2,3,4"}
        ax = axes_of(kind, **given)
        low, high = ax.get_xlim()
        assert low < place < high
        assert shown in " ".join(tick_texts(ax.xaxis))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("y", ["1,10,100", "1e-300,1e300,1"])
def test_log_scales(client: Client, kind: str, y: str) -> None:
    for scale in ("log", "symlog"):
        response = client.get(f"/plot/{kind}.png", {"y": y, "yscale": scale})
        assert response.status_code == 200
    ax = axes_of(kind, y="1,10,100", yscale="log")
    assert 0 < ax.get_ylim()[0] <= 1
    assert ax.get_ylim()[1] >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_needed(client: Client, kind: str) -> None:
    assert problems(client, f"/plot/{kind}.png", {"x": "1,2"}) == [("y", "required")]
    assert problems(client, f"/plot/{kind}.png", {"y": "1,b"}) == [("y", "not-a-number")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_legend_names_the_series(kind: str) -> None:
    legend = axes_of(kind, y=["1,2", "3,4"], label=["_one", "two"]).figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["_one", "two"]
    drawn = [color_of(handle) for handle in legend.legend_handles]
    assert drawn == [to_rgb(color) for color in LIGHT.palette[:2]]


# scatter


def test_areas_of_bubbles_are_in_proportion() -> None:
    (marks,) = axes_of("scatter", y="1,2,3,4", size="1,4,0,", markersize="20").collections
    drawn = dict(zip(marks.get_offsets()[:, 1].tolist(), marks.get_sizes().tolist(), strict=True))
    assert (drawn[1], drawn[2], drawn[3]) == (100, 400, 0)


def test_small_bubbles_are_in_front_and_fit_the_picture() -> None:
    query = {"y": ["1,2", "3,4"], "size": "1,9"}
    for marks in axes_of("scatter", **query).collections:
        assert_allclose(marks.get_sizes(), [34.56**2, 34.56**2 / 9])
    small = axes_of("scatter", **query, width="320", height="240").collections[0]
    assert small.get_sizes().max() == pytest.approx(17.28**2)


def test_sizes_of_nothing() -> None:
    (marks,) = axes_of("scatter", y="1,2", size="0,0").collections
    assert marks.get_sizes().tolist() == [0, 0]


def test_colors_by_number() -> None:
    ax = axes_of("scatter", y="1,2,3", color="0,10,", colormap="magma")
    (marks,) = ax.collections
    assert marks.get_array().tolist()[:2] == [0, 10]
    assert (marks.get_cmap().name, marks.get_clim()) == ("magma", (0, 10))
    (bar,) = [each for each in ax.figure.axes if each.get_label() == "colorbar"]
    assert bar.get_ylim() == (0, 10)
    assert ax.yaxis.style["gridOn"]


def test_sizes_and_colors_that_cannot_be(client: Client) -> None:
    path = "/plot/scatter.png"
    assert problems(client, path, {"y": "1,2", "size": "1,-1"}) == [("size", "out-of-range")]
    assert problems(client, path, {"y": "1,2", "color": "a,b"}) == [("color", "not-a-number")]
    found = problems(client, path, {"y": "1,2", "color": "1,2", "by": "a,b"})
    assert found == [("color", "invalid")]
    assert problems(client, path, {"y": "1,2", "size": "1"}) == [("size", "unequal-lengths")]


# bar


def test_bars_as_parts_of_a_hundred() -> None:
    ax = axes_of("bar", x="a,b", y=["1,", "3,5"], mode="percent")
    one, two = [[box[2:] for box in each] for each in boxes_of(ax)]
    assert (one, two) == ([(0, 25), (0, 0)], [(25, 100), (0, 100)])
    assert ax.get_ylim() == (0, 100)


@pytest.mark.parametrize("y", ["0,0", "1e300,1e300", "5e-324,5e-324"])
def test_parts_of_extremes(y: str) -> None:
    tops = [box[3] for box in boxes_of(axes_of("bar", y=[y, y], mode="percent"))[1]]
    assert tops == ([0, 0] if y == "0,0" else [100, 100])


def test_bars_with_errors() -> None:
    ax = axes_of("bar", y=["3,5", "2,4"], error=["1,", "0.5,2"])
    lines = [each for each in ax.collections if isinstance(each, LineCollection)]
    drawn = [[segment.round(9).tolist() for segment in each.get_segments()] for each in lines]
    assert drawn == [
        [[[-0.19, 2], [-0.19, 4]]],
        [[[0.19, 1.5], [0.19, 2.5]], [[1.19, 2], [1.19, 6]]],
    ]
    assert ax.lines[0].get_ydata().tolist() == [2, 4]  # the caps
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 6


def test_values_stand_beyond_their_errors() -> None:
    for orientation, at in (("vertical", 1), ("horizontal", 0)):
        options = {"values": "1", "orientation": orientation}
        ax = axes_of("bar", y="3,-2,4", error="1,0.5,", **options)
        assert [text.xy[at] for text in ax.texts] == [4, -2.5, 4]


def test_one_column_of_errors_is_for_all_bars() -> None:
    ax = axes_of("bar", y=["3,5", "2,4"], error="1,1", orientation="horizontal")
    lines = [each for each in ax.collections if isinstance(each, LineCollection)]
    ends = [[segment[:, 0].tolist() for segment in each.get_segments()] for each in lines]
    assert ends == [[[2, 4], [4, 6]], [[1, 3], [3, 5]]]
    assert [(caps.get_marker(), caps.get_xdata().tolist()) for caps in ax.lines] == [
        ("|", [2, 4, 4, 6]),
        ("|", [1, 3, 3, 5]),
    ]


def test_errors_of_bars_that_cannot_be(client: Client) -> None:
    path, two = "/plot/bar.png", {"y": ["1,2", "3,4"]}
    assert problems(client, path, {"y": "1,2", "error": "1,-1"}) == [("error", "out-of-range")]
    found = problems(client, path, {**two, "error": "1,1", "mode": "stacked"})
    assert found == [("error", "invalid")]
    assert problems(client, path, {**two, "error": ["1,1"] * 3}) == [("error", "unequal-lengths")]
    assert problems(client, path, {"y": "1,-2", "mode": "percent"}) == [("y", "out-of-range")]


def test_values_at_bars() -> None:
    y = ["12,-1234.6,", "7,0.25,3"]
    assert words_of(axes_of("bar", x="a,b,c", y=y)) == []
    assert words_of(axes_of("bar", x="a,b,c", y=y, values="1")) == [
        "12", "−1,235", "7", "0.25", "3"
    ]  # fmt: skip
    lying = {"orientation": "horizontal", "mode": "stacked"}
    ax = axes_of("bar", x="a,b", y=["10,9", "20,0.01"], values="1", **lying)
    assert words_of(ax) == ["10", "9", "20"]  # there is no room for 0.01
    ax = axes_of("bar", x="a,b", y=["1,3", "2,1"], values="1", mode="percent")
    assert words_of(ax) == ["33%", "75%", "67%", "25%"]


def test_values_are_read_on_their_bars() -> None:
    for colors, ink in (("000", LIGHT.ground), ("ffe", LIGHT.ink)):
        ax = axes_of("bar", y=["9", "8"], values="1", mode="stacked", colors=colors)
        assert {to_hex(text.get_color()) for text in ax.texts} == {ink}


def test_values_that_would_overlap_are_left_out() -> None:
    y = ",".join(["1000"] * 40)
    narrow = axes_of("bar", y=y, values="1")
    assert words_of(narrow) == []
    renderer = narrow.figure.canvas.get_renderer()
    shown = axes_of("bar", y=",".join(["10"] * 20), values="1")
    boxes = [text.get_window_extent(renderer) for text in shown.texts if text.get_visible()]
    assert len(boxes) == 20
    assert all(a.x1 < b.x0 for a, b in zip(boxes, boxes[1:], strict=False))
    assert words_of(axes_of("bar", y="1,2", values="1", width="160", height="100")) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (12.0, "12"), (1234.6, "1,235"), (-0.5, "−0.5"), (0.00123, "0.00123")]
    + [(123456.7, "123,457"), (-3.456e-7, "−3.46×10⁻⁷"), (2e200, "2×10²⁰⁰"), (2.50004, "2.5")],
)
def test_short_numbers(value: float, text: str) -> None:
    assert write_short(value) == text


# stem


def test_stems_stand_on_their_baseline() -> None:
    ax = axes_of("stem", x="1,2,4", y="5,,-1", baseline="1", marker="square", markersize="9",
                 linewidth="3", alpha="0.5")  # fmt: skip
    (stems,) = ax.collections
    assert [each.tolist() for each in stems.get_segments()] == [
        [[1, 1], [1, 5]],
        [[4, 1], [4, -1]],
    ]
    assert (stems.get_linewidth().tolist(), stems.get_alpha()) == ([3], 0.5)
    marks, base = ax.lines
    assert_allclose(base.get_ydata(), [1, 1])
    assert marks.get_xydata().tolist() == [[1, 5], [4, -1]]
    assert (marks.get_marker(), marks.get_markersize(), marks.get_alpha()) == ("s", 9, 0.5)


def test_stems_on_a_log_scale() -> None:
    (stems,) = axes_of("stem", y="20,300", yscale="log").collections
    assert [each[:, 1].tolist() for each in stems.get_segments()] == [[10, 20], [10, 300]]


# area


def test_areas_reach_their_baseline() -> None:
    ax = axes_of("area", x="0,1,2", y="3,5,4", baseline="1", linewidth="3", alpha="0.5")
    (area,) = areas_of(ax)
    assert [heights_at(area, place) for place in (0, 1, 2)] == [(1, 3), (1, 5), (1, 4)]
    (edge,) = ax.lines
    assert edge.get_xydata().tolist() == [[0, 3], [1, 5], [2, 4]]
    assert (edge.get_linewidth(), ax.collections[0].get_alpha()) == (3, 0.5)
    assert ax.get_ylim()[0] == 1


def test_areas_between_two_lines() -> None:
    ax = axes_of("area", y=["3,5", "8,9"], y2=["1,2", "6,9"])
    drawn = [[heights_at(area, place) for place in (0, 1)] for area in areas_of(ax)]
    assert drawn == [[(1, 3), (2, 5)], [(6, 8), (9, 9)]]
    assert len(ax.lines) == 4


def test_an_area_with_gaps() -> None:
    ax = axes_of("area", y="1,2,,4,,5,6")
    (area,) = areas_of(ax)
    assert [(path[:, 0].min(), path[:, 0].max()) for path in area] == [(0, 1), (3, 3), (5, 6)]
    assert (ax.lines[0].get_marker(), ax.lines[0].get_markevery()) == ("o", [3])  # to be seen


# stack


def test_stacks_add_up() -> None:
    ax = axes_of("stack", x="0,1,2", y=["1,2,3", "4,,6"], alpha="0.5")
    one, two = areas_of(ax)
    assert [heights_at(one, place) for place in (0, 1, 2)] == [(0, 1), (0, 2), (0, 3)]
    assert [heights_at(two, place) for place in (0, 1, 2)] == [(1, 5), (2, 2), (3, 9)]
    assert ax.get_ylim()[0] == 0
    assert {each.get_alpha() for each in ax.collections} == {0.5}


def test_stacks_of_series_with_places_of_their_own() -> None:
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


def test_what_cannot_be_stacked(client: Client) -> None:
    assert problems(client, "/plot/stack.png", {"y": "1,-2"}) == [("y", "out-of-range")]


# stairs


def test_stairs_from_edge_to_edge() -> None:
    ax = axes_of("stairs", x="0,1,4", y="5,7", linewidth="4", alpha="0.5")
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[0, 5], [1, 7], [4, 7]]
    assert (line.get_drawstyle(), line.get_linewidth(), line.get_alpha()) == ("steps-post", 4, 0.5)


def test_stairs_filled_and_with_a_gap() -> None:
    ax = axes_of("stairs", y="5,,7", fill="1", baseline="2")
    (area,) = areas_of(ax)
    assert [(path[:, 0].min(), path[:, 0].max(), path[:, 1].max()) for path in area] == [
        (0, 1, 5),
        (2, 3, 7),
    ]
    assert ax.get_ylim()[0] == 2


def test_the_edges_of_stairs(client: Client) -> None:
    path = "/plot/stairs.png"
    assert problems(client, path, {"x": "1,2", "y": "1,2"}) == [("x", "unequal-lengths")]
    assert problems(client, path, {"x": "1,2,2", "y": "1,2"}) == [("x", "out-of-order")]
    assert problems(client, path, {"x": "1,,3", "y": "1,2"}) == [("x", "gap")]
    assert problems(client, path, {"x": "1", "y": "1,2"}) == [("x", "unequal-lengths")]
    for y in ("5,7", "5,7,"):  # as a table has it
        rows = client.get("/plot/stairs.csv", {"x": "1,2,4", "y": y}).content.decode().split()
        assert rows == ["x,y", "1,5", "2,7", "4,"]


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [(kind, {}) for kind in ("stem", "area", "stack", "stairs")]
    + [("stairs", {"fill": "1"}), ("line", {"steps": "middle"}), ("area", {"y2": ""})]
    + [("scatter", {"size": "", "color": ""}), ("bar", {"error": "", "values": "1"})],
)
def test_as_many_points_as_may_be_given(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    channels = ["y", *(name for name, value in options.items() if not value)]
    values = {name: numbers(100_000 // len(channels)) for name in channels}
    response = drawn(client, kind, format, **options | values)
    assert len(response.content) < 1_500_000


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize("kind", ["bar", "stem", "area", "stack", "stairs"])
def test_as_many_series_as_may_be_given(
    client: Client, settings: Any, kind: str, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    drawn(client, kind, format, y=[numbers(2000)] * 50)


def test_a_legend_is_cut_only_where_it_must_be() -> None:
    labels = ["a", "of four words or five", "b", "c", "d", "e"]
    ax = axes_of("bar", y=["1"] * 6, label=labels, width="320", height="240")
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert legend.get_window_extent().x1 <= 320


def test_a_series_whose_only_size_is_a_gap_has_no_mark(client: Client) -> None:
    response = client.get("/plot/scatter.png", {"y": "1,2", "size": ",3", "by": "a,b"})
    assert response.status_code == 200
