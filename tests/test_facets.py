"""Small multiples, through their addresses and the tag, and read back from the Artists."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.template import Context, Template
from django.test import Client
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

import plots
from plots.data import Axis, Data, load
from plots.forms import as_parameters, read_spec, write_parameters
from plots.grids import unfold
from plots.models import Preset
from plots.registry import kinds, sources
from plots.rendering.figure import build
from plots.rendering.panels import columns_for
from plots.shortcuts import plot_spec
from plots.spec import Inline, PlotSpec
from plots.themes import LIGHT
from tests.helpers import ask
from tests.measure import figure_of, layout_problems, panels_of, tick_labels

BIRDS = {
    "x": "1,2,3,1,2,3,1,2",
    "y": "1,2,4,40,10,20,5,6",
    "by": "a,a,b,b,b,b,a,b",
    "facet": "Adelie,Adelie,Adelie,Gentoo,Gentoo,Gentoo,Chinstrap,Chinstrap",
}


def panels(kind: str, **parameters: Any) -> dict[str, Any]:
    """The Axes of each panel by its title."""
    return {ax.get_title("left"): ax for ax in panels_of(figure_of(kind, **parameters))}


def many(count: int, rows: int = 6, **parameters: Any) -> dict[str, Any]:
    """The parameters of a plot of ``count`` panels of two series each."""
    places = range(count * rows)
    return {
        "x": ",".join(str(place % rows) for place in places),
        "y": ",".join(str((place * 37) % 101) for place in places),
        "by": ",".join("pq"[place % 2] for place in places),
        "facet": ",".join(f"Panel {place // rows}" for place in places),
    } | parameters


def labels(axis: Any) -> list[str]:
    return [label.get_text() for label in tick_labels(axis) if label.get_visible()]


def message(client: Client, kind: str, **query: Any) -> str:
    """What the parameter facet is told, and nothing else."""
    response = ask(client, f"/plot/{kind}.png", query)
    assert response.status_code == 400
    ((error),) = response.json()["errors"]
    assert error["parameter"] == "facet"
    return str(error["message"])


# what is drawn


def test_each_panel_draws_its_rows() -> None:
    found = panels("scatter", **BIRDS)
    assert list(found) == ["Adelie", "Gentoo", "Chinstrap"]  # as they first appear
    drawn = {
        title: [marks.get_offsets().data.tolist() for marks in ax.collections]
        for title, ax in found.items()
    }
    assert drawn["Adelie"] == [[[1, 1], [2, 2]], [[3, 4]]]
    assert np.isnan(drawn["Gentoo"][0]).all()  # no row of a
    assert drawn["Gentoo"][1] == [[1, 40], [2, 10], [3, 20]]
    assert drawn["Chinstrap"] == [[[1, 5]], [[2, 6]]]


def test_colours_belong_to_a_series_though_a_panel_lacks_one_before_it() -> None:
    for ax in panels("line", **BIRDS).values():
        colors = {line.get_label(): to_hex(line.get_color()) for line in ax.lines}
        assert colors == {"a": LIGHT.palette[0], "b": LIGHT.palette[1]}


def test_one_name_is_one_panel_with_its_title() -> None:
    (title,) = panels("line", y="1,2", facet="Only,Only")
    assert title == "Only"


def test_rows_without_a_name_are_a_panel_as_they_are_a_series() -> None:
    assert list(panels("line", y="1,2,3", facet="a,,a")) == ["a", "(none)"]


@pytest.mark.parametrize(
    ("facet", "titles"),
    [
        ("2025,2023,,10", ["10", "2023", "2025", "(none)"]),
        ("2026-03-01,2025-01-01,,2025-02-01", ["2025-01-01", "2025-02-01", "2026-03-01", "(none)"]),
        ("b,a,10,a", ["b", "a", "10"]),
        ("2026-02-30,2026-01-01,a,a", ["2026-02-30", "2026-01-01", "a"]),
    ],
)
def test_numbers_and_days_ascend_and_names_stay(facet: str, titles: list[str]) -> None:
    assert list(panels("line", y="1,2,3,4", facet=facet)) == titles


def test_rows_are_counted_within_their_panel() -> None:
    found = panels("line", y="5,6,7,8,9", facet="a,b,a,b,a")
    assert [ax.lines[0].get_xdata().tolist() for ax in found.values()] == [[0, 1, 2], [0, 1]]


def test_repeated_columns_are_series_of_every_panel() -> None:
    found = panels("line", y=["1,2,3,4", "5,6,7,8"], label=["p", "q"], facet="a,a,b,b")
    drawn = [[line.get_ydata().tolist() for line in ax.lines] for ax in found.values()]
    assert drawn == [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]


# what is shared


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


def test_bars_on_a_log_scale_stand_on_one_ground() -> None:
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
    figure = figure_of(kind, **MAPPED[kind], facet="a,a,a,a,b,b,b,b")
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


@pytest.mark.parametrize("kind", ["box", "violin"])
def test_groups_stand_at_one_place_in_every_panel(kind: str) -> None:
    given = {"y": "1,2,3,4,5,6", "by": "p,q,q,q,q,p", "facet": "a,a,a,b,b,c"}
    figure = figure_of(kind, **given)
    figure.canvas.draw()
    found = panels_of(figure)
    assert [labels(ax.xaxis) for ax in found if labels(ax.xaxis)][0] == ["p", "q"]
    shapes = [
        c for c in found[1].collections if isinstance(c, PolyCollection) and len(c.get_paths())
    ]
    (shape,) = shapes
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


# around the panels


def test_labels_stand_at_the_outer_panels_alone() -> None:
    figure = figure_of("line", **many(5), xlabel="Along", ylabel="Up", title="All")
    figure.canvas.draw()
    found = panels_of(figure)
    assert found[0].panels == (3, 2)
    assert [bool(labels(ax.yaxis)) for ax in found] == [True, False, False, True, False]
    # The last column ends a row before the others.
    assert [bool(labels(ax.xaxis)) for ax in found] == [False, False, True, True, True]
    words = [axis.label.get_text() for ax in found for axis in (ax.xaxis, ax.yaxis)]
    assert sorted(filter(None, words)) == ["Along", "Up"]
    renderer = figure.canvas.get_renderer()
    along = found[3].xaxis.label.get_window_extent(renderer)
    assert (along.x0 + along.x1) / 2 == pytest.approx(
        (found[0].bbox.x0 + found[2].bbox.x1) / 2, abs=1
    )
    up = found[3].yaxis.label.get_window_extent(renderer)
    assert (up.y0 + up.y1) / 2 == pytest.approx((found[3].bbox.y0 + found[0].bbox.y1) / 2, abs=1)


def test_there_is_one_legend_even_of_series_that_the_first_panel_lacks() -> None:
    figure = figure_of("timeline", start="0,0", end="1,1", y="r,r", by="p,q", facet="a,b")
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["p", "q"]
    colors = [to_hex(handle.get_facecolor()) for handle in legend.get_patches()]
    assert colors == list(LIGHT.palette[:2])  # both bars, as q is drawn where it is


@pytest.mark.parametrize("where", ["upper left", "upper right", "lower left", "lower right"])
def test_a_legend_in_a_corner_stands_in_the_panel_there(where: str) -> None:
    found = panels_of(figure_of("line", **many(5), legend=where))
    holders = [place for place, ax in enumerate(found) if ax.get_legend()]
    assert holders == [
        {"upper left": 0, "upper right": 2, "lower left": 3, "lower right": 2}[where]
    ]


SIZES = [(343, 300), (640, 480), (1200, 800), (240, 150), (200, 200), (150, 90), (1600, 200)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [2, 3, 5, 9, 16])
def test_nothing_is_cut_off_or_overlaps(size: tuple[int, int], count: int) -> None:
    width, height = map(str, size)
    frame = {"width": width, "height": height, "xlabel": "Week of the year", "ylabel": "Orders"}
    for given in (
        many(count, title="Orders by region"),
        many(count, x=",".join(f"2026-{1 + i % 6:02}-01" for i in range(6 * count))),
        many(count, x=",".join(("Monday", "Tuesday and on")[i % 2] for i in range(6 * count))),
        many(
            count,
            facet=",".join(f"A long name, {i // 6}".replace(",", "") for i in range(6 * count)),
        ),
    ):
        figure = figure_of("line", **(given | frame))
        assert layout_problems(figure) == []
        found = panels_of(figure)
        assert len(found) == count
        apart = [
            (one, other)
            for one in found
            for other in found
            if one is not other and one.bbox.padded(-0.5).overlaps(other.bbox)
        ]
        assert not apart
        columns, rows = found[0].panels
        assert all(ax.bbox.width > 0.4 * size[0] / columns for ax in found)
        assert all(ax.bbox.height > 0.1 * size[1] / rows for ax in found)


def test_titles_are_cut_to_their_panels() -> None:
    names = ["The quick brown fox jumps over the lazy dog"[i:] for i in range(9)]
    figure = figure_of("line", y="1,2,3,4,5,6,7,8,9", facet=",".join(names), width="343")
    figure.canvas.draw()
    for ax in panels_of(figure):
        assert ax.get_title("left").endswith("…")
        box = ax._left_title.get_window_extent(figure.canvas.get_renderer())
        assert box.width <= ax.bbox.width


def test_tiny_pictures_keep_the_panels_and_drop_their_words() -> None:
    for ax in panels("line", **many(16), width="150", height="90", title="T").values():
        assert not ax.xaxis.get_visible() and not ax.yaxis.get_visible()
    assert len(panels("line", **many(4), width="150", height="90", title="T")) == 1  # "" of all
    assert len(panels("line", **many(4), width="240", height="150", title="T")) == 4


def test_values_at_bars_stay_within_their_panel() -> None:
    figure = figure_of("bar", **many(9, rows=4), values="1", width="1200", height="800")
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    shown = 0
    for ax in panels_of(figure):
        room = ax.bbox.padded(8)
        for words in ax.texts:
            box = words.get_window_extent(renderer)
            shown += words.get_visible()
            assert not words.get_visible() or (room.x0 <= box.x0 and box.x1 <= room.x1)
            assert not words.get_visible() or (room.y0 <= box.y0 and box.y1 <= room.y1)
    assert shown == 36


@pytest.mark.parametrize(
    ("count", "shape", "columns"),
    [(1, 1.3, 1), (2, 1.33, 2), (2, 0.7, 1), (3, 4, 3), (4, 1.33, 2), (5, 1.33, 3), (9, 1.33, 3),
     (16, 1.33, 4), (16, 8, 8), (16, 0.2, 2)],
)  # fmt: skip
def test_rows_and_columns_suit_the_picture(count: int, shape: float, columns: int) -> None:
    assert columns_for(count, shape) == columns


# at the edge


def test_seventeen_panels_are_refused(client: Client) -> None:
    told = message(client, "line", **many(17))
    assert "17" in told and "16" in told and "by" in told
    assert client.get("/plot/line.png", many(16)).status_code == 200


@pytest.mark.parametrize("kind", ["pie", "radar", "sparkline", "stairs", "gauge"])
def test_kinds_without_panels_say_so(client: Client, kind: str) -> None:
    example = {**kinds.get(kind).example, "facet": "a"}
    assert "not drawn in panels" in message(client, kind, **example)


def test_a_facet_is_as_long_as_its_columns(client: Client) -> None:
    assert "2 values" in message(client, "line", y="1,2,3", facet="a,b")
    assert "2 values" in message(client, "mesh", z="1,2;3,4", facet="a,b")


PANELLED = [kind.name for kind in kinds if any(c.name == "facet" for c in kind.taken)]


def test_every_kind_with_axes_whose_rows_are_given_has_panels() -> None:
    others = {kind.name for kind in kinds} - set(PANELLED)
    bare = {kind.name for kind in kinds if kind.bare}
    assert others == bare | {"stairs", "formula", "normal"}


def in_panels(kind: str) -> tuple[PlotSpec, PlotSpec]:
    """The example of ``kind``; and its rows for a and for b, with nothing but a gap for c."""
    spec = read_spec(kind, as_parameters(kinds.get(kind).example))
    assert isinstance(spec.data, Inline)
    grids = [channel.name for channel in kinds.get(kind).channels if channel.sort == "grid"]
    columns = dict(unfold(spec.data.columns, grids))
    rows = len(next(iter(columns.values()))[0])
    panelled: dict[str, Any] = {
        name: tuple((*c, *c, c[0] if name == "by" else None) for c in each)
        for name, each in columns.items()
    }
    panelled["facet"] = (("a",) * rows + ("b",) * rows + ("c",),)
    return spec, replace(spec, data=Inline(panelled))


@pytest.mark.parametrize("kind", PANELLED)
def test_a_panel_of_any_kind_draws_what_it_would_alone(kind: str) -> None:
    spec, panelled = in_panels(kind)
    whole, data = load(spec), load(panelled)
    assert list(data.panels) == ["a", "b", "c"]
    first, second, empty = data.parts()
    for part in (first, second):
        assert [series.label for series in part.series] == [s.label for s in whole.series]
        for one, other in zip(part.series, whole.series, strict=True):
            for name, column in other.columns.items():
                assert_allclose(one.columns[name], column)
    known = [np.isfinite([*series.columns.values()]).all(axis=0) for series in empty.series]
    assert not np.concatenate(known).any()
    figure = build(panelled, data)
    assert layout_problems(figure) == []
    drawn = [[type(a).__name__ for a in ax.get_children()] for ax in panels_of(figure)]
    assert drawn[0] == drawn[1]
    assert "No data" in [text.get_text() for text in panels_of(figure)[2].texts]


# through every door


@pytest.fixture
def birds() -> Any:
    plots.source("birds", version="1")(
        lambda: {
            "year": [2009, 2007, 2008, 2007],
            "mass": [1, 2, 3, 4],
            "sex": ["f", "m", "f", "f"],
        }
    )
    yield
    sources.unregister("birds")


@pytest.mark.usefixtures("birds")
def test_a_source_is_split_by_a_column_and_its_words_say_so(client: Client) -> None:
    query = {"source": "birds", "y": "mass", "by": "sex", "facet": "year"}
    spec = read_spec("line", {name: [value] for name, value in query.items()})
    assert list(load(spec).panels) == ["2007", "2008", "2009"]
    assert write_parameters(spec) == {name: [value] for name, value in query.items()}
    assert client.get("/plot/line.png", query).status_code == 200
    words = client.get("/plot/line.txt", query).content.decode()
    assert words.startswith("Line plot of mass, for each year. 3 panels, 2 series, 4 points; ")
    assert "Panels: 2007, 2008, 2009." in words
    assert "2007, m: always 2." in words
    assert "2009, m" not in words  # there is none
    rows = list(csv.reader(StringIO(client.get("/plot/line.csv", query).content.decode())))
    assert rows[0] == ["mass", "sex", "year"] and rows[1] == ["1", "f", "2009"]


def test_words_of_one_series_in_each_panel(client: Client) -> None:
    query = {"y": "1,2,5,3", "facet": "a,a,b,b", "title": "Rain"}
    words = client.get("/plot/line.txt", query).content.decode().splitlines()
    assert words[0] == ("Line plot: Rain. 2 panels, 4 points; a: highest 2 at 1, lowest 1 at 0.")
    assert words[-2:] == [
        "A: highest 2 at 1, lowest 1 at 0.", "B: highest 5 at 0, lowest 3 at 1.",
    ]  # fmt: skip


def test_the_address_the_body_and_the_tag_say_the_same(client: Client) -> None:
    query = {"y": "1,2,5,3", "facet": "a,a,b,b", "width": "300", "height": "200"}
    tag = '{% load plots %}{% plot_url "line" y=y facet=facet width=300 height=200 %}'
    context = Context({"y": [1, 2, 5, 3], "facet": ("a", "a", "b", "b")}, autoescape=False)
    url = Template(tag).render(context)
    pictures = [client.get("/plot/line.png", query), client.get(url)]
    assert pictures[0].content == pictures[1].content
    from_numbers = plot_spec("line", y=[1, 2], facet=[2025, 2024])
    assert list(load(from_numbers).panels) == ["2024", "2025"]


@pytest.mark.django_db
def test_a_preset_keeps_its_panels_and_the_admin_shows_them(
    client: Client, admin_client: Client
) -> None:
    preset = Preset(
        slug="p", title="P", kind="line",
        parameters={"y": ["1,2,5,3"], "facet": ["a,a,b,b"]},
    )  # fmt: skip
    preset.full_clean()
    preset.save()
    assert client.get("/presets/p.png").status_code == 200
    assert "2 panels" in client.get("/presets/p/").content.decode()
    page = admin_client.get(f"/admin/plots/preset/{preset.pk}/change/")
    assert page.context["adminform"].form["plot_facet"].value() == ["a,a,b,b"]


def test_the_page_of_a_kind_and_the_interface_know_it(client: Client) -> None:
    assert 'name="facet"' in client.get("/plot/line/").content.decode()
    assert 'name="facet"' not in client.get("/plot/pie/").content.decode()
    paths = client.get("/plot/openapi.json").json()["paths"]
    names = [each.get("name") for each in paths["/plot/line.{format}"]["get"]["parameters"]]
    assert "facet" in names


# for authors of kinds


@pytest.fixture
def own_kinds() -> Any:
    """Kinds as an author would write them, who knows of no panels."""

    def sums(data: Data, **_: object) -> Data:
        names = tuple(f"{series.label}: {np.nansum(series.y):g}" for series in data.series)
        return replace(data, axes={"x": Axis("category", names), "y": Axis()})

    @plots.kind("dots", channels=plots.XY)
    def dots(ax: Any, data: Data) -> None:
        for series in data.series:
            ax.plot(series.x, series.y, "o", label=series.label)
        ax.set_title(f"{data.series[0].y.size} rows")

    plots.kind("sums", channels=plots.XY, prepare=sums)(lambda ax, data: None)
    plots.kind("whole", channels=plots.XY, panels=False)(lambda ax, data: None)
    yield
    for name in ("dots", "sums", "whole"):
        kinds.unregister(name)


@pytest.mark.usefixtures("own_kinds")
def test_the_kinds_of_others_have_panels_for_nothing(client: Client) -> None:
    found = panels("dots", **BIRDS)
    assert [ax.lines[1].get_ydata().tolist() for ax in found.values()] == [[4], [40, 10, 20], [6]]
    assert client.get("/plot/dots.png", BIRDS).status_code == 200


@pytest.mark.usefixtures("own_kinds")
def test_a_kind_may_do_without_panels(client: Client) -> None:
    assert "not drawn in panels" in message(client, "whole", **BIRDS)


@pytest.mark.usefixtures("own_kinds")
def test_panels_that_do_not_agree_on_their_axes_are_refused(client: Client) -> None:
    assert "share their axes" in message(client, "sums", **BIRDS)
