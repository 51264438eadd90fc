"""Breaking text into lines and cutting it to fit, for anything that can measure a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

ELLIPSIS = "…"
JOINER = "\u200d"
VIRAMA = 9  # the combining class of what makes one letter of two, in the scripts of India
# Nothing of the first begins a line, nothing of the second ends one.
CLOSING = "、。，．：；？！）］｝」』】〕〉》’”…々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
OPENING = "（［｛「『【〔〈《‘“"
Measure = Callable[[str], float]


def cut(text: str, room: float, width: Measure) -> str:
    """``text``, or as much of it as fits into ``room``, measured by ``width``, with an ellipsis."""
    if width(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest head that fits
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS) <= room:
            low = middle
        else:
            high = middle - 1
    while _is_within(text, low):
        low -= 1
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, room: float, lines: int, width: Measure) -> list[str]:
    """``text`` in at most ``lines`` lines that fit into ``room``, the last cut if need be.

    Lines break at spaces, in Chinese and Japanese between characters, and where a script has
    neither, between any two.
    """
    done: list[str] = []
    rest = text
    while rest and len(done) < lines - 1 and width(rest) > room:
        head = cut(rest, room, width)[: -len(ELLIPSIS)] or rest[:1]
        at = next((at for at in range(len(head), 0, -1) if _may_break(rest, at)), len(head))
        done.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*done, cut(rest, room, width)]


def _is_within(text: str, at: int) -> bool:
    """Whether a reader takes what stands before and behind ``at`` for one character."""
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    is_mark = unicodedata.category(behind) in ("Mn", "Mc", "Me") or behind == JOINER
    return is_mark or before == JOINER or unicodedata.combining(before) == VIRAMA


def _may_break(text: str, at: int) -> bool:
    before, behind = text[at - 1], text[at : at + 1]
    if before in OPENING or behind in CLOSING:
        return False
    return behind == " " or (_is_square(before) and _is_square(behind))


def _is_square(character: str) -> bool:
    """Whether it is as wide as high, and no letter of Korean, which parts words by spaces."""
    return unicodedata.east_asian_width(character) in "WF" and not "가" <= character <= "힣"
