"""The measures of one Figure: type sizes, and the room around the Axes that is already taken."""

from __future__ import annotations

from itertools import chain
from typing import Any

from matplotlib.figure import Figure

from plots.rendering.axes.panels import Panels
from plots.rendering.text.matplotlib_fonts import font
from plots.rendering.text.measuring import Ruler
from plots.spec.plot_spec import Frame
from plots.spec.themes import Theme

PAD = 10.0  # points between the edge of the image and anything drawn
GAP = 8.0  # points between the blocks above the Axes
TITLE, SUBTITLE, LABEL, TICK = 12.5, 10.0, 9.5, 9.0  # type sizes in points at 480 × 320 and more
LINE = 1.25  # line height, as a multiple of the type size


class Page:
    """What all parts of a layout share.

    All lengths are device pixels; ``point`` is the length of one point. ``top``, ``right`` and
    ``bottom`` are the margins that are taken so far.
    """

    def __init__(self, figure: Figure, panels: Panels, frame: Frame, theme: Theme) -> None:
        self.figure, self.frame, self.theme = figure, frame, theme
        self.panels, self.ax = panels, panels.corner
        self.renderer: Any = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # Agg's
        self.ruler = Ruler(self.renderer)
        self.width, self.height = figure.bbox.width, figure.bbox.height
        self.point = figure.dpi / 72
        self.shrink = theme.type * max(0.72, min(1.0, frame.width / 480, frame.height / 320))
        self.em = TICK * self.shrink * self.point
        self.tick_font = font(TICK * self.shrink)
        # Small images have no texts, and the smallest no ticks: they would crowd out the data.
        self.has_words = panels.has_room(frame, (240, 150), (30, 50))
        self.has_ticks = panels.has_room(frame, (150, 90), (48, 40))
        self.pad = (PAD if self.has_words else PAD / 3) * self.point * self.shrink
        self.top = self.right = self.bottom = self.pad
        self.whole: tuple[bool, ...] = (False, False)  # whether the numbers of x and y are
        self.turned = 0  # degrees, of the names below the x axis
        self.notes: dict[str, list[str]] = {}  # on what is not written, by the part of the image

    @property
    def all_notes(self) -> tuple[str, ...]:
        return tuple(chain(*self.notes.values()))

    @property
    def gap(self) -> float:
        """The distance between two blocks above or below the Axes."""
        return GAP * self.shrink * self.point
