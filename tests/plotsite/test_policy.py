"""The Content-Security-Policy of the site, in headers and in a browser."""

from __future__ import annotations

from typing import Any

from django.test import Client
from playwright.sync_api import Page

from tests.pages import ADMIN, OTHERS, VISITOR, furnish, log_in


def policy(response: Any) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (each.partition(" ") for each in directives)}


def test_content_security_policy_of_pages(client: Client, db: None) -> None:
    for path in ("/", "/nowhere/", "/admin/login/", "/plot/openapi.json"):
        given = policy(client.get(path))
        assert given["default-src"] == given["frame-ancestors"] == "'self'"
        assert given["object-src"] == given["base-uri"] == "'none'"
        assert "unsafe" not in str(given) and "script-src" not in given and "style-src" not in given


def test_content_security_policy_of_images(client: Client, db: None) -> None:
    for path in ("/plot/line.png?y=1,2", "/plot/line.svg?y=1,2", "/plot/line.png?y=one"):
        given = policy(client.get(path))
        assert given["default-src"] == "'none'" and "frame-ancestors" not in given


def test_pages_do_not_violate_the_policy(browser_page: Page, live_server: Any) -> None:
    furnish()
    said: list[str] = []
    page = browser_page
    page.on("console", lambda message: said.append(f"{page.url} {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    for name, path in {**VISITOR, **OTHERS, **ADMIN}.items():
        if name == "admin":
            log_in(page.context, live_server.url)
        response = page.goto(live_server.url + path, wait_until="networkidle")
        given = response.headers["content-security-policy"] if response else ""
        # Embeddable pages have a policy of their own.
        own = "none" if name == "embed" else "self"
        assert f"default-src '{own}'" in given
    # Chromium reports the expected 404 of a missing page.
    assert [each for each in said if "404" not in each] == []
    page.evaluate("document.body.setAttribute('onclick', 'alert(1)')")
    assert "Content Security Policy" in said[-1], "nothing was listened to"
