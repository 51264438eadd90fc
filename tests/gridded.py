"""Helpers for tests of gridded kinds."""

from __future__ import annotations

from typing import Any

from tests.measure import axes_of, figure_of

MAPPED = ["image", "mesh", "heatmap", "contour", "contourf"]
VECTORS = ["quiver", "barbs", "stream"]
Z = "1,2,3;4,5,7"
FLOW = {"dx": "1,2,3;4,5,6", "dy": "0,-1,1;2,2,2"}
DAYS = "2026-01-01,2026-01-02,2026-01-03"


def data_of(kind: str) -> dict[str, str]:
    return FLOW if kind in VECTORS else {"z": Z}


def mapped(kind: str, **parameters: Any) -> Any:
    """Return the Artist with a colormap."""
    ax = axes_of(kind, **parameters)
    return ax.images[0] if kind == "image" else ax.collections[0]


def corners(mesh: Any) -> tuple[list[float], list[float]]:
    places = mesh.get_coordinates()
    return places[0, :, 0].tolist(), places[:, 0, 1].tolist()


def bar_of(kind: str, **parameters: Any) -> Any:
    """Return the Axes of the colour bar."""
    return figure_of(kind, **parameters).axes[1]
