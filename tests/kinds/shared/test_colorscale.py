"""Colours that show numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import LogNorm, to_rgba

from plots import XY
from plots import kind as register_kind
from plots.errors import PlotError
from plots.forms.options import COLORMAPS
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.kinds.shared.colorscale import color_limits
from plots.kinds.shared.contrast import black_or_white_on, legible_colors
from plots.rendering.render import render
from plots.spec.registry import kinds
from plots.spec.themes import DARK, LIGHT
from tests.gridded import DAYS, MAPPED, VECTORS, Z, bar_of, data_of, mapped
from tests.hazards import deadline
from tests.helpers import problems
from tests.measure import axes_of, figure_of, layout_problems, tick_texts


@pytest.mark.parametrize("kind", MAPPED)
def test_colors_range_from_the_smallest_to_the_largest(kind: str) -> None:
    norm = mapped(kind, z=Z).norm
    assert (norm.vmin, norm.vmax) == (1, 7)
    norm = mapped(kind, z=Z, vmin="2", vmax="6").norm
    assert (norm.vmin, norm.vmax) == (2, 6)
    norm = mapped(kind, z="1,10;100,1000", norm="log").norm
    assert isinstance(norm, LogNorm) and (norm.vmin, norm.vmax) == (1, 1000)


@pytest.mark.parametrize("kind", MAPPED)
def test_a_colorbar_labels_the_colors(kind: str) -> None:
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
def test_a_colorbar_of_lines_has_all_lines(z: str, norm: str, count: str) -> None:
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
def test_a_colorbar_is_not_cut_off(kind: str, size: tuple[int, int]) -> None:
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
def test_equal_numbers(kind: str) -> None:
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
def test_invalid_color_scales(client: Client, kind: str, query: Any, parameter: str) -> None:
    found = problems(client, f"/plot/{kind}.png", {"z": Z} | query)
    assert [name for name, _ in found] == [parameter]


def test_color_limits_of_equal_numbers() -> None:
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
def test_contrast_of_lines_and_labels(theme: Any) -> None:
    def luminance(color: Any) -> float:
        rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(color)]
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]

    def contrast(one: Any, other: Any) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    for name in COLORMAPS:
        colors = legible_colors(name, theme.ground)
        seen = [colors(i) for i in range(colors.N)]
        assert len(seen) > 50
        assert min(contrast(color, theme.ground) for color in seen) >= 3
        for ground, ink in zip(seen, black_or_white_on(seen), strict=True):
            assert contrast(ground, ink) >= 4.5


def test_errors_are_found_before_drawing() -> None:
    for kind, given in (("contour", {"z": "5,5;5,5"}), ("image", {"z": Z, "x": "1,2,9"})):
        with pytest.raises(PlotError):
            read_spec(kind, {name: [value] for name, value in given.items()})


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
    """Noise is the most expensive: contours around each number, lines that turn everywhere."""
    noise = np.random.default_rng(1)
    names = ("dx", "dy") if kind in VECTORS else ("z",)
    given = {name: noise.normal(size=(side, side)).round(2) for name in names}
    with deadline():
        assert render(plot_spec(kind, **given, **options)).content


def test_a_mappable_without_numbers_has_no_colorbar() -> None:
    @register_kind("returning", channels=XY)
    def returning(ax: Any, data: Any) -> Any:
        return ax.scatter([1, 2], [3, 4])

    try:
        assert len(figure_of("returning", y="1,2").axes) == 1
    finally:
        kinds.unregister("returning")
