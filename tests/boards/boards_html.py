"""Create boards and read their pages."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from plots.boards.models import Board, BoardItem
from plots.presets.models import Preset
from tests.html_pages import words


def preset(slug: str, *overrides: str, **fields: Any) -> Preset:
    given = {"kind": "line", "parameters": {"y": "1,2"}} | fields
    return Preset.objects.create(
        title=slug.title(),
        slug=slug,
        overrides=[*overrides],
        **{"visibility": "public", **given},
    )


def board(*presets: Preset, controls: tuple[str, ...] = (), **fields: Any) -> Board:
    made = Board.objects.create(
        title="Both",
        slug="both",
        controls=[*controls],
        **{"visibility": "public", **fields},
    )
    for order, each in enumerate(presets):
        BoardItem.objects.create(board=made, preset=each, order=order)
    return made


DATED = {"x": "2020-01-01,2021-01-01,2022-01-01", "y": "1,2,3"}
PATH = "/boards/both/"


def tiles(tree: Element) -> dict[str, Element]:
    return {words(each.find("h2/a")): each for each in tree.iterfind(".//li[@data-tile]")}


def image_urls(tile: Element) -> list[str]:
    """Return the URLs of all images of ``tile``, the print image last."""
    sets = [each.attrib["srcset"] for each in tile.iter() if "srcset" in each.attrib]
    paper = tile.find("img[@class='print-only']")
    assert paper is not None
    return [each.split()[0] for srcset in sets for each in srcset.split(", ")] + [
        paper.attrib["src"]
    ]


def has_in_urls(tree: Element, title: str, part: str) -> bool:
    """Whether ``part`` is in the URL of each image of the tile. It must be in all or in none."""
    found = {part in address for address in image_urls(tiles(tree)[title])}
    assert len(found) == 1
    return found.pop()


def is_unavailable(tree: Element, title: str) -> bool:
    (image,) = tiles(tree)[title].iterfind("p/img")
    return image.get("alt") == "This chart cannot be drawn."


def alert_count(tree: Element) -> int:
    return len(tree.findall(".//*[@role='alert']"))
