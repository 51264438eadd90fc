"""Measure text, break it into lines and cut it. Text is literal, never maths."""

from __future__ import annotations

from typing import Any

from matplotlib.font_manager import FontProperties

from plots.text import wrapping


def literal(text: str) -> str:
    r"""Escape ``text`` for a tick label, which always parses maths.

    matplotlib draws an escaped dollar as a dollar.
    """
    return text.replace("$", r"\$")


def middle_of_digits(renderer: Any, font: FontProperties) -> float:
    """Return how far the middle of digits is above the baseline, in device pixels."""
    _, height, descent = renderer.get_text_width_height_descent("0", font, ismath=False)
    return float(height / 2 - descent)


class Ruler:
    """Measures text with one renderer. Widths are cached."""

    def __init__(self, renderer: Any) -> None:
        self.renderer = renderer
        self._widths: dict[tuple[str, FontProperties], float] = {}

    def width(self, text: str, font: FontProperties) -> float:
        """Return the width of ``text`` in device pixels."""
        key = text, font
        if key not in self._widths:
            found = self.renderer.get_text_width_height_descent(text, font, ismath=False)
            self._widths[key] = float(found[0])
        return self._widths[key]

    def cut(self, text: str, room: float, font: FontProperties) -> str:
        """Return ``text``, cut to ``room`` device pixels, with an ellipsis if it is cut."""
        return wrapping.cut(text, room, lambda text: self.width(text, font))

    def wrap(self, text: str, room: float, lines: int, font: FontProperties) -> str:
        """Return ``text`` in at most ``lines`` lines of ``room`` pixels; the last may be cut."""
        broken = wrapping.wrap(text, room, lines, lambda text: self.width(text, font))
        return "\n".join(broken)

    def wrap_words(self, text: str, room: float, lines: int, font: FontProperties) -> str | None:
        """Return all of ``text`` in at most ``lines`` lines without a broken word, or None."""
        broken = wrapping.wrap_words(text, room, lines, lambda text: self.width(text, font))
        return None if broken is None else "\n".join(broken)
