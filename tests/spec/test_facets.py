"""Panels of small multiples, read back from the Artists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

import plots
from plots.data.loading import load
from plots.data.model import Axis, Data
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.figure import build
from plots.spec.plot_spec import Inline, PlotSpec
from plots.spec.registry import kinds
from plots.spec.themes import LIGHT
from plots.values.grids import unfold
from tests.helpers import ask
from tests.measure import layout_problems, panels_of
from tests.multiples import BIRDS, many, panels


def message(client: Client, kind: str, **query: Any) -> str:
    """The only error of a request, which is about the parameter facet."""
    response = ask(client, f"/plot/{kind}.png", query)
    assert response.status_code == 400
    ((error),) = response.json()["errors"]
    assert error["parameter"] == "facet"
    return str(error["message"])


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


def test_a_series_has_one_colour_in_all_panels() -> None:
    for ax in panels("line", **BIRDS).values():
        colors = {line.get_label(): to_hex(line.get_color()) for line in ax.lines}
        assert colors == {"a": LIGHT.palette[0], "b": LIGHT.palette[1]}


def test_a_single_name_is_a_panel_with_a_title() -> None:
    (title,) = panels("line", y="1,2", facet="Only,Only")
    assert title == "Only"


def test_rows_without_a_name_are_a_panel() -> None:
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
def test_numbers_and_dates_ascend_and_names_keep_their_order(facet: str, titles: list[str]) -> None:
    assert list(panels("line", y="1,2,3,4", facet=facet)) == titles


def test_rows_are_counted_within_their_panel() -> None:
    found = panels("line", y="5,6,7,8,9", facet="a,b,a,b,a")
    assert [ax.lines[0].get_xdata().tolist() for ax in found.values()] == [[0, 1, 2], [0, 1]]


def test_repeated_columns_are_series_of_every_panel() -> None:
    found = panels("line", y=["1,2,3,4", "5,6,7,8"], label=["p", "q"], facet="a,a,b,b")
    drawn = [[line.get_ydata().tolist() for line in ax.lines] for ax in found.values()]
    assert drawn == [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]


def test_seventeen_panels_are_rejected(client: Client) -> None:
    text = message(client, "line", **many(17))
    assert "17" in text and "16" in text and "by" in text
    assert client.get("/plot/line.png", many(16)).status_code == 200


@pytest.mark.parametrize("kind", ["pie", "radar", "sparkline", "stairs", "gauge"])
def test_kinds_without_panels_reject_facet(client: Client, kind: str) -> None:
    example = {**kinds.get(kind).example, "facet": "a"}
    assert "not drawn in panels" in message(client, kind, **example)


def test_facet_must_be_as_long_as_the_columns(client: Client) -> None:
    assert "2 values" in message(client, "line", y="1,2,3", facet="a,b")
    assert "2 values" in message(client, "mesh", z="1,2;3,4", facet="a,b")


PANELLED = [kind.name for kind in kinds if any(c.name == "facet" for c in kind.accepted_channels)]


def test_every_kind_with_axes_and_rows_has_panels() -> None:
    others = {kind.name for kind in kinds} - set(PANELLED)
    bare = {kind.name for kind in kinds if kind.no_axes}
    assert others == bare | {"stairs", "formula", "normal"}


def in_panels(kind: str) -> tuple[PlotSpec, PlotSpec]:
    """The example of ``kind``, and the same rows in panels a and b, with only a gap in c."""
    spec = read_spec(kind, as_parameters(kinds.get(kind).example))
    assert isinstance(spec.data, Inline)
    grids = [channel.name for channel in kinds.get(kind).channels if channel.dtype == "grid"]
    columns = dict(unfold(spec.data.columns, grids))
    rows = len(next(iter(columns.values()))[0])
    panelled: dict[str, Any] = {
        name: tuple((*c, *c, c[0] if name == "by" else None) for c in each)
        for name, each in columns.items()
    }
    panelled["facet"] = (("a",) * rows + ("b",) * rows + ("c",),)
    return spec, replace(spec, data=Inline(panelled))


@pytest.mark.parametrize("kind", PANELLED)
def test_a_panel_of_any_kind_draws_the_same_as_a_plot_of_its_rows(kind: str) -> None:
    spec, panelled = in_panels(kind)
    whole, data = load(spec), load(panelled)
    assert list(data.panels) == ["a", "b", "c"]
    first, second, empty = data.iter_panels()
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


@pytest.fixture
def own_kinds() -> Any:
    """Kinds that do nothing about panels."""

    def sums(data: Data, **_: object) -> Data:
        names = tuple(f"{series.label}: {np.nansum(series.y):g}" for series in data.series)
        return replace(data, axes={"x": Axis("category", names), "y": Axis()})

    @plots.kind("dots", channels=plots.XY)
    def dots(ax: Any, data: Data) -> None:
        for series in data.series:
            ax.plot(series.x, series.y, "o", label=series.label)
        ax.set_title(f"{data.series[0].y.size} rows")

    plots.kind("sums", channels=plots.XY, transform=sums)(lambda ax, data: None)
    plots.kind("whole", channels=plots.XY, panels=False)(lambda ax, data: None)
    yield
    for name in ("dots", "sums", "whole"):
        kinds.unregister(name)


@pytest.mark.usefixtures("own_kinds")
def test_kinds_of_other_apps_have_panels(client: Client) -> None:
    found = panels("dots", **BIRDS)
    assert [ax.lines[1].get_ydata().tolist() for ax in found.values()] == [[4], [40, 10, 20], [6]]
    assert client.get("/plot/dots.png", BIRDS).status_code == 200
    assert client.get("/plot/dots.png", {"y": "1,2"}).status_code == 200


@pytest.mark.usefixtures("own_kinds")
def test_a_kind_may_have_no_panels(client: Client) -> None:
    assert "not drawn in panels" in message(client, "whole", **BIRDS)


@pytest.mark.usefixtures("own_kinds")
def test_panels_whose_axes_differ_are_rejected(client: Client) -> None:
    assert "share their axes" in message(client, "sums", **BIRDS)
