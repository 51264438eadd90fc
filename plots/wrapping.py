"""Breaking text into lines and cutting it to fit, for anything that can measure a text."""

from __future__ import annotations

from collections.abc import Callable

ELLIPSIS = "…"
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
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, room: float, lines: int, width: Measure) -> list[str]:
    """``text`` in at most ``lines`` lines that fit into ``room``, the last cut if need be.

    Lines break at spaces, and where a script has none, between any two characters.
    """
    done: list[str] = []
    rest = text
    while rest and len(done) < lines - 1 and width(rest) > room:
        head = cut(rest, room, width)[: -len(ELLIPSIS)] or rest[:1]
        at = head.rfind(" ") if not rest[len(head) :].startswith(" ") else len(head)
        head = head[:at] if at > 0 else head
        done.append(head)
        rest = rest[len(head) :].lstrip()
    return [*done, cut(rest, room, width)]
