"""axe-core finds no violations on any page, in both themes. It covers a part of WCAG."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from tests.pages import ADMIN, OTHERS, VISITOR, furnish, log_in

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Violations with their elements. evaluate() is not subject to the page's policy.
RUN = """async tags => (await axe.run({ runOnly: tags })).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => [id, target.join(" "), failureSummary]))"""


def found(page: Page) -> list[list[str]]:
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, TAGS)


def quick(context: BrowserContext) -> Page:
    """Return a page that loads no images, which axe does not check."""
    page = context.new_page()
    page.route(re.compile(r"\.png"), lambda route: route.abort())
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_public_pages_are_accessible(
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
def test_admin_pages_are_accessible(scheme: Any, browser: Browser, live_server: Any) -> None:
    furnish()
    with browser.new_context(color_scheme=scheme) as context:
        page = quick(context)
        log_in(context, live_server.url)
        for path in ADMIN.values():
            page.goto(live_server.url + path)
            assert found(page) == [], path


def test_violations_are_found(browser_page: Page) -> None:
    browser_page.set_content("<!doctype html><title>x</title><img src='/x.png'>")
    assert "image-alt" in {id for id, *_ in found(browser_page)}
