"""Error images: layout, literal text, fonts, and no matplotlib."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from plots.errors import PlotError
from plots.http import error_image
from plots.http.responses import error_response

HEADING = "This plot cannot be drawn"
PICTURES = ("png", "svg", "pdf", "webp", "jpg")
SVG = "{http://www.w3.org/2000/svg}"
MESSAGES = [
    "",
    "$5 to $6",
    "W" * 5000,
    "i" * 5000,
    "한국어 " * 50,
    "标题太长了" * 50,
    "مرحبا بكم في العالم",
    "a" + "\u0301" * 2000,
    "<&>\"'\\$",
    "∑ ≤ → 🙂",
]


def ink(image: Image.Image) -> np.ndarray:
    """Return where ``image`` is not white."""
    return np.asarray(image.convert("L")) < 250


def lines(svg: bytes) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}tspan"))


@pytest.mark.parametrize("message", MESSAGES)
def test_text_stays_inside_the_image(message: str) -> None:
    inside = np.zeros((160, 480), dtype=bool)
    inside[:, 20:464] = True
    inside[:3] = inside[-3:] = inside[:, :3] = inside[:, -3:] = True  # the border
    drawn = ink(Image.open(BytesIO(error_image.draw(HEADING, message, "png"))))
    assert drawn.shape == (160, 480)
    assert not (drawn & ~inside).any()
    rows = lines(error_image.draw(HEADING, message, "svg"))
    assert 1 < len(rows) + (not message) <= 6
    assert all(float(row.attrib["textLength"]) <= 432 for row in rows)
    assert all(20 < float(row.attrib["y"]) < 150 for row in rows)


@pytest.mark.parametrize("format", PICTURES)
def test_every_format_is_valid_and_deterministic(format: str) -> None:
    drawn = error_image.draw(HEADING, "y: Item 2, “b”, is not a number.", format)
    error_image.draw.cache_clear()
    assert drawn == error_image.draw(HEADING, "y: Item 2, “b”, is not a number.", format)
    assert drawn != error_image.draw(HEADING, "y: Item 3, “b”, is not a number.", format)
    if format == "pdf":
        assert drawn.startswith(b"%PDF")
        assert b"/MediaBox [ 0 0 345.6 115.2 ]" in drawn
        assert b"Date" not in drawn
    elif format != "svg":
        image = Image.open(BytesIO(drawn))
        assert (image.size, image.mode) == ((480, 160), "RGB")
        edge = np.asarray(image)[1, 1].astype(int)
        assert np.abs(edge - (0xC9, 0x2A, 0x2A)).max() < 25  # JPEG blurs it


def test_svg_contains_the_message_as_text() -> None:
    message = "x: “<script>alert(1)</script>” & $x^2$ is not a number. " * 9
    root = ElementTree.fromstring(error_image.draw(HEADING, message, "svg"))
    assert root.attrib["role"] == "img"
    assert (root.attrib["width"], root.attrib["height"]) == ("480", "160")
    title = root.find(f"{SVG}title")
    assert title is not None and (title.text or "").startswith(f"{HEADING}: x: “<script>")
    said = [row.text or "" for row in root.iter(f"{SVG}tspan")]
    assert said[0] == HEADING
    assert message.startswith(" ".join(said[1:])[:-1].rstrip())
    assert said[-1].endswith("…")
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        *("svg", "title", "rect", "text", "tspan")
    }


def test_lines_break_between_words_or_characters() -> None:
    said = [row.text or "" for row in lines(error_image.draw(HEADING, "标题太长了" * 20, "svg"))]
    assert "".join(said[1:]) == "标题太长了" * 20
    assert all(len(row) == len(said[1]) for row in said[1:-1])
    words = "word " * 60
    said = [row.text or "" for row in lines(error_image.draw(HEADING, words, "svg"))]
    assert {word for row in said[1:] for word in row.split()} == {"word"}


@pytest.mark.parametrize("quoted", ["한국어", "简体", "繁體", "かな", "بت", "שלום", "→★"])
def test_quoted_text_is_drawn_in_a_font_that_has_it(quoted: str) -> None:
    runs = error_image._runs(f"“{quoted}” is not a number.", error_image.REGULAR)
    assert all(character in face for face, run in runs for character in run)
    assert "".join(run for _, run in runs) == f"“{quoted}” is not a number."
    assert runs[0][0] == runs[-1][0] == error_image.REGULAR
    said, boxes = (
        ink(Image.open(BytesIO(error_image.draw(HEADING, f"“{text}”", "png"))))
        for text in (quoted, "\u0378" * len(quoted))  # an unassigned code point
    )
    assert said.any() and (said != boxes).any()


def test_text_of_one_script_is_one_run() -> None:
    runs = error_image._runs("x: “مرحبا بكم” is 한국 매출.", error_image.REGULAR)
    assert [run.strip("” ") for _, run in runs] == ["x: “", "مرحبا بكم", "is", "한국 매출."]


@pytest.mark.skipif(not error_image.DIRECTION, reason="no libfribidi on this machine")
def test_right_to_left_text_inside_a_message() -> None:
    alone, exclaimed, turned = (
        np.asarray(Image.open(BytesIO(error_image.draw("", text, "png"))).convert("L"))
        for text in ("אב", "אב!", "בא")
    )
    word = slice(0, 24 + int(error_image.width("אב", error_image.REGULAR, 10 / 0.72)))
    assert (alone[:, word] == exclaimed[:, word]).all()  # the message continues on the right
    assert (alone[:, word] != turned[:, word]).any()
    joined, apart = (
        error_image.width(text, error_image.REGULAR, 20) for text in ("ببب", "ب\u200cب\u200cب")
    )
    assert joined != apart  # Arabic letters are joined


def test_unprintable_characters_make_no_invalid_svg(rf) -> None:
    error = PlotError("\x00\x1b[31m\ud800\ufffe\u202e is not a number.", "invalid", "\x08y")
    response = error_response(rf.get("/"), error, "svg")
    assert ElementTree.fromstring(response.content) is not None


WITHOUT_MATPLOTLIB = """
import sys
import django
django.setup()
from django.test import Client
for format in ("png", "svg", "pdf", "webp", "jpg", "csv", "json"):
    response = Client().get(f"/plot/line.{format}?y=한국")
    assert response.status_code == 400, response.status_code
print([name for name in sys.modules if name.split(".")[0] == "matplotlib"])
"""


def test_error_images_do_not_load_matplotlib() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MATPLOTLIB], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_error_image_is_served(client: Client) -> None:
    response = client.get("/plot/line.webp?y=a", headers={"accept": "image/webp,*/*"})
    assert response.content == error_image.draw(HEADING, "y: Item 1, “a”, is not a number.", "webp")
