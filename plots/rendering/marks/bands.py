"""Single rectangles, such as reference bands, that are at least a pixel wide."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.patches import Rectangle
from matplotlib.transforms import IdentityTransform

from .boxes import widen
from .device import become, pixel

FAINT = 2  # pixels: a thinner band with a faint colour is hardly seen


class Band(Rectangle):
    """A rectangle without edges: those of matplotlib get this class once they are drawn.

    Its opacity is at least ``thin_alpha`` where it is thin.
    """

    thin_alpha: float

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        ax: Any = self.axes
        if not self.get_visible() or not (self.get_width() and self.get_height()):
            return
        unit = pixel(renderer, self)
        box = self.get_path().get_extents(self.get_transform())
        ends = np.array([box.min]) / unit, np.array([box.max]) / unit
        low, high, needed = widen(*ends, ax, unit)
        is_faint = (ends[1] - ends[0] < FAINT).any() and (self.get_alpha() or 1) < self.thin_alpha
        if not needed.any() and not is_faint:
            super().draw(renderer)
            return
        (x, y), (width, height) = low[0] * unit, (high[0] - low[0]) * unit
        part = Rectangle((x, y), width, height)
        part.update_from(self)
        part.set(transform=IdentityTransform(), alpha=max(self.get_alpha() or 1, self.thin_alpha))
        part.set_figure(ax.get_figure(root=False))
        part.set_clip_path(ax.patch)
        part.draw(renderer)


def as_band(artist: Any, thin_alpha: float = 0.0) -> None:
    """Give ``artist`` the class Band, if it is a rectangle without edges or rotation."""
    has_edge = artist.get_linewidth() and artist.get_edgecolor()[3]
    if type(artist) is Rectangle and not artist.get_angle() and not has_edge:
        become(artist, Band).thin_alpha = thin_alpha
