"""The fields of the preset form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.contrib.admin.utils import flatten
from django.test import Client

from plots.forms.plot_form import PlotForm
from plots.http.stored_plots import StoredPlot
from plots.presets.admin.editor.fieldsets import plot_fieldsets
from plots.presets.models import Preset
from plots.spec.registry import kinds, source, sources
from tests.presets.editor import BAR, ask, bars, change, filled, form

# The fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def preset() -> Preset:
    return bars()


def fields(client: Client, place: object = "add", **data: Any) -> str:
    response = ask(client, "fields", BAR | {"_refresh": "1", "_of": "bar "} | data, place)
    assert response.status_code == 200
    return str(response.content.decode())


def field(html: str, name: str) -> str:
    """What is chosen in the list of the field ``name``, or the text in it; "" without one."""
    select = re.search(rf'<select[^>]*name="plot_{name}".*?</select>', html, re.DOTALL)
    if select:
        return ",".join(re.findall(r'<option value="([^"]*)" selected', select[0]))
    area = re.search(rf'<textarea[^>]*name="plot_{name}"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    box = re.search(rf'<input[^>]*name="plot_{name}"[^>]*?value="([^"]*)"', html)
    return area[1].strip() if area else box[1] if box else ""


def test_changing_the_kind_keeps_fitting_values(admin_client: Client) -> None:
    html = fields(admin_client, kind="line", plot_title="Kept", plot_width="500")
    assert (field(html, "x"), field(html, "y")) == ("a,b", "1,2\n3,4")
    assert (field(html, "title"), field(html, "width")) == ("Kept", "500")
    assert 'name="plot_mode"' not in html and 'name="plot_linestyle"' in html
    assert "Lines that show how numbers change" in html and 'href="/plot/line/"' in html
    assert 'name="_of" value="line "' in html
    assert 'name="title"' not in html  # what no kind changes stays as it is


def test_changing_the_kind_back_restores_its_values(admin_client: Client) -> None:
    was = {"was_plot_mode": "stacked", "was_plot_title": "Older", "was_plot_x": "c,d"}
    html = fields(admin_client, _of="line ", plot_mode="", plot_title="Newer", **was)
    assert (field(html, "mode"), field(html, "title"), field(html, "x")) == (
        "stacked", "Newer", "a,b",
    )  # fmt: skip
    # Neither now nor then is it a choice of this kind.
    html = fields(admin_client, plot_mode="upright", was_plot_mode="sideways")
    assert field(html, "mode") == field(fields(admin_client, plot_mode=""), "mode") == "grouped"


def test_invalid_text_is_kept(admin_client: Client) -> None:
    assert field(fields(admin_client, kind="line", plot_y="1,two"), "y") == "1,two"


def test_inline_values_and_column_names_are_not_mixed(admin_client: Client) -> None:
    html = fields(admin_client, source="nile", was_plot_x="year")
    assert (field(html, "x"), field(html, "y")) == ("year", "")
    html = fields(admin_client, _of="bar nile", plot_x="year", plot_y="flow", was_plot_y="5,6")
    assert (field(html, "x"), field(html, "y")) == ("", "5,6")


def test_a_source_of_known_columns_offers_them(admin_client: Client, hills: str) -> None:
    html = fields(admin_client, kind="line", source=hills, plot_since="2026-01-31")
    assert re.search(r'<input type="date" name="plot_since" value="2026-01-31"', html)
    assert ">place (text)<" in html and ">height (number)<" in html
    given = {"kind": "scatter", "source": hills, "_of": f"line {hills}"}
    html = fields(admin_client, **given, plot_x="place", plot_y="height")
    assert (field(html, "x"), field(html, "y")) == ("place", "height")
    # This kind's x takes numbers: the name of a text is not in its list.
    html = fields(admin_client, **given | {"kind": "hist"}, plot_x="place")
    assert field(html, "x") == "" and ">place (text)<" not in html.split('name="plot_by"')[0]


@pytest.fixture
def hills() -> Any:
    class Since(forms.Form):
        since = forms.DateField(required=False)

    @source(
        "hills", visibility="public", columns={"place": "text", "height": "number"}, options=Since
    )
    def read(*, since: Any) -> Any:
        return {"place": ["a", "b"], "height": [1, 2]}

    yield "hills"
    sources.unregister("hills")


def test_rare_fieldsets_are_collapsed_until_used(admin_client: Client) -> None:
    def folded(**data: Any) -> list[str]:
        html = fields(admin_client, **data)
        return re.findall(r"<details><summary>\s*<h2[^>]*>([^<]*)<", html)

    usual = folded()
    assert {"Axes and legend", "Size and colours", "Lines and bands"} <= {*usual}
    assert "Data" not in usual and "Options: Bar" not in usual
    assert {*usual} - {*folded(plot_ymin="3", plot_theme="dark")} == {
        "Axes and legend", "Size and colours",
    }  # fmt: skip


def test_a_fieldset_with_an_error_is_open(admin_client: Client, preset: Preset) -> None:
    data = filled(form(admin_client, change(preset))) | {"plot_scale": "4", "plot_width": "4000"}
    response = admin_client.post(change(preset), data)
    html = response.content.decode()
    start = html.index("Size and colours")
    assert "<details><summary>" not in html[start - 200 : start]
    assert 'id="id_plot_scale_error"' in html and 'aria-invalid="true"' in html


@pytest.mark.parametrize("source", [[], ["nile"]])
def test_every_parameter_of_every_kind_is_in_one_fieldset(source: list[str]) -> None:
    for kind in kinds:
        shown = PlotForm(kind, {"source": source} if kind.accepted_channels else {})
        fieldsets = plot_fieldsets(shown, ())
        names = [name for _, each in fieldsets for name in flatten(each["fields"])]
        assert sorted(names) == sorted(f"plot_{f.name}" for f in shown if f.name != "source")


def test_kinds_are_grouped_and_numbers_have_limits(admin_client: Client) -> None:
    html = fields(admin_client)
    chooser = html[html.index('name="kind"') : html.index('name="source"')]
    groups = re.findall(r'<optgroup label="([^"]*)">', chooser)
    assert groups[:2] == ["Comparison", "Change over time"]
    assert re.search(
        r'<optgroup label="Comparison">(?:(?!</optgroup>).)*value="bar"', chooser, re.S
    )
    for name, told in {
        "width": ['min="16"', 'max="4096"', 'step="1"'],
        "scale": ['min="0.5"', 'max="4.0"', 'step="0.1"'],
        "alpha": ['min="0"', 'max="1"', 'step="0.05"'],
        "colors": ['data-colors="#'],
    }.items():
        tag = re.search(rf'<input[^>]*name="plot_{name}"[^>]*>', html)
        assert tag and all(each in tag[0] for each in told), (name, tag)


def test_the_refresh_button_works_without_javascript(admin_client: Client, preset: Preset) -> None:
    data = filled(form(admin_client, change(preset)))
    data |= {"kind": "line", "source": "nile", "_of": "bar ", "_refresh": "1", "title": "Floods"}
    response = admin_client.post(change(preset), data)
    shown = response.context["adminform"].form
    assert shown["plot_x"].value() == [] and shown["title"].value() == "Floods"
    html = response.content.decode()
    assert "Nothing is saved yet" in html and "This is required" in html
    data |= {"_of": "line nile", "plot_x": "year", "plot_y": "flow", "plot_label": ""}
    html = admin_client.post(change(preset), data).content.decode()
    assert html.count('<img src="data:image/png;base64,') == 2
    assert not StoredPlot.objects.exists() and Preset.objects.get().kind == "bar"
