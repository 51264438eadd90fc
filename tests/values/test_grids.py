"""Grids: rows and long columns, in URLs, tags and sources, and folded back to a grid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.template import Context, Template
from django.test import Client
from numpy.testing import assert_allclose

from plots.data.loading import load
from plots.errors import PlotError
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.spec.registry import source, sources
from plots.values import grids
from plots.values.grids import fold, spaced_evenly
from tests.helpers import problems

LONG = {"x": [0, 1, 0, 1], "y": [0, 0, 1, 1], "z": [1, 2, 3, 4]}


def columns_of(**given: Any) -> dict[str, list[float]]:
    (series,) = load(plot_spec(given.pop("kind", "mesh"), **given)).series
    return {name: column.tolist() for name, column in series.columns.items()}


@pytest.fixture
def measured() -> Iterator[None]:
    @source("measured", visibility="public")
    def measured() -> dict[str, list[float]]:
        return {"east": [0, 1, 0, 1], "north": [0, 0, 1, 1], "depth": [1, 2, 3, 4]}

    yield
    sources.unregister("measured")


@pytest.mark.parametrize(
    "z",
    [
        "1,2;3,4",
        [[1, 2], [3, 4]],
        ((1, 2), (3, 4)),
        np.array([[1, 2], [3, 4]]),
        [np.array([1, 2]), range(3, 5)],
    ],
    ids=["text", "lists", "tuples", "array", "rows"],
)
def test_rows_become_long_columns_with_the_first_row_lowest(z: Any) -> None:
    assert columns_of(z=z) == LONG


def test_rows_may_be_repeated_parameters(client: Client) -> None:
    one, other = (client.get("/plot/mesh.json", {"z": z}) for z in ("1,2;3,4", ["1,2", "3,4"]))
    assert one.content == other.content


def test_positions_of_columns_and_rows() -> None:
    drawn = columns_of(z="1,2;3,4", x="10,20", y="5,7")
    assert drawn == {"x": [10, 20, 10, 20], "y": [5, 5, 7, 7], "z": [1, 2, 3, 4]}
    data = load(plot_spec("mesh", z="1,2;3,4", x=["a", "b"], y="2026-01-01,2026-01-03"))
    assert data.series[0].columns["x"].tolist() == [0, 1, 0, 1]
    assert (data.axis("x").names, data.axis("y").dtype) == (("a", "b"), "date")


def test_long_columns_are_not_changed() -> None:
    assert columns_of(x="1,1,2", y="5,6,5", z="7,,9")["x"] == [1, 1, 2]
    assert columns_of(x="1", y="5", z="7") == {"x": [1], "y": [5], "z": [7]}


def test_one_row_and_one_column() -> None:
    assert columns_of(z="1,2,3") == {"x": [0, 1, 2], "y": [0, 0, 0], "z": [1, 2, 3]}
    assert columns_of(z=[[1, 2, 3]], x="5,6,7", y="9")["y"] == [9, 9, 9]
    assert columns_of(z="1;2;3") == {"x": [0, 0, 0], "y": [0, 1, 2], "z": [1, 2, 3]}


def test_gaps_are_kept(client: Client) -> None:
    drawn = columns_of(z="1,;nan,4")
    assert np.isnan(drawn["z"]).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"z": "1,2;3"}, "z", "unequal-lengths"),
        ({"z": ["1,2", "3,4,5"]}, "z", "unequal-lengths"),
        ({"z": "1,a;3,4"}, "z", "not-a-number"),
        ({"z": "1,2;3,4", "x": "1,2,3"}, "x", "unequal-lengths"),
        ({"z": "1,2;3,4", "y": "1"}, "y", "unequal-lengths"),
        ({"z": "1,2,3", "y": "1,2,3"}, "y", "unequal-lengths"),
        ({"z": "1,2;3,4", "x": "7,7"}, "x", "repeated-place"),
        ({"z": "1,2;3,4", "y": "a,a"}, "y", "repeated-place"),
        ({"x": "1,2", "y": "1,2", "z": "1,2,3"}, "z", "unequal-lengths"),
        ({"x": "1,2"}, "z", "required"),
        ({"z": "1,2;3,1e301"}, "z", "out-of-range"),
    ],
)
def test_invalid_grids_are_refused(client: Client, query: Any, parameter: str, code: str) -> None:
    assert (parameter, code) in problems(client, "/plot/mesh.png", query)


@pytest.mark.parametrize("z", [[[1, 2], 3], np.array(5), 5, [["a", "b"], ["c", "d"]]])
def test_invalid_python_grids_are_refused(z: Any) -> None:
    with pytest.raises(PlotError) as caught:
        plot_spec("mesh", z=z)
    assert caught.value.parameter == "z"


def test_grids_must_have_the_same_shape(client: Client) -> None:
    drawn = columns_of(kind="quiver", dx="1,2;3,4", dy=np.zeros((2, 2)))
    speeds = {"z": [1, 2, 3, 4]}  # for the description
    assert drawn == {"x": LONG["x"], "y": LONG["y"], "dx": [1, 2, 3, 4], "dy": [0] * 4} | speeds
    for dy in ("1,2;3,4;5,6", "1,2", "1,2,3,4"):
        found = problems(client, "/plot/quiver.png", {"dx": "1,2;3,4", "dy": dy})
        assert found == [("dy", "unequal-lengths")]
    assert columns_of(kind="quiver", x="5,6", y="7,8", dx="1,2", dy="3,4")["dy"] == [3, 4]


@pytest.mark.parametrize("z", ["1,2;3,4", "1,,3;4,5.5,6", "1;2", "1,2,3"])
def test_grid_survives_writing_and_reading(z: str) -> None:
    spec = read_spec("mesh", {"z": [z]})
    assert write_parameters(spec) == {"z": [z]}
    assert read_spec("mesh", write_parameters(spec)) == spec


def test_tag_accepts_an_array(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    template = Template('{% load plots %}{% plot_url "mesh" z=grid %}')
    for grid in (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]):
        url = template.render(Context({"grid": grid}))
        assert url.startswith("/plot/mesh.png?z=1,2;3,4&")
        assert client.get(url.replace("&amp;", "&")).status_code == 200


def test_csv_and_json_show_long_columns(client: Client) -> None:
    lines = client.get("/plot/mesh.csv", {"z": "1,2;3,", "x": "a,b"}).content.decode().split()
    assert lines == ["x,y,z", "a,0,1", "b,0,2", "a,1,3", "b,1,"]
    columns = client.get("/plot/heatmap.json", {"z": "1,2;3,4"}).json()["columns"]
    assert {each["name"]: each["values"] for each in columns} == LONG


def test_source_supplies_long_columns(client: Client, measured: None) -> None:
    query = {"source": "measured", "x": "east", "y": "north", "z": "depth"}
    (series,) = load(read_spec("mesh", {name: [value] for name, value in query.items()})).series
    assert {name: column.tolist() for name, column in series.columns.items()} == LONG
    assert client.get("/plot/mesh.png", query).status_code == 200
    assert client.get("/plot/contour.csv", query).content.splitlines()[0] == b"east,north,depth"
    found = problems(client, "/plot/mesh.png", query | {"z": "dept"})
    assert found == [("z", "unknown-column")]


def test_fold_makes_a_grid_of_long_columns() -> None:
    x, y, z = (
        np.array(column, float) for column in ([2, 1, 1, np.nan], [5, 5, 7, 5], [1, 2, 3, 4])
    )
    columns, rows, values = fold(x, y, z)
    assert (columns.tolist(), rows.tolist()) == ([1, 2], [5, 7])
    assert_allclose(values, np.array([[2, 1], [3, np.nan]]))
    assert fold(*np.array([[1, 1], [1, 1], [5, 6]], float))[2].tolist() == [[6]]


def test_number_of_cells_is_limited(client: Client) -> None:
    many = ",".join(map(str, range(501)))
    query = {"x": many, "y": many, "z": many}
    assert problems(client, "/plot/mesh.png", query) == [("x", "too-much")]
    assert grids.MAX_CELLS == 250_000


def test_even_spacing() -> None:
    assert spaced_evenly(np.array([0.33, 0.67, 1.0]), "x").tolist() == [0.33, 0.665, 1.0]
    assert spaced_evenly(np.array([7.0]), "x").tolist() == [7]
    with pytest.raises(PlotError, match="not evenly spaced"):
        spaced_evenly(np.array([1.0, 2.0, 4.0]), "x")
