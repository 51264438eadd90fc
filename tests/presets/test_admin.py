"""The admin form and list of presets."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from plots.presets.models import Preset
from tests.presets.editor import LIST, bars, change, filled, form

pytestmark = pytest.mark.django_db
ADD = f"{LIST}add/"


@pytest.fixture
def preset() -> Preset:
    return bars()


def test_every_parameter_has_a_field_with_its_value_and_help(
    admin_client: Client, preset: Preset
) -> None:
    fields = form(admin_client, change(preset))
    assert fields["plot_y"].value() == ["1,2", "3,4"]
    assert fields["plot_mode"].value() == "stacked"
    assert fields["plot_width"].value() == "640"
    assert "Opacity" in fields["plot_alpha"].help_text
    assert "parameters" not in fields.fields
    html = admin_client.get(change(preset)).content.decode()
    assert "1,2\n3,4</textarea>" in html.replace("\r", "")
    assert '<option value="stacked" selected>' in html


def test_saving_unchanged_changes_nothing(admin_client: Client, preset: Preset) -> None:
    data = filled(form(admin_client, change(preset)))
    assert admin_client.post(change(preset), data).status_code == 302
    again = Preset.objects.get()
    assert again.parameters == preset.parameters
    assert (again.order, again.overrides, again.slug) == (7, ["title"], "weekly")


def test_a_change_is_seen_in_the_picture(
    admin_client: Client, client: Client, preset: Preset
) -> None:
    before = client.get("/presets/weekly.png")
    data = filled(form(admin_client, change(preset)))
    data |= {"plot_mode": "grouped", "plot_ylabel": "Orders", "plot_y": "1,2\n5,6"}
    assert admin_client.post(change(preset), data).status_code == 302
    assert Preset.objects.get().parameters == {
        "x": ["a,b"], "y": ["1,2", "5,6"], "label": ["p", "q"], "ylabel": ["Orders"],
    }  # fmt: skip
    after = client.get("/presets/weekly.png", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"plot_y": "1,2\n3"}, "plot_y", "1 values, but x has 2"),
        ({"plot_y": "1,b"}, "plot_y", "Item 2, “b”"),
        ({"plot_y": ""}, "plot_y", "required"),
        ({"plot_width": "9"}, "plot_width", "16 to 4096"),
        ({"plot_colors": "50% grey"}, "plot_colors", "“50% grey” is not a colour"),
        ({"plot_label": "a\nb\nc"}, "plot_label", "3 labels for 2 series"),
        ({"slug": "not a slug"}, "slug", "slug"),
        ({"kind": "bogus"}, "kind", "valid choice"),
        ({"source": "nile", "plot_x": "yaer", "plot_y": "flow"}, "plot_x", "Did you mean “year”"),
    ],
)
def test_an_error_is_shown_at_its_field_and_input_is_kept(
    admin_client: Client, preset: Preset, changed: dict[str, str], field: str, message: str
) -> None:
    data = filled(form(admin_client, change(preset))) | changed
    response = admin_client.post(change(preset), data)
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert set(errors) == {field}, errors
    assert message in errors[field][0]
    html = response.content.decode()
    value = next(iter(changed.values())).split("\n")[0]
    assert value == "" or value.replace("%", "%") in html
    assert Preset.objects.get().parameters == preset.parameters


def test_add_a_preset(admin_client: Client, admin_user: User) -> None:
    data = filled(form(admin_client, f"{ADD}?kind=hist"))
    assert (
        data["kind"] == "hist"
        and "plot_bins" in data
        or "plot_bins" in form(admin_client, f"{ADD}?kind=hist").fields
    )
    data |= {"title": "Ages", "slug": "ages", "plot_x": "1,2,2,3", "plot_bins": "3"}
    data |= {"overrides": ["bins"], "kind": "hist"}
    response = admin_client.post(f"{ADD}?kind=hist", data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    preset = Preset.objects.get()
    assert preset.parameters == {"x": ["1,2,2,3"], "bins": ["3"]}
    assert preset.overrides == ["bins"]
    assert preset.author == admin_user


def test_changing_the_kind_keeps_fitting_values(admin_client: Client, preset: Preset) -> None:
    data = filled(form(admin_client, change(preset)))
    data |= {"kind": "line", "plot_title": "Kept", "_refresh": "1"}
    response = admin_client.post(change(preset), data)
    assert response.status_code == 200
    fields = response.context["adminform"].form
    assert "plot_linestyle" in fields.fields and "plot_mode" not in fields.fields
    assert fields["plot_title"].value() == "Kept"
    assert "Nothing is saved yet" in response.content.decode()
    assert Preset.objects.get().kind == "bar"
    del data["_refresh"]
    assert admin_client.post(change(preset), data).status_code == 302
    assert Preset.objects.get().kind == "line"


def test_the_list_shows_thumbnails_and_broken_presets(
    admin_client: Client, client: Client, preset: Preset
) -> None:
    Preset.objects.create(visibility="public", slug="old", title="Old", kind="gone", order=1)
    html = admin_client.get(LIST).content.decode()
    assert "There is no kind “gone”" in html
    src = re.search(r'<img src="(/presets/weekly\.png[^"]*)"', html)
    assert src and client.get(src[1].replace("&amp;", "&")).status_code == 200
    page = admin_client.get(f"{LIST}{Preset.objects.get(slug='old').pk}/change/")
    assert page.status_code == 200
    assert "no longer registered" in page.content.decode()


@pytest.mark.parametrize("query", ["q=weekly", "kind=bar", "visibility=public", "o=-3"])
def test_search_and_filters(admin_client: Client, preset: Preset, query: str) -> None:
    Preset.objects.create(slug="x", title="X", kind="line", visibility="staff")
    response = admin_client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    found = [each.slug for each in response.context["cl"].queryset]
    assert "weekly" in found
    assert len(found) == (2 if query.startswith("o=") else 1)


def test_view_on_site(admin_client: Client, preset: Preset) -> None:
    html = admin_client.get(change(preset)).content.decode()
    link = re.search(r'href="(/admin/r/[^"]+)"', html)
    assert link
    assert admin_client.get(link[1])["Location"].endswith("/presets/weekly/")


def test_view_permission_shows_the_values(client: Client, preset: Preset) -> None:
    user = User.objects.create(username="eye", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_preset"))
    client.force_login(user)
    assert client.get(change(preset)).status_code == 200
    assert client.post(change(preset), {"title": "No"}).status_code == 403
    assert client.get(ADD).status_code == 403
    assert Preset.objects.get().title == "Weekly"


def test_anonymous_users_are_redirected_to_the_login(client: Client, preset: Preset) -> None:
    for url in (LIST, ADD, change(preset)):
        assert client.get(url).status_code == 302
