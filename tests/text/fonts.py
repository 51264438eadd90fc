"""Fonts for tests, made of rectangles, and what plots are drawn with."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from django.test import Client
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.output.glyphs import files_of, glyphs_of
from plots.rendering.render import render
from plots.rendering.text import matplotlib_fonts
from plots.text import font_fallback

ROOT = Path(__file__).parents[2]
PACKAGE = font_fallback._package()
# The required packages have fonts for these scripts, and none for Runic.
SCRIPTS = {
    "Korean": "한국어 매출",
    "Simplified Chinese": "简体中文",
    "Traditional Chinese": "繁體中文",
    "Japanese": "日本語のグラフ",
    "Arabic": "العربية",
    "Hebrew": "עברית",
    "Greek": "Ελληνικά",
    "Cyrillic": "Кириллица",
    "Vietnamese": "Tiếng Việt",
    "signs": "✓ → € ★ ☀ ① ∑ ≤ ½",
}
RUNIC = "ᚠᚢᚦ"
LONG = {name: " ".join([text] * 12) for name, text in SCRIPTS.items()}


def make_font(
    path: Path, characters: str, weight: int = 400, *, name: str = "", height: int = 900
) -> Path:
    """Write a font in which every character is the same rectangle."""
    names = [".notdef", *(f"u{ord(c):04X}" for c in characters)]
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, height), (400, height), (400, 0)):
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(c): f"u{ord(c):04X}" for c in characters})
    font.setupGlyf(dict.fromkeys(names, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(names, (500, 100)))
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": name or path.stem, "styleName": "Regular", "psName": name})
    font.setupOS2(sTypoAscender=900, sTypoDescender=-100, usWeightClass=weight)
    font.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)
    return path


def forget() -> None:
    for cached in vars(font_fallback).values():
        if hasattr(cached, "cache_clear") and cached is not font_fallback._known:
            cached.cache_clear()


def drawn_in(text: str) -> list[str]:
    """Return the name of the font file of each glyph of ``text``."""
    prop = matplotlib_fonts.suited(matplotlib_fonts.font(12), text)
    glyphs = glyphs_of(text, files_of(prop), 12, 100)
    return [Path(glyph[0]).name for glyph in glyphs]


def draw(kind: str, format: str = "png", **parameters: Any) -> bytes:
    return render(read_spec(kind, as_parameters(parameters), format)).content


def ask(client: Client, path: str, **query: Any) -> bytes:
    response = client.get(path, query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return bytes(response.content)


def gray(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(content)).convert("L")).astype(int)


def run(code: str, **environment: str) -> str:
    """Return what ``code`` prints in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, django; django.setup()\n" + code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
