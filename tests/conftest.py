"""Fixtures of all tests: empty caches, presets, users, and a page in Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Page, expect, sync_playwright

from plots.delivery import clients
from plots.http import response_cache
from plots.presets import usage
from plots.presets.models import Preset
from tests.pages import furnish
from tests.processes import FAR

# Few examples, the same in each run; `make test-all` generates many others.
quick = hypothesis.settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=25,
    # Tests with fixtures start each example anew.
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
thorough = hypothesis.settings(quick, max_examples=1000, derandomize=False, print_blob=True)
hypothesis.settings.register_profile("quick", quick)
hypothesis.settings.register_profile("thorough", thorough)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser and move them to the end.

    Once started, Playwright keeps an event loop running in the thread of the tests, where Django
    refuses to use the database. The `browser` fixture makes it agree, which no other test may see.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Start each test with empty caches and the default language."""
    cache.clear()
    translation.deactivate()
    response_cache.response_cache.clear()
    usage.counts.clear()
    clients.untrusted_headers.clear()


@pytest.fixture
def starters(db: None) -> None:
    """Load the presets and boards of the example site, in all their states."""
    furnish()


@pytest.fixture
def line(db: None) -> Preset:
    """A public preset that visitors can change."""
    return Preset.objects.create(
        visibility="public",
        title="Two points",
        slug="two",
        kind="line",
        parameters={"y": "1,2"},
        overrides=["linewidth"],
    )


@pytest.fixture
def visitor(client: Client, django_user_model: Any) -> Callable[[str], Client]:
    """A function that logs in a user called anonymous, customer, inactive or staff."""

    def log_in(name: str) -> Client:
        if name != "anonymous":
            user = django_user_model.objects.create_superuser(name)
            client.force_login(user)
            # Revoked after the login, so that the session is still valid.
            django_user_model.objects.filter(pk=user.pk).update(
                is_active=name != "inactive", is_staff=name != "customer"
            )
        return client

    return log_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium. Without it, tests are skipped, or fail in CI."""
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
        browser.on("context", lambda context: context.set_default_timeout(1000 * FAR))
        expect.set_options(timeout=1000 * FAR)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """Open an empty page with its own cookies and cache."""
    with browser.new_context() as context:
        yield context.new_page()
