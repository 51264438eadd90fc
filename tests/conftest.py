"""What tests share: a page of a real Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright

from plots.http import response_cache
from plots.presets import usage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that drive a browser and puts them after all the others.

    Once started, Playwright keeps an event loop running in the thread of the tests, where Django
    refuses to use the database. The `browser` fixture makes it agree, which no other test may see.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test draws for itself, in the site's language: a request leaves its own behind."""
    cache.clear()
    translation.deactivate()
    response_cache.response_cache.clear()
    usage.counts.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one, tests that need it are skipped (in CI they fail)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        missing = "no Chromium found: apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses to work for root
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """An empty page with cookies and a cache of its own."""
    with browser.new_context() as context:
        yield context.new_page()
