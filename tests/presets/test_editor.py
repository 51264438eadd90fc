"""The preset's form while it is filled in: its preview, its fields, and two who edit at once."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from io import BytesIO
from threading import Event, Thread
from time import sleep
from typing import Any
from unittest import mock

import pytest
from django import forms
from django.contrib.admin.utils import flatten
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from PIL import Image

from plots.forms.plot_form import PlotForm
from plots.http.stored_plots import StoredPlot
from plots.presets.admin.editor.fieldsets import plot_fieldsets
from plots.presets.admin.editor.throttle import Superseded, Turns
from plots.presets.models import Preset
from plots.spec.registry import kinds, source, sources
from tests.presets.test_admin import LIST, bars, change, filled, form

pytestmark = pytest.mark.django_db
BAR = {"kind": "bar", "source": "", "plot_x": "a,b", "plot_y": "1,2\n3,4", "plot_mode": "stacked"}


@pytest.fixture
def preset() -> Preset:
    return bars()


def ask(client: Client, name: str, data: dict[str, Any], place: object = "add") -> Any:
    return client.post(f"{LIST}{place}/{name}/", data)


def seen(client: Client, place: object = "add", **data: Any) -> Any:
    response = ask(client, "preview", BAR | data, place)
    assert response.status_code == 200
    return json.loads(response.content)


def image(picture: dict[str, Any]) -> Image.Image:
    head, _, content = picture["src"].partition(",")
    assert head == "data:image/png;base64"
    return Image.open(BytesIO(b64decode(content)))


# The preview


def test_the_form_is_drawn_as_it_stands_first_in_one_theme_then_in_the_others(
    admin_client: Client, preset: Preset
) -> None:
    first = seen(admin_client, preset.pk, title="Weekly", plot_width="300", plot_height="200")
    (light,) = first["pictures"]
    assert image(light).size == (300, 200) and image(light).convert("RGB").getpixel((0, 0)) == (
        255, 255, 255,
    )  # fmt: skip
    assert (light["theme"], light["width"], light["height"]) == ("light", 300, 200)
    assert first["rest"] == ["dark"] and first["errors"] == {} and first["why"] == []
    assert "Weekly" in first["alt"]
    (dark,) = seen(admin_client, preset.pk, _themes=first["rest"], _sharp="1")["pictures"]
    assert dark["theme"] == "dark" and dark["width"] == 640
    assert image(dark).size == (1280, 960)
    assert max(image(dark).convert("RGB").getpixel((0, 0))) < 64  # type: ignore[arg-type]
    assert Preset.objects.get().parameters == preset.parameters


def test_the_preset_s_own_theme_comes_first(admin_client: Client) -> None:
    assert [p["theme"] for p in seen(admin_client, plot_theme="print")["pictures"]] == ["print"]
    assert seen(admin_client, plot_theme="print")["rest"] == ["light", "dark"]
    assert seen(admin_client, plot_theme="dark")["rest"] == ["light"]


def test_where_no_sharper_picture_may_be_drawn_it_is_not(admin_client: Client) -> None:
    (one,) = seen(admin_client, plot_width="2000", plot_height="1500", _sharp="1")["pictures"]
    assert image(one).size == (2000, 1500)


@pytest.mark.parametrize(
    ("given", "field", "code", "message"),
    [
        ({"plot_y": "1,two\n3,4"}, "plot_y", "not-a-number", "two"),
        ({"plot_y": ""}, "plot_y", "required", "needed"),
        ({"plot_colors": "50% grey"}, "plot_colors", "invalid-color", "no colour"),
        ({"plot_width": "9"}, "plot_width", "out-of-range", "16 to 4096"),
        ({"kind": "bra"}, "kind", "unknown-kind", "Did you mean “bar”"),
        ({"source": "nil", "plot_x": "year"}, "source", "unknown-source", "Did you mean “nile”"),
        ({"source": "nile", "plot_x": "yaer", "plot_y": "flow", "plot_mode": ""},
         "plot_x", "unknown-column", "Did you mean “year”"),
    ],
)  # fmt: skip
def test_an_error_comes_by_the_name_of_its_field(
    admin_client: Client, given: dict[str, str], field: str, code: str, message: str
) -> None:
    answer = seen(admin_client, **given)
    (error,) = answer["errors"][field]
    assert message in error["message"] and answer["pictures"] == []
    assert error["code"] == code
    assert any(message in why for why in answer["why"])


def test_what_a_kind_raises_is_logged_and_no_word_of_it_told(admin_client: Client) -> None:
    with mock.patch(
        "plots.presets.admin.editor.thumbnails.picture_of", side_effect=RuntimeError("secret")
    ):
        answer = seen(admin_client)
    assert answer["errors"] == {} and "logged" in answer["why"][0]
    assert "secret" not in json.dumps(answer)


def test_nothing_of_a_draft_is_kept(admin_client: Client) -> None:
    response = ask(admin_client, "preview", BAR | {"plot_title": "Nobody's business" * 9})
    assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
    with mock.patch.object(cache, "set") as kept, mock.patch.object(cache, "add") as locked:
        long = ",".join(str(n) for n in range(3000))
        assert seen(admin_client, kind="line", plot_x="", plot_y=long, plot_mode="")["pictures"]
    assert not kept.called and not locked.called
    assert not Preset.objects.exists() and not StoredPlot.objects.exists()


def test_a_random_kind_and_a_preset_that_is_never_kept_are_drawn(
    admin_client: Client, preset: Preset
) -> None:
    normal = {"kind": "normal", "source": ""}
    assert json.loads(ask(admin_client, "preview", normal).content)["pictures"]
    assert seen(admin_client, preset.pk, cache="never")["pictures"]
    Preset.objects.update(cache="never")
    assert '<figure data-theme="dark">' in admin_client.get(change(preset)).content.decode()


def test_the_page_itself_shows_what_is_saved_by_its_address(
    admin_client: Client, client: Client, preset: Preset
) -> None:
    html = admin_client.get(change(preset)).content.decode()
    found = re.findall(r'<img src="(/presets/weekly\.png[^"]*)" srcset="[^"]* 2x"', html)
    assert len(found) == 2
    for src in found:
        assert client.get(src.replace("&amp;", "&")).status_code == 200
    assert "data:image" not in html


def test_only_posts_with_a_token_are_answered(admin_user: User, preset: Preset) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    for name in ("preview", "fields"):
        assert client.get(f"{LIST}add/{name}/").status_code == 405
        assert ask(client, name, BAR).status_code == 403
        assert ask(client, name, BAR, 99).status_code == 403  # before it is looked for
    client.handler.enforce_csrf_checks = False
    assert ask(client, "preview", BAR, 99).status_code == 404


def test_of_those_that_wait_for_one_page_only_the_last_is_drawn() -> None:
    turns, go, inside = Turns(), Event(), Event()
    came: list[str] = []

    def draw(name: str) -> None:
        try:
            with turns.take("page"):
                inside.set()
                go.wait(20)
                came.append(name)
        except Superseded:
            came.append(f"not {name}")

    first = Thread(target=draw, args=["first"])
    first.start()
    assert inside.wait(20)
    second = Thread(target=draw, args=["second"])
    second.start()
    while turns._last["page"] == 0:
        sleep(0.001)
    third = Thread(target=draw, args=["third"])
    third.start()
    second.join(20)
    assert came == ["not second"]  # while the first is still being drawn
    with turns.take("another page"):
        go.set()
    first.join(20)
    third.join(20)
    assert came == ["not second", "first", "third"]
    assert not turns._last and not turns._busy


# The fields


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


def test_another_kind_takes_over_what_fits(admin_client: Client) -> None:
    html = fields(admin_client, kind="line", plot_title="Kept", plot_width="500")
    assert (field(html, "x"), field(html, "y")) == ("a,b", "1,2\n3,4")
    assert (field(html, "title"), field(html, "width")) == ("Kept", "500")
    assert 'name="plot_mode"' not in html and 'name="plot_linestyle"' in html
    assert "Points joined by a line" in html and 'href="/plot/line/"' in html
    assert 'name="_of" value="line "' in html
    assert 'name="title"' not in html  # what no kind changes stays as it is


def test_what_no_longer_fits_comes_back_with_what_it_fitted(admin_client: Client) -> None:
    was = {"was_plot_mode": "stacked", "was_plot_title": "Older", "was_plot_x": "c,d"}
    html = fields(admin_client, _of="line ", plot_mode="", plot_title="Newer", **was)
    assert (field(html, "mode"), field(html, "title"), field(html, "x")) == (
        "stacked", "Newer", "a,b",
    )  # fmt: skip
    # Neither now nor then is it a choice of this kind.
    html = fields(admin_client, plot_mode="upright", was_plot_mode="sideways")
    assert field(html, "mode") == field(fields(admin_client, plot_mode=""), "mode") == "grouped"


def test_text_that_is_wrong_stays_to_be_mended(admin_client: Client) -> None:
    assert field(fields(admin_client, kind="line", plot_y="1,two"), "y") == "1,two"


def test_values_are_no_names_of_columns_nor_the_other_way_round(admin_client: Client) -> None:
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

    @source("hills", columns={"place": "text", "height": "number"}, options=Since)
    def read(*, since: Any) -> Any:
        return {"place": ["a", "b"], "height": [1, 2]}

    yield "hills"
    sources.unregister("hills")


def test_what_is_seldom_needed_is_folded_until_it_says_something(admin_client: Client) -> None:
    def folded(**data: Any) -> list[str]:
        html = fields(admin_client, **data)
        return re.findall(r"<details><summary>\s*<h2[^>]*>([^<]*)<", html)

    usual = folded()
    assert {"Axes and legend", "Size and colours", "Lines and bands"} <= {*usual}
    assert "Data" not in usual and "Options: Bar" not in usual
    assert {*usual} - {*folded(plot_ymin="3", plot_theme="dark")} == {
        "Axes and legend", "Size and colours",
    }  # fmt: skip


def test_a_group_with_an_error_in_a_line_of_several_fields_is_open(
    admin_client: Client, preset: Preset
) -> None:
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


def test_kinds_are_grouped_by_family_and_numbers_know_their_ends(admin_client: Client) -> None:
    html = fields(admin_client)
    chooser = html[html.index('name="kind"') : html.index('name="source"')]
    groups = re.findall(r'<optgroup label="([^"]*)">', chooser)
    assert groups[:2] == ["Pairwise", "Distributions"]
    assert re.search(r'<optgroup label="Pairwise">(?:(?!</optgroup>).)*value="bar"', chooser, re.S)
    for name, told in {
        "width": ['min="16"', 'max="4096"', 'step="1"'],
        "scale": ['min="0.5"', 'max="4.0"', 'step="0.1"'],
        "alpha": ['min="0"', 'max="1"', 'step="0.05"'],
        "colors": ['data-colors="#'],
    }.items():
        tag = re.search(rf'<input[^>]*name="plot_{name}"[^>]*>', html)
        assert tag and all(each in tag[0] for each in told), (name, tag)


def test_without_script_a_button_refills_the_form_and_draws_it(
    admin_client: Client, preset: Preset
) -> None:
    data = filled(form(admin_client, change(preset)))
    data |= {"kind": "line", "source": "nile", "_of": "bar ", "_refresh": "1", "title": "Floods"}
    response = admin_client.post(change(preset), data)
    shown = response.context["adminform"].form
    assert shown["plot_x"].value() == [] and shown["title"].value() == "Floods"
    html = response.content.decode()
    assert "Nothing is saved yet" in html and "This is needed" in html
    data |= {"_of": "line nile", "plot_x": "year", "plot_y": "flow", "plot_label": ""}
    html = admin_client.post(change(preset), data).content.decode()
    assert html.count('<img src="data:image/png;base64,') == 2
    assert not StoredPlot.objects.exists() and Preset.objects.get().kind == "bar"


# Two who edit at once


def test_the_second_of_two_is_told_shown_the_difference_and_may_insist(
    admin_client: Client, preset: Preset
) -> None:
    mine = filled(form(admin_client, change(preset)))
    theirs = dict(mine)
    other = Client()
    other.force_login(User.objects.create_superuser("kim"))
    theirs |= {"plot_ylabel": "Orders", "tags": "shop", "plot_width": "700"}
    assert other.post(change(preset), theirs).status_code == 302
    saved = Preset.objects.get()
    mine |= {"plot_title": "Mine <b>", "description": "Typed for an hour"}
    told = admin_client.post(change(preset), mine)
    assert told.status_code == 200 and Preset.objects.get().updated == saved.updated
    assert "kim has saved this preset" in told.content.decode()
    found = {(each.label, each.theirs, each.yours) for each in
             told.context["adminform"].form.conflict}  # fmt: skip
    assert found == {
        ("Description", "", "Typed for an hour"),
        ("Tags", "shop", ""),
        ("Title", "", "Mine <b>"),
        ("y label", "Orders", ""),
        ("Width", "700", "640"),
    }
    html = told.content.decode()
    assert "Typed for an hour</textarea>" in html and "Mine &lt;b&gt;" in html
    again = filled(told.context["adminform"].form)
    assert admin_client.post(change(preset), again).status_code == 302
    after = Preset.objects.get()
    assert after.description == "Typed for an hour" and "ylabel" not in after.parameters


def test_a_third_who_saves_meanwhile_is_told_of_again(admin_client: Client, preset: Preset) -> None:
    mine = filled(form(admin_client, change(preset))) | {"title": "Mine"}
    Preset.objects.get().save()
    Preset.objects.filter(pk=preset.pk).update(title="Theirs")
    told = admin_client.post(change(preset), mine)
    assert "Somebody has saved" in told.content.decode()
    Preset.objects.get().save()
    again = filled(told.context["adminform"].form)
    assert admin_client.post(change(preset), again).status_code == 200
    assert Preset.objects.get().title == "Theirs"


def test_who_saved_the_same_is_no_conflict(admin_client: Client, preset: Preset) -> None:
    mine = filled(form(admin_client, change(preset)))
    Preset.objects.get().save()
    assert admin_client.post(change(preset), mine).status_code == 302


def test_another_kind_by_another_admin_is_shown_by_what_was_chosen(
    admin_client: Client, preset: Preset
) -> None:
    mine = filled(form(admin_client, change(preset))) | {"title": "Mine"}
    theirs = Preset.objects.get()
    theirs.kind, theirs.parameters = "line", {"y": ["1,2"], "linestyle": ["dashed"]}
    theirs.save()
    told = admin_client.post(change(preset), mine).context["adminform"].form.conflict
    found = {each.label: (each.theirs, each.yours) for each in told}
    assert found["Kind"] == ("Line", "Bar") and found["linestyle"] == ("dashed", "")
    assert found["Mode"] == ("", "stacked") and "Alpha" not in found
