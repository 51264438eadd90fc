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
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

import plots
from plots.data.loading import load
from plots.data.model import Axis, Data
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.presets.models import Preset
from plots.rendering.figure import build
from plots.spec.plot_spec import Inline, PlotSpec
from plots.spec.registry import kinds, sources
from plots.spec.themes import LIGHT
from plots.values.grids import unfold
from tests.helpers import ask
from tests.measure import layout_problems, panels_of
from tests.multiples import BIRDS, many, panels


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


PANELLED = [kind.name for kind in kinds if any(c.name == "facet" for c in kind.accepted_channels)]


def test_every_kind_with_axes_whose_rows_are_given_has_panels() -> None:
    others = {kind.name for kind in kinds} - set(PANELLED)
    bare = {kind.name for kind in kinds if kind.no_axes}
    assert others == bare | {"stairs", "formula", "normal"}


def in_panels(kind: str) -> tuple[PlotSpec, PlotSpec]:
    """The example of ``kind``; and its rows for a and for b, with nothing but a gap for c."""
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
def test_a_panel_of_any_kind_draws_what_it_would_alone(kind: str) -> None:
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
    assert words.startswith("Line chart of mass, for each year. 3 panels, 2 series, 4 points; ")
    assert "Panels: 2007, 2008, 2009." in words
    assert "2007, m: 2." in words
    assert "2009, m" not in words  # there is none
    rows = list(csv.reader(StringIO(client.get("/plot/line.csv", query).content.decode())))
    assert rows[0] == ["mass", "sex", "year"] and rows[1] == ["1", "f", "2009"]


def test_words_of_one_series_in_each_panel(client: Client) -> None:
    query = {"y": "1,2,5,3", "facet": "a,a,b,b", "title": "Rain"}
    words = client.get("/plot/line.txt", query).content.decode().splitlines()
    assert words[0] == ("Line chart: Rain. 2 panels, 4 points; a: highest 2 at 1, lowest 1 at 0.")
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
    page = admin_client.get(f"/admin/plots_presets/preset/{preset.pk}/change/")
    assert page.context["adminform"].form["plot_facet"].value() == ["a,a,b,b"]


@pytest.mark.django_db
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

    plots.kind("sums", channels=plots.XY, transform=sums)(lambda ax, data: None)
    plots.kind("whole", channels=plots.XY, panels=False)(lambda ax, data: None)
    yield
    for name in ("dots", "sums", "whole"):
        kinds.unregister(name)


@pytest.mark.usefixtures("own_kinds")
def test_the_kinds_of_others_have_panels_for_nothing(client: Client) -> None:
    found = panels("dots", **BIRDS)
    assert [ax.lines[1].get_ydata().tolist() for ax in found.values()] == [[4], [40, 10, 20], [6]]
    assert client.get("/plot/dots.png", BIRDS).status_code == 200
    assert client.get("/plot/dots.png", {"y": "1,2"}).status_code == 200


@pytest.mark.usefixtures("own_kinds")
def test_a_kind_may_do_without_panels(client: Client) -> None:
    assert "not drawn in panels" in message(client, "whole", **BIRDS)


@pytest.mark.usefixtures("own_kinds")
def test_panels_that_do_not_agree_on_their_axes_are_refused(client: Client) -> None:
    assert "share their axes" in message(client, "sums", **BIRDS)
