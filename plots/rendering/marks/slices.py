"""Slices of pies, which are at least a pixel wide at their rim."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.patches import Wedge

from .device import become, dpi_of, pixel


class Slice(Wedge):
    """A Wedge: those of matplotlib get this class once they are drawn.

    A slice that its edges would cover has none, and is drawn after all others of its ``group``.
    """

    group: list[Slice]

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        unit = pixel(renderer, self)
        if self.visible_width(unit) >= 1 or self.theta1 == self.theta2:
            super().draw(renderer)
        if self is not self.group[-1]:
            return
        for each in self.group:
            if each.theta1 != each.theta2 and each.visible_width(unit) < 1:
                each.draw_widened(renderer, unit)

    def rim(self) -> float:
        """Return the radius in the units of the renderer."""
        center = np.asarray(self.center, float)
        ends = self.get_transform().transform(np.stack([center, center + (1, 0)]))
        return float(np.hypot(*(ends[1] - ends[0])))

    def visible_width(self, unit: float) -> float:
        """Return the width at the rim that the edges leave, in pixels of ``unit``."""
        edge = self.get_linewidth() * dpi_of(self) / 72
        return (math.radians(self.theta2 - self.theta1) * self.rim() - edge) / unit

    def draw_widened(self, renderer: Any, unit: float) -> None:
        """Draw it without edges, at least a pixel wide."""
        turn = max(self.theta2 - self.theta1, math.degrees(1.2 * unit / max(self.rim(), unit)))
        middle = (self.theta1 + self.theta2) / 2
        ends = middle - turn / 2, middle + turn / 2
        part = Wedge(self.center, self.r, *ends, width=self.width)
        part.update_from(self)
        part.set(transform=self.get_transform(), linewidth=0)
        part.set_figure(self.get_figure(root=False))  # type: ignore[arg-type]  # it has one
        part.draw(renderer)


def as_slice(artist: Any, group: list[Slice]) -> None:
    """Give ``artist`` the class Slice, if it is a Wedge in data coordinates."""
    if type(artist) is Wedge and artist.r == 1:
        slice_ = become(artist, Slice)
        slice_.group = group
        group.append(slice_)
