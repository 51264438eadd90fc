"""What boxes, violins, error bars, events, bins and slices draw, read back from the Artists."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Wedge
from numpy.testing import assert_allclose

from plots.kinds.distribution.violin import estimate_density
from plots.spec.themes import LIGHT
from tests.hazards import drawn, numbers
from tests.helpers import problems
from tests.kinds.test_kinds import DAYS
from tests.kinds.test_kinds_pairwise import words_of
from tests.measure import axes_of, tick_texts

ONE = ("box", "violin", "errorbar")  # of y alone
TWO = ("hist2d", "hexbin")
NEEDED: dict[str, tuple[str, ...]] = dict.fromkeys((*ONE, "pie", "doughnut"), ("y",))
NEEDED |= dict.fromkeys(TWO, ("x", "y"))
NEEDED |= dict.fromkeys(("event", "ecdf"), ("x",))


def segments_of(ax: Any) -> list[list[Any]]:
    return [
        [each.tolist() for each in lines.get_segments()]
        for lines in ax.collections
        if isinstance(lines, LineCollection)
    ]


def noise(count: int, seed: int = 1) -> str:
    values = random.Random(seed)
    return ",".join(f"{values.gauss(0, 1):.4f}" for _ in range(count))


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize(
    "values",
    ["nan", "nan,nan", "5", ",5,", "7,7,7", "1e300,1e300", "0,1e300,2", "5e-324,0", "1e20,1,2"],
)
def test_what_there_is_little_of(client: Client, kind: str, values: str) -> None:
    given = dict.fromkeys(NEEDED[kind], values)
    for scale in ("linear", "symlog", "log"):
        scales = {f"{name}scale": scale for name in NEEDED[kind]}
        scales = {} if kind in ("pie", "doughnut") else scales
        answer = client.get(f"/plot/{kind}.svg", {**given, **scales})
        reason = answer.get("X-Plot-Error", "")
        assert answer.status_code == 200 or "scale" in reason, reason
    says = [text.get_text() for text in axes_of(kind, **given).texts]
    assert ("No data" in says) == (set(values) <= set("nan,"))


@pytest.mark.parametrize("kind", ["box", "violin", "errorbar", "ecdf", "hist2d", "hexbin"])
def test_spans_from_end_to_end(client: Client, kind: str) -> None:
    given = dict.fromkeys(NEEDED[kind], "-1e300,1e300,0")
    assert client.get(f"/plot/{kind}.png", given).status_code == 200


@pytest.mark.parametrize("kind", NEEDED)
def test_channels_that_are_needed(client: Client, kind: str) -> None:
    path, needed = f"/plot/{kind}.png", NEEDED[kind]
    given = dict.fromkeys(needed, "1,2")
    for name in needed:
        left = {other: value for other, value in given.items() if other != name} | {"title": "a"}
        assert (name, "required") in problems(client, path, left)
    if kind not in ("event", *TWO):
        assert problems(client, path, given | {needed[-1]: "a,b"}) == [(needed[-1], "not-a-number")]


# box


def test_boxes_are_quartiles_and_whiskers() -> None:
    ax = axes_of("box", y="1,2,3,4,5,6,7,8,9,30,")
    assert_allclose(boxes_of_groups(ax), [(-0.285, 0.285, 3.25, 7.75)])
    low, high, median = segments_of(ax)
    assert low == [[[0, 1], [0, 3.25]]]
    assert high == [[[0, 7.75], [0, 9]]]
    assert_allclose(median, [[[-0.285, 5.5], [0.285, 5.5]]])
    assert ax.lines[0].get_xydata().tolist() == [[0, 30]]


def boxes_of_groups(ax: Any) -> list[Any]:
    """For each box, (left, right, bottom, top)."""
    drawn: list[Any] = [each for each in ax.collections if isinstance(each, PolyCollection)]
    corners = [path.vertices for each in drawn for path in each.get_paths()]
    return [(*c[:, 0][[0, 2]], *c[:, 1][[0, 2]]) for c in corners]


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


def test_boxes_at_dates_and_lying() -> None:
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


# violin


@pytest.mark.parametrize("count", [2, 30, 2048])
def test_densities_are_scotts(count: int) -> None:
    values = np.random.default_rng(count).normal(5, 2, count)
    heights, density = estimate_density(values)
    width = values.std(ddof=1) * count**-0.2
    exact = [np.exp(-(((height - values) / width) ** 2) / 2).sum() for height in heights]
    assert (heights[0], heights[-1]) == (values.min(), pytest.approx(values.max()))
    assert_allclose(density, np.array(exact) / max(exact), atol=1e-9)


def test_densities_of_many_are_nearly_the_same() -> None:
    values = np.random.default_rng(1).normal(5, 2, 20_000)
    heights, density = estimate_density(values)
    width = values.std(ddof=1) * values.size**-0.2
    exact = np.exp(-(((heights[:, None] - values) / width) ** 2) / 2).sum(axis=1)
    assert_allclose(density, exact / exact.max(), atol=0.005)


def test_violins_are_as_wide_as_dense() -> None:
    values = [float(each) for each in noise(50).split(",")]
    ax = axes_of("violin", y=noise(50), bandwidth="2")
    (outline,) = [path.vertices for path in ax.collections[0].get_paths()]
    heights, density = estimate_density(np.array(values), 2)
    assert_allclose(outline[:120, 0], -0.38 * density)
    assert_allclose(outline[:120, 1], heights)
    quartiles = np.percentile(values, [25, 50, 75])
    assert_allclose(segments_of(ax), [[[[0, quartiles[0]], [0, quartiles[2]]]]])
    assert_allclose(ax.lines[0].get_xydata(), [[0, quartiles[1]]])


def test_violins_take_groups_as_boxes_do() -> None:
    ax = axes_of("violin", y=["1,2,3,9", "4,5,6,7"], x="a,a,b,b", label=["one", "two"])
    assert tick_texts(ax.xaxis) == ["a", "b"]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["one", "two"]
    drawn: list[Any] = [each for each in ax.collections if isinstance(each, PolyCollection)]
    middles = [path.vertices[:, 0].mean() for each in drawn for path in each.get_paths()]
    assert_allclose(middles, [-0.19, 0.81, 0.19, 1.19], atol=0.01)
    assert [to_hex(each.get_edgecolor()[0]) for each in drawn] == list(LIGHT.palette[:2])


def test_options_of_violins() -> None:
    ax = axes_of("violin", y="1,2,5", quartiles="0", alpha="0.25", orientation="horizontal")
    assert not ax.lines and not segments_of(ax)
    assert ax.collections[0].get_facecolor()[0][3] == 0.25
    assert ax.collections[0].get_paths()[0].vertices[:, 0].max() == 5


# errorbar


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


def test_error_bars_that_cannot_be(client: Client) -> None:
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


# event


def test_events_are_rows_of_ticks() -> None:
    ax = axes_of("event", x="1,2,5,3,", by="a,b,a,b,b", length="0.5", linewidth="3", alpha="0.5")
    assert segments_of(ax) == [
        [[[1, -0.25], [1, 0.25]], [[5, -0.25], [5, 0.25]]],
        [[[2, 0.75], [2, 1.25]], [[3, 0.75], [3, 1.25]]],
    ]
    assert tick_texts(ax.yaxis) == ["a", "b"]
    assert ax.yaxis.get_inverted() and ax.figure.legends == []
    lines = ax.collections[0]
    assert (lines.get_linewidth().tolist(), lines.get_alpha()) == ([3], 0.5)


def test_events_at_dates_and_of_many() -> None:
    assert_allclose([each[0][0] for each in segments_of(axes_of("event", x=DAYS))[0]],
                    [20454, 20455, 20456])  # fmt: skip
    places = ",".join(str(place / 8) for place in range(20_000))
    ax = axes_of("event", x=places)
    (drawn,) = segments_of(ax)
    assert len(drawn) == 4097
    assert (drawn[0][0][0], drawn[-1][0][0]) == (0, pytest.approx(19_999 / 8, rel=1e-3))


# ecdf


def test_distribution_functions_step_at_each_value() -> None:
    (line,) = axes_of("ecdf", x="3,1,2,2,", linewidth="3", alpha="0.5").lines
    assert line.get_xydata().tolist() == [[1, 0], [1, 0.25], [2, 0.5], [2, 0.75], [3, 1]]
    assert (line.get_drawstyle(), line.get_linewidth(), line.get_alpha()) == ("steps-post", 3, 0.5)
    (line,) = axes_of("ecdf", x="3,1,2,2", complementary="1").lines
    assert line.get_xydata().tolist() == [[1, 1], [2, 0.75], [2, 0.5], [3, 0.25], [3, 0]]
    assert line.get_drawstyle() == "steps-pre"


def test_distribution_functions_of_series_and_dates() -> None:
    ax = axes_of("ecdf", x="3,1,2", by="a,b,b")
    assert [line.get_label() for line in ax.lines] == ["a", "b"]
    assert ax.get_ylim() == (0, 1)
    line = axes_of("ecdf", x=DAYS).lines[0]
    assert_allclose(line.get_xdata(), [20454, 20454, 20455, 20456])
    assert axes_of("ecdf", x="1,10", xscale="log", yscale="log", complementary="1").lines


# hist2d and hexbin


def test_cells_count_points() -> None:
    ax = axes_of("hist2d", x="0,0,1,2,", y="0,0,1,2,5", bins="2", colormap="magma")
    (mesh,) = ax.collections
    assert mesh.get_array().filled(0).tolist() == [[2, 0], [0, 2]]
    assert (mesh.get_cmap().name, mesh.get_clim()) == ("magma", (1.8, 2.2))
    assert mesh.get_coordinates()[:, :, 0].tolist() == [[0, 1, 2]] * 3
    assert [each.get_label() for each in ax.figure.axes[1:]] == ["colorbar"]


def test_cells_of_names_and_dates(client: Client) -> None:
    ax = axes_of("hist2d", x="a,a,b", y=DAYS, bins="3")
    (mesh,) = ax.collections
    assert mesh.get_array().filled(0).tolist() == [[1, 0], [1, 0], [0, 1]]
    assert tick_texts(ax.xaxis) == ["a", "b"]
    names = ",".join(f"n{place}" for place in range(501))
    assert problems(client, "/plot/hist2d.png", {"x": names, "y": names}) == [
        ("x", "too-many-groups")
    ]


def test_hexagons_count_points() -> None:
    ax = axes_of("hexbin", x="0,0,0,10,", y="0,0,0,10,5", gridsize="4", colormap="magma")
    (cells,) = ax.collections
    assert sorted(cells.get_array().tolist()) == [1, 3]
    assert cells.get_cmap().name == "magma"
    few, many = (
        len(axes_of("hexbin", x=noise(300), y=noise(300, 2), gridsize=n).collections[0].get_array())
        for n in ("5", "50")
    )
    assert few < 40 < many
    assert len(ax.figure.axes) == 2


@pytest.mark.parametrize("kind", TWO)
@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_bins_on_scales(client: Client, kind: str, scale: str) -> None:
    given = {"x": "1,10,1000,1000", "y": "5,5,500,0.3"}
    answer = client.get(f"/plot/{kind}.svg", {**given, "xscale": scale, "yscale": scale})
    assert answer.status_code == 200
    ax = axes_of(kind, **given, xscale=scale, yscale=scale)
    assert ax.get_xlim()[1] >= 1000 and ax.get_xscale() == scale


@pytest.mark.parametrize(
    ("kind", "option", "value"), [("hist2d", "bins", "501"), ("hexbin", "gridsize", "201")]
)
def test_bins_are_bounded(client: Client, kind: str, option: str, value: str) -> None:
    found = problems(client, f"/plot/{kind}.png", {"x": "1", "y": "1", option: value})
    assert found == [(option, "max_value")]


# pie


def slices_of(ax: Any) -> dict[str, float]:
    """The share of each slice, by name."""
    return {each.get_label(): (each.theta2 - each.theta1) / 360 for each in wedges_of(ax)}


def wedges_of(ax: Any) -> list[Any]:
    return [each for each in ax.patches if isinstance(each, Wedge)]


def test_slices_are_shares_from_the_top() -> None:
    ax = axes_of("pie", x="a,b,c,d,e", y="1,3,,4,0")
    assert slices_of(ax) == pytest.approx({"a": 0.125, "b": 0.375, "d": 0.5, "e": 0})
    assert [each.theta2 % 360 for each in wedges_of(ax)] == pytest.approx([90, 45, 270, 90])
    assert words_of(ax) == ["12%", "38%", "50%"]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["a", "b", "d", "e"]
    assert [each.width for each in wedges_of(ax)] == [1] * 4


def test_names_of_slices_are_beside_them() -> None:
    wide, high = (axes_of("pie", x="a,b", y="1,2", width=w, height="300") for w in ("400", "300"))
    assert wide.figure.legends[0].get_window_extent().x0 > wide.get_position().x1 * 400
    assert high.figure.legends[0].get_window_extent().y0 > high.get_position().y1 * 300


def test_doughnuts_have_a_hole() -> None:
    assert {each.width for each in wedges_of(axes_of("doughnut", y="1,2"))} == {0.4}
    assert {each.width for each in wedges_of(axes_of("pie", y="1,2", hole="0.25"))} == {0.75}


def test_options_of_pies() -> None:
    assert words_of(axes_of("pie", y="1000,250", values="number")) == ["1,000", "250"]
    assert words_of(axes_of("pie", y="1000,250", values="none")) == []
    assert wedges_of(axes_of("pie", y="1", alpha="0.5"))[0].get_alpha() == 0.5
    assert words_of(axes_of("pie", y="5")) == ["100%"]
    assert words_of(axes_of("doughnut", y="1,2", hole="0.95")) == []  # there is no room


def test_rows_of_one_name_are_one_slice() -> None:
    assert slices_of(axes_of("pie", x="a,b,a", y="1,2,1")) == {"a": 0.5, "b": 0.5}
    for moments, names in (
        ("2026-01-01,2026-01-02", ["2026-01-01", "2026-01-02"]),
        ("2026-01-01,2026-01-02T12:30", ["2026-01-01 00:00", "2026-01-02 12:30"]),
        ("2026-01-02T12:30,2026-01-02T12:30:01", ["2026-01-02 12:30:00", "2026-01-02 12:30:01"]),
    ):
        assert [*slices_of(axes_of("pie", x=moments, y="1,1"))] == names
    assert [*slices_of(axes_of("pie", x="1.5,2,", y="1,1,1"))] == ["1.5", "2", "(none)"]


def test_the_least_slices_become_one(client: Client) -> None:
    names = ",".join(f"n{place}" for place in range(40))
    values = ",".join(str(1 + (place * 7) % 40) for place in range(40))
    found = slices_of(axes_of("pie", x=names, y=values))
    assert len(found) == 24
    assert [*found][-1] == "17 others"
    assert found["17 others"] == pytest.approx(sum(range(1, 18)) / 820)
    assert client.get("/plot/pie.csv", {"x": names, "y": values}).content.count(b"\n") == 41
    colors = [each.get_facecolor() for each in wedges_of(axes_of("pie", x=names, y=values))]
    assert len(set(colors)) == 24


def test_pies_that_cannot_be(client: Client) -> None:
    for kind in ("pie", "doughnut"):
        path = f"/plot/{kind}.png"
        assert problems(client, path, {"y": "1,-2"}) == [("y", "out-of-range")]
        assert problems(client, path, {"y": "0,0"}) == [("y", "out-of-range")]
        assert problems(client, path, {"y": ["1,2", "3,4"]}) == [("y", "repeated-parameter")]
        assert problems(client, path, {"y": "1", "xlabel": "a"}) == [
            ("xlabel", "unknown-parameter")
        ]


def test_hexagons_are_matplotlibs() -> None:
    x, y = noise(500), noise(500, 2)
    ours = axes_of("hexbin", x=x, y=y, gridsize="9").collections[0]
    given = [[float(each) for each in column.split(",")] for column in (x, y)]
    theirs: Any = Figure().add_subplot().hexbin(*given, gridsize=9, mincnt=1)
    assert sorted(ours.get_array().tolist()) == sorted(theirs.get_array().tolist())


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [(kind, {}) for kind in NEEDED]
    + [("hist2d", {"bins": "500"}), ("hexbin", {"gridsize": "200"})]
    + [("errorbar", {"error": ""}), ("box", {"x": ""}), ("pie", {"x": ""})],
)
def test_as_many_points_as_may_be_given(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    filled = [name for name, value in options.items() if not value]
    channels = (*NEEDED[kind], *filled)
    values = {name: numbers(100_000 // len(channels)) for name in channels}
    if kind == "box" and filled:
        values["x"] = ",".join(str(place % 400) for place in range(50_000))
    response = drawn(client, kind, format, **options | values)
    assert len(response.content) < 1_500_000


@pytest.mark.parametrize("kind", ["box", "violin", "errorbar", "event", "ecdf"])
def test_as_many_series_as_may_be_given(client: Client, settings: Any, kind: str) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    query: Any = {NEEDED[kind][0]: [numbers(2000)] * 50}
    drawn(client, kind, **query)
