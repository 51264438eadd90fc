"""What other sites make of a preset: cards, oEmbed, frames, codes, a feed and a sitemap."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from django.test import Client
from django.test.utils import override_script_prefix

from plots.boards.models import Board
from plots.presets.models import Preset
from plots.spec.registry import kinds
from tests.catalog.test_pages import check, page, parse, with_attribute, words
from tests.helpers import pixels

NASTY = "<script>alert(1)</script> \"'& ]](x) %} 한국어"
HERE = "http://testserver"
PAGE = f"{HERE}/presets/two/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def preset(db: None) -> Preset:
    return Preset.objects.create(
        title="Two points",
        slug="two",
        kind="line",
        description="Up,\nand on.",
        tags="one, two",
        parameters={"y": "1,2"},
        overrides=["linewidth", "title"],
    )


@pytest.fixture
def nasty(db: None) -> Preset:
    return Preset.objects.create(
        title=NASTY,
        slug="nasty",
        description=NASTY,
        tags=NASTY,
        kind="line",
        parameters={"y": "1,2", "alt": NASTY},
        overrides=["title"],
    )


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


def oembed(client: Client, url: str = PAGE, **given: Any) -> Any:
    return client.get("/oembed/", {"url": url, **given})


def codes(client: Client, address: str) -> dict[str, str]:
    return {
        each.attrib["id"].removeprefix("code-"): (each.text or "").removeprefix("\n")
        for each in page(client, address).iter("textarea")
        if each.get("id", "").startswith("code-")
    }


def fragment(code: str) -> Any:
    """``code`` as another page would hold it."""
    return html5lib.parseFragment(code, namespaceHTMLElements=False)


# Cards


def test_a_card_has_a_real_picture_of_what_is_seen(preset, client):
    found = card(client, "/presets/two/?linewidth=3")
    assert found["og:title"] == "Two points"
    assert found["og:description"] == found["description"] == "Up, and on."
    assert found["og:url"] == f"{PAGE}?linewidth=3"
    assert found["canonical"] == PAGE
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:image:alt"].startswith("Line plot: Two points.")
    assert "linewidth=3" in found["og:image"] and found["og:image"].startswith(f"{HERE}/presets/")
    image = client.get(found["og:image"].removeprefix(HERE))
    assert image["Content-Type"] == found["og:image:type"] == "image/png"
    assert pixels(image).size == (1200, 630)
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


@pytest.mark.parametrize(
    ("limits", "image"),
    [({"MAX_SCALE": 1.0}, (1200, 630)), ({"MAX_SIDE": 300, "MAX_PIXELS": 90_000}, None)],
)
def test_a_card_is_no_larger_than_the_site_draws(limits, image, preset, client, settings):
    settings.PLOTS = limits
    Preset.objects.update(parameters={"y": "1,2", "width": "200", "height": "200"})
    found = card(client)
    if image is None:
        assert "og:image" not in found and found["twitter:card"] == "summary"
    else:
        assert pixels(client.get(found["og:image"].removeprefix(HERE))).size == image


def test_the_words_of_a_picture_stand_in_for_a_description(preset, client):
    Preset.objects.update(description="")
    assert card(client)["og:description"].startswith("Line plot: Two points. 2 points")


def test_an_unlisted_preset_has_a_card_and_is_not_indexed(preset, client):
    assert "robots" not in card(client)
    Preset.objects.update(visibility="unlisted")
    found = card(client)
    assert found["robots"] == "noindex" and found["og:title"] == "Two points"


def test_a_private_preset_has_none(preset, admin_client):
    Preset.objects.update(visibility="staff")
    found = card(admin_client)
    assert not [name for name in found if "og:" in name or "oembed" in name or name == "canonical"]
    assert "iframe" not in codes(admin_client, "/presets/two/")
    assert page(admin_client, "/presets/two/").find(".//*[@data-share]") is None


# oEmbed


@pytest.mark.parametrize("name", ["json", "xml"])
def test_oembed_is_discovered_from_the_page(name, preset, client):
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
def test_oembed_keeps_to_the_size_asked_for(limits, size, preset, client):
    said = oembed(client, **limits).json()
    assert (said["width"], said["height"]) == size
    frame = fragment(said["html"]).find("iframe")
    assert (int(frame.get("width")), int(frame.get("height"))) == size
    assert ("thumbnail_url" in said) is (limits == {"maxwidth": 5000, "maxheight": 5000})


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"url": f"{HERE}/presets/none/"}, 404, "No preset"),
        ({"url": f"{HERE}/plot/line/"}, 404, "No preset"),
        ({"url": "http://elsewhere.example/presets/two/"}, 404, "No preset"),
        ({"url": "http://[/presets/two/"}, 404, "No preset"),
        ({"url": "/presets/two/"}, 404, "No preset"),
        ({}, 400, "Give url"),
        ({"url": PAGE, "format": "yaml"}, 501, "“yaml”"),
        ({"url": PAGE, "maxwidth": "wide"}, 400, "Give maxwidth"),
        ({"url": PAGE, "maxheight": "0"}, 400, "Give maxheight"),
        ({"url": PAGE, "maxheight": "-5"}, 400, "Give maxheight"),
    ],
)
def test_what_oembed_refuses(given, status, said, preset, client):
    response = client.get("/oembed/", given)
    assert response.status_code == status
    assert said in response.content.decode() and response["Content-Type"].startswith("text/plain")


def test_oembed_shows_a_stale_address_as_the_preset_is(preset, client):
    said = oembed(client, f"{PAGE}?gone=1&linewidth=3").json()
    assert "/embed/&quot;" in said["html"] or '/embed/"' in said["html"]


def test_oembed_is_the_same_for_all(preset, client, admin_client):
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


# Frames


def test_an_embedded_page_may_be_framed_by_anybody(preset, client):
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
    assert b"plot-marks" in client.get(image.attrib["data-marks"]).content  # which say its values
    link = tree.find(".//h1/a")
    assert link is not None and words(link) == "Two points"
    assert link.get("href") == "/presets/two/?linewidth=3&theme=dark"
    assert client.post("/presets/two/embed/").status_code == 405


def test_an_embedded_page_follows_the_system_unless_told(preset, client):
    tree = page(client, "/presets/two/embed/")
    assert tree.get("data-theme") is None
    assert "(prefers-color-scheme: dark)" in tree.findall(".//source")[0].attrib["media"]
    assert page(client, "/presets/two/embed/?theme=print").get("data-theme") == "light"


@pytest.mark.parametrize("visibility", ["public", "unlisted", "staff"])
def test_who_may_frame(visibility, preset, client, admin_client):
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
def test_a_broken_preset_is_calm_everywhere(field, preset, client):
    Preset.objects.update(**{field: "gone"})
    tree = page(client, "/presets/two/embed/")
    image = tree.find(".//img")
    assert image is not None and "unavailable" in image.attrib["src"]
    assert oembed(client).status_code == 404
    tree = page(client, "/presets/two/")
    check(tree)
    assert "cannot be drawn any more" in words(tree.find(".//*[@role='alert']"))
    assert client.get("/feed.atom").status_code == client.get("/sitemap.xml").status_code == 200


# Codes


def test_codes_are_of_what_is_seen_and_work(preset, client):
    found = codes(client, "/presets/two/?linewidth=3")
    assert [*found] == ["address", "html", "picture", "iframe", "markdown", "tag"]
    picture = fragment(found["picture"]).find("picture")
    chosen = [
        each.split()[0]
        for element in (picture.find("source"), picture.find("img"))
        for each in element.get("srcset").split(", ")
    ]
    assert len(chosen) == 4
    assert picture.find("source").get("media") == "(prefers-color-scheme: dark)"
    for url in [*chosen, found["address"], fragment(found["iframe"]).find("iframe").get("src")]:
        assert url.startswith(HERE) and "linewidth=3" in url
        response = client.get(url.removeprefix(HERE))
        assert response.status_code == 200 and "immutable" not in response["Cache-Control"]
    frame = fragment(found["iframe"]).find("iframe")
    assert (frame.get("width"), frame.get("height")) == ("640", "528")
    # Colours that were asked for are those of the code.
    assert "picture" not in codes(client, "/presets/two/?theme=dark")


def test_nothing_that_people_write_leaves_its_place(nasty, client):
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


def test_oembed_and_feeds_hold_any_title(nasty, client):
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


# The feed, the map


def test_the_feed_has_new_public_presets_with_pictures(preset, client, django_assert_num_queries):
    Preset.objects.create(title="Hidden", slug="h", kind="line", visibility="staff")
    Preset.objects.create(title="Unlisted", slug="u", kind="line", visibility="unlisted")
    newest = Preset.objects.create(title="Newest", slug="new", kind="line")
    with django_assert_num_queries(1):
        response = client.get("/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["Cache-Control"].startswith("public")
    root: Any = ElementTree.fromstring(response.content)
    entries = root.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == ["Newest", "Two points"]
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"{HERE}/feed.atom"
    for needed in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{needed}")
        assert all(each.findtext(f"{ATOM}{needed}") for each in entries)
    last = entries[1]
    assert last.find(f"{ATOM}link").get("href") == PAGE
    assert [each.get("term") for each in last.findall(f"{ATOM}category")] == ["one", "two"]
    image = fragment(last.findtext(f"{ATOM}summary")).find(".//img")
    assert client.get(image.get("src").removeprefix(HERE))["Content-Type"] == "image/png"
    updated = datetime.fromisoformat(entries[0].findtext(f"{ATOM}updated"))
    assert updated == newest.updated.astimezone(UTC)
    again = client.get("/feed.atom", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    link = page(client, "/").find(".//link[@type='application/atom+xml']")
    assert link is not None and link.get("href") == "/feed.atom"


def test_the_map_has_every_page_for_everybody(preset, client, admin_client):
    Preset.objects.create(title="Hidden", slug="h", kind="line", visibility="staff")
    Preset.objects.create(title="Unlisted", slug="u", kind="line", visibility="unlisted")
    Board.objects.create(title="All", slug="all")
    Board.objects.create(title="Some", slug="some", visibility="unlisted")
    for each in (client, admin_client):
        response = each.get("/sitemap.xml")
        assert response["Content-Type"] == "application/xml"
        root: Any = ElementTree.fromstring(response.content)
        found = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in root}
        assert {f"{HERE}/", f"{HERE}/boards/", f"{HERE}/boards/all/", f"{HERE}/plot/", PAGE} <= {
            *found
        }
        assert len(found) == 5 + len([*kinds])
        assert datetime.fromisoformat(found[PAGE]) <= Preset.objects.get(slug="two").updated
    robots = client.get("/robots.txt")
    assert f"Sitemap: {HERE}/sitemap.xml" in robots.content.decode()
    assert robots["Content-Type"] == "text/plain"


# Where it comes from, and what is like it


def test_related_presets_are_the_nearest_that_one_may_see(db, client, admin_client):
    def make(slug: str, **given: Any) -> None:
        given = {"kind": "hist", "parameters": {"x": "1,2"}, **given}
        Preset.objects.create(slug=slug, title=slug, **given)

    stocks = {"kind": "line", "source": "stocks", "parameters": {"x": "date", "y": "IBM"}}
    make("mine", **stocks, tags="art, shares")
    make("same-kind", kind="line", parameters={"y": "1,2"})
    make("one-tag", tags="shares")
    make("two-tags", tags="shares, art")
    make("part-of-a-tag", tags="artful, share")
    make("same-source", **stocks)
    make("hidden", **stocks, visibility="staff")
    make("unlisted", **stocks, visibility="unlisted")
    make("other")

    def near(each: Client) -> list[str]:
        tree = page(each, "/presets/mine/")
        check(tree)
        return [words(title) for title in tree.iterfind(".//section/ul/li//h3")]

    assert near(client) == ["same-source", "two-tags", "one-tag", "same-kind"]
    assert near(admin_client) == ["hidden", "same-source", "two-tags", "one-tag"]


def test_a_page_says_where_the_data_come_from(db, client, django_assert_max_num_queries):
    Preset.objects.create(
        title="Nile", slug="nile", kind="line", source="nile", tags="rivers & lakes",
        parameters={"x": "year", "y": "flow"},
    )  # fmt: skip
    with django_assert_max_num_queries(2):  # itself, and those that are like it
        tree = page(client, "/presets/nile/")
    facts = {words(each[0]): words(each[1]) for each in tree.iterfind(".//dl/div")}
    assert [*facts] == ["Source", "Kind", "Tags", "Last change"]
    assert facts["Source"].startswith("Nile") and "Biometrika" in facts["Source"]
    links = [each.attrib["href"] for each in tree.iterfind(".//a[@rel='tag']")]
    assert links == ["/?tag=rivers%20%26%20lakes"]
    assert client.get(links[0]).status_code == 200


def test_the_table_of_a_long_plot_leads_to_all_of_it(db, client):
    Preset.objects.create(
        title="Long", slug="long", kind="line", parameters={"y": ",".join(["1", "2"] * 150)}
    )
    tree = page(client, "/presets/long/")
    assert len(tree.findall(".//tbody/tr")) == 200
    link = next(e for e, _ in with_attribute(tree, "href") if words(e) == "All of them, as CSV")
    assert len(client.get(link.attrib["href"]).content.splitlines()) == 301
