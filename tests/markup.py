"""Rendering templates that use the tags, and reading their markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.template import Context, Template


class Reader(HTMLParser):
    """Collects the attributes of each element, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))


def show(template: str, **context: Any) -> str:
    """Return ``template`` rendered with the tags of plots."""
    return Template("{% load plots %}" + template).render(Context(context))
