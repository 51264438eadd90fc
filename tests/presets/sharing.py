"""Values and helpers of tests about sharing."""

from __future__ import annotations

from typing import Any

import html5lib
from django.test import Client

from tests.html_pages import page

NASTY = "<script>alert(1)</script> \"'& ]](x) %} 한국어"
HERE = "http://testserver"
PAGE = f"{HERE}/presets/two/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def codes(client: Client, address: str) -> dict[str, str]:
    return {
        each.attrib["id"].removeprefix("code-"): (each.text or "").removeprefix("\n")
        for each in page(client, address).iter("textarea")
        if each.get("id", "").startswith("code-")
    }


def fragment(code: str) -> Any:
    """``code`` as another page would hold it."""
    return html5lib.parseFragment(code, namespaceHTMLElements=False)


def oembed(client: Client, url: str = PAGE, **given: Any) -> Any:
    return client.get("/oembed/", {"url": url, **given})
