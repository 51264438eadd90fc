"""Two-dimensional histograms and hexagonal bins."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from matplotlib.figure import Figure

from tests.helpers import problems
from tests.kinds.artists import DAYS, TWO, noise
from tests.measure import axes_of, tick_texts


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


def test_hexagons_match_matplotlib() -> None:
    x, y = noise(500), noise(500, 2)
    ours = axes_of("hexbin", x=x, y=y, gridsize="9").collections[0]
    given = [[float(each) for each in column.split(",")] for column in (x, y)]
    theirs: Any = Figure().add_subplot().hexbin(*given, gridsize=9, mincnt=1)
    assert sorted(ours.get_array().tolist()) == sorted(theirs.get_array().tolist())
