"""The Axes of every plot."""

from __future__ import annotations

from plots.rendering.compat import HookedAxes

from .batched_axis import BatchedX, BatchedY
from .kind_axes import KindAxesMixin


class PlotAxes(KindAxesMixin, HookedAxes):
    """The Axes of every plot. Add them to a Figure with ``add_axes``."""

    def make_axis(self) -> None:
        self.xaxis, self.yaxis = BatchedX(self, clear=False), BatchedY(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.xaxis if side in ("bottom", "top") else self.yaxis)

    def clear(self) -> None:
        super().clear()
        for spine in self.spines.values():
            spine.get_position()  # places the spine; else its first tick would
