"""Axes that look like matplotlib's and put less together.

Half of the time of a picture goes into ticks: each of matplotlib's own has three lines and two
labels that are made, measured and drawn one by one. Here an Axis draws the marks and the grid
lines of all its ticks at once, and stamps their labels with one Text. They stand below and at the
left, where every plot has them, and look as ``tick_params`` and ``grid`` were told.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox, IdentityTransform

from plots.rendering.text.matplotlib_fonts import font, suited
from plots.rendering.text.measuring import literal

# A tick this much of the axis outside its limits is so by rounding, and drawn.
NEARLY = 1e-10
_PIXELS = IdentityTransform()
# matplotlib's own, in points, for who does not say.
_STYLE: dict[str, Any] = {
    "size": 3.5, "width": 0.8, "color": "black", "pad": 3.5, "tick1On": True,
    "labelsize": 10, "labelcolor": "black", "labelrotation": 0, "label1On": True,
    "gridOn": False, "grid_color": "#b0b0b0", "grid_linewidth": 0.8,
}  # fmt: skip


Extent = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels


class Stamp(Text):
    """Text that is put to many places; each wording is laid out once."""

    def __init__(self, **style: Any) -> None:
        super().__init__(transform=_PIXELS, **style)
        self._layouts: dict[Any, tuple[Any, Extent]] = {}

    def at(self, place: tuple[float, float], text: str) -> Stamp:
        """This, with its anchor at ``place`` in pixels."""
        self._x, self._y = place
        self._text = text
        return self

    def extent(self, renderer: Any) -> Extent:
        x0, y0, x1, y1 = self._laid_out(renderer)[1]
        return x0 + self._x, y0 + self._y, x1 + self._x, y1 + self._y

    def stamp(self, renderer: Any, gc: Any) -> None:
        """Draw it without looking again at all that it has in common with the one before."""
        mtext = self if "\n" not in self._text else None
        for line, _, (x, y) in self._laid_out(renderer)[0][1]:
            text, ismath = self._preprocess_math(line)  # type: ignore[attr-defined]
            x, y = x + self._x, y + self._y
            if renderer.flipy():
                y = renderer.get_canvas_width_height()[1] - y
            font, angle = self.get_fontproperties(), self.get_rotation()
            renderer.draw_text(gc, x, y, text, font, angle, ismath=ismath, mtext=mtext)

    def _laid_out(self, renderer: Any) -> tuple[Any, Extent]:
        key = self._text, type(renderer), self.figure.dpi
        if key not in self._layouts:
            layout = super()._get_layout(renderer)  # type: ignore[misc]
            self._layouts[key] = layout, tuple(layout[0].extents.tolist())
        return self._layouts[key]

    def _get_layout(self, renderer: Any) -> Any:
        return self._laid_out(renderer)[0]


class Tick(Artist):
    """A tick of a drawn Axis, for who wants to look at it; to change it changes nothing."""

    def __init__(self, loc: float, label1: Text) -> None:
        super().__init__()
        self._loc, self.label1 = loc, label1

    def get_loc(self) -> float:
        return self._loc


class _Together(Axis):
    """What both axes do for all their ticks at once. ``across`` is 0 for x and 1 for y."""

    across: int
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
        """How ticks look, in matplotlib's words."""
        return _STYLE | self._major_tick_kw  # type: ignore[attr-defined]

    def _new_stamp(self) -> Stamp:
        style = self.style
        rotation = style["labelrotation"]
        stamp = Stamp(
            color=style["labelcolor"],
            fontproperties=font(style["labelsize"]),
            rotation=rotation[1] if isinstance(rotation, tuple) else rotation,
            visible=style["label1On"],
            **self.alignment,
        )
        stamp.set_figure(self.axes.figure)
        return stamp

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        self._update_ticks()
        places = zip(self._shown, self._anchors(), strict=True)
        return [Tick(loc, self._new_stamp().at(at, label)) for (loc, label), at in places]

    def get_minor_ticks(self, numticks: int | None = None) -> list[Any]:
        return []

    def get_majorticklabels(self) -> list[Any]:
        return [tick.label1 for tick in self.get_major_ticks()]

    def _update_ticks(self) -> list[Any]:
        """Find the ticks within the limits, and what they say, if it is not known yet."""
        locator, formatter = self.get_major_locator(), self.get_major_formatter()
        interval = tuple(self.get_view_interval())
        asked = locator, formatter, interval, self.get_transform()
        if asked == self._shown_for:
            return []
        self._shown, self._shown_for = [], asked
        if not isinstance(locator, NullLocator):
            locs = np.asarray(self.get_majorticklocs(), dtype=float)
            low, high = sorted(self.get_transform().transform(np.array(interval)))
            room = NEARLY * (high - low)
            places = self.get_transform().transform(locs)
            seen = locs[(low - room <= places) & (places <= high + room)].tolist()
            self._shown = list(zip(seen, formatter.format_ticks(seen), strict=True))
        return []

    def _get_ticks_position(self) -> int:
        return 1  # the words of matplotlib for below and at the left

    def _pixels(self) -> list[float]:
        """Where along the axis the ticks stand."""
        places = np.zeros((len(self._shown), 2))
        places[:, self.across] = [loc for loc, _ in self._shown]
        found: list[float] = self.axes.transData.transform(places)[:, self.across].tolist()
        return found

    def _anchors(self) -> list[tuple[float, float]]:
        style, box = self.style, self.axes.bbox
        pad = (style["pad"] + style["size"]) * self.figure.dpi / 72
        if self.across:
            return [(box.x0 - pad, place) for place in self._pixels()]
        return [(place, box.y0 - pad) for place in self._pixels()]

    def _labels(self) -> Any:
        """The stamp at each place where it is seen, in turn."""
        if self._stamp is None:
            self._stamp = self._new_stamp()
        if self._shown and self._stamp.get_visible():
            for (_, label), place in zip(self._shown, self._anchors(), strict=True):
                if label:
                    yield self._stamp.at(place, label)

    def label_extents(self, renderer: Any) -> list[Extent]:
        """Where the labels of the ticks stand."""
        self._update_ticks()
        return [stamp.extent(renderer) for stamp in self._labels()]

    def extents(self, renderer: Any) -> list[Extent]:
        """Where all stands that is written beside the axis."""
        found = self.label_extents(renderer) if self.get_visible() else []
        if self.get_visible() and self.label.get_text():
            self._move_label(renderer, found)
            found.append(tuple(np.array(self.label.get_window_extent(renderer).extents).tolist()))
        return found

    def _move_label(self, renderer: Any, labels: list[Extent]) -> None:
        """Put the axis' own label beyond those of its ticks."""
        box, pad = self.axes.bbox, renderer.points_to_pixels(self.labelpad)
        if self.across:
            self.label.set_x(min([box.x0, *(x0 for x0, _, _, _ in labels)]) - pad)
        else:
            self.label.set_y(min([box.y0, *(y0 for _, y0, _, _ in labels)]) - pad)

    def _update_label_position(self, renderer: Any) -> None:
        self._move_label(renderer, self.label_extents(renderer))

    def get_tightbbox(self, renderer: Any = None, *, for_layout_only: bool = False) -> Any:
        found = self.extents(renderer or self.figure.canvas.get_renderer())  # type: ignore[attr-defined]
        return Bbox.union([Bbox.from_extents(*each) for each in found]) if found else None

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        renderer.open_group(self.__name__, gid=self.get_gid())  # type: ignore[attr-defined]
        self._update_ticks()
        self._draw_lines(renderer)
        self._draw_labels(renderer)
        if self.label.get_text():
            self._update_label_position(renderer)
            self.label.draw(renderer)
        renderer.close_group(self.__name__)  # type: ignore[attr-defined]
        self.stale = False

    def _draw_labels(self, renderer: Any) -> None:
        gc = renderer.new_gc()
        gc.set_foreground(self.style["labelcolor"])
        for stamp in self._labels():
            stamp.stamp(renderer, gc)
        gc.restore()

    def _draw_lines(self, renderer: Any) -> None:
        if not self._shown:
            return
        style, box, places = self.style, self.axes.bbox, np.repeat(self._pixels(), 2)
        begin, end = (box.x0, box.x1) if self.across else (box.y0, box.y1)
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
        """A line between ``ends``, in pixels, across the axis at each two of ``places``."""
        corners = np.empty((len(places), 2))
        corners[:, self.across] = places
        corners[:, 1 - self.across] = np.resize(ends, len(places))
        codes = np.resize(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(places))
        gc = renderer.new_gc()
        gc.set_foreground(color)
        gc.set_linewidth(width)
        gc.set_snap(True)
        renderer.draw_path(gc, Path(corners, codes), _PIXELS)
        gc.restore()


class _X(_Together, XAxis):
    across = 0
    alignment = {"va": "top", "ha": "center"}


class _Y(_Together, YAxis):
    across = 1
    alignment = {"va": "center_baseline", "ha": "right"}


class PlotAxes(Axes):
    """The Axes of every plot. Add them to a Figure with ``add_axes``."""

    xaxis: _X
    yaxis: _Y
    panels = 1, 1  # how many columns and rows of such Axes the picture has

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _X(self, clear=False), _Y(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.xaxis if side in ("bottom", "top") else self.yaxis)

    def outlines(self, text: str) -> Path:
        """``text`` as a shape, in the type of all words and one unit large."""
        language = getattr(self.figure.canvas, "language", "")
        return TextPath((0, 0), literal(text), size=1, prop=suited(font(1), text, language))

    def clear(self) -> None:
        super().clear()
        for spine in self.spines.values():
            spine.get_position()  # by asking, a spine is put in its place: else its first tick does
