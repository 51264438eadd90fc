"""The embed page and embed codes."""

import re
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from plots.presets.models import Preset
from tests.html_pages import check, page, parse, words
from tests.presets.sharing import ATOM, HERE, NASTY, codes, fragment, oembed
from tests.presets.test_cards import card


def test_embed_page_headers(preset, client):
    response = client.get("/presets/two/embed/?linewidth=3&theme=dark")
    tree = parse(response.content)
    assert "X-Frame-Options" not in response.headers
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert response["Cache-Control"].startswith("public, max-age=300")
    assert tree.get("data-theme") == "dark"
    image = tree.find(".//picture/img")
    assert image is not None and "linewidth=3" in image.attrib["src"]
    assert (
        b"plot-marks" in client.get(image.attrib["data-tooltips"]).content
    )  # which say its values
    link = tree.find(".//h1/a")
    assert link is not None and words(link) == "Two points"
    assert link.get("href") == "/presets/two/?linewidth=3&theme=dark"
    assert client.post("/presets/two/embed/").status_code == 405


def test_embed_page_colour_scheme(preset, client):
    tree = page(client, "/presets/two/embed/")
    assert tree.get("data-theme") is None
    assert "(prefers-color-scheme: dark)" in tree.findall(".//source")[0].attrib["media"]
    assert page(client, "/presets/two/embed/?theme=print").get("data-theme") == "light"


@pytest.mark.parametrize("visibility", ["public", "unlisted", "staff"])
def test_frame_policy_by_visibility(visibility, preset, client, admin_client):
    Preset.objects.update(visibility=visibility)
    status = client.get("/presets/two/embed/").status_code
    assert status == oembed(client).status_code == (404 if visibility == "staff" else 200)
    response = admin_client.get("/presets/two/embed/")
    assert response.status_code == 200
    if visibility == "staff":
        assert response["Cache-Control"] == "private, no-cache" and "Cookie" in response["Vary"]
        assert response["X-Frame-Options"] == "DENY"
        # A 304 would leave a browser with the headers of before.
        assert "ETag" not in response
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert oembed(admin_client).status_code == 404


@pytest.mark.parametrize("field", ["kind", "source"])
def test_broken_presets(field, preset, client):
    Preset.objects.update(**{field: "gone"})
    tree = page(client, "/presets/two/embed/")
    image = tree.find(".//img")
    assert image is not None and "unavailable" in image.attrib["src"]
    assert oembed(client).status_code == 404
    tree = page(client, "/presets/two/")
    check(tree)
    assert "This chart cannot be drawn." in words(tree.find(".//*[@role='alert']"))
    assert client.get("/feed.atom").status_code == client.get("/sitemap.xml").status_code == 200


# Embed codes


def test_embed_codes(preset, client):
    found = codes(client, "/presets/two/?linewidth=3")
    assert [*found] == ["url", "html", "picture", "iframe", "markdown", "tag"]
    picture = fragment(found["picture"]).find("picture")
    chosen = [
        each.split()[0]
        for element in (picture.find("source"), picture.find("img"))
        for each in element.get("srcset").split(", ")
    ]
    assert len(chosen) == 4
    assert picture.find("source").get("media") == "(prefers-color-scheme: dark)"
    for url in [*chosen, found["url"], fragment(found["iframe"]).find("iframe").get("src")]:
        assert url.startswith(HERE) and "linewidth=3" in url
        response = client.get(url.removeprefix(HERE))
        assert response.status_code == 200 and "immutable" not in response["Cache-Control"]
    frame = fragment(found["iframe"]).find("iframe")
    assert (frame.get("width"), frame.get("height")) == ("640", "528")
    # Colours that were asked for are those of the code.
    assert "picture" not in codes(client, "/presets/two/?theme=dark")


def test_texts_are_escaped(nasty, client):
    query = urlencode({"title": "<b>\"' %} ]("})
    found = codes(client, f"/presets/nasty/?{query}")
    for name in ("html", "picture", "iframe"):
        tree = fragment(found[name])
        assert {each.tag for each in tree.iter()} <= {
            "DOCUMENT_FRAGMENT", "img", "picture", "source", "iframe"
        }  # fmt: skip
        for each in tree.iter():
            assert not [attribute for attribute in each.attrib if attribute.startswith("on")]
    assert fragment(found["html"]).find("img").get("alt") == NASTY
    assert re.fullmatch(r"!\[(\\.|[^\]\[\\])*\]\([^()\s]+\)", found["markdown"])
    assert "tag" not in found  # no template tag can say it
    tree = page(client, f"/presets/nasty/?{query}")
    check(tree)
    assert tree.find(".//head/script[@src]") is not None
    assert not [each for each in tree.iter("script") if each.text]
    assert card(client, "/presets/nasty/")["og:title"] == NASTY
    assert tree.find(".//a[@rel='tag']") is not None


def test_control_characters_in_titles(nasty, client):
    url = f"{HERE}/presets/nasty/"
    Preset.objects.update(title=NASTY + "\x0b", description=NASTY + "\x0b")  # no XML has that
    said = oembed(client, url).json()
    assert said["title"] == NASTY + "\x0b"
    root = ElementTree.fromstring(oembed(client, url, format="xml").content)
    assert root.findtext("title") == NASTY
    for html in (said["html"], root.findtext("html") or ""):
        frame = fragment(html)
        assert [each.tag for each in frame] == ["iframe"]
        assert frame[0].get("title").rstrip("\x0b\ufffd") == NASTY
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == NASTY
    summary = fragment(feed.findtext(f"{ATOM}entry/{ATOM}summary") or "")
    assert summary.find(".//script") is None
    assert summary.find(".//img").get("alt") == NASTY
    assert b"<script>alert" not in client.get("/presets/nasty/embed/").content
