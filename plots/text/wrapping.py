"""Break text into lines and cut it to a width, with any function that measures text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

ELLIPSIS = "…"
JOINER = "\u200d"
VIRAMA = 9  # the combining class of signs that join two letters in the scripts of India
# Characters that do not begin a line, and those that do not end one.
CLOSING = "、。，．：；？！）］｝」』】〕〉》’”…々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
OPENING = "（［｛「『【〔〈《‘“"
Measure = Callable[[str], float]


def cut(text: str, room: float, width: Measure) -> str:
    """Return ``text``, cut to ``room`` as measured by ``width``, with an ellipsis if it is cut."""
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
    """Return at most ``lines`` lines of ``text`` that fit into ``room``; the last may be cut.

    Lines break at spaces, in Chinese and Japanese between characters, and without either
    between any two characters.
    """
    done: list[str] = []
    rest = text
    while rest and len(done) < lines - 1 and width(rest) > room:
        head = cut(rest, room, width)[: -len(ELLIPSIS)] or rest[:1]
        at = next((at for at in range(len(head), 0, -1) if _may_break(rest, at)), len(head))
        done.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*done, cut(rest, room, width)]


def wrap_words(text: str, room: float, lines: int, width: Measure) -> list[str] | None:
    """Return all of ``text`` in at most ``lines`` lines, without a broken word, or None."""
    done: list[str] = []
    rest = text
    while width(rest) > room:
        low, high = 0, len(rest)
        while low < high:  # the longest head that fits
            middle = (low + high + 1) // 2
            low, high = (
                (middle, high) if width(rest[:middle].rstrip()) <= room else (low, middle - 1)
            )
        at = next((at for at in range(low, 0, -1) if _may_break(rest, at)), 0)
        if not at or len(done) == lines - 1:
            return None
        done.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*done, rest]


def _is_within(text: str, at: int) -> bool:
    """Return whether the characters before and after ``at`` are read as one."""
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    is_mark = unicodedata.category(behind) in ("Mn", "Mc", "Me") or behind == JOINER
    return is_mark or before == JOINER or unicodedata.combining(before) == VIRAMA


def _may_break(text: str, at: int) -> bool:
    before, behind = text[at - 1], text[at : at + 1]
    if before in OPENING or behind in CLOSING:
        return False
    if before in "-/" and text[at - 2 : at - 1].isalpha() and behind.isalpha():
        return True
    return behind == " " or (_is_square(before) and _is_square(behind))


def _is_square(character: str) -> bool:
    """Return whether it is as wide as high, and not Korean, which separates words by spaces."""
    return unicodedata.east_asian_width(character) in "WF" and not "가" <= character <= "힣"
