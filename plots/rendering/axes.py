"""Axes that look like matplotlib's and put less together.

Half of the time of a picture goes into ticks: each of matplotlib's own has three lines and two
labels that are made, measured and drawn one by one. Here a tick is a place with one label, and an
Axis draws the marks and the grid lines of all its ticks at once. They stand below and at the left,
where every plot has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox, IdentityTransform

from .fonts import font

# A tick this much of the axis outside its limits is so by rounding, and drawn.
NEARLY = 1e-10
_PIXELS = IdentityTransform()
# matplotlib's own, in points, for who does not say.
_STYLE: dict[str, Any] = {
    "size": 3.5, "width": 0.8, "color": "black", "pad": 3.5, "tick1On": True,
    "labelsize": 10, "labelcolor": "black", "labelrotation": 0, "label1On": True,
    "gridOn": False, "grid_color": "#b0b0b0", "grid_linewidth": 0.8,
}  # fmt: skip


class Tick(Artist):
    """A place on an axis and its label."""

    def __init__(self, axis: Axis, loc: float, style: dict[str, Any], **where: Any) -> None:
        super().__init__()
        self._loc = loc
        self.label1 = Text(
            color=style["labelcolor"],
            fontproperties=font(style["labelsize"]),
            rotation=style["labelrotation"],
            visible=style["label1On"],
            **where,
        )
        for artist in (self, self.label1):
            artist.set_figure(axis.axes.figure)
            artist.axes = axis.axes

    def get_children(self) -> list[Artist]:
        return [self.label1]

    def get_loc(self) -> float:
        return self._loc


class _Together(Axis):
    """What both axes do for all their ticks at once. ``across`` is 0 for x and 1 for y."""

    across: int
    _where: dict[str, Any]
    _shown: Sequence[Tick] = ()
    majorTicks: list[Any]
    minorTicks: list[Any]

    @property
    def style(self) -> dict[str, Any]:
        """How ticks look, as ``tick_params`` and ``grid`` were told."""
        return _STYLE | self._major_tick_kw  # type: ignore[attr-defined]

    def reset_ticks(self) -> None:
        self.majorTicks, self.minorTicks = [], []

    def set_tick_params(self, which: Any = "major", reset: bool = False, **kwargs: Any) -> None:
        self.reset_ticks()
        super().set_tick_params(which, reset, **kwargs)

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        wanted = len(self.get_majorticklocs()) if numticks is None else numticks
        missing = wanted - len(self.majorTicks)
        if missing > 0:
            style = self.style
            where = self._where | {"transform": self._place_labels(style["pad"] + style["size"])}
            self.majorTicks += [Tick(self, 0, style, **where) for _ in range(missing)]
        return self.majorTicks[:wanted]

    def get_minor_ticks(self, numticks: int | None = None) -> list[Any]:
        return []

    def _place_labels(self, pad: float) -> Any:
        raise NotImplementedError

    def _update_ticks(self) -> list[Tick]:
        """The ticks within the limits, in their places and with their words."""
        self._shown = []
        if not isinstance(self.get_major_locator(), NullLocator):
            locs = self.get_majorticklocs()
            labels = self.get_major_formatter().format_ticks(locs)  # type: ignore[arg-type]
            transform = self.get_transform()
            low, high = sorted(transform.transform(np.array(self.get_view_interval())))
            room = NEARLY * (high - low)
            places = transform.transform(np.array(locs, dtype=float))
            within = (low - room <= places) & (places <= high + room)
            ticks = self.get_major_ticks(len(locs))
            for tick, loc, label in zip(ticks, locs, labels, strict=True):
                tick._loc = loc
                (tick.label1.set_y if self.across else tick.label1.set_x)(loc)
                tick.label1.set_text(label)
            self._shown = [tick for tick, seen in zip(ticks, within, strict=True) if seen]
        return self._shown

    def get_majorticklabels(self) -> list[Any]:
        self._update_ticks()
        return [tick.label1 for tick in self._shown]

    def label_boxes(self, renderer: Any) -> list[Bbox]:
        """Where the labels stand of the ticks last updated, in pixels."""
        labels = (tick.label1 for tick in self._shown)
        return [
            label.get_window_extent(renderer)
            for label in labels
            if label.get_visible() and label.get_text()
        ]

    def _update_label_position(self, renderer: Any) -> None:
        """Put the axis' own label beyond those of its ticks."""
        around = Bbox.union([self.axes.bbox, *self.label_boxes(renderer)])
        pad = renderer.points_to_pixels(self.labelpad)
        if self.across:
            self.label.set_x(around.x0 - pad)
        else:
            self.label.set_y(around.y0 - pad)

    def get_tightbbox(self, renderer: Any = None, *, for_layout_only: bool = False) -> Any:
        if not self.get_visible():
            return None
        self._update_ticks()
        boxes = self.label_boxes(renderer)
        if self.label.get_text():
            self._update_label_position(renderer)
            boxes.append(self.label.get_window_extent(renderer))
        return Bbox.union(boxes) if boxes else None

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        renderer.open_group(self.__name__, gid=self.get_gid())  # type: ignore[attr-defined]
        self._update_ticks()
        self._draw_lines(renderer)
        for tick in self._shown:
            tick.label1.draw(renderer)
        if self.label.get_text():
            self._update_label_position(renderer)
            self.label.draw(renderer)
        renderer.close_group(self.__name__)  # type: ignore[attr-defined]
        self.stale = False

    def _draw_lines(self, renderer: Any) -> None:
        style, box = self.style, self.axes.bbox
        begin, end = (box.x0, box.x1) if self.across else (box.y0, box.y1)
        if style["gridOn"]:
            self._draw_across(renderer, begin, end, style["grid_color"], style["grid_linewidth"])
        if style["tick1On"] and style["size"]:
            size = renderer.points_to_pixels(style["size"])
            self._draw_across(renderer, begin - size, begin, style["color"], style["width"])

    def _draw_across(
        self, renderer: Any, begin: float, end: float, color: Any, width: float
    ) -> None:
        """A line from ``begin`` to ``end``, in pixels, across the axis at each tick."""
        if not self._shown:
            return
        ends = np.zeros((len(self._shown), 2))
        ends[:, self.across] = [tick.get_loc() for tick in self._shown]
        ends = self.axes.transData.transform(ends)
        corners = np.repeat(ends, 2, axis=0)
        corners[:, 1 - self.across] = np.tile([begin, end], len(ends))
        codes = np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(ends))
        gc = renderer.new_gc()
        gc.set_foreground(color)
        gc.set_linewidth(renderer.points_to_pixels(width))
        gc.set_snap(True)
        renderer.draw_path(gc, Path(corners, codes), _PIXELS)
        gc.restore()


class _X(_Together, XAxis):
    across = 0
    _where = {"y": 0, "va": "top", "ha": "center"}

    def _place_labels(self, pad: float) -> Any:
        return self.axes.get_xaxis_text1_transform(pad)[0]


class _Y(_Together, YAxis):
    across = 1
    _where = {"x": 0, "va": "center_baseline", "ha": "right"}

    def _place_labels(self, pad: float) -> Any:
        return self.axes.get_yaxis_text1_transform(pad)[0]


class PlotAxes(Axes):
    """The Axes of every plot. Add them to a Figure with ``add_axes``."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _X(self, clear=False), _Y(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.xaxis if side in ("bottom", "top") else self.yaxis)
