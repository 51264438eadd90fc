"""Text from strangers: drawn literally, broken into lines and cut to fit."""

from __future__ import annotations

from typing import Any

from matplotlib.font_manager import FontProperties

ELLIPSIS = "…"


def literal(text: str) -> str:
    r"""``text`` so that a tick label, which always parses maths, draws it as it is.

    An escaped dollar counts for none: ``matplotlib.text.Text._preprocess_math`` unescapes it.
    """
    return text.replace("$", r"\$")


class Ruler:
    """Measures text for one renderer, each text once."""

    def __init__(self, renderer: Any) -> None:
        self.renderer = renderer
        self._widths: dict[tuple[str, FontProperties], float] = {}

    def width(self, text: str, font: FontProperties) -> float:
        """The width of ``text`` in device pixels."""
        key = text, font
        if key not in self._widths:
            found = self.renderer.get_text_width_height_descent(text, font, ismath=False)
            self._widths[key] = float(found[0])
        return self._widths[key]

    def cut(self, text: str, room: float, font: FontProperties) -> str:
        """``text``, or as much of it as fits into ``room`` device pixels, with an ellipsis."""
        if self.width(text, font) <= room:
            return text
        low, high = 0, len(text)
        while low < high:  # the longest head that fits
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + ELLIPSIS, font) <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + ELLIPSIS

    def wrap(self, text: str, room: float, lines: int, font: FontProperties) -> str:
        """``text`` in at most ``lines`` lines of ``room`` device pixels, the last cut if need be.

        Lines break at spaces, and where a script has none, between any two characters.
        """
        done: list[str] = []
        rest = text
        while rest and len(done) < lines - 1 and self.width(rest, font) > room:
            head = self.cut(rest, room, font)[: -len(ELLIPSIS)] or rest[:1]
            at = head.rfind(" ") if not rest[len(head) :].startswith(" ") else len(head)
            head = head[:at] if at > 0 else head
            done.append(head)
            rest = rest[len(head) :].lstrip()
        return "\n".join([*done, self.cut(rest, room, font)])
