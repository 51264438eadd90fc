"""Room for everything around the drawing: measured, so that nothing is cut off or overlaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
from django.utils.translation import gettext
from matplotlib.axis import Axis as MatplotlibAxis
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from plots.data.model import Axis, Data
from plots.rendering.axes.axes import PlotAxes
from plots.rendering.axes.colorbar import ColorBar
from plots.rendering.axes.extents import extents, label_extents
from plots.rendering.axes.panels import Panels
from plots.rendering.axes.ticks import MOST_LABELS, set_ticks, spread
from plots.rendering.text.matplotlib_fonts import MEDIUM, font
from plots.rendering.text.measuring import Ruler
from plots.spec.plot_spec import Frame
from plots.spec.themes import Theme

from .occupancy import Drawn

PAD = 10.0  # points between the picture's edge and anything drawn
GAP = 8.0  # points between the blocks above the drawing
SUBTITLE_GAP = 1.0  # between it and the title
TITLE, SUBTITLE, LABEL, TICK = 12.5, 10.0, 9.5, 9.0  # type sizes in points at 480 × 320 and more
LINE = 1.25  # line height, of the type size
MOST_TICKS = 10  # of numbers and dates; more say no more
CORNERS = ("upper right", "upper left", "lower right", "lower left")
CLEARANCES = (24.0, 2.0)  # points between a legend in a corner and the data: at best, at least
LEGEND_SHARE = 0.3  # of the picture's height, or of its width beside the drawing


class Layout:
    """The frame of one Figure: its title, legend, labels, ticks, and where the Axes stand.

    All lengths are device pixels; ``point`` is one point's.
    """

    def __init__(
        self, figure: Figure, panels: Panels, frame: Frame, theme: Theme, bar: ColorBar | None
    ) -> None:
        self.figure, self.frame, self.theme, self.bar = figure, frame, theme, bar
        self.panels, self.ax = panels, panels.corner
        self.renderer: Any = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # Agg's
        self.ruler = Ruler(self.renderer)
        self.width, self.height = figure.bbox.width, figure.bbox.height
        self.point = figure.dpi / 72
        self.shrink = theme.type * max(0.72, min(1.0, frame.width / 480, frame.height / 320))
        # Below these sizes words crowd out the drawing: first they go, then the ticks.
        self.has_words = panels.has_room(frame, (240, 150), (30, 50))
        self.has_ticks = panels.has_room(frame, (150, 90), (48, 40))
        self.pad = (PAD if self.has_words else PAD / 3) * self.point * self.shrink
        self.top = self.right = self.bottom = self.pad
        self.inside: PlotAxes | None = None  # the Axes that have the legend in a corner

    def arrange(self, data: Data, axes: tuple[Axis, Axis], labels: tuple[str, str]) -> None:
        """Dress the Figure. ``axes`` and ``labels`` are those of x and of y."""
        self.labels = labels if self.has_words else ("", "")
        if self.has_words:
            self._title()
            self._legend(data)
            self._color_bar()
        elif self.bar:
            self.bar.ax.remove()
            self.bar = None
        self._name_panels()
        taken = self.right, self.top
        self._stand(axes)
        if self.inside and not self._keeps_off_data(self.inside):
            self.right, self.top = taken
            self._legend_in_rows(*self.panels.handles(data))
            self._stand(axes)
        self.panels.cut_names(self.ruler)

    def _stand(self, axes: tuple[Axis, Axis]) -> None:
        """Give the Axes their place."""
        if self.has_ticks and self.ax.axison:
            self._place(axes)
        else:
            for ax in self.panels.axes:
                ax.xaxis.set_visible(False)
                ax.yaxis.set_visible(False)
            self.place(self.pad, self.bottom)

    def _name_panels(self) -> None:
        em = TICK * self.shrink * self.point
        self.panels.gap = self.panels.foot = 1.3 * em
        if self.panels.titles and self.panels.has_room(self.frame, (60, 48), (60, 48)):
            style = {"font": font(LABEL * self.shrink, MEDIUM), "color": self.theme.ink}
            self.panels.name(self.renderer, 4 * self.shrink, **style)

    def _color_bar(self) -> None:
        if self.bar:
            height = self.height - self.top - 3 * self.pad
            size = TICK * self.shrink
            self.right += self.bar.measure(height, size, self.point, self.renderer)

    def _title(self) -> None:
        title, subtitle = self.frame.title, self.frame.subtitle
        if title:
            style = {"font": font(TITLE * self.shrink, MEDIUM), "color": self.theme.ink}
            self._write_above(title, SUBTITLE_GAP if subtitle else GAP, style)
        if subtitle:
            style = {"font": font(SUBTITLE * self.shrink), "color": self.theme.muted}
            self._write_above(subtitle, GAP, style)

    def _write_above(self, text: str, gap: float, style: dict[str, Any]) -> None:
        """``text`` in a line or two above the drawing, and below it ``gap`` points of nothing."""
        words = self.figure.text(
            self.pad / self.width,
            1 - self.top / self.height,
            self.ruler.wrap(text, self.width - 2 * self.pad, 2, style["font"]),
            va="top",
            linespacing=LINE,
            parse_math=False,
            **style,
        )
        # Not counted in lines: another script's font may be taller.
        height = words.get_window_extent(self.renderer).height
        self.top += height + gap * self.shrink * self.point

    def _legend(self, data: Data) -> None:
        where = self.frame.legend
        handles, labels = self.panels.handles(data)
        named = any(labels) and (len(labels) > 1 or where != "auto")
        if where == "none" or not named:
            return
        words_around = any(text.get_clip_path() is None for text in self.ax.texts)
        is_round = not self.ax.axison and not words_around
        if where == "auto" and is_round and self.width > 1.2 * self.height:
            where = "right"  # what is as high as wide has room there, unless words take it
        if where in ("auto", "top", "bottom"):
            self._legend_in_rows(handles, labels, where)
        elif where == "right":
            handles, labels = self._shorten(handles, labels, 1, self.height - self.top - self.pad)
            legend = self._make_legend(handles, labels, 1, self.width * LEGEND_SHARE)
            box = legend.get_window_extent(self.renderer)
            self._anchor(legend, self.width - self.pad - box.width)
            self.right += box.width + GAP * self.point
        else:
            room = self.width * LEGEND_SHARE
            handles, labels = self._shorten(handles, labels, 1, self.height * 0.5)
            corner = CORNERS[0] if where == "inside" else where
            filled: dict[str, Any] = {"framealpha": 0.85, "fancybox": False, "loc": corner}
            filled |= {"facecolor": self.theme.ground, "edgecolor": self.theme.grid}
            self.inside = self.panels.at(corner)
            self._make_legend(handles, labels, 1, room, self.inside, **filled)

    def _keeps_off_data(self, ax: PlotAxes) -> bool:
        """Whether the legend in the drawing is in a corner that is free; else it is removed."""
        legend: Any = ax.get_legend()
        ax.apply_aspect()  # as drawing will
        drawn = Drawn(ax)
        inside = self.frame.legend == "inside"
        for clearance, corner in product(CLEARANCES, CORNERS if inside else (self.frame.legend,)):
            legend.set_loc(corner)
            box = legend.get_window_extent(self.renderer).padded(clearance * self.point)
            if not drawn.covers(box):
                return True
        legend.remove()
        return False

    def _legend_in_rows(
        self, handles: Sequence[Any], labels: Sequence[str], where: str = "top"
    ) -> None:
        """Above or below the drawing, as many columns as fit side by side."""
        em = TICK * self.shrink * self.point
        room = self.width - 2 * self.pad
        widths = [self.ruler.width(text, self._font) + 3.9 * em for text in labels]
        columns = next(
            n
            for n in range(min(len(labels), 8), 0, -1)
            if n == 1 or (_is_even(len(labels), n) and _row(widths, n) <= room)
        )
        shown = self._shorten(handles, labels, columns, self.height * LEGEND_SHARE)
        legend = self._make_legend(*shown, columns, room - 3.9 * em)
        height = legend.get_window_extent(self.renderer).height
        if where == "bottom":
            legend.set_bbox_to_anchor((self.pad / self.width, self.pad / self.height))
            self.bottom += height + GAP * self.shrink * self.point
        else:
            self._anchor(legend, self.pad)
            self.top += height + GAP * self.shrink * self.point

    def _shorten(
        self, handles: Sequence[Any], labels: Sequence[str], columns: int, room: float
    ) -> tuple[list[Any], list[str]]:
        """As many entries as ``room`` holds, the last saying how many more there are."""
        rows = max(1, int(room / (TICK * self.shrink * self.point * 1.85)))
        most = rows * columns
        if len(labels) <= most:
            return list(handles), list(labels)
        more = len(labels) - most + 1
        rest = gettext("and %(count)d more") % {"count": more}
        return list(handles[:most]), [*labels[: most - 1], rest]

    @property
    def _font(self) -> Any:
        return font(TICK * self.shrink)

    @property
    def _legend_style(self) -> dict[str, Any]:
        return {
            "prop": self._font,
            "labelcolor": self.theme.ink,
            "borderpad": 0.4,
            "borderaxespad": 0.6,
            "labelspacing": 0.45,
            "handlelength": 1.4,
            "handletextpad": 0.6,
            "columnspacing": 1.6,
        }

    def _make_legend(
        self,
        handles: Sequence[Any],
        labels: Sequence[str],
        columns: int,
        room: float,
        owner: Any = None,
        **style: Any,
    ) -> Legend:
        """A legend in a corner of ``owner``, or one without a frame to be placed on the Figure."""
        if owner is None:
            owner = self.figure
            style = {"loc": "lower left", "frameon": False, "borderpad": 0, "borderaxespad": 0}
        # matplotlib leaves out labels that begin with an underscore: they are set afterwards.
        numbered = [str(place) for place in range(len(labels))]
        legend: Legend = owner.legend(
            handles, numbered, ncols=columns, **self._legend_style | style
        )
        for text, label in zip(legend.get_texts(), labels, strict=True):
            text.set_parse_math(False)
            text.set_text(self.ruler.cut(label, room, self._font))
        return legend

    def _anchor(self, legend: Legend, left: float) -> None:
        height = legend.get_window_extent(self.renderer).height
        bottom = self.height - self.top - height
        legend.set_bbox_to_anchor((left / self.width, bottom / self.height))

    def _place(self, axes: tuple[Axis, Axis]) -> None:
        """Give the Axes all that ticks and labels leave; a second look if they changed with it."""
        taken = right, top = self.right, self.top
        left, bottom = 4 * self.pad, 3 * self.pad + (self.bottom - self.pad)
        for ax in self.panels.axes:
            ax.tick_params(labelsize=TICK * self.shrink)
        for _ in range(3):
            self.right, self.top = right, top
            self.place(left, bottom)
            self._ticks(axes)
            self._axis_labels()
            before = (left, bottom, right, top, self.panels.gap)
            left, bottom, right, top = self._needed(*taken)
            after = (left, bottom, right, top, self._part_panels())
            if max(abs(a - b) for a, b in zip(before, after, strict=True)) < 1:
                return
        self.right, self.top = right, top
        self.place(left, bottom)

    def place(self, left: float, bottom: float) -> None:
        width = max(self.width - left - self.right, self.width * 0.2)
        height = max(self.height - bottom - self.top, self.height * 0.2)
        self.panels.place(left, bottom, width, height)
        if self.bar:
            height -= self.panels.head
            box = left / self.width, bottom / self.height, width / self.width, height / self.height
            self.bar.place(box, self.figure, self.point)

    def _needed(self, right: float, top: float) -> tuple[float, float, float, float]:
        """The margins (left, bottom, right, top) that what hangs over the Axes' edges needs.

        ``right`` and ``top`` are taken already, by the legend and the title.
        """
        box, axes = self.ax.bbox, (self.ax.xaxis, self.ax.yaxis)
        edges = (box.x0, box.y0, box.x1, box.y1)
        drawn = [edges, *(each for axis in axes for each in extents(axis, self.renderer))]
        x0, y0, x1, y1 = zip(*drawn, strict=True)
        if len(self.panels.axes) > 1:  # along all of which the axes' own labels stand
            drawn = [edges, *(each for axis in axes for each in label_extents(axis, self.renderer))]
            _, _, x1, y1 = zip(*drawn, strict=True)
        return (
            self.pad + box.x0 - min(x0),
            self.bottom + box.y0 - min(y0),
            right + max(x1) - box.x1,
            top + max(max(y1) - self.panels.head, box.y1) - box.y1,
        )

    def _part_panels(self) -> float:
        """Have panels side by side so far apart that their ticks' labels do not meet."""
        if self.panels.columns > 1:
            box, em = self.ax.bbox, TICK * self.shrink * self.point
            labels = label_extents(self.ax.xaxis, self.renderer)
            before = max((box.x0 - x0 for x0, _, _, _ in labels), default=0)
            after = max((x1 - box.x1 for _, _, x1, _ in labels), default=0)
            self.panels.gap = max(self.panels.gap, before + after + em / 2)
        return self.panels.gap

    def _ticks(self, axes: tuple[Axis, Axis]) -> None:
        box = self.ax.bbox
        em = TICK * self.shrink * self.point
        x_axis, y_axis = self.ax.xaxis, self.ax.yaxis
        # Panels are small: where four ticks can stand closer than elsewhere, they do.
        least = 4 if len(self.panels.axes) > 1 else 1
        most = _few(max(box.height / (3.2 * em), min(least, box.height / (1.5 * em))))
        if axes[1].dtype == "category":
            most = int(box.height / (1.5 * em))
        shorten = self._shortener(0.3 * self.width)
        set_ticks(y_axis, axes[1], self.frame.yscale, most, shorten)
        while least > 1 and most > 1 and self._overlap(1, 0):
            most = most // 2
            set_ticks(y_axis, axes[1], self.frame.yscale, most, shorten)
        if axes[0].dtype == "category":
            self._names_along_x(x_axis, axes[0], em)
            return
        most = _few(max(box.width / (6.5 * em), min(least, box.width / (3 * em))))
        set_ticks(x_axis, axes[0], self.frame.xscale, most)
        while most > 1 and self._overlap(0, em / 2):
            most = most // 2
            set_ticks(x_axis, axes[0], self.frame.xscale, most)

    def _names_along_x(self, axis: MatplotlibAxis, meaning: Axis, em: float) -> None:
        """Level if all fit side by side; else upright if that shows more of them; else fewer."""
        count, (low, high) = len(meaning.names), sorted(axis.get_view_interval())
        width = self.ax.bbox.width * min(1, count / (high - low))  # limits may lie far outside
        room = max(width / max(1, count), 0.25 * self.width) - em
        shown = [meaning.names[place] for place in spread(meaning.names, MOST_LABELS)]
        longest = max((self.ruler.width(name, self._font) for name in shown), default=0)
        most = int(width / (min(longest, room) + em))
        upright = most < min(count, 8)
        if upright:
            most, room = int(width / (1.6 * em)), 0.28 * self.height
        else:
            room = width / max(1, min(most, count)) - em / 2
        for ax in self.panels.axes:
            ax.xaxis.set_tick_params(rotation=90 if upright else 0)
        set_ticks(axis, meaning, self.frame.xscale, most, self._shortener(room))

    def _shortener(self, room: float) -> Callable[[str], str]:
        return lambda name: self.ruler.cut(name, room, self._font)

    def _overlap(self, dimension: int, gap: float) -> bool:
        """Whether labels of ticks along x (0) or y (1) are less than ``gap`` apart."""
        boxes = label_extents((self.ax.xaxis, self.ax.yaxis)[dimension], self.renderer)
        places = sorted((box[dimension], box[dimension + 2]) for box in boxes)
        return any(a[1] + gap > b[0] for a, b in zip(places, places[1:], strict=False))

    def _axis_labels(self) -> None:
        size = LABEL * self.shrink
        for across, axis in enumerate((self.ax.xaxis, self.ax.yaxis)):
            axis.set_label_text(
                self.ruler.wrap(self.labels[across], self.panels.span(across), 2, font(size)),
                font=font(size), color=self.theme.muted, parse_math=False, linespacing=LINE,
            )  # fmt: skip
            axis.labelpad = 5 * self.shrink
        self.ax.xaxis.label.set_x(self.panels.middle(0))
        self.ax.yaxis.label.set_y(self.panels.middle(1))


def _few(most: float) -> int:
    return max(1, min(int(most), MOST_TICKS))


def _row(widths: Sequence[float], columns: int) -> float:
    """The width of a legend whose entries fill ``columns`` columns, as matplotlib parts them."""
    return sum(max(column) for column in np.array_split(widths, columns))


def _is_even(count: int, columns: int) -> bool:
    """Whether ``count`` entries need so many columns for as few rows."""
    return columns == math.ceil(count / math.ceil(count / columns))
