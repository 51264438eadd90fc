"""Text from strangers: drawn literally, broken into lines and cut to fit."""

from __future__ import annotations

from typing import Any

from matplotlib.font_manager import FontProperties

from plots.text import wrapping


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
        return wrapping.cut(text, room, lambda text: self.width(text, font))

    def wrap(self, text: str, room: float, lines: int, font: FontProperties) -> str:
        """``text`` in at most ``lines`` lines of ``room`` pixels, the last cut if need be."""
        broken = wrapping.wrap(text, room, lines, lambda text: self.width(text, font))
        return "\n".join(broken)
