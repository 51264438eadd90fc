"""Text in any script is drawn with glyphs of its own, shaped and measured."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.test import Client
from PIL import Image, ImageOps

from plots.rendering.output import agg
from plots.rendering.output.glyphs import files_of, glyphs_of
from plots.rendering.text import matplotlib_fonts
from plots.rendering.text.measuring import Ruler
from plots.text import font_fallback
from plots.text.font_fallback import REGULAR
from tests.measure import figure_of, layout_problems
from tests.text.fonts import (
    LONG,
    RUNIC,
    SCRIPTS,
    ask,
    draw,
    drawn_in,
    gray,
)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_every_letter_has_a_glyph(text: str) -> None:
    assert font_fallback.missing_characters(text) == ""
    assert not [name for name in drawn_in(text) if "LastResort" in name]
    assert (
        font_fallback.missing_characters(RUNIC + text) == RUNIC or font_fallback._files()
    )  # some machine may have it


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("line", {"title": "한국어"}),
        ("line", {"xlabel": "한국어"}),
        ("line", {"ylabel": "한국어"}),
        ("bar", {"x": "한국,어,b"}),
        ("bar", {"x": "한국어 서울특별시,부산광역시 해운대구,대구광역시 수성구", "width": "200"}),
        ("line", {"label": "한국어", "legend": "top"}),
        ("line", {"label": "한국어", "legend": "upper left"}),
        ("pie", {"x": "한,국,어"}),
        ("heatmap", {"x": "한,국,어", "y": "가,나,다", "z": "1,2,3", "zlabel": "한국어"}),
        ("gauge", {"value": "3", "unit": "명"}),
    ],
)
def test_every_text_of_an_image_has_glyphs(
    client: Client,
    boxed: Any,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    parameters: dict[str, str],
) -> None:
    used: set[str] = set()

    def bitmap(face: str, *args: Any, real: Any = agg.bitmap) -> Any:
        used.add(Path(face).name)
        return real(face, *args)

    monkeypatch.setattr(agg, "bitmap", bitmap)
    data = parameters if {"value", "z"} & set(parameters) else {"y": "1,3,2"} | parameters
    drawn = ask(client, f"/plot/{kind}.png", **data)
    assert "LastResortHE-Regular.ttf" not in used
    assert used - {"Roboto-Regular.ttf", "Roboto-Medium.ttf", "DejaVuSans.ttf"} or kind == "gauge"
    assert (gray(drawn) != gray(boxed(kind, **data))).any()
    vectors = ask(client, f"/plot/{kind}.svg", **data)
    assert b"LastResort" not in vectors
    assert vectors != boxed(kind, "svg", **data)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    "given",
    [
        {"subtitle": "{}"}, {"hline": "2,{}"}, {"vband": "0,1,{}"}, {"facet": "{0},{0},{0}"},
    ],
    ids=str,
)  # fmt: skip
def test_a_character_looks_the_same_in_every_text(given: dict[str, str], format: str) -> None:
    """Compares with the box of a missing glyph. Labels with a halo are drawn differently."""
    one, other = (
        draw("line", format, y="1,3,2", alt="-", **{k: v.format(c) for k, v in given.items()})
        for c in "한국"
    )
    if format == "svg":
        # Without the description and the tooltips.
        one, other = (re.sub(rb"<(title|desc)>.*?</\1>", b"", each) for each in (one, other))
    assert one != other


def test_measured_and_drawn_widths_agree() -> None:
    ruler = Ruler(agg.Renderer(100, 100, 100))
    for text in SCRIPTS.values():
        prop = matplotlib_fonts.suited(matplotlib_fonts.font(12), text)
        *_, last = glyphs_of(text, files_of(prop), 12, 100)
        assert 0 < ruler.width(text, matplotlib_fonts.font(12)) - last[2] < 30, text


def test_a_missing_glyph_is_a_box(boxed: Any) -> None:
    """Two missing letters of one script become the same box."""
    one, other = (gray(boxed("line", y="1,2", title=letter)) for letter in "한국")
    assert (one == other).all()
    one, other = (gray(draw("line", y="1,2", title=letter)) for letter in "한국")
    assert (one != other).any()


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_pdf_looks_like_the_png_and_holds_the_text(client: Client, boxed: Any, text: str) -> None:
    query: Any = {"y": "1,3,2", "title": text, "width": 400, "height": 300, "scale": 4}
    with pypdfium2.PdfDocument(ask(client, "/plot/line.pdf", **query)) as document:
        page = document[0]
        shown = page.render(scale=400 / 72).to_pil()
        words = page.get_textpage().get_text_range()
    if text not in (SCRIPTS["Arabic"], SCRIPTS["Hebrew"]):  # read from the left
        assert text in words

    def likeness(content: bytes) -> float:
        """Return the pixels of the title, scaled: positions in a PDF are not whole pixels."""
        found = []
        for each in (shown, Image.open(BytesIO(content))):
            title = ImageOps.invert(each.convert("L").crop((0, 0, 1600, 120)))
            found.append(np.asarray(title.crop(title.getbbox()).resize((240, 24))).ravel())
        return float(np.corrcoef(found[0], found[1])[0, 1])

    assert likeness(draw("line", **query)) > 0.9
    if not all(character in REGULAR for character in text):
        assert likeness(boxed("line", **query)) < 0.3


@pytest.mark.parametrize("size", [(640, 480), (343, 280), (150, 90)])
@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_text_overlaps_or_is_cut_off(text: str, size: tuple[int, int]) -> None:
    names = ",".join(f"{text[:12]} {number}" for number in range(5))
    figure = figure_of(
        "bar", x=names, y=["1,2,3,4,5", "2,3,4,5,6"], label=[text[:20], text[:40]],
        title=text[:200], xlabel=text[:100], ylabel=text[:100], width=size[0], height=size[1],
    )  # fmt: skip
    assert layout_problems(figure) == []


def shaped(text: str) -> list[tuple[str, int]]:
    prop = matplotlib_fonts.suited(matplotlib_fonts.font(12), text)
    return [glyph[:2] for glyph in glyphs_of(text, files_of(prop), 12, 100)]


def test_arabic_is_shaped_from_right_to_left() -> None:
    alone, joined = shaped("ب\u200cب\u200cب"), shaped("ببب")
    assert set(joined) & set(alone) == set()
    assert len(set(joined)) == 3  # first, middle, last
    assert shaped("بت")[0] == shaped("ـت")[0]  # the last letter is the leftmost
    assert len(shaped("لا")) == 1  # the two are one glyph
    assert shaped("לב") == [*shaped("ב"), *shaped("ל")]


def test_mixed_text_has_the_direction_of_its_first_letter() -> None:
    hebrew, latin = shaped("א"), shaped("a")
    assert shaped("a א b")[0] == latin[0]
    assert shaped("א a ב")[-1] == hebrew[0]
    assert shaped("ב 12 א")[2:4] == shaped("12")


@pytest.fixture
def devanagari() -> None:
    if font_fallback.missing_characters("नमस्ते"):
        missing = "no font for Devanagari: apt install fonts-lohit-deva"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


def test_devanagari_is_shaped(devanagari: None) -> None:
    assert len(shaped("क्ष")) == 1  # two letters with a joiner
    assert shaped("कि") == [shaped("कि")[0], *shaped("क")]  # a vowel before its consonant
    assert not [name for name in drawn_in("नमस्ते क्‍ष") if "LastResort" in name]
