"""Who sees a preset, and the links to its form."""

import pytest
from django.contrib.auth import get_user_model

from plots.presets.models import Preset
from tests.html_pages import page, titles, words

EVERYBODY = {"anonymous", "customer", "inactive", "staff"}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
@pytest.mark.parametrize(
    ("visibility", "seen_by", "listed_for"),
    [
        ("public", EVERYBODY, EVERYBODY),
        ("unlisted", EVERYBODY, set()),
        ("staff", {"staff"}, {"staff"}),
    ],
)
def test_visibility(name, visibility, seen_by, listed_for, visitor, line):
    Preset.objects.update(visibility=visibility)
    client = visitor(name)
    assert client.get("/presets/two/").status_code == (200 if name in seen_by else 404)
    assert client.get("/presets/two.png").status_code == (200 if name in seen_by else 404)
    assert ("Two points" in titles(page(client, "/"))) is (name in listed_for)
    assert ("Line" in words(page(client, "/").find(".//main"))) is (name in listed_for)


@pytest.mark.parametrize(
    ("visibility", "badge"),
    [
        ("public", None),
        ("unlisted", "Unlisted"),
        ("members", "Logged-in users"),
        ("groups", "Chosen groups"),
        ("staff", "Staff only"),
    ],
)
def test_a_badge_shows_the_visibility_to_staff(visibility, badge, line, admin_client):
    Preset.objects.update(visibility=visibility)
    found = page(admin_client, "/presets/two/").find(".//*[@class='badge']")
    assert (found is None) if badge is None else (words(found) == badge)


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_only_staff_see_links_to_the_admin(name, visitor, line):
    client = visitor(name)
    links = {each.get("href") for each in page(client, "/presets/two/").iter("a")}
    wanted = {"/admin/", f"/admin/plots_presets/preset/{line.pk}/change/"}
    assert (links & wanted) == (wanted if name == "staff" else set())


def test_the_edit_link_needs_the_permission(line, client):
    client.force_login(get_user_model().objects.create_user("looker", is_staff=True))
    links = {each.get("href") for each in page(client, "/presets/two/").iter("a")}
    assert "/admin/" in links and f"/admin/plots_presets/preset/{line.pk}/change/" not in links
