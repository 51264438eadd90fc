"""Diverging colormaps: centred, and the default for numbers of both signs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib import colormaps
from matplotlib.colors import to_rgba

from plots.spec.themes import DARK, LIGHT
from tests.gridded import bar_of, mapped
from tests.helpers import problems
from tests.measure import axes_of, figure_of, panels_of, tick_texts

BOTH = "-2,1;3,8"
FILLED = ["heatmap", "mesh", "image", "contourf"]
POINTS = {"x": "0,1,0,1,0.5", "y": "0,0,1,1,0.5", "z": "-2,1,3,8,2"}
MIDDLE = colormaps["RdBu"](0.5)


def z_of(kind: str) -> dict[str, str]:
    return POINTS if kind.startswith("tri") else {"z": BOTH}


def scale_of(kind: str, **parameters: Any) -> Any:
    """Return the Artist whose colours show numbers."""
    if kind == "scatter":
        return axes_of("scatter", y="1,2,3,4", color="-2,1,3,8", **parameters).collections[0]
    return mapped(kind, **{**z_of(kind), **parameters})


@pytest.mark.parametrize("kind", [*FILLED, "tripcolor", "tricontourf", "scatter"])
def test_numbers_of_both_signs_have_a_centred_diverging_colormap(kind: str) -> None:
    scale = scale_of(kind)
    assert scale.get_cmap().name == "RdBu"
    assert scale.norm.vmin == -scale.norm.vmax and scale.norm.vmax >= 8
    assert np.allclose(scale.to_rgba(0.0, alpha=1), MIDDLE, atol=0.02)
    red, blue = scale.to_rgba(-2.0, alpha=1), scale.to_rgba(2.0, alpha=1)
    assert red[0] > red[2] and blue[2] > blue[0]


@pytest.mark.parametrize("kind", ["contour", "tricontour"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_below_the_centre_are_red_and_above_it_blue(kind: str, theme: Any) -> None:
    name = "light" if theme is LIGHT else "dark"
    scale = scale_of(kind, theme=name)
    for level, color in zip(scale.levels, scale.to_rgba(scale.levels), strict=True):
        assert level == 0 or (color[0] > color[2]) == (level < 0), level


@pytest.mark.parametrize("kind", [*FILLED, "scatter"])
def test_a_chosen_colormap_and_center(kind: str) -> None:
    assert scale_of(kind, colormap="magma").get_cmap().name == "magma"
    chosen = scale_of(kind, colormap="PuOr", center="3")
    assert np.allclose(chosen.to_rgba(3.0, alpha=1), colormaps["PuOr"](0.5), atol=0.02)
    assert scale_of(kind, center="none").get_cmap().name == "viridis"
    assert scale_of(kind, center="-5").get_cmap().name == "viridis"  # all are above it
    free = scale_of(kind, colormap="RdBu", center="none").norm
    assert (free.vmin, free.vmax) == (-2, 8) or kind == "contourf"


@pytest.mark.parametrize("kind", ["heatmap", "mesh", "image"])
def test_limits_cut_the_colormap_off(kind: str) -> None:
    """Equal distances from the centre stay equally strong, and the bar shows no other colour."""
    scale = scale_of(kind, vmin="-2")
    assert (scale.norm.vmin, scale.norm.vmax) == (-2, 8)
    whole = colormaps["RdBu"]
    for number in (-2, 0, 2, 8):
        assert np.allclose(scale.to_rgba(float(number)), whole(0.5 + number / 16), atol=0.02)
    above = scale_of(kind, vmin="2", vmax="8", colormap="RdBu")
    assert np.allclose(above.to_rgba(2.0), whole(0.5 + 2 / 16), atol=0.02)
    low, high = bar_of(kind, z=BOTH, vmin="-2").get_ylim()
    assert (low, high) == (-2, 8)
    assert "0" in tick_texts(bar_of(kind, z=BOTH).yaxis)


@pytest.mark.parametrize("z", ["1,2;3,4", "0,2;3,4", "-1,-2;-3,-4", "-1e-12,2;3,4", ",;,"])
def test_numbers_of_one_sign_have_none(z: str) -> None:
    figure = figure_of("mesh", z=z)
    for each in figure.axes[0].collections:
        assert each.get_cmap().name == "viridis"


def test_counts_and_logs_have_none() -> None:
    hexbin = axes_of("hexbin", x="-1,0,1,2", y="-1,0,1,-2").collections[0]
    hist2d = axes_of("hist2d", x="-1,0,1,2", y="-1,0,1,-2").collections[0]
    assert {each.get_cmap().name for each in (hexbin, hist2d)} == {"viridis"}
    assert scale_of("mesh", z="1,10;100,1000", norm="log").get_cmap().name == "viridis"


def test_panels_share_the_centre() -> None:
    grid = {"x": "1,2,1,2,1,2,1,2", "y": "1,1,2,2,1,1,2,2", "facet": "A,A,A,A,B,B,B,B"}
    figure = figure_of("mesh", **grid, z="1,2,3,4,-9,1,2,3")
    scales = [ax.collections[0] for ax in panels_of(figure)]
    assert {(each.norm.vmin, each.norm.vmax) for each in scales} == {(-9, 9)}
    assert {each.get_cmap().name for each in scales} == {"RdBu"}
    dots = figure_of("scatter", x="1,2,3,4", y="1,2,3,4", color="1,2,-9,1", facet="A,A,B,B")
    assert {ax.collections[0].get_clim() for ax in panels_of(dots)} == {(-9, 9)}


def test_a_marker_that_is_nearly_white_has_an_edge() -> None:
    marks = scale_of("scatter")
    assert marks.get_linewidths()[0] > 0
    assert np.allclose(marks.get_edgecolor()[0][:3], to_rgba(LIGHT.line)[:3])


def test_the_words_say_what_the_colours_mean(client: Client) -> None:
    said = client.get("/plot/mesh.txt", {"z": BOTH}).content.decode()
    assert "Red is below 0, blue is above it." in said
    assert "Red is" not in client.get("/plot/mesh.txt", {"z": "1,2;3,4"}).content.decode()
    far = {"z": "270,275;280,290", "colormap": "RdBu"}
    assert "Set center to a number" in client.get("/plot/mesh.txt", far).content.decode()
    assert (
        "Set center" not in client.get("/plot/mesh.txt", {**far, "center": "280"}).content.decode()
    )
    assert (
        "Red is" in client.get("/plot/scatter.txt", {"y": "1,2", "color": "-1,1"}).content.decode()
    )


@pytest.mark.parametrize("center", ["1e300", "-1e300", "1e-300", "-7"])
@pytest.mark.parametrize("z", ["-1e300,1e300;0,1", "-5,-5;-5,-5", "0,0;0,0", "-1e-300,1e-300;0,0"])
def test_any_numbers_have_colours(z: str, center: str) -> None:
    for colormap in ("auto", "BrBG"):
        scale = scale_of("mesh", z=z, center=center, colormap=colormap)
        assert np.isfinite(scale.to_rgba(scale.get_array())).all()
        assert scale.norm.vmin < scale.norm.vmax


@pytest.mark.parametrize("center", ["x", "nan", "inf", "1e301", "1_000", "NONE "])
def test_an_invalid_center(client: Client, center: str) -> None:
    assert problems(client, "/plot/mesh.png", {"z": BOTH, "center": center}) == [
        ("center", "invalid")
    ]
