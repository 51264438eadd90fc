"""Panels through sources, URLs, tags, presets and pages."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client

import plots
from plots.data.loading import load
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.presets.models import Preset
from plots.spec.registry import sources


@pytest.fixture
def birds() -> Any:
    plots.source("birds", visibility="public", version="1")(
        lambda: {
            "year": [2009, 2007, 2008, 2007],
            "mass": [1, 2, 3, 4],
            "sex": ["f", "m", "f", "f"],
        }
    )
    yield
    sources.unregister("birds")


@pytest.mark.usefixtures("birds")
def test_a_source_is_split_by_a_column_and_described(client: Client) -> None:
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


def test_description_of_one_series_in_each_panel(client: Client) -> None:
    query = {"y": "1,2,5,3", "facet": "a,a,b,b", "title": "Rain"}
    words = client.get("/plot/line.txt", query).content.decode().splitlines()
    assert words[0] == "Line chart: Rain. 2 panels, 4 points; a: highest 2 at 1; b: highest 5 at 0."
    assert words[-2:] == [
        "a: highest 2 at 1, lowest 1 at 0.", "b: highest 5 at 0, lowest 3 at 1.",
    ]  # fmt: skip


def test_the_url_the_tag_and_python_values_draw_the_same(client: Client) -> None:
    query = {"y": "1,2,5,3", "facet": "a,a,b,b", "width": "300", "height": "200"}
    tag = '{% load plots %}{% plot_url "line" y=y facet=facet width=300 height=200 %}'
    context = Context({"y": [1, 2, 5, 3], "facet": ("a", "a", "b", "b")}, autoescape=False)
    url = Template(tag).render(context)
    pictures = [client.get("/plot/line.png", query), client.get(url)]
    assert pictures[0].content == pictures[1].content
    from_numbers = plot_spec("line", y=[1, 2], facet=[2025, 2024])
    assert list(load(from_numbers).panels) == ["2024", "2025"]


@pytest.mark.django_db
def test_a_preset_stores_its_panels_and_the_admin_shows_them(
    client: Client, admin_client: Client
) -> None:
    preset = Preset(visibility="public",
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
def test_the_page_of_a_kind_and_openapi_list_facet(client: Client) -> None:
    assert 'name="facet"' in client.get("/plot/line/").content.decode()
    assert 'name="facet"' not in client.get("/plot/pie/").content.decode()
    paths = client.get("/plot/openapi.json").json()["paths"]
    names = [each.get("name") for each in paths["/plot/line.{format}"]["get"]["parameters"]]
    assert "facet" in names
