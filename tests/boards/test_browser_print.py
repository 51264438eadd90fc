"""Boards printed by Chromium."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import Browser

from plots.boards.models import Board, BoardItem
from plots.presets.models import Preset


@pytest.mark.parametrize(("landscape", "pages"), [(False, 3), (True, 2)])
def test_print_is_light_and_complete(
    landscape: bool, pages: int, browser: Browser, board: Board, url: str
) -> None:
    preset = Preset.objects.get(slug="numbers")
    for order in range(4, 10):
        BoardItem.objects.create(board=board, preset=preset, order=order, width=1 + order % 2)
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{url}?linewidth=3")
        assert not [each for each in asked if ".svg?" in each], "read before it is needed"
        content = page.pdf(format="A4", landscape=landscape, print_background=True)
    drawn = [each for each in asked if ".svg?" in each]
    assert len({*drawn}) > 3 and all(
        "theme=light" in each for each in drawn if "/static/" not in each
    )
    paper = pypdfium2.PdfDocument(BytesIO(content))
    assert len(paper) == pages
    text = " ".join(each.get_textpage().get_text_range() for each in paper)
    assert "Three" in text and "As of" in text and "Linewidth: 3" in text
    for unwanted in ("Gallery", "Update", "Theme", "Print"):
        assert unwanted not in text
    for each in paper:
        picture = each.render(scale=1).to_pil().convert("L")
        histogram = picture.histogram()
        assert sum(histogram[200:]) > 0.9 * sum(histogram), "there is a dark ground"
