"""Pictures have the right size, colours and content in each format."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import ImageColor

from plots.rendering.render import render_figure
from plots.shortcuts import figure_response
from plots.spec.themes import THEMES
from tests.rendering.examples import EXAMPLES, PICTURES, draw, image

RASTERS = [name for name in PICTURES if name not in ("svg", "pdf")]


@pytest.mark.parametrize("format", RASTERS)
@pytest.mark.parametrize(
    ("scale", "size"), [("1", (321, 123)), ("2", (642, 246)), ("0.5", (160, 61))]
)
def test_pixels(format: str, scale: str, size: tuple[int, int]) -> None:
    drawn = image(draw("line", format, y="1,2", width="321", height="123", scale=scale))
    assert drawn.size == size
    drawn.load()
    assert (drawn.format or "").lower() == {"jpg": "jpeg"}.get(format, format)
    assert drawn.mode == "RGB"
    assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop"} | {
        "background", "timestamp", "duration", "Description"
    }  # fmt: skip


def test_svg_is_as_many_pixels_as_the_others() -> None:
    for scale in ("1", "2"):
        drawn = draw("bar", "svg", width="640", height="360", scale=scale, **EXAMPLES["bar"])
        root = ElementTree.fromstring(drawn)
        assert (root.get("width"), root.get("height")) == ("640", "360")
        assert root.get("viewBox") == "0 0 460.8 259.2"


def test_svg_has_no_external_references() -> None:
    text = draw("scatter", "svg", y=",".join("12" * 3000), title="<script>").decode()
    assert text.startswith("<svg ")
    assert "DOCTYPE" not in text and "Matplotlib" not in text
    for each in ElementTree.fromstring(text).iter():
        assert not each.tag.endswith(("}script", "}foreignObject", "}image}"))
        for name, value in each.attrib.items():
            assert not name.startswith("on")
            if name.endswith("href"):
                assert value.startswith(("#", "data:image/png;base64,"))
    assert not re.search(r"url\((?!#)", text)


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_many_marks_are_a_picture_in_the_picture(format: str) -> None:
    few, many = (draw("scatter", format, y=",".join("1" * n)) for n in (5000, 5001))
    mark = b"<image" if format == "svg" else b"/Subtype /Image"
    assert (mark in few, mark in many) == (False, True)


def test_pdf_has_the_pictures_proportions() -> None:
    drawn = draw("line", "pdf", y="1,2", width="640", height="320")
    assert drawn.startswith(b"%PDF") and b"/MediaBox [ 0 0 460.8 230.4 ]" in drawn
    assert b"CreationDate" not in drawn and b"Matplotlib" not in drawn


@pytest.mark.parametrize("theme", THEMES)
def test_theme_colors_are_in_the_pixels(theme: str) -> None:
    used = {
        color for _, color in image(draw("bar", y=["1", "2"], theme=theme)).getcolors(1 << 20) or []
    }
    colors = THEMES[theme]
    for wanted in (colors.ground, *colors.palette[:2], *([colors.grid] if colors.rules else [])):
        assert ImageColor.getrgb(wanted) in used, wanted


def test_given_colors_are_in_the_pixels() -> None:
    drawn = image(draw("bar", y=["1", "2", "3"], colors="ff0000,00ff00"))
    used = {color for _, color in drawn.getcolors(1 << 20) or []}
    assert {(255, 0, 0), (0, 255, 0)} <= used


def test_a_figure_is_not_changed_by_rendering() -> None:
    figure = Figure(figsize=(2, 1), dpi=50, facecolor="none")
    canvas = figure.canvas
    drawn = image(figure_response(figure).content)
    assert drawn.mode == "RGBA" and drawn.getpixel((0, 0)) == (255, 255, 255, 0)
    assert image(figure_response(figure, "webp").content).mode == "RGBA"
    assert image(figure_response(figure, "jpg").content).getpixel((0, 0)) == (255, 255, 255)
    for format in PICTURES:
        render_figure(figure, format)
        assert (figure.canvas, figure.dpi) == (canvas, 50)
