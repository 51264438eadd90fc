"""Emojis are drawn, by a font in the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from plots.text import font_fallback
from plots.text.font_fallback import EMOJI, FALLBACK
from tests.text.fonts import ask, draw, drawn_in, gray

# One of each group of Unicode's list, beside letters.
EMOJIS = ("😀", "🥳", "👀", "👍🏽", "👩‍💻", "🐢", "🍕", "🚲", "🎉", "💡", "🔥", "🏳️‍🌈", "🇰🇷", "🫠")


@pytest.mark.parametrize("text", EMOJIS)
def test_every_emoji_has_a_glyph(machine: Path, text: str) -> None:
    assert font_fallback.missing_characters(text) == ""
    assert EMOJI in font_fallback.required_fonts(f"a {text}")
    assert Path(EMOJI.path).name in drawn_in(f"a {text}")


def test_signs_keep_the_style_of_letters(machine: Path) -> None:
    for sign in "→±∑❄★✓":
        assert set(drawn_in(sign)) & {Path(FALLBACK.path).name, "Roboto-Regular.ttf"}


def test_emojis_beside_korean(machine: Path) -> None:
    names = set(drawn_in("매출 🔥"))
    assert Path(EMOJI.path).name in names and any("CJK" in name for name in names)


def test_different_emojis_make_different_pictures(client: Client) -> None:
    pictures = [
        gray(ask(client, "/plot/bar.png", x=f"{emoji},b", y="1,2", width="200", height="150"))
        for emoji in ("🔥", "🍕", "🚲")
    ]
    for index, picture in enumerate(pictures):
        label = picture[-30:]  # below the bars
        assert (label < 160).sum() > 20
        assert all((label != other[-30:]).any() for other in pictures[index + 1 :])


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_vector_formats(format: str) -> None:
    with_emoji, without = (draw("line", format, y="1,2", title=each) for each in ("a 🔥", "a"))
    assert len(with_emoji) > len(without) + 200


def test_color_of_the_text() -> None:
    """The emoji in a title has the colour of the title."""
    dark = gray(draw("line", y="1,2", title="🔥", theme="dark"))[:32, :40]
    assert dark.max() > 200 and int(np.median(dark)) < 60
