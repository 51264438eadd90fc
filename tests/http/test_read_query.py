"""Queries of links that were passed on: tracking parameters, and "&amp;" from copied HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.test import Client, override_settings

import plots
from plots.boards.models import Board, BoardItem
from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.http.response_cache import response_cache
from plots.http.stored_plots import StoredPlot
from plots.presets.models import Preset
from plots.spec.registry import kinds, sources

pytestmark = pytest.mark.django_db

TRACKING = (
    "utm_source=news&utm_medium=mail&utm_x=1&fbclid=a&gclid=b&msclkid=c&mc_cid=d&mc_eid=e"
    "&_ga=f&igshid=g&utm%5Fterm=h"
)
PLOT = "/plot/line.png?y=1,2,3"
JSON = '{"y": [1, 2]}'


@pytest.fixture
def saved() -> None:
    preset = Preset.objects.create(
        title="Two", slug="two", kind="line", parameters={"y": "1,2"},
        overrides=["grid", "linewidth"], visibility="public", tags="one",
    )  # fmt: skip
    Preset.objects.create(
        title="Three", slug="three", kind="line", parameters={"y": "1,2,3"}, visibility="public"
    )
    board = Board.objects.create(
        title="Board", slug="board", controls=["linewidth"], visibility="public"
    )
    BoardItem.objects.create(board=board, preset=preset, fixed="grid=0&amp;theme=dark&utm_x=1")


@pytest.fixture
def tracked_kind() -> Iterator[str]:
    """A kind and a source that declare options of these names."""

    class Options(forms.Form):
        utm_source = forms.CharField(required=False, initial="")

    @plots.kind("tracked", channels=plots.XY, options=Options)
    def draw(ax: Any, data: object, utm_source: str) -> None:
        """Draw a line."""
        ax.plot([1, 2])

    class Campaign(forms.Form):
        gclid = forms.CharField(required=False, initial="")

    @plots.source("campaign", options=Campaign, version="1")
    def rows(gclid: str) -> dict[str, list[int]]:
        """Return as many rows as the option has characters."""
        return {"n": [*range(1 + len(gclid))]}

    yield "tracked"
    kinds.unregister("tracked")
    sources.unregister("campaign")


@pytest.mark.parametrize(
    "path",
    [
        PLOT, "/plot/line.csv?y=1,2", "/presets/two.png?linewidth=3", "/presets/two/?linewidth=3",
        "/presets/two/embed/?linewidth=3", "/boards/board/?linewidth=3", "/boards/?page=1",
        "/plot/?a=b", "/plot/line/?y=1,2&title=x", "/?q=two&kind=line&sort=title",
        "/oembed/?format=xml&url=http%3A//testserver/presets/two/", "/feed.atom?", "/sitemap.xml?",
    ],
)  # fmt: skip
def test_tracking_parameters_change_nothing(client: Client, saved: None, path: str) -> None:
    plain, tracked = client.get(path), client.get(f"{path}&{TRACKING}")
    assert (plain.status_code, tracked.status_code) == (200, 200)
    assert tracked.get("ETag") == plain.get("ETag")
    assert not (tracked.context or {}).get("errors")
    assert b"utm" not in tracked.content and b"igshid" not in tracked.content
    if not plain["Content-Type"].startswith("text/html"):
        assert tracked.content == plain.content
    else:
        assert tracked.content.count(b"linewidth=3") == plain.content.count(b"linewidth=3")


def test_an_unchanged_page_has_nothing_to_reset(client: Client, saved: None) -> None:
    for path in ("/presets/two/", "/plot/line/"):
        assert not client.get(f"{path}?{TRACKING}").context["changed"]
        assert b"data-reset" not in client.get(f"{path}?{TRACKING}").content


@override_settings(PLOTS={"PAGE_SIZE": 1})
def test_links_to_other_pages_carry_none(client: Client, saved: None) -> None:
    html = client.get(f"/?kind=line&{TRACKING}").content.decode()
    assert "kind=line&amp;page=2" in html and "utm" not in html


def test_an_oembed_url_may_carry_them(client: Client, saved: None) -> None:
    page = "http://testserver/presets/two/?linewidth=3"
    plain, tracked, html = (
        client.get("/oembed/", {"url": url}).json()
        for url in (page, f"{page}&{TRACKING}", f"{page}&amp;utm_source=x")
    )
    assert plain == tracked == html and "linewidth=3" in plain["html"]


def test_one_cached_response_serves_all_campaigns(client: Client) -> None:
    client.get(PLOT)
    entries = len(response_cache)
    for campaign in ("news", "spring", "mail"):
        answer = client.get(f"{PLOT}&utm_source={campaign}&fbclid={campaign}1")
        assert answer["Server-Timing"] == "cache;desc=hit"
    assert client.get(PLOT.replace(",", "%2C"))["Server-Timing"] == "cache;desc=hit"
    assert len(response_cache) == entries
    assert client.get(f"{PLOT},4&utm_source=news")["ETag"] != client.get(PLOT)["ETag"]


def test_stored_plots_and_posts_ignore_them(client: Client) -> None:
    stored = StoredPlot.objects.store("line", {"y": ["1,2"]})
    url = f"/p/{stored.digest}.png"
    assert client.get(f"{url}?{TRACKING}")["ETag"] == client.get(url)["ETag"]
    assert client.get(f"{url}?title=x").status_code == 400
    with override_settings(PLOTS={"POST": "anyone"}):
        body: dict[str, Any] = {"data": JSON, "content_type": "application/json"}
        assert client.post(f"/plot/line.png?{TRACKING}", **body).status_code == 200
        assert client.post("/plot/line.png?title=x", **body).status_code == 400


@override_settings(PLOTS={"SIGNED_URLS": True, "SIGNED_DAYS": 2})
def test_signatures_do_not_cover_them(client: Client) -> None:
    url = Plot(plot_spec("line", y=[1, 2], title="Sales")).url()
    assert client.get(f"{url}&{TRACKING}").status_code == 200
    assert client.get(f"{url}&{TRACKING}")["ETag"] == client.get(url)["ETag"]
    assert client.get(url.replace("&", "&amp;")).status_code == 200
    assert client.get(f"{url}&width=300&utm_source=x").status_code == 403


def test_a_kind_may_declare_such_a_name(client: Client, tracked_kind: str) -> None:
    url = f"/plot/{tracked_kind}.png?y=1,2"
    etags = {client.get(f"{url}{more}")["ETag"] for more in ("", "&utm_source=a", "&utm_source=b")}
    assert len(etags) == 3
    assert client.get(f"{url}&gclid=x")["ETag"] in etags
    assert client.get("/plot/line.png?y=1,2&utm_source=a").status_code == 200


def test_a_source_may_declare_such_a_name(admin_client: Client, tracked_kind: str) -> None:
    url = "/plot/line.csv?source=campaign&y=n"
    lengths = [len(admin_client.get(f"{url}{more}").content.split()) for more in ("", "&gclid=abc")]
    assert lengths == [2, 5]
    assert admin_client.get(f"{url}&utm_source=x").status_code == 200
    Preset.objects.create(
        title="Of the source", slug="campaign", kind="line", source="campaign",
        parameters={"y": "n"}, overrides=["gclid"], visibility="public",
    )  # fmt: skip
    urls = [f"/presets/campaign.csv?gclid={value}&utm_source=x" for value in ("a", "abc")]
    assert [len(admin_client.get(each).content.split()) for each in urls] == [3, 5]


@pytest.mark.parametrize("between", ["&amp;", "&amp;amp;", "&amp%3B"])
def test_html_entities_between_parameters_are_understood(
    client: Client, saved: None, between: str
) -> None:
    for path in (PLOT, "/plot/line.svg?y=1,2", "/plot/line/?y=1,2"):
        plain = client.get(f"{path}&title=x&width=300&height=200")
        pasted = client.get(
            between.join((path, "title=x", "width=300", "height=200", "utm_source=x"))
        )
        assert pasted.status_code == plain.status_code == 200
        assert pasted.get("ETag") == plain.get("ETag")
        assert not (pasted.context or {}).get("errors")
    page = client.get(between.join(("/?q=two", "kind=bar")))
    assert page.context["asked"].dict() == {"q": "two", "kind": "bar"}
    board = client.get(between.join(("/boards/board/?grid=1", "linewidth=3")))
    assert b"linewidth=3" in board.content
    assert client.get(f"{PLOT}&title={quote('a&amp;b')}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "y=1,2&%22title%22=x", "y=1,2&“title”=x", "y%3D1%2C2%26title%3Dx=1", "y=1,2&amp title=x",
        "y=1,2&y%5B%5D=3", "y=1,2&%C2%A0title=x", "y=1,2&quot;title=x",
    ],
)  # fmt: skip
def test_other_changes_of_a_url_are_explained(client: Client, saved: None, query: str) -> None:
    answer = client.get(f"/plot/line.png?{query}", headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert "changed when it was copied" in answer.json()["errors"][0]["message"]
    for page in ("/presets/two/", "/boards/board/", "/plot/line/"):
        assert b"changed when it was copied" in client.get(f"{page}?{query}").content, page


def test_parameters_of_a_tile_may_be_copied_from_a_link(saved: None) -> None:
    assert BoardItem.objects.get().parameters == {"grid": ["0"], "theme": ["dark"]}
    BoardItem.objects.get().full_clean()
