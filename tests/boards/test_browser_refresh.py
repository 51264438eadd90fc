"""Automatic refresh of a board in Chromium."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from plots.boards.models import Board
from plots.presets.models import Preset
from tests.boards.boards_browser import record_requests, sources


def test_refresh_requests_only_changed_images(browser_page: Page, board: Board, url: str) -> None:
    Board.objects.update(refresh=Board.Refresh.HALF_A_MINUTE)
    Preset.objects.filter(slug="fixed").update(cache="never")  # another one at each look
    page = browser_page
    page.clock.install()
    page.goto(url)
    before = sources(page)
    expect(page.locator("[data-refreshed]")).to_have_text(re.compile("Refreshed at .*:"))
    asked = record_requests(page)
    Preset.objects.filter(slug="numbers").update(parameters={"y": "9,1,9"})
    with page.expect_response(re.compile("/presets/fixed.png")):
        page.clock.run_for(31_000)
    changed = "before => document.querySelectorAll('.tile picture img')[1].currentSrc !== before"
    page.wait_for_function(changed, arg=before[1])
    assert sources(page)[0] == before[0]
    assert {*asked} == {"/boards/three/", "/presets/numbers.png", "/presets/fixed.png"}


def test_refresh_pauses_on_request_and_in_hidden_tabs(
    browser_page: Page, board: Board, url: str
) -> None:
    Board.objects.update(refresh=Board.Refresh.HALF_A_MINUTE)
    page = browser_page
    page.clock.install()
    page.goto(url)
    asked = record_requests(page)
    page.get_by_role("button", name="Pause refreshing").click()
    expect(page.locator("[data-refreshed]")).to_contain_text("Paused")
    page.clock.run_for(65_000)
    assert asked == []
    with page.expect_response(url):
        page.get_by_role("button", name="Resume refreshing").click()
    expect(page.locator("[data-refreshed]")).to_contain_text("Refreshed")

    hide = """hidden => {
        Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    asked.clear()
    page.clock.run_for(65_000)
    assert asked == []
    with page.expect_response(url):
        page.evaluate(hide, False)

    page.route(url, lambda route: route.abort())
    page.clock.run_for(31_000)
    expect(page.locator("[data-refreshed]")).to_contain_text("Refreshing failed")
    assert len(sources(page)) == 3


def test_no_refresh_by_default(browser_page: Page, url: str) -> None:
    page = browser_page
    page.clock.install()
    page.goto(url)
    asked = record_requests(page)
    page.clock.run_for(4_000_000)
    assert asked == []
    expect(page.locator("[data-pause]")).to_have_count(0)
