"""Device pixels: how large one is, and where marks on Axes can be seen."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PolyCollection
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

Array = NDArray[np.float64]

DPI = 100.0  # of a Figure at scale 1: CSS pixels per inch


Mark = TypeVar("Mark", bound=Artist)


def become(artist: Any, mark: type[Mark]) -> Mark:
    """Give ``artist`` the class ``mark``, a subclass of its own that draws it visibly."""
    artist.__class__ = mark
    changed: Mark = artist
    return changed


def dpi_of(artist: Artist) -> float:
    """Return the resolution at which ``artist`` is drawn now."""
    figure = artist.get_figure(root=True)
    return float(figure.dpi) if figure else DPI


def pixel(renderer: Any, artist: Artist) -> float:
    """Return the size of a pixel in the units of ``renderer``, which draws ``artist``.

    SVG and PDF have no pixels of their own, so it is a CSS pixel.
    """
    return dpi_of(artist) / DPI if renderer.option_scale_image() else 1.0


def nearest(places: Any) -> Any:
    """Return the whole numbers nearest to ``places``, rounded as Agg snaps edges to pixels."""
    return np.floor(np.asarray(places) + 0.5)


def visible_bounds(ax: Axes, unit: float) -> tuple[Array, Array, Array, Array]:
    """Return the low and high ends (x, y) of ``ax``, and of its part that no spine covers.

    All are in pixels of ``unit``.
    """
    dpi = dpi_of(ax)
    low, high = np.array(ax.bbox.min) / unit, np.array(ax.bbox.max) / unit
    inner_low, inner_high = nearest(low), nearest(high)
    for side, spine in ax.spines.items() if ax.axison else ():
        if spine.get_visible() and spine.get_linewidth():
            cover = np.ceil(spine.get_linewidth() * dpi / 72 / unit / 2)
            along = 0 if side in ("left", "right") else 1
            if side in ("left", "bottom"):
                inner_low[along] += cover
            else:
                inner_high[along] -= cover
    return low, high, inner_low, inner_high


def draw_rectangles(
    like: Collection, renderer: Any, low: Any, high: Any, colors: Any, unit: float
) -> None:
    """Draw filled rectangles from ``low`` to ``high`` (n, 2) in pixels of ``unit``.

    They are clipped as ``like``, and have no edges.
    """
    (x1, y1), (x2, y2) = low.T * unit, high.T * unit
    across = np.stack([x1, x1, x2, x2], axis=-1)
    corners: Any = np.stack([across, np.stack([y1, y2, y2, y1], axis=-1)], axis=-1)
    draw_polygons(like, renderer, corners, colors)


def draw_polygons(like: Collection, renderer: Any, corners: Any, colors: Any) -> None:
    """Draw filled polygons, in the units of ``renderer``, clipped as ``like``."""
    drawn = PolyCollection(corners)
    drawn.update_from(like)
    drawn.set_transform(IdentityTransform())
    drawn.set_figure(like.get_figure(root=False))  # type: ignore[arg-type]  # it has one
    drawn.set_alpha(None)  # colours have it
    drawn.set(facecolor=colors, linewidth=0, edgecolor="none")
    drawn.draw(renderer)
