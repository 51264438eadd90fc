"""Helpers for browser tests of boards."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect


def sources(page: Page) -> list[str]:
    """Return the URLs of the images that the browser chose, after they are loaded."""
    return page.locator(".tile picture img").evaluate_all(
        """async images => {
            images.forEach(image => image.loading = "eager");
            await Promise.all(images.map(image => image.decode()));
            return images.map(image => image.currentSrc);
        }"""
    )


def has_in_sources(page: Page, part: str) -> list[bool]:
    return [part in source for source in sources(page)]


def record_requests(page: Page) -> list[str]:
    """Return a list that collects the paths of all further requests."""
    asked: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if not path.startswith("/static/"):
            asked.append(path)

    page.on("request", note)
    return asked


def wait_until_updated(page: Page) -> None:
    """Wait until the page shows the response of the last request."""
    expect(page.locator("main[aria-busy]")).to_have_count(0)
