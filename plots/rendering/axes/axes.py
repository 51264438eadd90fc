"""The Axes of every plot."""

from __future__ import annotations

from matplotlib.path import Path
from matplotlib.textpath import TextPath

from plots.rendering.compat import HookedAxes
from plots.rendering.text.matplotlib_fonts import font, suited
from plots.rendering.text.measuring import literal

from .batched_axis import BatchedX, BatchedY


class PlotAxes(HookedAxes):
    """The Axes of every plot. Add them to a Figure with ``add_axes``."""

    panels = 1, 1  # how many columns and rows of such Axes the picture has

    def make_axis(self) -> None:
        self.xaxis, self.yaxis = BatchedX(self, clear=False), BatchedY(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.xaxis if side in ("bottom", "top") else self.yaxis)

    def outlines(self, text: str) -> Path:
        """Return the shape of ``text``, in the font of all texts, one unit large."""
        language = getattr(self.figure.canvas, "language", "")
        return TextPath((0, 0), literal(text), size=1, prop=suited(font(1), text, language))

    def clear(self) -> None:
        super().clear()
        for spine in self.spines.values():
            spine.get_position()  # places the spine; else its first tick would
