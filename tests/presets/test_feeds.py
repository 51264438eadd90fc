"""The Atom feed and the sitemap."""

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from plots.boards.models import Board
from plots.presets.models import Preset
from plots.spec.registry import kinds
from tests.html_pages import page
from tests.presets.sharing import ATOM, HERE, MAP, PAGE, fragment


def test_feed(preset, client, django_assert_num_queries):
    Preset.objects.create(title="Hidden", slug="h", kind="line", visibility="staff")
    Preset.objects.create(title="Unlisted", slug="u", kind="line", visibility="unlisted")
    newest = Preset.objects.create(visibility="public", title="Newest", slug="new", kind="line")
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


def test_sitemap(preset, client, admin_client):
    Preset.objects.create(title="Hidden", slug="h", kind="line", visibility="staff")
    Preset.objects.create(title="Unlisted", slug="u", kind="line", visibility="unlisted")
    Board.objects.create(visibility="public", title="All", slug="all")
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
