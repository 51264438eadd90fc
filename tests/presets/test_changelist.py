"""The changelist of presets: columns, actions and permissions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import plots
from plots.presets.models import Preset
from plots.spec.registry import kinds, sources

pytestmark = pytest.mark.django_db
LIST = "/admin/plots_presets/preset/"


def preset(slug: str, **given: Any) -> Preset:
    told = {"title": slug.capitalize(), "kind": "line", "parameters": {"y": ["1,2"]}} | given
    return Preset.objects.create(slug=slug, **{"visibility": "public", **told})


def person(client: Client, *rights: str) -> User:
    user = User.objects.create(username="ada", is_staff=True)
    named = [f"{right}_preset" for right in ("view", *rights)]
    user.user_permissions.set(Permission.objects.filter(codename__in=named))
    client.force_login(user)
    return user


def act(client: Client, action: str, *presets: Preset) -> list[str]:
    """What the list says after ``action`` was done to ``presets``."""
    data = {"action": action, "_selected_action": [each.pk for each in presets]}
    response = client.post(LIST, data, follow=True)
    return [str(message) for message in response.context["messages"]]


def row(client: Client, slug: str) -> str:
    html = client.get(LIST).content.decode()
    return next(each for each in html.split("<tr>") if f">{slug.capitalize()}</a>" in each)


def actions(client: Client) -> set[str]:
    form = client.get(LIST).context["action_form"]
    return {name for name, _ in form.fields["action"].choices if name} if form else set()


# Columns


def test_columns_of_a_row(admin_client: Client, admin_user: User) -> None:
    made = preset("weekly", source="nile", parameters={"x": "year", "y": "flow"}, tags="rivers")
    made.save(by=admin_user)
    shown = row(admin_client, "weekly")
    assert re.search(r'src="/presets/weekly\.png[^"]*width=96[^"]*" srcset="[^"]* 2x"', shown)
    for word in ("Line", "nile", "public", "OK", "admin"):
        assert word in shown, word
    assert 'loading="lazy" ' in shown or 'loading="lazy">' in shown
    assert f'datetime="{made.updated.year}' in shown


def test_query_count_does_not_depend_on_the_number_of_rows(admin_client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(LIST).status_code == 200
        return len(queries)

    preset("first", source="gone-0")
    asked()
    few = asked()
    for number in range(49):
        preset(f"more-{number}", source=f"gone-{number % 20}", order=number)
    assert asked() == few <= 14


def test_the_list_renders_no_image(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    preset("weekly")
    monkeypatch.setattr("plots.delivery.deliver.renderer", lambda: pytest.fail("it draws"))
    assert "OK" in row(admin_client, "weekly")


def test_health_has_reasons(admin_client: Client) -> None:
    preset("gone", kind="spiral")
    preset("glyphs", parameters={"y": ["1,2"], "title": ["\U00013000"]})
    assert 'health error">Error' in row(admin_client, "gone")
    assert "There is no kind “spiral”" in row(admin_client, "gone")
    assert 'health warning">Warning' in row(admin_client, "glyphs")
    assert "U+13000" in row(admin_client, "glyphs")


def test_warning_about_staff_only_data_in_a_public_preset(admin_client: Client) -> None:
    plots.source("salaries")(lambda: {"n": [1, 2]})
    try:
        seen = preset("seen", source="salaries", parameters={"y": "n"})
        preset("kept", source="salaries", parameters={"y": "n"}, visibility="staff")
        assert "More people can see this chart than its data" in row(admin_client, "seen")
        assert "OK" in row(admin_client, "kept")
        assert any("staff-only" in said for said in act(admin_client, "unpublish", seen))
        assert any("More people can see" in said for said in act(admin_client, "publish", seen))
    finally:
        sources.unregister("salaries")


def test_render_errors_are_shown_until_the_plot_changes(admin_client: Client) -> None:
    @plots.kind("picky", channels=plots.XY)
    def picky(ax: Any, data: Any) -> None:
        raise plots.PlotError("It cannot be drawn on Sundays.")

    try:
        made = preset("sundays", kind="picky")
        assert "OK" in row(admin_client, "sundays")
        said = act(admin_client, "render_now", made, preset("weekly"))
        assert said == ["Sundays: It cannot be drawn on Sundays.", "1 preset was rendered."]
        assert "on Sundays" in row(admin_client, "sundays")
        made.kind = "bar"
        made.save()
        assert "on Sundays" not in row(admin_client, "sundays")
    finally:
        kinds.unregister("picky")


def test_notes_are_shown_after_rendering(admin_client: Client) -> None:
    made = preset("cake", kind="pie", parameters={"x": "a,a,b", "y": "1,2,3"})
    assert "OK" in row(admin_client, "cake")
    act(admin_client, "render_now", made)
    assert 'health warning">Warning' in row(admin_client, "cake")
    assert "added up to one slice." in row(admin_client, "cake")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag=sea", {"b"}),
        ("visibility__exact=staff", {"c"}),
        ("kind=bar", {"c"}),
        ("source=nile", {"b"}),
        ("source=", {"a", "c"}),
        ("q=seabird", {"c"}),
        ("o=-1", {"a", "b", "c"}),
    ],
)
def test_filters_and_search(admin_client: Client, query: str, found: set[str]) -> None:
    preset("a", tags="land, seabird nests")
    preset("b", tags="air, sea", source="nile")
    preset("c", kind="bar", visibility="staff", tags="seabird")
    Preset.objects.filter(slug="a").update(tags="land")
    page = admin_client.get(f"{LIST}?{query}")
    assert "></a>" not in page.content.decode().partition("changelist-filter")[2]
    cl = page.context["cl"]
    assert {each.slug for each in cl.queryset} == found


# Actions


def test_publish_rejects_broken_presets(admin_client: Client, admin_user: User) -> None:
    good, bad = preset("good", visibility="staff"), preset("bad", kind="spiral", visibility="staff")
    said = act(admin_client, "publish", good, bad)
    assert any(text.startswith("Bad was not published: kind: There is no kind") for text in said)
    assert "1 preset was published." in said
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.visibility, bad.visibility) == ("public", "staff")
    assert good.editor == admin_user
    act(admin_client, "unpublish", good)
    good.refresh_from_db()
    assert good.visibility == "staff"


def test_a_duplicate_is_staff_only_with_a_new_slug(admin_client: Client, admin_user: User) -> None:
    made = preset("weekly")
    act(admin_client, "duplicate", made)
    act(admin_client, "duplicate", made)
    first, second = Preset.objects.exclude(pk=made.pk).order_by("pk")
    assert (first.slug, second.slug) == ("weekly-copy", "weekly-copy-2")
    assert (first.visibility, first.parameters) == ("staff", made.parameters)
    assert (first.author, first.title) == (admin_user, "Weekly (copy)")
    assert Preset.objects.get(pk=made.pk).slug == "weekly"


def numbered(client: Client, **numbers: int) -> Any:
    """The list saved with these numbers as the orders of presets."""
    forms = client.get(LIST).context["cl"].formset.forms
    data: dict[str, Any] = {"form-TOTAL_FORMS": len(forms), "form-INITIAL_FORMS": len(forms)}
    for form in forms:
        slug = form.instance.slug
        data[f"{form.prefix}-id"] = form.instance.pk
        data[f"{form.prefix}-order"] = numbers.get(slug, form.instance.order)
    return client.post(LIST, data | {"_save": "Save"}, follow=True)


def test_broken_presets_can_be_moved(admin_client: Client) -> None:
    preset("a", order=1), preset("b", order=2, kind="spiral", source="gone")
    numbered(admin_client, a=30, b=20)
    assert [each.slug for each in Preset.objects.all()] == ["b", "a"]
    wrong = numbered(admin_client, a="last")  # type: ignore[arg-type]
    assert "Enter a whole number" in wrong.content.decode()


# Permissions


def test_view_permission_offers_no_actions(client: Client) -> None:
    preset("weekly")
    person(client)
    assert actions(client) == {"export_json", "export_csv"}
    html = client.get(LIST).content.decode()
    assert "form-0-order" not in html and "row_order.js" not in html
    assert "Deleted presets" not in html and "/import/" not in html


def test_without_publish_permission_public_rows_cannot_change(client: Client) -> None:
    seen, own = preset("seen", order=1), preset("own", order=2, visibility="staff")
    person(client, "change")
    assert actions(client) == {"render_now", "export_json", "export_csv"}
    act(client, "publish", own)
    act(client, "unpublish", seen)
    numbered(client, seen=50, own=40)
    seen.refresh_from_db()
    own.refresh_from_db()
    assert (seen.visibility, seen.order) == ("public", 1)
    assert (own.visibility, own.order) == ("staff", 40)


def test_actions_require_their_permissions(client: Client) -> None:
    person(client, "add", "change", "publish")
    preset("weekly")
    assert {"publish", "unpublish", "duplicate", "render_now"} < actions(client)
