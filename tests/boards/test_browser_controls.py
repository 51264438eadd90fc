"""Shared controls of a board in Chromium."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from plots.boards.models import Board, BoardItem
from tests.boards.boards_browser import has_in_sources, sources, wait_until_updated


def test_a_control_changes_images_and_url_and_back_restores_them(
    browser_page: Page, url: str
) -> None:
    page = browser_page
    page.goto(url)
    before = sources(page)
    page.evaluate("window.same = true")
    page.locator("[name=grid]").select_option("0")
    expect(page).to_have_url(f"{url}?grid=0")
    expect(page.locator("[data-changed]")).to_have_text("The charts have been updated.")
    assert has_in_sources(page, "grid=0") == [False, True, False]
    expect(page.locator(".tile", has_text="Fixed")).to_contain_text("not affected by Grid")
    page.get_by_label("From").fill("2020-06-01")
    page.locator("[name=linewidth]").press_sequentially("7")
    expect(page).to_have_url(f"{url}?xmin=2020-06-01&linewidth=7&grid=0")
    wait_until_updated(page)
    assert has_in_sources(page, "linewidth=7") == [True, True, False]
    assert has_in_sources(page, "xmin=2020-06-01") == [True, False, False]
    assert page.evaluate("document.activeElement.name") == "linewidth"
    while page.url != url:
        page.go_back()
        page.wait_for_function("address => location.href === address", arg=page.url)
    wait_until_updated(page)
    expect(page.locator("[name=grid]")).to_have_value("")
    expect(page.get_by_label("From")).to_have_value("")
    expect(page.locator(".tile", has_text="not affected")).to_have_count(0)
    assert sources(page) == before
    assert page.evaluate("window.same"), "the page was loaded again"
    page.go_forward()
    expect(page.locator("[name=grid]")).to_have_value("0")
    page.locator("[name=theme]").select_option("dark")  # the new controls are as good as the old
    expect(page).to_have_url(re.compile("theme=dark"))
    wait_until_updated(page)
    assert has_in_sources(page, "theme=dark") == [True, True, True]


def test_an_invalid_value_keeps_images_and_url(browser_page: Page, url: str) -> None:
    page = browser_page
    page.goto(f"{url}?grid=0")
    before = sources(page)
    width = page.locator("[name=linewidth]")
    width.fill("9999")
    expect(page.locator("#id_linewidth_error")).not_to_be_empty()
    expect(page.get_by_role("alert")).to_contain_text("Linewidth")
    expect(width).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_url(f"{url}?grid=0")
    assert sources(page) == before
    width.fill("3")
    expect(page).to_have_url(f"{url}?linewidth=3&grid=0")
    expect(page.locator("#id_linewidth_error")).to_be_empty()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(width).not_to_have_attribute("aria-invalid", "true")
    width.fill("9999")
    expect(page.get_by_role("alert")).to_have_count(1)
    width.fill("3")  # as it is shown already
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_late_response_is_ignored(browser_page: Page, url: str) -> None:
    page, held = browser_page, []
    page.goto(url)
    page.route(re.compile(r"/[?]grid=0$"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"/[?]grid=0$")):
        page.locator("[name=grid]").select_option("0")
    page.locator("[name=theme]").select_option("print")
    expect(page).to_have_url(f"{url}?grid=0&theme=print")
    wait_until_updated(page)
    held[0].abort()
    assert has_in_sources(page, "theme=print") == [True, True, True]
    expect(page).to_have_url(f"{url}?grid=0&theme=print")


def test_a_board_works_without_javascript(browser: Browser, url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(url)
        page.get_by_label("To", exact=True).fill("2021-06-01")
        page.locator("[name=grid]").select_option("0")
        page.get_by_role("button", name="Update").click()
        expect(page).to_have_url(re.compile("xmax=2021-06-01&linewidth=&grid=0"))
        links = page.locator(".tile h2 a")
        assert [link.get_attribute("href") for link in links.all()] == [
            "/presets/days/?xmax=2021-06-01",
            "/presets/numbers/?grid=0",
            "/presets/fixed/",
        ]
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
        links.first.click()
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 500, 639, 760, 880, 1010, 1130, 1240, 1400])
def test_images_fit_their_tiles_at_every_width(width: int, browser_page: Page, url: str) -> None:
    for span, item in enumerate(BoardItem.objects.order_by("order"), 1):
        BoardItem.objects.filter(pk=item.pk).update(width=span)
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url)
    sources(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for image in page.locator(".tile picture img").all():
        shown, drawn = image.evaluate("image => [image.clientWidth, image.naturalWidth]")
        # At 360 the window is smaller than the smallest picture.
        assert shown == drawn or width == 360
        room = image.evaluate("image => image.closest('.tile').clientWidth") - shown
        assert room < 150, "the place is much larger than its picture"


def test_no_layout_shift_when_images_load(browser_page: Page, url: str) -> None:
    browser_page.route("**/*.png*", lambda route: route.abort())
    browser_page.goto(url)
    without = browser_page.locator(".tile").last.bounding_box()
    browser_page.unroute_all()
    browser_page.goto(url)
    sources(browser_page)
    assert browser_page.locator(".tile").last.bounding_box() == without


# Accessibility


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(scheme: Any, browser: Browser, url: str) -> None:
    Board.objects.update(refresh=Board.Refresh.HOUR)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        for address in (url, f"{url}?linewidth=9999&grid=0", url.replace("three/", "")):
            page.goto(address)
            found = Axe().run(page, options={"runOnly": tags}).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
