"""Contours and triangles of scattered points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_rgba
from numpy.testing import assert_allclose

from plots.errors import PlotError
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.kinds.scientific.irregular.triangles import MAX_POINTS
from plots.rendering.render import render
from plots.spec.registry import kinds
from plots.spec.themes import LIGHT
from tests.helpers import problems
from tests.measure import axes_of, figure_of, layout_problems, tick_texts

MAPPED = ["tricontour", "tricontourf", "tripcolor"]


SQUARE = {"x": "0,10,0,10", "y": "0,0,4,4"}


Z = {"z": "0,10,0,10"}  # rises along x alone


KINDS = [*MAPPED, "triplot"]


DAYS = "2026-01-01,2026-01-03,2026-01-01,2026-01-03"


def data_of(kind: str, **given: str) -> dict[str, str]:
    return SQUARE | (Z if kind in MAPPED else {}) | given


def mapped(kind: str, **given: Any) -> Any:
    return axes_of(kind, **data_of(kind), **given).collections[0]


def test_tricontour_goes_through_equal_numbers() -> None:
    drawn = mapped("tricontour", levels="5", linewidth="3", colormap="magma")
    assert drawn.levels.tolist() == [2, 4, 6, 8]
    for level, path in zip(drawn.levels, drawn.get_paths(), strict=True):
        assert_allclose(path.vertices[:, 0], level)
    assert set(drawn.get_linewidth()) == {3}


def test_tricontourf_fills_between_levels() -> None:
    drawn = mapped("tricontourf", levels="5")
    assert drawn.levels.tolist() == [0, 2, 4, 6, 8, 10]
    for low, path in zip(drawn.levels, drawn.get_paths(), strict=False):
        assert_allclose([path.vertices[:, 0].min(), path.vertices[:, 0].max()], [low, low + 2])
    assert mapped("tricontourf", vmax="5").extend == "max"


def test_tripcolor_has_the_mean_of_the_corners() -> None:
    drawn = mapped("tripcolor")
    assert_allclose(sorted(drawn.get_array()), [10 / 3, 20 / 3])
    assert (drawn.norm.vmin, drawn.norm.vmax) == (0, 10)
    (triangle,) = axes_of("tripcolor", x="0,1,0", y="0,0,1", z="3,3,3").collections
    assert_allclose(triangle.get_paths()[0].vertices[:3], [(0, 0), (1, 0), (0, 1)])


def test_triplot_draws_edges_and_points() -> None:
    edges, dots = axes_of("triplot", x="0,4,0", y="0,0,3", linewidth="2", marker="star").lines
    ends = edges.get_xydata().reshape(-1, 3, 2)
    assert np.isnan(ends[:, 2]).all()
    assert_allclose(sorted(np.hypot(*(ends[:, 1] - ends[:, 0]).T)), [3, 4, 5])
    assert sorted(map(tuple, dots.get_xydata())) == [(0, 0), (0, 3), (4, 0)]
    assert (edges.get_linewidth(), edges.get_marker(), dots.get_marker()) == (2, "None", "*")
    assert to_rgba(edges.get_color()) == to_rgba(dots.get_color()) == to_rgba(LIGHT.palette[0])
    assert len(axes_of("triplot", **SQUARE, marker="none").lines) == 1
    assert len(axes_of("triplot", **SQUARE).lines[0].get_xdata()) == 3 * 5


def test_triangles_are_computed_on_the_scales() -> None:
    """The units of x and y may differ, such as seconds and degrees."""

    def drawn(stretch: float, **scale: str) -> int:
        places = np.random.default_rng(1).uniform(1, 9, (2, 60)).round(2)
        x = places[0] if not scale else 10 ** places[0]
        line = axes_of(
            "triplot",
            x=",".join(map(str, x * stretch)),
            y=",".join(map(str, places[1])),
            marker="none",
            **scale,
        ).lines[0]
        ends = line.get_xydata()
        return hash(tuple(np.searchsorted(np.sort(ends[:, 1]), ends[:, 1])))

    assert drawn(1) == drawn(1e6) == drawn(1, xscale="log")


def test_points_at_one_position_are_averaged() -> None:
    twice = {"x": "0,1,0,0", "y": "0,0,1,0", "z": "9,2,3,1"}
    (triangle,) = axes_of("tripcolor", **twice).collections
    assert triangle.get_array().tolist() == pytest.approx(
        [(5 + 2 + 3) / 3]
    )  # 5 is the mean of 9 and 1
    assert (triangle.norm.vmin, triangle.norm.vmax) == (2, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_points_with_a_gap_are_left_out(kind: str) -> None:
    given = {"x": "0,1,0,5,", "y": "0,0,1,,5"} | ({"z": "1,2,3,9,9"} if kind in MAPPED else {})
    ax = axes_of(kind, **given)
    assert_allclose(ax.dataLim.extents, [0, 0, 1, 1])
    if kind in MAPPED:
        ax = axes_of(kind, x="0,1,0,9", y="0,0,1,9", z="1,2,3,")
        assert_allclose(ax.dataLim.extents, [0, 0, 1, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_gaps(kind: str) -> None:
    figure = figure_of(kind, **dict.fromkeys(data_of(kind), ",,"))
    assert [text.get_text() for text in figure.axes[0].texts] == ["No data"]
    assert len(figure.axes) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_dates_and_names(kind: str) -> None:
    ax = axes_of(kind, **data_of(kind, x=DAYS, y="a,a,b,b"))
    assert tick_texts(ax.yaxis) == ["a", "b"]
    assert_allclose(ax.dataLim.extents, [20454, 0, 20456, 1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("x", "y"),
    [("1", "1"), ("1,2", "1,2"), ("1,2,3", "2,4,6"), ("1,1,1,1", "1,2,3,4"), ("1,2,1", "1,2,1")]
    + [("7,7,7", "7,7,7"), ("0.1,0.2,0.3,0.7", "1e9,2e9,3e9,7e9"), ("1,2,", "1,2,4")],
)
def test_no_triangle(client: Client, kind: str, x: str, y: str) -> None:
    given = {"x": x, "y": y} | (
        {"z": ",".join("1234"[: x.count(",") + 1])} if kind in MAPPED else {}
    )
    assert problems(client, f"/plot/{kind}.png", given) == [("x", "too-few")]


def test_the_number_of_points_is_limited() -> None:
    with pytest.raises(PlotError, match="There are 20,001 points; at most 20,000") as caught:
        plot_spec("triplot", x=range(MAX_POINTS + 1), y=[0, 1] * 10_000 + [0])
    assert (caught.value.parameter, caught.value.code) == ("x", "too-much")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("x", ["-1e300,1e300,0,1e299", "1e-300,2e-300,0,1e-300"])
def test_extremes_are_drawn(client: Client, kind: str, x: str) -> None:
    given = {"x": x, "y": "0,1e300,1e300,-1e300"} | (
        {"z": "1e300,-1e300,0,1"} if kind in MAPPED else {}
    )
    for format in ("png", "svg"):
        assert client.get(f"/plot/{kind}.{format}", given).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_scales(client: Client, kind: str) -> None:
    given = {"x": "1,1000,1,1000", "y": "1,1,100,100", "xscale": "log", "yscale": "log"}
    assert client.get(f"/plot/{kind}.png", data_of(kind, **given)).status_code == 200
    found = problems(client, f"/plot/{kind}.png", data_of(kind, xscale="log"))
    assert found == [("xscale", "invalid-scale")]
    given = {"xscale": "symlog", "yscale": "symlog"}
    assert client.get(f"/plot/{kind}.png", data_of(kind, **given)).status_code == 200


@pytest.mark.parametrize("kind", MAPPED)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"z": "1,2,3,a"}, "z"),
        ({"z": ""}, "z"),
        ({"x": ""}, "x"),
        ({"z": "1,2,3"}, "z"),
        ({"z": "1,2;3,4"}, "z"),
        ({"norm": "log"}, "norm"),
        ({"vmin": "5", "vmax": "1"}, "vmin"),
    ],
)
def test_invalid_color_scales(client: Client, kind: str, query: Any, parameter: str) -> None:
    found = problems(client, f"/plot/{kind}.png", data_of(kind, **query))
    assert [name for name, _ in found] == [parameter]


def test_equal_numbers(client: Client) -> None:
    alike = {"z": "5,5,5,5"}
    assert problems(client, "/plot/tricontour.png", SQUARE | alike) == [("z", "no-lines")]
    for kind in ("tricontourf", "tripcolor"):
        norm = axes_of(kind, **SQUARE, **alike).collections[0].norm
        assert norm.vmin < 5 < norm.vmax


def test_labels_are_written_along_lines() -> None:
    ax = axes_of("tricontour", **SQUARE, **Z, labels="1", levels="5")
    assert {text.get_text() for text in ax.texts} == {"2", "4", "6", "8"}
    assert len(ax.figure.axes) == 1


@pytest.mark.parametrize("kind", MAPPED)
def test_a_colorbar_labels_the_colors(kind: str) -> None:
    figure = figure_of(kind, **data_of(kind), zlabel="Rain (mm)")
    assert layout_problems(figure) == []
    assert figure.axes[1].yaxis.label.get_text() == "Rain (mm)"


@pytest.mark.parametrize("kind", KINDS)
def test_no_option_is_without_effect(kind: str) -> None:
    others = {"colormap": "magma", "center": "3", "norm": "log", "vmin": "2", "vmax": "5"}
    others |= {"zlabel": "Metres", "zformat": "usd"}
    others |= {"levels": "3", "linewidth": "5", "labels": "1", "marker": "star"}
    others |= {"markersize": "9", "alpha": "0.3"}
    query = data_of(kind) | ({"z": "1,10,2,7"} if kind in MAPPED else {})
    given = {name: [value] for name, value in query.items()}
    plain = render(read_spec(kind, given)).content
    for option in kinds.get(kind).options.base_fields:
        changed = render(read_spec(kind, given | {option: [others[option]]})).content
        assert changed != plain, option
