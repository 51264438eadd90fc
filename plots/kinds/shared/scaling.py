"""How large a picture, or its panel, is, for marks that cannot be as large in a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def panels_of(ax: Axes) -> tuple[int, int]:
    """How many columns and rows of panels the picture has."""
    found: tuple[int, int] = getattr(ax, "panels", (1, 1))
    return found


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height in points of the whole picture, or of a panel's part of it."""
    columns, rows = panels_of(ax)
    width, height = ax.figure.bbox.width / columns, ax.figure.bbox.height / rows
    return float(width) * 72 / ax.figure.dpi, float(height) * 72 / ax.figure.dpi


def shrink_of(ax: Axes) -> float:
    """What marks in a picture of less than 480 × 320 pixels are multiplied with: 0.5 to 1."""
    width, height = size_of(ax)
    return max(0.5, min(1.0, width / 345.6, height / 230.4))
