"""Small multiples: the grid of panels, their titles, and what they share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from plots.data.model import Data
from plots.kinds.axes import PanelGrid
from plots.rendering.compat import join_limits
from plots.rendering.text.measuring import Ruler
from plots.spec.plot_spec import Frame

from .axes import PlotAxes

SHAPE = 1.2  # the best ratio of the width of a panel to its height
EMPTY = 0.25  # the cost of a cell without a panel; that of a panel e times too wide is 1


class Panels:
    """The Axes of a Figure: one, or one for each of ``titles``, in rows.

    All lengths are device pixels. Both axes of ``corner``, at the lower left, have labels. What is
    measured there holds for all panels.
    """

    def __init__(self, figure: Figure, ax: PlotAxes, titles: Sequence[str]) -> None:
        self.figure, self.titles = figure, titles
        count = max(1, len(titles))
        self.columns = columns_for(count, figure.bbox.width / figure.bbox.height)
        self.rows = math.ceil(count / self.columns)
        self.axes = [ax, *(self._add() for _ in range(count - 1))]
        for index, each in enumerate(self.axes):
            each.panels = PanelGrid(self.columns, self.rows, index)
        self.corner = self.axes[(self.rows - 1) * self.columns]
        self.gap = self.head = self.foot = 0.0  # between panels; for titles; below panels
        self.names: list[Text] = []

    def _add(self) -> PlotAxes:
        ax = PlotAxes(self.figure, (0.1, 0.1, 0.8, 0.8))
        self.figure.add_axes(ax)
        return ax

    def has_room(self, frame: Frame, one: tuple[int, int], more: tuple[int, int]) -> bool:
        """Return whether ``frame`` is as large as ``one``, plus ``more`` for each other panel."""
        width, height = (
            first + (count - 1) * other
            for first, count, other in zip(one, (self.columns, self.rows), more, strict=True)
        )
        return frame.width >= width and frame.height >= height

    def share(self) -> None:
        """Give all panels the same limits, with the data of each; label the outer panels only."""
        others = [ax for ax in self.axes if ax is not self.corner]
        for ax, name in product(others, "xy"):
            join_limits(self.corner, ax, name)
        for name in "xy" if others else "":
            bounds, is_free = f"get_{name}bound", f"get_autoscale{name}_on"
            fixed = [getattr(ax, bounds)() for ax in self.axes if not getattr(ax, is_free)()]
            for ax in others:
                getattr(ax, f"share{name}")(self.corner)
            keep: Any = None
            self.corner.autoscale(keep, axis=name)  # type: ignore[arg-type]  # as it is
            if fixed:
                getattr(self.corner, f"set_{name}bound")(min(min(fixed)), max(map(max, fixed)))
        for place, ax in enumerate(self.axes):
            if place % self.columns:
                ax.tick_params(axis="y", labelleft=False)
            if place + self.columns < len(self.axes):
                ax.tick_params(axis="x", labelbottom=False, bottom=False)

    def name(self, renderer: Any, pad: float, **style: Any) -> None:
        """Write the titles, ``pad`` points above their panels, with properties of Text."""
        for ax, title in zip(self.axes, self.titles, strict=False):
            text = ax.set_title(title, loc="left", y=1.0, pad=pad, parse_math=False, **style)
            height = text.get_window_extent(renderer).height + pad * self.figure.dpi / 72
            self.head = max(self.head, height)
            self.names.append(text)

    def cut_names(self, ruler: Ruler) -> None:
        """Cut the titles to the width of the panels."""
        for text in self.names:
            room = self.corner.bbox.width
            text.set_text(ruler.cut(text.get_text(), room, text.get_fontproperties()))

    def place(self, left: float, bottom: float, width: float, height: float) -> None:
        """Place all panels in this box."""
        across = (width - (self.columns - 1) * self.gap) / self.columns
        up = (height - (self.rows - 1) * self.foot) / self.rows - self.head
        whole = self.figure.bbox
        for place, ax in enumerate(self.axes):
            row, column = divmod(place, self.columns)
            x = left + column * (across + self.gap)
            y = bottom + (self.rows - 1 - row) * (up + self.head + self.foot)
            box = (x / whole.width, y / whole.height, across / whole.width, up / whole.height)
            ax.set_position(box)

    def middle(self, across: int) -> float:
        """Return the middle of all panels along x (0) or y (1), in lengths of the corner."""
        count, room = ((self.columns, self.gap), (self.rows, self.head + self.foot))[across]
        length = self.corner.bbox.bounds[2 + across]
        return (count + (count - 1) * room / length) / 2

    def span(self, across: int) -> float:
        """Return the length of all panels along x (0) or y (1)."""
        return 2 * self.middle(across) * float(self.corner.bbox.bounds[2 + across])

    def room(self, ax: Axes) -> Any:
        """Return x0, y0, x1, y1 of the room for texts on ``ax``: the Figure, or its part."""
        if len(self.axes) == 1:
            return np.array(self.figure.bbox.extents)
        x0, y0, x1, y1 = ax.bbox.extents
        return np.array([x0 - self.gap / 2, y0 - self.foot / 2, x1 + self.gap / 2, y1])

    def handles(self, data: Data) -> tuple[list[Any], list[str]]:
        """Return the Artists for the legend and their labels, from the top of a stack."""
        series = [series.label for series in data.from_top().series]
        # matplotlib skips labels that begin with an underscore. A series may have such a name.
        skipped = {label for label in series if label.startswith("_")}
        found: list[tuple[bool, Any, str]] = []
        for ax, part in zip(self.axes, data.iter_panels(), strict=True):
            gaps = {each.label for each in part.series if data.panels and each.is_gap}
            pairs = list(zip(*ax.get_legend_handles_labels(), strict=True))
            pairs += [(a, name) for a in ax.get_children() if (name := a.get_label()) in skipped]
            found += [(label in gaps, handle, label) for handle, label in pairs]
        if data.panels:  # one entry for each series, from a panel with values
            found.sort(key=lambda each: each[0])
            found = [*{each[2]: each for each in reversed(found)}.values()]
        order = {label: place for place, label in enumerate(series)}
        found.sort(key=lambda each: order.get(each[2], len(order)))
        return [handle for _, handle, _ in found], [label for _, _, label in found]

    def at(self, corner: str) -> PlotAxes:
        """Return the panel at a corner such as “upper left”."""
        row = 0 if corner.startswith("upper") else self.rows - 1
        column = 0 if corner.endswith("left") else self.columns - 1
        place = row * self.columns + column
        return self.axes[place if place < len(self.axes) else place - self.columns]


def columns_for(count: int, shape: float) -> int:
    """Return the best number of columns for ``count`` panels.

    ``shape`` is the ratio of the width of the Figure to its height.
    """

    def cost(columns: int) -> float:
        rows = math.ceil(count / columns)
        distortion = abs(math.log(shape * rows / columns / SHAPE))
        return distortion + EMPTY * (rows * columns - count)

    return min(range(1, count + 1), key=cost)
