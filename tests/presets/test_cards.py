"""Cards: metadata for links to a preset."""

import pytest
from django.test import Client

from plots.presets.models import Preset
from tests.helpers import pixels
from tests.html_pages import page
from tests.presets.sharing import HERE, PAGE, codes


def card(client: Client, address: str = "/presets/two/") -> dict[str, str]:
    tree = page(client, address)
    found = {
        each.get("property") or each.attrib["name"]: each.attrib["content"]
        for each in tree.iterfind(".//meta[@content]")
        if each.get("property") or each.get("name")
    }
    links = {
        each.get("type") or each.attrib["rel"]: each.attrib["href"]
        for each in tree.iterfind(".//link")
    }
    return found | links


def test_card_of_the_current_parameters(preset, client):
    found = card(client, "/presets/two/?linewidth=3")
    assert found["og:title"] == "Two points"
    assert found["og:description"] == found["description"] == "Up, and on."
    assert found["og:url"] == f"{PAGE}?linewidth=3"
    assert found["canonical"] == PAGE
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:image:alt"].startswith("Line chart: Two points.")
    assert "linewidth=3" in found["og:image"] and found["og:image"].startswith(f"{HERE}/presets/")
    image = client.get(found["og:image"].removeprefix(HERE))
    assert image["Content-Type"] == found["og:image:type"] == "image/png"
    assert pixels(image).size == (1200, 630)
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


@pytest.mark.parametrize(
    ("limits", "image"),
    [({"MAX_SCALE": 1.0}, (1200, 630)), ({"MAX_SIDE": 300, "MAX_PIXELS": 90_000}, None)],
)
def test_card_size_respects_the_limits(limits, image, preset, client, settings):
    settings.PLOTS = limits
    Preset.objects.update(parameters={"y": "1,2", "width": "200", "height": "200"})
    found = card(client)
    if image is None:
        assert "og:image" not in found and found["twitter:card"] == "summary"
    else:
        assert pixels(client.get(found["og:image"].removeprefix(HERE))).size == image


def test_card_description_falls_back_to_the_alt_text(preset, client):
    Preset.objects.update(description="")
    assert card(client)["og:description"].startswith("Line chart: Two points. 2 points")


def test_unlisted_presets_have_a_card_and_are_not_indexed(preset, client):
    assert "robots" not in card(client)
    Preset.objects.update(visibility="unlisted")
    found = card(client)
    assert found["robots"] == "noindex" and found["og:title"] == "Two points"


def test_staff_only_presets_have_no_card(preset, admin_client):
    Preset.objects.update(visibility="staff")
    found = card(admin_client)
    assert not [name for name in found if "og:" in name or "oembed" in name or name == "canonical"]
    assert "iframe" not in codes(admin_client, "/presets/two/")
    assert page(admin_client, "/presets/two/").find(".//*[@data-share]") is None
