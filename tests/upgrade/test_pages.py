"""The pages of an upgraded site: presets, boards, datasets, stored plots and the admin."""

from __future__ import annotations

import re
from html import unescape

from tests.upgrade.conftest import Upgrade

HISTORY = "/admin/plots_presets/preset/20/history/"


def visit(upgrade: Upgrade, user: str, *urls: str) -> list[str]:
    """The texts of the pages, all of which answer."""
    answers = upgrade.site.visit(*([user, url, None] for url in urls))
    assert {url: status for url, (status, *_) in zip(urls, answers, strict=True)} == dict.fromkeys(
        urls, 200
    )
    return [text for _, _, text in answers]


def test_presets_draw(upgrade: Upgrade) -> None:
    slugs = [row["slug"] for row in upgrade.after["plots_preset"]]
    texts = visit(upgrade, "admin", *(f"/presets/{slug}.txt" for slug in slugs))
    assert all(texts) and len(texts) == 26


def test_datasets_draw(upgrade: Upgrade) -> None:
    slugs = {
        row["source"]: row["slug"]
        for row in upgrade.after["plots_preset"]
        if row["source"] in {each["name"] for each in upgrade.after["plots_dataset"]}
    }
    assert len(slugs) == 3
    texts = visit(upgrade, "admin", *(f"/presets/{slug}.png" for slug in slugs.values()))
    assert all("PNG" in text[:8] for text in texts)


def test_boards_draw(upgrade: Upgrade) -> None:
    slugs = [row["slug"] for row in upgrade.after["plots_board"]]
    pages = visit(upgrade, "", *(f"/boards/{slug}/" for slug in slugs))
    pictures = {
        unescape(url) for page in pages for url in re.findall(r'<img src="([^"]+.png[^"]+)"', page)
    }
    assert len(pictures) == 12
    visit(upgrade, "", *sorted(pictures))


def test_stored_plots_answer(upgrade: Upgrade) -> None:
    digests = [row["digest"] for row in upgrade.after["plots_storedplot"]]
    texts = visit(upgrade, "", *(f"/p/{digest}.txt" for digest in digests))
    assert all(texts) and len(texts) == 84


def test_links_of_the_admin_log_lead_to_pages(upgrade: Upgrade) -> None:
    links = upgrade.site.python(
        "from django.contrib.admin.models import LogEntry\n"
        "from django.urls import reverse\n"
        "print(json.dumps([each.get_admin_url() for each in LogEntry.objects.order_by('pk')]))"
    )
    assert links[0] == "/admin/plots_datasets/dataset/2/change/"
    assert links[5] == "/admin/plots_boards/board/3/change/"
    assert links[14] == "/admin/plots_presets/preset/26/change/"
    *_, index = visit(upgrade, "admin", *dict.fromkeys(links), "/admin/")
    assert f'href="{links[14]}"' in index


def test_the_editor_sees_the_same_admin(upgrade: Upgrade) -> None:
    (index,) = visit(upgrade, "editor", "/admin/")
    for app in ("plots_presets/preset", "plots_boards/board", "plots_datasets/dataset"):
        assert f'href="/admin/{app}/"' in index and f'href="/admin/{app}/add/"' in index
    own, other = "/admin/plots_presets/preset/25/change/", "/admin/plots_presets/preset/20/change/"
    changed, read = visit(upgrade, "editor", own, other)
    assert 'name="_save"' in changed and 'name="_save"' not in read


def test_revisions_compare_and_restore(upgrade: Upgrade) -> None:
    history, comparison = visit(upgrade, "admin", HISTORY, f"{HISTORY}compare/?from=20&to=24")
    assert history.count('name="from"') == 3
    assert "Weekly revenue by region" in comparison and "Weekly revenue, by region" in comparison
    restored, page = upgrade.site.visit(
        ["admin", f"{HISTORY}24/restore/", {}], ["admin", HISTORY, None]
    )
    assert (restored[0], restored[1]) == (302, "/admin/plots_presets/preset/20/change/")
    assert page[2].count('name="from"') == 4
    preset = upgrade.site.dump("plots_presets.Preset")["plots_preset"][19]
    assert (preset["id"], preset["title"]) == (20, "Weekly revenue, by region")


def test_former_admin_urls_redirect(upgrade: Upgrade) -> None:
    (answer,) = upgrade.site.visit(["admin", "/admin/plots/preset/20/change/?a=1", None])
    assert answer[:2] == (301, "/admin/plots_presets/preset/20/change/?a=1")
