"""Reading pages as strictly as possible, and the rules that every page follows."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client


def parse(text: str | bytes) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def page(client: Client, path: str, status: int = 200) -> Element:
    response = client.get(path)
    assert response.status_code == status
    return parse(response.content)


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def with_attribute(tree: Element, name: str) -> Iterator[tuple[Element, str]]:
    return ((each, each.attrib[name]) for each in tree.iter() if name in each.attrib)


def titles(tree: Element) -> list[str]:
    return [words(each) for each in tree.iterfind(".//main//h2")]


def alert(tree: Element) -> str:
    return words(tree.find(".//*[@role='alert']"))


def check(tree: Element) -> None:
    """Assert what holds for every page and a parser does not check."""
    ids = [id for _, id in with_attribute(tree, "id")]
    assert len(ids) == len({*ids})
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for _, value in with_attribute(tree, name):
            assert {*value.split()} <= {*ids}, (name, value)
    labels = [value for _, value in with_attribute(tree, "for")]
    assert len(labels) == len({*labels})
    for tag in ("input", "select", "textarea"):
        for control in tree.iter(tag):
            assert control.get("type") == "hidden" or control.get("id") in labels
    for link in [*tree.iter("a"), *tree.iter("button")]:
        assert words(link) or link.get("aria-label")
    for image in tree.iter("img"):
        assert image.get("alt")
        # The placeholder of a broken plot has its size from the style sheet.
        sized = image.get("width") and image.get("height")
        assert sized or "unavailable.svg" in image.attrib["src"]
    levels = [int(each.tag[1]) for each in tree.iter() if re.fullmatch("h[1-6]", str(each.tag))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    for landmark in ("main", "title", "body/header"):
        assert len(tree.findall(f".//{landmark}")) == 1
    assert tree.get("lang") == "en"
    # What a strict Content-Security-Policy forbids, and every other host.
    assert all(script.get("src") and not script.text for script in tree.iter("script"))
    assert tree.find(".//style") is None
    for each in tree.iter():
        assert not [name for name in each.attrib if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            assert urlsplit(each.get(name, "")).netloc in ("", "testserver")


def picture(tree: Element) -> Element:
    found = tree.find(".//main//picture/img")
    assert found is not None
    return found
