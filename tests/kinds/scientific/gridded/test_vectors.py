"""Arrows, wind barbs and streamlines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_rgba
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.gridded import FLOW, VECTORS
from tests.helpers import problems
from tests.measure import axes_of, figure_of


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


def test_lengths_of_arrows() -> None:
    """One arrow is twice as long as the other."""
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
def test_invalid_vectors(client: Client, kind: str, query: Any, parameter: str) -> None:
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


def test_the_number_of_flags_is_limited(client: Client) -> None:
    """matplotlib builds barbs one by one."""
    for speed in ("1001", "1e300"):
        query = {"dx": speed, "dy": "0"}
        assert problems(client, "/plot/barbs.png", query) == [("flag", "out-of-range")]
    assert client.get("/plot/barbs.png", {"dx": "1000", "dy": "0"}).status_code == 200


def test_the_number_of_barbs_is_limited(client: Client) -> None:
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


def test_stream_density() -> None:
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
def test_invalid_streamlines(client: Client, query: Any, found: Any) -> None:
    assert problems(client, "/plot/stream.png", FLOW | query) == [found]
