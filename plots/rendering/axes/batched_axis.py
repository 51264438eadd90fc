"""Axis objects that draw all their ticks at once.

Half of the time of a render goes into ticks: each of matplotlib's has three lines and two labels,
which are made, measured and drawn one by one. Here an Axis draws the marks and the grid lines of
all its ticks at once, and all their labels with one Text. Ticks are below and at the left. They
follow ``tick_params`` and ``grid``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axis import XAxis, YAxis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox, IdentityTransform

from plots.rendering.compat import HookedAxis, PlacedText
from plots.rendering.text.matplotlib_fonts import font
from plots.rendering.text.measuring import middle_of_digits

# A tick outside the limits by this part of the axis is outside by rounding only, and drawn.
TOLERANCE = 1e-10
_PIXELS = IdentityTransform()
# matplotlib's defaults, in points, for what ``tick_params`` did not set.
_STYLE: dict[str, Any] = {
    "size": 3.5, "width": 0.8, "color": "black", "pad": 3.5, "tick1On": True,
    "labelsize": 10, "labelcolor": "black", "labelrotation": 0, "label1On": True,
    "gridOn": False, "grid_color": "#b0b0b0", "grid_linewidth": 0.8,
}  # fmt: skip


Extent = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels


class Stamp(PlacedText):
    """Text that is drawn at many places. The layout of each string is cached.

    With ``va="center_baseline"``, the digits of a line, or of all lines together, are centred on
    the anchor. matplotlib would centre what is between the baseline and the font's ascent, which
    is much higher than a digit.
    """

    def __init__(self, **style: Any) -> None:
        super().__init__(transform=_PIXELS, **style)
        self._layouts: dict[Any, tuple[Any, Extent]] = {}

    def at(self, anchor: tuple[float, float], text: str) -> Stamp:
        """Move this to ``anchor``, in pixels, with another text, and return it."""
        self.place(*anchor, text)
        return self

    def extent(self, renderer: Any) -> Extent:
        (x, y), (x0, y0, x1, y1) = self.get_position(), self._cached(renderer)[1]
        return x0 + x, y0 + y, x1 + x, y1 + y

    def draw_lines(self, renderer: Any, gc: Any) -> None:
        """Draw the text with ``gc``, which all labels of an axis share."""
        (left, bottom), text = self.get_position(), self.get_text()
        mtext = self if "\n" not in text else None
        for line, _, (x, y) in self._cached(renderer)[0][1]:
            drawn, ismath = self.parse(line)
            x, y = x + left, y + bottom
            if renderer.flipy():
                y = renderer.get_canvas_width_height()[1] - y
            prop, angle = self.get_fontproperties(), self.get_rotation()
            renderer.draw_text(gc, x, y, drawn, prop, angle, ismath=ismath, mtext=mtext)

    def lay_out(self, renderer: Any) -> Any:
        return self._cached(renderer)[0]

    def _cached(self, renderer: Any) -> tuple[Any, Extent]:
        key = self.get_text(), type(renderer), self.figure.dpi
        if key not in self._layouts:
            box, lines, frame = super().lay_out(renderer)
            if self.get_verticalalignment() == "center_baseline":
                (_, (_, ascent, _), _), *_ = lines
                up = ascent / 2 - middle_of_digits(renderer, self.get_fontproperties())
                box = box.translated(0, up)
                lines = [(line, size, (x, y + up)) for line, size, (x, y) in lines]
            self._layouts[key] = (box, lines, frame), tuple(box.extents.tolist())
        return self._layouts[key]


class DrawnTick(Artist):
    """A tick of a drawn Axis, to be read. Changes to it have no effect."""

    def __init__(self, loc: float, label1: Text) -> None:
        super().__init__()
        self.loc, self.label1 = loc, label1

    def get_loc(self) -> float:
        return self.loc


class BatchedAxis(HookedAxis):
    """What both axes share. ``dimension`` is 0 for x and 1 for y."""

    dimension: int
    alignment: dict[str, str]
    majorTicks: list[Any]
    minorTicks: list[Any]

    def reset_ticks(self) -> None:
        self.majorTicks, self.minorTicks = [], []
        self._shown: list[tuple[float, str]] = []
        self._shown_for: Any = None
        self._stamp: Stamp | None = None

    def set_tick_params(self, which: Any = "major", reset: bool = False, **kwargs: Any) -> None:
        super().set_tick_params(which, reset, **kwargs)
        self._stamp = None

    @property
    def style(self) -> dict[str, Any]:
        """The look of ticks, with matplotlib's names."""
        return _STYLE | self.major_style

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        self.find_ticks()
        places = zip(self._shown, self._anchors(self._pixels()), strict=True)
        return [DrawnTick(loc, self._new_stamp().at(at, label)) for (loc, label), at in places]

    def get_minor_ticks(self, numticks: int | None = None) -> list[Any]:
        return []

    def get_majorticklabels(self) -> list[Any]:
        return [tick.label1 for tick in self.get_major_ticks()]

    def find_ticks(self) -> None:
        locator, formatter = self.get_major_locator(), self.get_major_formatter()
        interval = tuple(self.get_view_interval())
        state = locator, formatter, interval, self.get_transform()
        if state == self._shown_for:
            return
        self._shown, self._shown_for = [], state
        if not isinstance(locator, NullLocator):
            locs = np.asarray(self.get_majorticklocs(), dtype=float)
            low, high = sorted(self.get_transform().transform(np.array(interval)))
            margin = TOLERANCE * (high - low)
            places = self.get_transform().transform(locs)
            seen = locs[(low - margin <= places) & (places <= high + margin)].tolist()
            self._shown = list(zip(seen, formatter.format_ticks(seen), strict=True))

    def label_extents(self, renderer: Any) -> list[Extent]:
        """Return the boxes of the labels of all ticks."""
        self.find_ticks()
        return [stamp.extent(renderer) for stamp in self._labels(self._pixels())]

    def extents(self, renderer: Any) -> list[Extent]:
        """Return the boxes of all texts beside the axis."""
        if not self.get_visible():
            return []
        boxes = self.label_extents(renderer)
        if self.label.get_text():
            self._place_label(renderer, boxes)
            boxes.append(tuple(np.array(self.label.get_window_extent(renderer).extents).tolist()))
        return boxes

    def get_tightbbox(self, renderer: Any = None, *, for_layout_only: bool = False) -> Any:
        boxes = self.extents(renderer or self.figure.canvas.get_renderer())  # type: ignore[attr-defined]
        return Bbox.union([Bbox.from_extents(*each) for each in boxes]) if boxes else None

    def move_label(self, renderer: Any) -> None:
        self._place_label(renderer, self.label_extents(renderer))

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        renderer.open_group(self.__name__, gid=self.get_gid())  # type: ignore[attr-defined]
        self.find_ticks()
        self._draw_lines(renderer)
        self._draw_labels(renderer)
        if self.label.get_text():
            self.move_label(renderer)
            self.label.draw(renderer)
        renderer.close_group(self.__name__)  # type: ignore[attr-defined]
        self.stale = False

    def _new_stamp(self) -> Stamp:
        style, alignment = self.style, self.alignment
        rotation = style["labelrotation"]
        rotation = rotation[1] if isinstance(rotation, tuple) else rotation
        if 0 < rotation < 90:  # the end of the text is at the tick
            alignment = {"va": "top", "ha": "right", "rotation_mode": "anchor"}
        stamp = Stamp(
            color=style["labelcolor"],
            fontproperties=font(style["labelsize"]),
            rotation=rotation,
            visible=style["label1On"],
            **alignment,
        )
        stamp.set_figure(self.axes.figure)
        return stamp

    def _pixels(self) -> list[float]:
        """Return the place of each tick along the axis."""
        places = np.zeros((len(self._shown), 2))
        places[:, self.dimension] = [loc for loc, _ in self._shown]
        pixels: list[float] = self.axes.transData.transform(places)[:, self.dimension].tolist()
        return pixels

    def _drawn_pixels(self, renderer: Any) -> list[float]:
        """Return the place of each label. Agg draws grid lines on whole pixels."""
        places, style = self._pixels(), self.style
        if not (self.dimension and style["gridOn"] and isinstance(renderer, RendererAgg)):
            return places
        half = round(renderer.points_to_pixels(style["grid_linewidth"])) % 2 / 2
        drawn = renderer.height - np.floor(renderer.height - np.array(places) + 0.5) - half
        return list(drawn.tolist())

    def _anchors(self, places: list[float]) -> list[tuple[float, float]]:
        style, box = self.style, self.axes.bbox
        pad = (style["pad"] + style["size"]) * self.figure.dpi / 72
        if self.dimension:
            return [(box.x0 - pad, place) for place in places]
        return [(place, box.y0 - pad) for place in places]

    def _labels(self, places: list[float]) -> Iterator[Stamp]:
        """Yield the one stamp at each of ``places`` in turn, with the label of its tick."""
        if self._stamp is None:
            self._stamp = self._new_stamp()
        if self._shown and self._stamp.get_visible():
            for (_, label), anchor in zip(self._shown, self._anchors(places), strict=True):
                if label:
                    yield self._stamp.at(anchor, label)

    def _place_label(self, renderer: Any, labels: list[Extent]) -> None:
        """Place the label of the axis beyond ``labels``, the boxes of those of its ticks."""
        box, pad = self.axes.bbox, renderer.points_to_pixels(self.labelpad)
        if self.dimension:
            self.label.set_x(min([box.x0, *(x0 for x0, _, _, _ in labels)]) - pad)
        else:
            self.label.set_y(min([box.y0, *(y0 for _, y0, _, _ in labels)]) - pad)

    def _draw_labels(self, renderer: Any) -> None:
        gc = renderer.new_gc()
        gc.set_foreground(self.style["labelcolor"])
        for stamp in self._labels(self._drawn_pixels(renderer)):
            stamp.draw_lines(renderer, gc)
        gc.restore()

    def _draw_lines(self, renderer: Any) -> None:
        if not self._shown:
            return
        style, box, places = self.style, self.axes.bbox, np.repeat(self._pixels(), 2)
        begin, end = (box.x0, box.x1) if self.dimension else (box.y0, box.y1)
        if style["gridOn"]:
            look = style["grid_color"], style["grid_linewidth"]
            self._draw_across(renderer, places, (begin, end), *look)
        if style["tick1On"] and style["size"]:
            outside = begin - renderer.points_to_pixels(style["size"])
            look = style["color"], style["width"]
            self._draw_across(renderer, places, (outside, begin), *look)

    def _draw_across(
        self, renderer: Any, places: Any, ends: tuple[float, float], color: Any, width: float
    ) -> None:
        """Draw a line between ``ends``, in pixels, across the axis at every two of ``places``."""
        corners = np.empty((len(places), 2))
        corners[:, self.dimension] = places
        corners[:, 1 - self.dimension] = np.resize(ends, len(places))
        codes = np.resize(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(places))
        gc = renderer.new_gc()
        gc.set_foreground(color)
        gc.set_linewidth(width)
        gc.set_snap(True)
        renderer.draw_path(gc, Path(corners, codes), _PIXELS)
        gc.restore()


class BatchedX(BatchedAxis, XAxis):
    dimension = 0
    alignment = {"va": "top", "ha": "center"}


class BatchedY(BatchedAxis, YAxis):
    dimension = 1
    alignment = {"va": "center_baseline", "ha": "right"}
