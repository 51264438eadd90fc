"""The oEmbed provider."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.test.utils import override_script_prefix

from tests.helpers import pixels
from tests.presets.sharing import HERE, PAGE, fragment, oembed
from tests.presets.test_cards import card


@pytest.mark.parametrize("name", ["json", "xml"])
def test_oembed_discovery(name, preset, client):
    mime = {"json": "application/json+oembed", "xml": "text/xml+oembed"}[name]
    link = card(client, "/presets/two/?linewidth=3")[mime]
    assert parse_qs(urlsplit(link).query)["url"] == [f"{PAGE}?linewidth=3"]
    response = client.get(link.removeprefix(HERE))
    assert response.status_code == 200
    if name == "json":
        assert response["Content-Type"] == "application/json"
        said = response.json()
    else:
        assert response["Content-Type"].startswith("text/xml")
        root: Any = ElementTree.fromstring(response.content)
        assert root.tag == "oembed"
        said = {each.tag: each.text for each in root}
    assert (said["type"], said["version"], said["title"]) == ("rich", "1.0", "Two points")
    assert "/presets/two/embed/?linewidth=3" in said["html"]
    assert (int(said["width"]), int(said["height"])) == (640, 528)
    assert int(said["cache_age"]) == 3600
    thumbnail = client.get(said["thumbnail_url"].removeprefix(HERE))
    size = int(said["thumbnail_width"]), int(said["thumbnail_height"])
    assert pixels(thumbnail).size == size == (1200, 630)


@pytest.mark.parametrize(
    ("limits", "size"),
    [
        ({"maxwidth": 320}, (320, 288)),
        ({"maxheight": 288}, (320, 288)),
        ({"maxwidth": 320, "maxheight": 1000}, (320, 288)),
        ({"maxwidth": 5000, "maxheight": 5000}, (640, 528)),
        ({"maxwidth": 1, "maxheight": 1}, (1, 49)),
    ],
)
def test_oembed_maximum_size(limits, size, preset, client):
    said = oembed(client, **limits).json()
    assert (said["width"], said["height"]) == size
    frame = fragment(said["html"]).find("iframe")
    assert (int(frame.get("width")), int(frame.get("height"))) == size
    assert ("thumbnail_url" in said) is (limits == {"maxwidth": 5000, "maxheight": 5000})


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"url": f"{HERE}/presets/none/"}, 404, "no public preset"),
        ({"url": f"{HERE}/plot/line/"}, 404, "no public preset"),
        ({"url": "http://elsewhere.example/presets/two/"}, 404, "no public preset"),
        ({"url": "http://[/presets/two/"}, 404, "no public preset"),
        ({"url": "/presets/two/"}, 404, "no public preset"),
        ({}, 400, "The parameter url is required"),
        ({"url": PAGE, "format": "yaml"}, 501, "“yaml”"),
        ({"url": PAGE, "maxwidth": "wide"}, 400, "maxwidth must be"),
        ({"url": PAGE, "maxheight": "0"}, 400, "maxheight must be"),
        ({"url": PAGE, "maxheight": "-5"}, 400, "maxheight must be"),
    ],
)
def test_oembed_errors(given, status, said, preset, client):
    response = client.get("/oembed/", given)
    assert response.status_code == status
    assert said in response.content.decode() and response["Content-Type"].startswith("text/plain")


def test_oembed_of_a_url_with_outdated_parameters(preset, client):
    said = oembed(client, f"{PAGE}?gone=1&linewidth=3").json()
    assert "/embed/&quot;" in said["html"] or '/embed/"' in said["html"]


def test_oembed_does_not_depend_on_the_user(preset, client, admin_client):
    answers = [oembed(each) for each in (client, admin_client)]
    answers.append(client.get("/oembed/", {"url": PAGE}, headers={"accept-language": "ko"}))
    assert len({each.content for each in answers}) == 1
    assert answers[0]["Cache-Control"].startswith("public, max-age=3600")
    assert answers[0].headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert answers[0]["Access-Control-Allow-Origin"] == "*"
    again = client.get("/oembed/", {"url": PAGE}, headers={"if-none-match": answers[0]["ETag"]})
    assert again.status_code == 304


def test_oembed_below_a_prefix(preset, client):
    with override_script_prefix("/charts/"):
        response = client.get("/oembed/", {"url": f"{HERE}/charts/presets/two/"})
    assert f"{HERE}/charts/presets/two/embed/" in response.json()["html"]
