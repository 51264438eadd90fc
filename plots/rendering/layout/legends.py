"""The legend: above, below or beside the Axes, or in a corner of them that is free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from django.utils.translation import gettext
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from plots.data.model import Data
from plots.rendering.axes.axes import PlotAxes

from .occupancy import Drawn
from .page import GAP, Page

CORNERS = ("upper right", "upper left", "lower right", "lower left")
CLEARANCES = (24.0, 2.0)  # points between a legend in a corner and the data: at best, at least
SHARE = 0.3  # of the height of the image, or of its width for a legend beside the Axes
BESIDE = 2.5  # ems that an entry takes beside its label and its handle
LENGTHS = 1.4, 2.8  # of a handle in ems, and where the dashes of lines differ
MOST_COLUMNS = 8
MARKER = 7.0  # points: the diameter of a marker in the legend, if those in the picture differ


class LegendLayout:
    """Places the legend of ``page``, and adds the room that it takes to the margins."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inside: PlotAxes | None = None  # the Axes with the legend in a corner
        self.sizes_name = ""  # what the sizes of markers are

    def place(self, data: Data) -> None:
        """Place the legend where the frame says, if there is one."""
        page, where = self.page, self.page.frame.legend
        handles, labels = page.panels.handles(data)
        if where != "none":
            self._place_sizes(where)
        is_named = any(labels) and (len(labels) > 1 or where != "auto")
        if where == "none" or not is_named:
            return
        has_texts_around = any(text.get_clip_path() is None for text in page.ax.texts)
        is_round = not page.ax.axison and not has_texts_around
        if where == "auto" and is_round and page.width > 1.2 * page.height:
            where = "right"  # a drawing as wide as high leaves room there
        if where in ("auto", "top", "bottom"):
            self._place_in_rows(handles, labels, where)
        elif where == "right":
            self._place_beside(handles, labels)
        else:
            self._place_inside(handles, labels, CORNERS[0] if where == "inside" else where)

    def is_clear(self) -> bool:
        """Move the legend into a corner without data. Where there is none, remove it."""
        page, ax = self.page, self.inside
        if ax is None:
            return True
        legend: Any = ax.get_legend()
        ax.apply_aspect()  # as drawing will
        drawn = Drawn(ax)
        corners = CORNERS if page.frame.legend == "inside" else (page.frame.legend,)
        for clearance, corner in product(CLEARANCES, corners):
            legend.set_loc(corner)
            box = legend.get_window_extent(page.renderer).padded(clearance * page.point)
            if not drawn.covers(box):
                return True
        legend.remove()
        return False

    def place_above(self, data: Data) -> None:
        """Place the legend above the Axes, after it was removed from a corner."""
        self._place_in_rows(*self.page.panels.handles(data))

    def _place_beside(self, handles: Sequence[Any], labels: Sequence[str]) -> None:
        page = self.page
        shown = self._shorten(handles, labels, 1, page.height - page.top - page.pad)
        legend = self._make(*shown, 1, page.width * SHARE)
        box = legend.get_window_extent(page.renderer)
        self._anchor(legend, page.width - page.pad - box.width)
        page.right += box.width + GAP * page.point

    def _place_inside(self, handles: Sequence[Any], labels: Sequence[str], corner: str) -> None:
        page = self.page
        style: dict[str, Any] = {"framealpha": 0.85, "fancybox": False, "loc": corner}
        style |= {"facecolor": page.theme.ground, "edgecolor": page.theme.grid}
        shown = self._shorten(handles, labels, 1, page.height * 0.5)
        self.inside = page.panels.at(corner)
        self._make(*shown, 1, page.width * SHARE, self.inside, **style)

    def _place_sizes(self, where: str) -> None:
        """Place what the sizes of markers mean in a row above or below the Axes, if they fit."""
        page, sizes = self.page, dict(self.page.ax.sizes)
        available = page.width - 2 * page.pad
        largest = max(sizes.values(), default=0.0) * page.point

        def row_width() -> float:
            texts = sum(page.ruler.width(text, page.tick_font) for text in sizes)
            return float(texts + len(sizes) * (largest + 2 * page.em))

        while sizes and row_width() > available:
            del sizes[min(sizes, key=sizes.__getitem__)]
        if not sizes or largest > SHARE * page.height:
            return
        look: dict[str, Any] = {"marker": "o", "linestyle": "", "color": page.theme.line}
        handles = [
            Line2D([], [], markersize=each, markeredgewidth=0, **look) for each in sizes.values()
        ]
        em = largest / page.em
        style = {"handlelength": em, "handleheight": em, "alignment": "left"}
        legend = self._make(handles, list(sizes), len(sizes), available, **style)
        if self.sizes_name:
            name = page.ruler.cut(self.sizes_name, available, page.tick_font)
            legend.set_title(name, prop=page.tick_font)
            legend.get_title().set(color=page.theme.muted, parse_math=False)
        self._anchor_row(legend, where)

    def _place_in_rows(
        self, handles: Sequence[Any], labels: Sequence[str], where: str = "top"
    ) -> None:
        """Place the legend above or below the Axes, in as many columns as fit side by side."""
        page = self.page
        available = page.width - 2 * page.pad
        beside = (BESIDE + _length(handles)) * page.em
        widths = [page.ruler.width(text, page.tick_font) + beside for text in labels]
        columns = next(
            n
            for n in range(min(len(labels), MOST_COLUMNS), 0, -1)
            if n == 1 or (_is_even(len(labels), n) and _row(widths, n) <= available)
        )
        shown = self._shorten(handles, labels, columns, page.height * SHARE)
        self._anchor_row(self._make(*shown, columns, available - beside), where)

    def _anchor_row(self, legend: Legend, where: str) -> None:
        """Place ``legend`` above or below the Axes, and add its height to the margin."""
        page = self.page
        height = legend.get_window_extent(page.renderer).height
        if where == "bottom":
            legend.set_bbox_to_anchor((page.pad / page.width, page.bottom / page.height))
            page.bottom += height + page.gap
        else:
            self._anchor(legend, page.pad)
            page.top += height + page.gap

    def _shorten(
        self, handles: Sequence[Any], labels: Sequence[str], columns: int, available: float
    ) -> tuple[list[Any], list[str]]:
        """Return the entries that fit. If some do not, the last one gives their number."""
        rows = max(1, int(available / (self.page.em * 1.85)))
        most = rows * columns
        if len(labels) <= most:
            return list(handles), list(labels)
        more = len(labels) - most + 1
        rest = gettext("and %(count)d more") % {"count": more}
        none = Line2D([], [], linestyle="")
        return [*handles[: most - 1], none], [*labels[: most - 1], rest]

    def _make(
        self,
        handles: Sequence[Any],
        labels: Sequence[str],
        columns: int,
        available: float,
        owner: Any = None,
        **style: Any,
    ) -> Legend:
        """Make a legend in ``owner``, or one without a frame that is anchored to the Figure."""
        page = self.page
        if owner is None:
            owner = page.figure
            style |= {"loc": "lower left", "frameon": False, "borderpad": 0, "borderaxespad": 0}
        look: dict[str, Any] = {
            "prop": page.tick_font, "labelcolor": page.theme.ink, "borderpad": 0.4,
            "borderaxespad": 0.6, "labelspacing": 0.45, "handlelength": _length(handles),
            "handletextpad": 0.6, "columnspacing": 1.6,
        }  # fmt: skip
        # matplotlib leaves out labels that begin with an underscore: they are set afterwards.
        numbers = [str(place) for place in range(len(labels))]
        legend: Legend = owner.legend(handles, numbers, ncols=columns, **look | style)
        for handle, artist in zip(legend.legend_handles, handles, strict=True):
            if handle and artist.axes and (hatch := artist.axes.hatches.get(artist)):
                handle.set(**hatch)
                if hasattr(handle, "set_hatchcolor"):  # until matplotlib 3.10 the edge's
                    handle.set_hatchcolor(hatch["edgecolor"])
            if isinstance(handle, PathCollection) and artist.get_sizes().size > 1:
                handle.set_sizes([(MARKER * page.shrink) ** 2])  # those of its series differ
        for text, label in zip(legend.get_texts(), labels, strict=True):
            text.set_parse_math(False)
            text.set_text(page.ruler.cut(label, available, page.tick_font))
        return legend

    def _anchor(self, legend: Legend, left: float) -> None:
        """Place the upper left corner of ``legend`` at ``left`` and at the top margin."""
        page = self.page
        bottom = page.height - page.top - legend.get_window_extent(page.renderer).height
        legend.set_bbox_to_anchor((left / page.width, bottom / page.height))


def _length(handles: Sequence[Any]) -> float:
    """Return the length of a handle in ems."""
    lines = (each for each in handles if isinstance(each, Line2D | LineCollection))
    styles = {str(each.get_linestyle()) for each in lines}
    return LENGTHS[len(styles - {"None"}) > 1]


def _row(widths: Sequence[float], columns: int) -> float:
    """Return the width of a legend with ``columns`` columns, split as matplotlib does."""
    return sum(max(column) for column in np.array_split(widths, columns))


def _is_even(count: int, columns: int) -> bool:
    """Return whether fewer columns would make more rows of ``count`` entries."""
    return columns == math.ceil(count / math.ceil(count / columns))
