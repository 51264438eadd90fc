"""Marks of an SVG and what they hold."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render

SVG = "{http://www.w3.org/2000/svg}"
HREF = "href"
# Ends every context in which text may stand in an SVG.
NASTY = "</title><script>alert(1)</script>]]>\"'&<!--"


def drawn(kind: str, **given: Any) -> ElementTree.Element:
    return ElementTree.fromstring(
        render(read_spec(kind, as_parameters(given), "svg")).content.decode()
    )


def group(root: ElementTree.Element) -> ElementTree.Element | None:
    return root.find(f"{SVG}g[@class='plot-marks']")


def marks(kind: str, **given: Any) -> list[ElementTree.Element]:
    """The shapes that say something, those behind before those in front."""
    found = group(drawn(kind, **given))
    return [each for each in found.iter() if each.find(f"{SVG}title") is not None] if found else []


def words(kind: str, **given: Any) -> list[str]:
    return [mark.findtext(f"{SVG}title") or "" for mark in marks(kind, **given)]


def links(kind: str, **given: Any) -> dict[str, str]:
    found = group(drawn(kind, **given))
    assert found is not None
    return {a.get(HREF, ""): a.findtext(f".//{SVG}title") or "" for a in found.iter(f"{SVG}a")}
