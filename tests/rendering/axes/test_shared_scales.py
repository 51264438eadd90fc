"""Panels of small multiples share limits, colours, sizes and bins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.data.loading import load
from plots.data.model import Axis
from plots.forms.parameters_to_spec import plot_spec
from plots.spec.themes import LIGHT
from tests.measure import axes_of, figure_of, panels_of
from tests.multiples import BIRDS, panels
from tests.rendering.axes.panel_labels import labels


def test_panels_share_limits_that_show_all_and_those_of_the_frame() -> None:
    one = figure_of("line", **{**BIRDS, "facet": "a,a,a,a,a,a,a,a"}).axes[0]
    for ax in panels("line", **BIRDS).values():
        assert_allclose(ax.get_xlim(), one.get_xlim())
        assert_allclose(ax.get_ylim(), one.get_ylim())
    for ax in panels("line", **BIRDS, xmin="2", ymax="30").values():
        assert (ax.get_xlim()[0], ax.get_ylim()[1]) == (2, 30)
        assert ax.get_xlim()[1] > 3 and ax.get_ylim()[0] < 1


def test_limits_that_a_kind_sets_itself_are_as_wide_as_the_widest() -> None:
    x, y = "0,1,2,0,1,2,5,7,5,7", "0,0,0,1,1,1,0,0,1,1"
    flow = {"dx": "1,1,1,1,1,1,1,1,1,1", "dy": "0,0,0,0,0,0,0,0,0,1"}
    for ax in panels("stream", x=x, y=y, **flow, facet="a,a,a,a,a,a,b,b,b,b").values():
        assert ax.get_xlim() == (0, 7)


def test_lying_bars_share_an_axis_that_runs_down() -> None:
    given = {
        "x": "Mon,Tue,Mon,Wed",
        "y": "1,2,3,4",
        "facet": "a,a,b,b",
        "orientation": "horizontal",
    }
    found = panels("bar", **given)
    first, second = found.values()
    assert first.get_ylim() == second.get_ylim() and first.get_ylim()[0] > first.get_ylim()[1]
    assert sorted(path.vertices[:4, 1].mean() for path in _paths(second)) == [0, 2]
    first.figure.canvas.draw()
    assert labels(first.yaxis) == ["Mon", "Tue", "Wed"]


@pytest.mark.parametrize("scale", ["log", "symlog"])
def test_scales_are_those_of_every_panel(scale: str) -> None:
    found = panels("line", **BIRDS, yscale=scale)
    assert {ax.get_yscale() for ax in found.values()} == {scale}
    assert len({ax.get_ylim() for ax in found.values()}) == 1


def test_bars_on_a_log_scale_share_a_baseline() -> None:
    found = panels("bar", x="1,2,1,2", y="3,5,3000,5000", facet="a,a,b,b", yscale="log")
    grounds = {path.vertices[:, 1].min() for ax in found.values() for path in _paths(ax)}
    assert grounds == {1.0}
    found = panels("hist", x="1,1,1,1,1,1,1,1,1,1,1,1,5", facet="a," * 12 + "b", yscale="log")
    grounds = {path.vertices[:, 1].min() for ax in found.values() for path in _paths(ax)}
    assert grounds == {0.1}


def _paths(ax: Any) -> list[Any]:
    return [path for boxes in ax.collections for path in boxes.get_paths()]


def test_bars_are_as_wide_in_every_panel() -> None:
    found = panels("bar", x="1,1.5,1,9", y="1,2,3,4", facet="a,a,b,b")
    widths = [np.ptp(path.vertices[:, 0]) for ax in found.values() for path in _paths(ax)]
    assert_allclose(widths, widths[0])


def test_panels_have_the_same_bins() -> None:
    given = {"x": "0,1,2,3,7,8,8,10", "facet": "a,a,a,a,b,b,b,b", "bins": "5"}
    edges = [
        sorted({x for path in _paths(ax) for x in path.vertices[:, 0].tolist()})
        for ax in panels("hist", **given).values()
    ]
    assert edges == [[0, 2, 4, 6, 8, 10]] * 2
    counts = [
        [path.vertices[:, 1].max() for path in _paths(ax)]
        for ax in panels("hist", **given).values()
    ]
    assert counts == [[2, 2, 0, 0, 0], [0, 0, 0, 1, 3]]
    given |= {"y": "0,1,2,3,7,8,8,10"}
    meshes = [ax.collections[0] for ax in panels("hist2d", **given).values()]
    assert all(isinstance(mesh, QuadMesh) for mesh in meshes)
    one, other = (mesh.get_coordinates() for mesh in meshes)
    assert_allclose(one, other)
    assert one.min() == 0 and one.max() == 10


def test_hexagons_are_of_one_lattice() -> None:
    cloud = {"x": "0,1,2,9,10,10", "y": "0,5,1,9,9,10", "facet": "a,a,a,b,b,b", "gridsize": "4"}
    widths = [
        np.ptp(path.vertices[:, 0])
        for ax in panels("hexbin", **cloud).values()
        for path in ax.collections[0].get_paths()
    ]
    assert_allclose(widths, 10 / 4)


MAPPED: dict[str, dict[str, Any]] = {
    "mesh": {"x": "0,1,0,1,0,1,0,1", "y": "0,0,1,1,0,0,1,1", "z": "1,2,3,4,50,60,70,80"},
    "image": {"x": "0,1,0,1,0,1,0,1", "y": "0,0,1,1,0,0,1,1", "z": "1,2,3,4,50,60,70,80"},
    "heatmap": {"x": "p,q,p,q,p,q,p,q", "y": "r,r,s,s,r,r,s,s", "z": "1,2,3,4,50,60,70,80"},
    "contourf": {"x": "0,1,0,1,0,1,0,1", "y": "0,0,1,1,0,0,1,1", "z": "1,2,3,4,50,60,70,80"},
    "tripcolor": {"x": "0,1,0,1,0,1,0,1", "y": "0,0,1,1,0,0,1,1", "z": "1,2,3,4,50,60,70,80"},
    "hist2d": {"x": "1,2,3,4,1,1,1,9", "y": "1,2,3,4,1,1,1,9"},
    "scatter": {"x": "1,2,3,4,1,2,3,4", "y": "1,2,3,4,1,1,1,9", "color": "1,2,3,4,50,60,70,80"},
    "quiver": {
        "x": "0,1,0,1,0,1,0,1", "y": "0,0,1,1,0,0,1,1", "dx": "1,2,3,4,50,60,70,80",
        "dy": "0,0,0,0,0,0,0,0", "colormap": "viridis",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", MAPPED)
def test_panels_have_one_scale_of_colours_and_one_bar(kind: str) -> None:
    figure: Any = figure_of(kind, **MAPPED[kind], facet="a,a,a,a,b,b,b,b")
    first, second, bar = figure.axes
    one, other = (ax.collections[0] if ax.collections else ax.images[0] for ax in (first, second))
    assert one.get_clim() == other.get_clim()
    values = np.concatenate([np.ma.compressed(each.get_array()) for each in (one, other)])
    assert one.get_clim()[0] <= values.min() and values.max() <= one.get_clim()[1]
    assert bar.get_ylim() == one.get_clim()
    assert bar.get_position().x0 > second.get_position().x1


def test_contours_have_the_same_levels_and_a_panel_may_have_none() -> None:
    given = MAPPED["contourf"] | {"z": "1,1,1,1.01,50,60,70,80", "facet": "a,a,a,a,b,b,b,b"}
    first, second = panels("contour", **given).values()
    assert not first.collections
    assert_allclose(second.collections[0].levels % 10, 0)


def test_sizes_are_of_one_scale() -> None:
    first, second = panels("scatter", y="1,2", size="1,4", facet="a,b").values()
    areas = [float(ax.collections[0].get_sizes()[0]) for ax in (first, second)]
    assert areas[1] == 4 * areas[0]


def test_marks_suit_the_size_of_a_panel() -> None:
    alone = axes_of("scatter", y="1,2,3,4", size="1,1,1,1")
    found = panels("scatter", y="1,2,3,4", size="1,1,1,1", facet="a,b,c,d")
    areas = [ax.collections[0].get_sizes()[0] for ax in (alone, found["a"])]
    assert areas[1] == pytest.approx(areas[0] / 4)  # there are two rows


def test_streamlines_of_all_panels_are_about_as_many_as_of_one() -> None:
    places = [(x, y) for x in range(6) for y in range(6)]
    columns = {
        "x": [x for x, _ in places], "y": [y for _, y in places], "dx": [-y for _, y in places],
        "dy": [x for x, _ in places],
    }  # fmt: skip
    flow = {name: ",".join(map(str, column * 9)) for name, column in columns.items()}
    one = {name: ",".join(map(str, column)) for name, column in columns.items()}
    facet = ",".join(name for name in "abcdefghi" for _ in places)
    alone = len(figure_of("stream", **one).axes[0].collections[0].get_paths())
    found = panels("stream", **flow, facet=facet).values()
    assert sum(len(ax.collections[0].get_paths()) for ax in found) < 4 * alone


@pytest.mark.parametrize("kind", ["box", "violin"])
def test_groups_have_one_position_in_all_panels(kind: str) -> None:
    given = {"y": "1,2,3,4,5,6", "by": "p,q,q,q,q,p", "facet": "a,a,a,b,b,c"}
    figure: Any = figure_of(kind, **given)
    figure.canvas.draw()
    found = panels_of(figure)
    assert [labels(ax.xaxis) for ax in found if labels(ax.xaxis)][0] == ["p", "q"]
    shape: Any = next(
        each
        for each in found[1].collections
        if isinstance(each, PolyCollection) and len(each.get_paths())
    )
    assert shape.get_paths()[0].vertices[:, 0].mean().round() == 1  # q, though there is no p
    assert to_hex(shape.get_edgecolor()[0]) == LIGHT.palette[1]


@pytest.mark.parametrize("kind", ["heatmap", "timeline", "candlestick"])
def test_places_that_a_kind_names_are_those_of_all_panels(kind: str) -> None:
    given: dict[str, Any] = {
        "heatmap": {"x": "1,3,2,4", "y": "r,r,r,r", "z": "1,2,3,4"},
        "timeline": {"start": "0,1,0,1", "end": "1,2,1,2", "y": "1,3,2,4"},
        "candlestick": {
            "x": "1,3,2,4", "open": "1,1,1,1", "close": "2,2,2,2", "high": "3,3,3,3",
            "low": "0,0,0,0", "gaps": "skip",
        },
    }[kind]  # fmt: skip
    data = load(plot_spec(kind, **given, facet="a,a,b,b"))
    channel = "y" if kind == "timeline" else "x"
    assert data.axis(channel) == Axis("category", ("1", "2", "3", "4"))
    assert [s.columns[channel].tolist() for s in data.series] == [[0, 2], [1, 3]]
