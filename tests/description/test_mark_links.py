"""Marks of an SVG link to the URL in their row; pages show both."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

import plots
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.presets.models import Preset
from plots.rendering.render import render
from plots.spec.registry import kinds, sources
from tests.description.svg_marks import drawn, links, words
from tests.helpers import ask, problems

URLS = "https://example.org/a?b=1&c=%22,http://localhost:8000/"


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("line", {"x": "a,b", "y": "1,2"}, ["a: 1", "b: 2"]),
        ("scatter", {"x": "5,6", "y": "1,2", "size": "1,9"}, ["5: 1; size 1", "6: 2; size 9"]),
        ("stem", {"x": "5,6", "y": "1,2"}, ["5: 1", "6: 2"]),
        ("errorbar", {"x": "5,6", "y": "1,2"}, ["5: 1", "6: 2"]),
        ("bar", {"x": "a,b", "y": "1,2"}, ["a: 1", "b: 2"]),
        ("bar", {"x": "a,b", "y": "1,2", "mode": "percent"}, ["a: 100.0%", "b: 100.0%"]),
        ("pie", {"x": "a,b", "y": "1,1"}, ["a: 1; 50.0%", "b: 1; 50.0%"]),
        ("polar", {"x": "a,b", "y": "1,2"}, ["a: 1", "b: 2"]),
        ("timeline", {"start": "1,2", "end": "2,2", "y": "a,b"}, ["a: 1 to 2", "b: 2"]),
        (
            "candlestick",
            {"x": "a,b", "open": "1,1", "high": "2,2", "low": "0,0", "close": "2,0"},
            ["a: open 1; high 2; low 0; close 2", "b: open 1; high 2; low 0; close 0"],
        ),
    ],
)
def test_a_mark_leads_where_its_row_says(kind: str, given: Any, said: list[str]) -> None:
    assert links(kind, **given, link=URLS) == dict(zip(URLS.split(","), said, strict=True))


def test_a_row_without_a_link_is_drawn_as_the_others() -> None:
    assert words("bar", x="a,b", y="1,2", link="https://a.org,") == ["b: 2", "a: 1"]
    assert list(links("bar", x="a,b", y="1,2", link="https://a.org,")) == ["https://a.org"]
    spec = read_spec("bar", as_parameters({"y": "1,2", "link": ","}), "txt")
    assert "No data" not in render(spec).content.decode()
    assert "gap" not in render(spec).content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "//evil.org", "/a",
        "https:evil.org", "https:/evil.org", "https://", "https:\\\\evil.org", "ftp://a.org", "12",
        "https://user:word@evil.org", "https://good.org@evil.org", "https://a.org/ b",
        "mailto:a@b.c",
        "https://a.org/\"onload=\"x", "https://a.org:123456/", " https://a.org/\tx", "vbscript:x",
    ],
)  # fmt: skip
def test_links_must_be_http_urls(url: str, client: Client) -> None:
    item = '"' + url.replace('"', '""') + '"'
    ((parameter, code),) = problems(client, "/plot/bar.svg", {"y": "1", "link": item})
    assert parameter == "link" and code in ("not-a-link", "invalid-text")


@pytest.mark.parametrize(
    "url", ["https://a.org/\x00", "https://a.org/\n", "https://a.org/\u202e x"]
)
def test_a_link_of_a_source_is_checked_too(url: str, client: Client) -> None:
    @plots.source("addresses", visibility="public")
    def addresses() -> Any:
        return {"n": [1, 2], "at": ["https://a.org/ok", url]}

    try:
        query = {"source": "addresses", "y": "n", "link": "at"}
        (found,) = ask(client, "/plot/bar.svg", query).json()["errors"]
        assert found["parameter"] == "link"
    finally:
        sources.unregister("addresses")


def test_a_source_has_a_column_of_links(client: Client) -> None:
    @plots.source("addresses", visibility="public")
    def addresses() -> Any:
        return {"n": [1, 2], "at": ["https://a.org/?x=1&y=2", None]}

    try:
        query = {"source": "addresses", "y": "n", "link": "at"}
        content = client.get("/plot/bar.svg", query).content.decode()
        assert 'href="https://a.org/?x=1&amp;y=2" rel="noopener"' in content
    finally:
        sources.unregister("addresses")


def test_a_picture_of_pixels_takes_links_and_shows_none() -> None:
    plain = render(read_spec("bar", {"y": ["1,2"]})).content
    linked = render(read_spec("bar", {"y": ["1,2"], "link": ["https://a.org,"]})).content
    assert plain == linked


def test_a_link_is_one_for_each_row() -> None:
    with pytest.raises(PlotError, match="link|values"):
        read_spec("bar", {"y": ["1,2"], "link": ["https://a.org"]})


def test_images_with_links_have_no_image_role() -> None:
    assert drawn("bar", y="1", link="https://a.org").get("role") == "group"
    assert drawn("bar", y="1").get("role") == "img"


def test_a_public_svg_may_be_framed_and_shows_its_pixels(client: Client) -> None:
    for _ in range(2):  # drawn, and remembered
        response = client.get("/plot/hist2d.svg?x=1,2&y=1,2")
        assert "X-Frame-Options" not in response
        assert "; img-src data:; sandbox" in response["Content-Security-Policy"]
    again = client.get("/plot/hist2d.svg?x=1,2&y=1,2", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304 and "X-Frame-Options" not in again


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
def test_kind_pages_contain_the_description(kind: str, client: Client) -> None:
    response = client.get(f"/plot/{kind}/")
    assert response.status_code == 200
    addresses = re.findall(r'data-tooltips="([^"]+)"', response.content.decode())
    assert len(addresses) == 8 and len({*addresses}) == 4  # in each window, of any colours
    html = client.get(unescape(addresses[0])).content.decode()
    told = {unescape(each) for each in re.findall(r"<title>([^<]*)</title></(?:path|circle)", html)}
    assert told


@pytest.mark.django_db
def test_page_tooltips_have_the_requested_size(client: Client) -> None:
    sized = client.get("/plot/bar/?y=1,2&width=300&height=200").content.decode()
    (address,) = {unescape(each) for each in re.findall(r'data-tooltips="([^"]+)"', sized)}
    assert 'viewBox="0 0 216 144"' in client.get(address).content.decode()
    chance = client.get("/plot/normal/?n=5").content.decode()
    assert "data-tooltips" not in chance


@pytest.mark.django_db
def test_a_page_has_no_links_that_its_visitor_thought_up(client: Client) -> None:
    assert "data-links-label" in client.get("/plot/bar/?y=1,2").content.decode()
    html = client.get("/plot/bar/?y=1,2&link=https://evil.org,https://evil.org").content.decode()
    assert "data-tooltips" in html and "data-links-label" not in html
    given = {"x": ["a,b"], "y": ["1,3"], "link": ["https://good.org,"]}
    Preset.objects.create(
        visibility="public", slug="p", kind="bar", parameters=given, overrides=["link"]
    )
    for path in ("/presets/p/", "/presets/p/embed/"):
        assert "data-links-label" in client.get(path).content.decode()
        html = client.get(f"{path}?link=https://evil.org,").content.decode()
        assert "data-tooltips" in html and "data-links-label" not in html
