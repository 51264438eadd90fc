"""What the gridded kinds draw, read back from the Artists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import LogNorm, to_rgba
from numpy.testing import assert_allclose

from plots import XY
from plots import kind as register_kind
from plots.errors import PlotError
from plots.forms import read_spec
from plots.kinds.colorscale import color_limits, ink_on, legible
from plots.kinds.levels import levels_between
from plots.options import COLORMAPS
from plots.registry import kinds
from plots.rendering import render
from plots.shortcuts import plot_spec
from plots.themes import DARK, LIGHT
from tests.helpers import problems
from tests.measure import axes_of, figure_of, layout_problems, tick_texts
from tests.test_hazards import deadline

MAPPED = ["image", "mesh", "heatmap", "contour", "contourf"]
VECTORS = ["quiver", "barbs", "stream"]
Z = "1,2,3;4,5,7"
FLOW = {"dx": "1,2,3;4,5,6", "dy": "0,-1,1;2,2,2"}
DAYS = "2026-01-01,2026-01-02,2026-01-03"


def data_of(kind: str) -> dict[str, str]:
    return FLOW if kind in VECTORS else {"z": Z}


def mapped(kind: str, **parameters: Any) -> Any:
    """The Artist whose colours stand for numbers."""
    ax = axes_of(kind, **parameters)
    return ax.images[0] if kind == "image" else ax.collections[0]


def corners(mesh: Any) -> tuple[list[float], list[float]]:
    places = mesh.get_coordinates()
    return places[0, :, 0].tolist(), places[:, 0, 1].tolist()


def bar_of(kind: str, **parameters: Any) -> Any:
    """The Axes of the colour bar."""
    return figure_of(kind, **parameters).axes[1]


# What all have in common


@pytest.mark.parametrize("kind", MAPPED)
def test_colors_reach_from_the_least_to_the_greatest(kind: str) -> None:
    norm = mapped(kind, z=Z).norm
    assert (norm.vmin, norm.vmax) == (1, 7)
    norm = mapped(kind, z=Z, vmin="2", vmax="6").norm
    assert (norm.vmin, norm.vmax) == (2, 6)
    norm = mapped(kind, z="1,10;100,1000", norm="log").norm
    assert isinstance(norm, LogNorm) and (norm.vmin, norm.vmax) == (1, 1000)


@pytest.mark.parametrize("kind", MAPPED)
def test_a_bar_says_what_the_colors_stand_for(kind: str) -> None:
    bar = bar_of(kind, z=Z, zlabel="Height (m)")
    assert bar.yaxis.label.get_text() == "Height (m)"
    labels = tick_texts(bar.yaxis)
    assert len(labels) > 1 and {float(label) for label in labels} < set(np.arange(0, 8, 0.5))
    labels = tick_texts(bar_of(kind, z="1,10;100,100000", norm="log").yaxis)
    assert set(labels) <= {"1", "10", "100", "1,000", "10,000", "100,000"}
    assert len(labels) >= 3


@pytest.mark.parametrize("count", ["4", "5"])
@pytest.mark.parametrize("norm", ["linear", "log"])
@pytest.mark.parametrize("z", ["1,10;1,10", "1000000001,1000000002;1000000003,1000000004"])
def test_a_bar_of_lines_has_them_all(z: str, norm: str, count: str) -> None:
    figure = figure_of("contour", z=z, levels=count, norm=norm)
    bar: Any = figure.axes[1]
    (lines,) = bar.collections
    contours: Any = figure.axes[0].collections[0]
    levels = contours.levels
    low, high = bar.get_ylim()
    assert low <= levels[0] <= levels[-1] <= high
    assert [segment[:, 1].tolist() for segment in lines.get_segments()] == [[n, n] for n in levels]
    assert len(lines.get_color()) == len(levels)


@pytest.mark.parametrize("kind", [*MAPPED, *VECTORS])
@pytest.mark.parametrize("size", [(640, 480), (320, 240), (240, 150)])
def test_a_bar_is_not_cut_off(kind: str, size: tuple[int, int]) -> None:
    frame = dict(zip(("width", "height"), map(str, size), strict=True))
    words = {"zlabel": "What all these colours stand for, at length " * 3, "title": "Title"}
    given = data_of(kind) | ({"colormap": "magma"} if kind in VECTORS else {})
    figure = figure_of(kind, **given, **words, **frame)
    assert layout_problems(figure) == []
    bar: Any = figure.axes[1]
    box = bar.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    assert 0 <= box.x0 < box.x1 <= size[0] and 0 <= box.y0 < box.y1 <= size[1]
    assert box.x0 > figure.axes[0].bbox.x1


@pytest.mark.parametrize("kind", [*MAPPED, *VECTORS])
def test_nothing_but_gaps(kind: str) -> None:
    for gaps in (",;,", ",,", "nan;nan", "nan"):
        figure = figure_of(kind, **dict.fromkeys(data_of(kind), gaps))
        assert [text.get_text() for text in figure.axes[0].texts] == ["No data"]
        assert len(figure.axes) == 1


@pytest.mark.parametrize("kind", [*MAPPED, *VECTORS])
def test_dates_and_names(kind: str) -> None:
    ax = axes_of(kind, **data_of(kind), x=DAYS, y="low,high")
    assert "low" in tick_texts(ax.yaxis) and "high" in tick_texts(ax.yaxis)
    if kind != "heatmap":
        low, high = ax.get_xlim()
        assert low <= 20454 < 20456 <= high
    ax = axes_of(kind, **data_of(kind), x="a,b,c", y=DAYS[:21])
    assert tick_texts(ax.xaxis) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", MAPPED)
@pytest.mark.parametrize(
    "z",
    ["1e300,-1e300;0,1", "1e-300,0;2e-300,1e-300", "5,5;5,5.000000001", "-1,1;,2"],
)
@pytest.mark.parametrize("format", ["png", "svg"])
def test_extremes_are_drawn(client: Client, kind: str, z: str, format: str) -> None:
    assert client.get(f"/plot/{kind}.{format}", {"z": z}).status_code == 200


@pytest.mark.parametrize("kind", MAPPED)
def test_extremes_on_a_log_scale(client: Client, kind: str) -> None:
    query = {"z": "1e-300,1;1e300,2", "norm": "log"}
    assert client.get(f"/plot/{kind}.png", query).status_code == 200
    query = {"z": "1e-300,1;1e300,2", "x": "1,1000", "y": "1e-300,1e300", "yscale": "log"}
    if kind not in ("image", "heatmap"):
        assert client.get(f"/plot/{kind}.png", query).status_code == 200


@pytest.mark.parametrize("kind", [kind for kind in MAPPED if kind != "contour"])
def test_numbers_all_alike(kind: str) -> None:
    for z, norm in (("5,5;5,5", "linear"), ("5,5;5,5", "log"), ("0,0;0,0", "linear")):
        drawn = mapped(kind, z=z, norm=norm).norm
        assert drawn.vmin <= float(z[0]) <= drawn.vmax
        assert drawn.vmin < drawn.vmax


@pytest.mark.parametrize("kind", MAPPED)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"z": "1,2;-3,4", "norm": "log"}, "norm"),
        ({"z": "1,2;0,4", "norm": "log"}, "norm"),
        ({"norm": "log", "vmin": "0"}, "vmin"),
        ({"vmin": "3", "vmax": "3"}, "vmin"),
        ({"vmax": "1e301"}, "vmax"),
        ({"vmin": "low"}, "vmin"),
        ({"norm": "symlog"}, "norm"),
        ({"colormap": "jet"}, "colormap"),
        ({"zlabel": "x" * 201}, "zlabel"),
        ({"zlabel": "a\x01"}, "zlabel"),
        ({"z": "1,a;2,3"}, "z"),
        ({"z": ""}, "z"),
        ({"by": "a,b"}, "by"),
    ],
)
def test_what_cannot_be_mapped(client: Client, kind: str, query: Any, parameter: str) -> None:
    found = problems(client, f"/plot/{kind}.png", {"z": Z} | query)
    assert [name for name, _ in found] == [parameter]


def test_limits_leave_room() -> None:
    def limits(z: list[float], **given: Any) -> tuple[float, float]:
        options: dict[str, Any] = {"norm": "linear", "vmin": None, "vmax": None}
        return color_limits(np.array(z), **options | given)

    assert limits([1, np.nan, 3]) == (1, 3)
    assert limits([5, 5]) == (4.5, 5.5)
    assert limits([0]) == (-1, 1)
    assert limits([4, 4], norm="log") == (2, 8)
    assert limits([1, 3], vmin=10) == (10, 11)
    assert limits([1, 3], vmax=-10) == (-11, -10)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_lines_are_seen_and_inks_are_read(theme: Any) -> None:
    def luminance(color: Any) -> float:
        rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(color)]
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]

    def contrast(one: Any, other: Any) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    for name in COLORMAPS:
        colors = legible(name, theme.ground)
        seen = [colors(i) for i in range(colors.N)]
        assert len(seen) > 50
        assert min(contrast(color, theme.ground) for color in seen) >= 3
        for ground, ink in zip(seen, ink_on(seen), strict=True):
            assert contrast(ground, ink) >= 4.5


# image


def test_image_draws_its_numbers() -> None:
    drawn = mapped("image", z="1,2;3,;5,6", x="10,20", y="1,2,3")
    assert np.ma.filled(drawn.get_array(), -1).tolist() == [[1, 2], [3, -1], [5, 6]]
    assert list(drawn.get_extent()) == [5, 25, 0.5, 3.5]
    assert drawn.origin == "lower"


def test_image_of_one_number_row_and_column() -> None:
    assert list(mapped("image", z="7").get_extent()) == [-0.5, 0.5, -0.5, 0.5]
    assert list(mapped("image", z="7,8").get_extent()) == [-0.5, 1.5, -0.5, 0.5]
    assert list(mapped("image", z="7;8").get_extent()) == [-0.5, 0.5, -0.5, 1.5]


def test_image_options() -> None:
    drawn = mapped("image", z=Z, interpolation="bicubic", colormap="magma")
    assert (drawn.get_interpolation(), drawn.get_cmap().name) == ("bicubic", "magma")
    assert axes_of("image", z=Z, origin="upper").yaxis.get_inverted()
    assert not axes_of("image", z=Z).yaxis.get_inverted()


def test_cells_all_alike_need_even_places(client: Client) -> None:
    for query, found in (
        ({"x": "1,2,4"}, ("x", "uneven")),
        ({"x": "1,2,3", "xscale": "log"}, ("xscale", "invalid-scale")),
        ({"yscale": "symlog"}, ("yscale", "invalid-scale")),
    ):
        assert problems(client, "/plot/image.png", {"z": Z} | query) == [found]


# mesh


def test_mesh_meets_halfway() -> None:
    drawn = mapped("mesh", z="1,2,3;,5,6", x="0,1,3", y="10,20")
    assert np.ma.filled(drawn.get_array(), -1).tolist() == [[1, 2, 3], [-1, 5, 6]]
    assert corners(drawn) == ([-0.5, 0.5, 2, 4], [5, 15, 25])


def test_mesh_meets_halfway_on_the_scale_that_is_seen() -> None:
    x, y = corners(mapped("mesh", z="1,2,3", x="1,100,10000", xscale="log"))
    assert_allclose(x, [0.1, 10, 1000, 100_000])
    assert y == [-0.5, 0.5]
    x, _ = corners(mapped("mesh", z="5", x="100", y="1", xscale="log"))
    assert_allclose(x, [100 / 10**0.5, 100 * 10**0.5])


def test_a_large_mesh_is_a_picture_in_the_picture() -> None:
    for side, rasterized in ((70, False), (71, True)):
        z = ";".join([",".join(map(str, range(side)))] * side)
        assert bool(mapped("mesh", z=z).get_rasterized()) == rasterized


# contour


def test_contour_goes_through_equal_numbers() -> None:
    drawn = mapped("contour", z="0,10;0,10", levels="5", linewidth="3")
    assert drawn.levels.tolist() == [2, 4, 6, 8]
    for level, path in zip(drawn.levels, drawn.get_paths(), strict=True):
        assert_allclose(path.vertices[:, 0], level / 10)
    assert set(drawn.get_linewidth()) == {3}


def test_contour_leaves_gaps() -> None:
    whole, holed = (
        mapped("contour", z=f"0,0,0,0,0;1,{z},{z},{z},1;2,2,2,2,2", levels="3").get_paths()
        for z in ("1", "")
    )
    assert all(np.ptp(path.vertices[:, 0]) == 4 for path in whole)
    for path in holed:  # the corners beside the gaps are filled
        assert not ((path.vertices[:, 0] > 1) & (path.vertices[:, 0] < 3)).any()
        assert (path.codes == path.MOVETO).sum() == 2


def test_labels_are_written_along_lines() -> None:
    z = ";".join(",".join(str(x * x + y * y) for x in range(-9, 10)) for y in range(-9, 10))
    ax = axes_of("contour", z=z, levels="5", labels="1")
    texts = {text.get_text() for text in ax.texts}
    assert texts and texts <= {str(level) for level in ax.collections[0].levels.astype(int)}
    assert len(ax.figure.axes) == 1
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(box.count_overlaps(boxes[:i]) for i, box in enumerate(boxes))
    assert not axes_of("contour", z=z, labels="1", width="200", height="100").texts
    plain = figure_of("contour", z=z)
    assert (len(plain.axes[0].texts), len(plain.axes)) == (0, 2)


def test_too_many_lines_have_no_labels() -> None:
    values = np.random.default_rng(1).normal(size=(60, 60)).round(2)
    z = ";".join(",".join(map(str, row)) for row in values)
    assert not axes_of("contour", z=z, labels="1").texts


@pytest.mark.parametrize("kind", ["contour", "contourf"])
def test_contours_need_two_rows_and_columns(client: Client, kind: str) -> None:
    for z in ("1,2,3", "1;2;3", "7"):
        assert problems(client, f"/plot/{kind}.png", {"z": z}) == [("z", "too-few")]


def test_no_line_between_numbers_all_alike(client: Client) -> None:
    assert problems(client, "/plot/contour.png", {"z": "5,5;5,5"}) == [("z", "no-lines")]
    query = {"z": Z, "vmin": "100", "vmax": "200"}
    assert problems(client, "/plot/contour.png", query) == [("vmin", "no-lines")]


@pytest.mark.parametrize("kind", ["contour", "contourf"])
def test_levels_are_bounded(client: Client, kind: str) -> None:
    for levels in ("0", "51", "10000", "1.5", "many"):
        found = problems(client, f"/plot/{kind}.png", {"z": Z, "levels": levels})
        assert [name for name, _ in found] == ["levels"]
    assert len(mapped(kind, z=Z, levels="50").levels) in range(20, 52)


@pytest.mark.parametrize("norm", ["linear", "log"])
@pytest.mark.parametrize("levels", [1, 2, 7, 50])
@pytest.mark.parametrize(
    ("low", "high"), [(1, 10), (2, 8), (1e-300, 1e300), (3, 3.5), (1, 1e6), (0.02, 500)]
)
def test_levels_reach_over_all(low: float, high: float, levels: int, norm: str) -> None:
    found = levels_between(low, high, norm=norm, levels=levels)
    assert found[0] <= low < high <= found[-1]
    assert (np.diff(found) > 0).all()
    assert 2 <= len(found) <= levels + 3
    if norm == "log":
        assert (found > 0).all()


def test_levels_of_decades() -> None:
    assert_allclose(levels_between(1, 1e4, norm="log", levels=5), [1, 10, 100, 1e3, 1e4])
    assert_allclose(levels_between(1, 100, norm="log", levels=6), [1, 2, 5, 10, 20, 50, 100])
    assert_allclose(levels_between(2, 8, norm="log", levels=6), [2, 3, 4, 5, 6, 7, 8])


# contourf


def test_contourf_fills_between_levels() -> None:
    drawn = mapped("contourf", z="0,10;0,10", levels="5")
    assert drawn.levels.tolist() == [0, 2, 4, 6, 8, 10]
    for low, path in zip((0, 0.2, 0.4, 0.6, 0.8), drawn.get_paths(), strict=True):
        assert_allclose(sorted({*path.vertices[:, 0].round(9)}), [low, low + 0.2])


@pytest.mark.parametrize(
    ("limits", "extend"),
    [
        ({}, "neither"),
        ({"vmin": "2"}, "min"),
        ({"vmax": "8"}, "max"),
        ({"vmin": "2", "vmax": "8"}, "both"),
    ],
)
def test_contourf_shows_what_is_beyond(limits: dict[str, str], extend: str) -> None:
    drawn = mapped("contourf", z="0,10;0,10", **limits)
    assert drawn.extend == extend
    assert sum(len(path.vertices) > 0 for path in drawn.get_paths()) == len(drawn.get_paths())


def test_contours_of_noise_are_a_picture_in_the_picture() -> None:
    values = np.random.default_rng(1).normal(size=(120, 120)).round(2)
    z = ";".join(",".join(map(str, row)) for row in values)
    assert mapped("contourf", z=z).get_rasterized()
    assert not mapped("contourf", z=Z).get_rasterized()


# heatmap


def written(ax: Any) -> list[tuple[str, str, tuple[float, float]]]:
    """What is drawn in the cells: text, colour and place."""
    drawn: list[Any] = []
    ax.figure.canvas.draw()
    renderer = ax.figure.canvas.get_renderer()

    class Spy:
        def __getattr__(self, name: str) -> Any:
            return getattr(renderer, name)

        def draw_text(self, gc: Any, x: float, y: float, s: str, *rest: Any, **more: Any) -> None:
            place = ax.transData.inverted().transform((x, ax.figure.bbox.height - y))
            drawn.append((s, gc.get_rgb(), tuple(place)))

    (cells,) = (each for each in ax.get_children() if type(each).__name__ == "Values")
    cells.draw(Spy())
    return drawn


def test_heatmap_writes_its_numbers() -> None:
    ax = axes_of("heatmap", z="1,2;3,;5,60", x="a,b", y="top,middle,bottom")
    assert np.ma.filled(ax.collections[0].get_array(), -1).tolist() == [[1, 2], [3, -1], [5, 60]]
    assert corners(ax.collections[0]) == ([-0.5, 0.5, 1.5], [-0.5, 0.5, 1.5, 2.5])
    assert ax.yaxis.get_inverted()
    assert tick_texts(ax.yaxis) == ["top", "middle", "bottom"]
    found = written(ax)
    assert [text for text, _, _ in found] == ["1", "2", "3", "5", "60"]
    assert_allclose(
        [np.floor(np.add(place, 0.5)) for _, _, place in found],
        [(0, 0), (1, 0), (0, 1), (0, 2), (1, 2)],
    )
    assert found[0][1][:3] == (1, 1, 1)  # white on viridis' dark violet
    assert found[-1][1][:3] == (0, 0, 0)  # black on its yellow


def test_heatmap_without_values() -> None:
    def has_values(**given: Any) -> bool:
        children = axes_of("heatmap", **given).get_children()
        return any(type(child).__name__ == "Values" for child in children)

    assert has_values(z=Z)
    assert not has_values(z=Z, values="0")
    row = ",".join("1" * 26)
    assert not has_values(z=";".join([row] * 26))


def test_values_are_left_out_where_they_do_not_fit() -> None:
    assert written(axes_of("heatmap", z="1,2;3,4"))
    assert not written(axes_of("heatmap", z="1,2;3,4", width="40", height="20"))
    assert not written(axes_of("heatmap", z=",".join(["123456"] * 40)))


def test_numbers_in_cells_are_short() -> None:
    texts = [text for text, _, _ in written(axes_of("heatmap", z="1.23456,-20.5;12345,0.001"))]
    assert texts == ["1", "\N{MINUS SIGN}20", "12,345", "0"]
    texts = [text for text, _, _ in written(axes_of("heatmap", z="0.123456,0.5"))]
    assert texts == ["0.123", "0.500"]


def test_numbers_and_dates_are_names_in_order() -> None:
    ax = axes_of(
        "heatmap", x="3,1,3,1", y="2026-01-02,2026-01-02,2026-01-01,2026-01-01", z="1,2,3,4"
    )
    assert ax.collections[0].get_array().tolist() == [[4, 3], [2, 1]]
    assert tick_texts(ax.xaxis) == ["1", "3"]
    assert tick_texts(ax.yaxis) == ["2026-01-01", "2026-01-02"]
    ax = axes_of("heatmap", z="1,2", x="2026-01-01T00:00,2026-01-01T12:30")
    assert tick_texts(ax.xaxis) == ["2026-01-01", "2026-01-01 12:30:00"]


def test_heatmap_of_one_number() -> None:
    assert [text for text, _, _ in written(axes_of("heatmap", z="7"))] == ["7"]


def test_names_have_no_log_scale(client: Client) -> None:
    query = {"z": Z, "x": "1,2,3", "xscale": "log"}
    assert problems(client, "/plot/heatmap.png", query) == [("xscale", "invalid-scale")]


# quiver, barbs and stream


def test_quiver_draws_its_numbers() -> None:
    (arrows,) = axes_of("quiver", x="1,2,3", y="4,5,6", dx="3,,0", dy="4,1,-10").collections
    assert arrows.get_offsets().tolist() == [[1, 4], [3, 6]]
    # As many times the greatest part as the scale says; the scale is one for all.
    assert_allclose(np.array([arrows.U, arrows.V]).T * 10, [(3, 4), (0, -10)])
    assert_allclose(arrows.get_facecolor()[0], to_rgba(LIGHT.palette[0]))


def test_quiver_options() -> None:
    plain, long = (axes_of("quiver", **FLOW, length=n).collections[0] for n in ("1", "2"))
    assert_allclose(plain.scale, 2 * long.scale)
    tail = axes_of("quiver", **FLOW, pivot="tail").collections[0]
    assert (plain.pivot, tail.pivot) == ("middle", "tail")


def test_an_arrow_is_as_long_as_it_says() -> None:
    """The longest of two is twice the other, in the picture."""
    ax = axes_of("quiver", x="0,1", y="0,0", dx="1,2", dy="0,0", length="3")
    ax.figure.canvas.draw()
    short, long = (np.ptp(each.vertices[:, 0]) for each in ax.collections[0].get_paths())
    assert_allclose(long / short, 2, rtol=0.01)


@pytest.mark.parametrize("kind", VECTORS)
def test_colors_of_speed(kind: str) -> None:
    given = {"dx": "3,0;6,0", "dy": "4,0;8,2"}
    figure = figure_of(kind, **given, colormap="magma", zlabel="Speed")
    drawn: Any = figure.axes[0].collections[0]
    assert (drawn.norm.vmin, drawn.norm.vmax) == (0, 10)
    if kind != "stream":
        assert drawn.get_array().tolist() == [5, 0, 10, 2]
    assert figure.axes[1].yaxis.label.get_text() == "Speed"
    assert len(figure_of(kind, **given).axes) == 1


@pytest.mark.parametrize("kind", VECTORS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"dy": ""}, "dy"),
        ({"dx": "a,b,c;1,2,3"}, "dx"),
        ({"zlabel": "Speed"}, "zlabel"),
        ({"colormap": "jet"}, "colormap"),
        ({"z": "1,2"}, "z"),
    ],
)
def test_what_has_no_direction(client: Client, kind: str, query: Any, parameter: str) -> None:
    found = problems(client, f"/plot/{kind}.png", FLOW | query)
    assert [name for name, _ in found] == [parameter]


@pytest.mark.parametrize("kind", VECTORS)
@pytest.mark.parametrize("colormap", ["", "viridis"])
def test_calm_and_storm(client: Client, kind: str, colormap: str) -> None:
    for speed in ("0", "1e300", "1e-300"):
        query = {"dx": f"{speed},-{speed};0,{speed}", "dy": f"{speed},0;0,{speed}"}
        query |= {"colormap": colormap} | ({"flag": "1e299"} if kind == "barbs" else {})
        assert client.get(f"/plot/{kind}.png", query).status_code == 200


def test_barbs_draw_their_numbers() -> None:
    (barbs,) = axes_of("barbs", x="1,2,3", y="4,5,6", dx="30,,0", dy="40,1,10").collections
    assert barbs.get_offsets().tolist() == [[1, 4], [3, 6]]
    assert_allclose(np.array([barbs.u, barbs.v]).T, [(30, 40), (0, 10)])


def test_barbs_options() -> None:
    (barbs,) = axes_of("barbs", **FLOW, flag="5", length="9").collections
    assert_allclose(barbs.u[0], 10)  # of 50: 1 of 5
    assert barbs._length == 9  # drawn as large as asked for
    assert axes_of("barbs", **FLOW, length="9", width="120").collections[0]._length == 4.5


def test_a_barb_holds_so_many_flags(client: Client) -> None:
    """matplotlib would put each of them on, one by one."""
    for speed in ("1001", "1e300"):
        query = {"dx": speed, "dy": "0"}
        assert problems(client, "/plot/barbs.png", query) == [("flag", "out-of-range")]
    assert client.get("/plot/barbs.png", {"dx": "1000", "dy": "0"}).status_code == 200


def test_barbs_are_few(client: Client) -> None:
    many = ",".join("1" * 5001)
    query = {"dx": many, "dy": many}
    assert problems(client, "/plot/barbs.png", query) == [("dx", "too-much")]


def test_stream_follows_the_flow() -> None:
    ax = axes_of("stream", dx="1,1;1,1", dy="0,0;0,0", linewidth="2")
    lines = ax.collections[0].get_segments()
    assert len(lines) > 20
    for line in lines:
        assert (np.diff(line[:, 0]) >= 0).all() and line[-1, 0] > line[0, 0]
        assert_allclose(line[:, 1], line[0, 1])
    assert set(ax.collections[0].get_linewidth()) == {2}
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 1), (0, 1))


def test_stream_is_as_dense_as_asked() -> None:
    sparse, dense = (
        len(axes_of("stream", **FLOW, density=density).patches) for density in ("0.3", "2")
    )
    assert 0 < sparse < dense / 3


def test_stream_leaves_gaps() -> None:
    full = ",".join("1" * 9)
    dx = ";".join([full] * 9)
    holed = ";".join([full] * 3 + ["1,1,1,,,,1,1,1"] * 3 + [full] * 3)
    for given, crossed in ((dx, True), (holed, False)):
        lines = axes_of("stream", dx=given, dy=dx).collections[0].get_segments()
        within = np.abs(np.concatenate(lines) - 4) < 0.8
        assert bool(within.all(axis=1).any()) == crossed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"x": "0,1,5"}, ("x", "uneven")),
        ({"dx": "1,2", "dy": "1,2"}, ("dx", "too-few")),
        ({"dx": "1;2", "dy": "1;2"}, ("dx", "too-few")),
        ({"x": "1,2,3", "xscale": "log"}, ("xscale", "invalid-scale")),
        ({"density": "2.1"}, ("density", "max_value")),
        ({"density": "0"}, ("density", "min_value")),
    ],
)
def test_what_cannot_be_followed(client: Client, query: Any, found: Any) -> None:
    assert problems(client, "/plot/stream.png", FLOW | query) == [found]


@pytest.mark.parametrize("kind", [*MAPPED, *VECTORS])
def test_no_option_is_without_effect(kind: str) -> None:
    others = {"colormap": "magma", "norm": "log", "vmin": "2", "vmax": "5", "zlabel": "Metres"}
    others |= {"interpolation": "bilinear", "origin": "upper", "levels": "3", "linewidth": "5"}
    others |= {"labels": "1", "values": "0", "length": "9", "pivot": "tip", "flag": "5"}
    others |= {"density": "2"}
    given = {name: [value] for name, value in data_of(kind).items()}
    if kind in VECTORS:
        given["colormap"] = ["viridis"]
    plain = render(read_spec(kind, given)).content
    for option in kinds.get(kind).options.base_fields:
        changed = render(read_spec(kind, given | {option: [others[option]]})).content
        assert changed != plain, option


def test_errors_are_found_before_drawing() -> None:
    for kind, given in (("contour", {"z": "5,5;5,5"}), ("image", {"z": Z, "x": "1,2,9"})):
        with pytest.raises(PlotError):
            read_spec(kind, {name: [value] for name, value in given.items()})


# Hazards


@pytest.mark.parametrize(
    ("kind", "side", "options"),
    [
        ("image", 300, {}),
        ("mesh", 300, {}),
        ("heatmap", 300, {}),
        ("heatmap", 25, {}),
        ("contour", 300, {"levels": 50, "labels": True}),
        ("contourf", 300, {"levels": 50}),
        ("quiver", 200, {"colormap": "viridis", "length": 10}),
        ("barbs", 70, {"flag": 0.5, "length": 20}),
        ("stream", 100, {"density": 2}),
    ],
)
def test_noise_is_drawn_soon(kind: str, side: int, options: dict[str, Any]) -> None:
    """Of noise there is most to draw: contours around each number, lines that turn everywhere."""
    noise = np.random.default_rng(1)
    names = ("dx", "dy") if kind in VECTORS else ("z",)
    given = {name: noise.normal(size=(side, side)).round(2) for name in names}
    with deadline():
        assert render(plot_spec(kind, **given, **options)).content


def test_a_bar_of_one_line_shows_the_colors_around_it() -> None:
    figure = figure_of("contour", z="0,10;0,10", levels="2")
    assert len(figure.axes[0].collections[0].get_paths()) == 1
    assert tick_texts(figure.axes[1].yaxis)[0] == "0"


@pytest.mark.parametrize("drawn", ["plot", "scatter"])
def test_what_maps_no_numbers_has_no_bar(drawn: str) -> None:
    @register_kind("returning", channels=XY)
    def returning(ax: Any, data: Any) -> Any:
        return getattr(ax, drawn)([1, 2], [3, 4])

    try:
        assert len(figure_of("returning", y="1,2").axes) == 1
    finally:
        kinds.unregister("returning")
