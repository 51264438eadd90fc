"""The place of the Axes: the texts around them are measured, so that none is cut or overlaps."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from plots.data.model import Axis, Data
from plots.rendering.axes.colorbar import ColorBar
from plots.rendering.axes.extents import extents, label_extents
from plots.rendering.axes.panels import Panels
from plots.rendering.text.matplotlib_fonts import MEDIUM, font
from plots.spec.plot_spec import Frame
from plots.spec.themes import Theme

from .legends import LegendLayout
from .page import GAP, LABEL, LINE, SUBTITLE, TICK, TITLE, Page
from .tick_layout import set_all_ticks

SUBTITLE_GAP = 1.0  # points between the title and the subtitle
MOST_PASSES = 3  # over ticks and margins, which depend on each other


class Layout(Page):
    """Lays out one Figure: its title, legend, colour bar, axis labels and ticks, and its Axes."""

    def __init__(
        self, figure: Figure, panels: Panels, frame: Frame, theme: Theme, bar: ColorBar | None
    ) -> None:
        super().__init__(figure, panels, frame, theme)
        self.bar, self.legend = bar, LegendLayout(self)

    def arrange(self, data: Data, axes: tuple[Axis, Axis], labels: tuple[str, str]) -> None:
        """Lay out the Figure. ``axes`` and ``labels`` are those of x and y."""
        self.labels = labels if self.has_words else ("", "")
        if self.has_words:
            self._write_titles()
            self.legend.place(data)
            self._measure_bar()
        elif self.bar:
            self.bar.ax.remove()
            self.bar = None
        self._name_panels()
        taken = self.right, self.top
        self._place_axes(axes)
        if not self.legend.is_clear():
            self.right, self.top = taken
            self.legend.place_above(data)
            self._place_axes(axes)
        self.panels.cut_names(self.ruler)

    def place(self, left: float, bottom: float) -> None:
        """Give the Axes all that the margins leave."""
        width = max(self.width - left - self.right, self.width * 0.2)
        height = max(self.height - bottom - self.top, self.height * 0.2)
        self.panels.place(left, bottom, width, height)
        if self.bar:
            height -= self.panels.head
            box = left / self.width, bottom / self.height, width / self.width, height / self.height
            self.bar.place(box, self.figure, self.point)

    def _write_titles(self) -> None:
        title, subtitle = self.frame.title, self.frame.subtitle
        if title:
            style = {"font": font(TITLE * self.shrink, MEDIUM), "color": self.theme.ink}
            self._write_above(title, SUBTITLE_GAP if subtitle else GAP, style)
        if subtitle:
            style = {"font": font(SUBTITLE * self.shrink), "color": self.theme.muted}
            self._write_above(subtitle, GAP, style)

    def _write_above(self, text: str, gap: float, style: dict[str, Any]) -> None:
        """Write ``text`` above the Axes in at most two lines, with ``gap`` points below it."""
        written = self.figure.text(
            self.pad / self.width,
            1 - self.top / self.height,
            self.ruler.wrap(text, self.width - 2 * self.pad, 2, style["font"]),
            va="top",
            linespacing=LINE,
            parse_math=False,
            **style,
        )
        # Measured, not counted in lines: the font of another script may be taller.
        height = written.get_window_extent(self.renderer).height
        self.top += height + gap * self.shrink * self.point

    def _measure_bar(self) -> None:
        if self.bar:
            height = self.height - self.top - 3 * self.pad
            size = TICK * self.shrink
            self.right += self.bar.measure(height, size, self.point, self.renderer)

    def _name_panels(self) -> None:
        self.panels.gap = self.panels.foot = 1.3 * self.em
        if self.panels.titles and self.panels.has_room(self.frame, (60, 48), (60, 48)):
            style = {"font": font(LABEL * self.shrink, MEDIUM), "color": self.theme.ink}
            self.panels.name(self.renderer, 4 * self.shrink, **style)

    def _place_axes(self, axes: tuple[Axis, Axis]) -> None:
        if self.has_ticks and self.ax.axison:
            self._fit_ticks(axes)
            return
        for ax in self.panels.axes:
            ax.xaxis.set_visible(False)
            ax.yaxis.set_visible(False)
        self.place(self.pad, self.bottom)

    def _fit_ticks(self, axes: tuple[Axis, Axis]) -> None:
        """Place the Axes and set their ticks, again if the room that ticks need has changed."""
        taken = right, top = self.right, self.top
        left, bottom = 4 * self.pad, 3 * self.pad + (self.bottom - self.pad)
        for ax in self.panels.axes:
            ax.tick_params(labelsize=TICK * self.shrink)
        for _ in range(MOST_PASSES):
            self.right, self.top = right, top
            self.place(left, bottom)
            set_all_ticks(self, axes)
            self._set_axis_labels()
            before = (left, bottom, right, top, self.panels.gap)
            left, bottom, right, top = self._margins(*taken)
            after = (left, bottom, right, top, self._separate_panels())
            if max(abs(a - b) for a, b in zip(before, after, strict=True)) < 1:
                return
        self.right, self.top = right, top
        self.place(left, bottom)

    def _margins(self, right: float, top: float) -> tuple[float, float, float, float]:
        """Return the margins (left, bottom, right, top) with room for the texts of both axes.

        ``right`` and ``top`` are taken already, by the legend and the title.
        """
        box, axes = self.ax.bbox, (self.ax.xaxis, self.ax.yaxis)
        edges = (box.x0, box.y0, box.x1, box.y1)
        boxes = [edges, *(each for axis in axes for each in extents(axis, self.renderer))]
        x0, y0, x1, y1 = zip(*boxes, strict=True)
        if len(self.panels.axes) > 1:  # the labels of the axes are along all panels
            boxes = [edges, *(each for axis in axes for each in label_extents(axis, self.renderer))]
            _, _, x1, y1 = zip(*boxes, strict=True)
        return (
            self.pad + box.x0 - min(x0),
            self.bottom + box.y0 - min(y0),
            right + max(x1) - box.x1,
            top + max(max(y1) - self.panels.head, box.y1) - box.y1,
        )

    def _separate_panels(self) -> float:
        """Widen the gap between panels until the labels of their ticks do not meet; return it."""
        if self.panels.columns > 1:
            box = self.ax.bbox
            labels = label_extents(self.ax.xaxis, self.renderer)
            before = max((box.x0 - x0 for x0, _, _, _ in labels), default=0)
            after = max((x1 - box.x1 for _, _, x1, _ in labels), default=0)
            self.panels.gap = max(self.panels.gap, before + after + self.em / 2)
        return self.panels.gap

    def _set_axis_labels(self) -> None:
        size = LABEL * self.shrink
        for dimension, axis in enumerate((self.ax.xaxis, self.ax.yaxis)):
            length = self.panels.span(dimension)
            axis.set_label_text(
                self.ruler.wrap(self.labels[dimension], length, 2, font(size)),
                font=font(size), color=self.theme.muted, parse_math=False, linespacing=LINE,
            )  # fmt: skip
            axis.labelpad = 5 * self.shrink
        self.ax.xaxis.label.set_x(self.panels.middle(0))
        self.ax.yaxis.label.set_y(self.panels.middle(1))
