"""The caching headers of plots without the middleware, and of the host's pages with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from plots.presets.models import Preset

NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"
MIDDLEWARE = "plots.http.middleware.NeverCacheMiddleware"
PAGES = (
    "/", "/?q=x", "/plot/", "/plot/line/", "/plot/line/?y=b", "/presets/two/",
    "/boards/",
)  # fmt: skip
SHARED = (
    "/feed.atom", "/sitemap.xml", "/plot/openapi.json", "/plot/line.png?y=1,2",
    "/presets/two.svg", "/presets/two/embed/", "/oembed/?url=http://testserver/presets/two/",
)  # fmt: skip
ERRORS = ("/plot/line.png?y=b", "/plot/nothing.png", "/presets/none.png", "/p/none.png", "/healthz")
MISSING = ("/presets/none/", "/presets/none/embed/", "/plot/none/", "/boards/none/", "/metrics")


@pytest.fixture
def without(settings: Any, line: Preset) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != MIDDLEWARE]
    Preset.objects.filter(pk=line.pk).update(visibility="public")


def test_it_is_optional(without: None, client: Client) -> None:
    for path in PAGES:
        assert client.get(path)["Cache-Control"] == "private, no-cache", path
    for path in SHARED:
        assert client.get(path)["Cache-Control"].startswith("public, "), path
    for path in (*ERRORS, *MISSING):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"], (path, response.status_code)
    assert client.get("/plot/normal.png")["Cache-Control"] == NEVER


def test_the_pages_of_the_host_keep_their_headers(without: None, client: Client) -> None:
    assert "Cache-Control" not in client.get("/robots.txt")


def test_the_middleware_asks_for_never_cache(settings: Any, client: Client) -> None:
    assert settings.MIDDLEWARE.count(MIDDLEWARE) == 1
    assert client.get("/robots.txt")["Cache-Control"] == NEVER
