"""What axe-core finds on every page, in both themes: nothing. It knows much of WCAG, not all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from tests.pages import ADMIN, OTHERS, VISITOR, furnish, log_in

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is wrong, where. By evaluation, which no policy of the page forbids.
RUN = """async tags => (await axe.run({ runOnly: tags })).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => [id, target.join(" "), failureSummary]))"""


def found(page: Page) -> list[list[str]]:
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, TAGS)


def quick(context: BrowserContext) -> Page:
    """A page that draws nothing: what pictures show, axe does not look at."""
    page = context.new_page()
    page.route(re.compile(r"\.png"), lambda route: route.abort())
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_nothing_keeps_visitors_out(
    scheme: Any, width: int, browser: Browser, live_server: Any
) -> None:
    furnish()
    viewport: Any = {"width": width, "height": 900}
    with browser.new_context(color_scheme=scheme, viewport=viewport) as context:
        page = quick(context)
        for path in {**VISITOR, **OTHERS}.values():
            page.goto(live_server.url + path)
            assert found(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_admins_out(scheme: Any, browser: Browser, live_server: Any) -> None:
    furnish()
    with browser.new_context(color_scheme=scheme) as context:
        page = quick(context)
        log_in(context, live_server.url)
        for path in ADMIN.values():
            page.goto(live_server.url + path)
            assert found(page) == [], path


def test_what_is_wrong_is_found(browser_page: Page) -> None:
    browser_page.set_content("<!doctype html><title>x</title><img src='/x.png'>")
    assert "image-alt" in {id for id, *_ in found(browser_page)}
