"""Densities: the number of rows in each cell of a grid, shown as the opacity of a colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers, Series
    from plots.kinds.axes import Axes

    Edges = Sequence[Numbers]

# The opacity of a cell with one row, relative to the cell with the most.
FAINTEST = 0.35
# A cell is isolated if at most FEW rows are in it and in the cells AROUND it, on each side.
FEW, AROUND = 2, 2
BAND = 0.6  # the width of a name's cells, as a part of the distance between names


def draw_density(ax: Axes, data: Data, marker: Any, **style: Any) -> None:
    """Draw the series of ``data`` as densities, and isolated rows as markers.

    ``marker`` and ``style`` are for the markers. The colour of a cell with several series is a
    mixture that does not depend on their order.
    """
    from matplotlib.colors import to_rgb

    edges = [
        _edges(data, name, n)
        for name, n in zip("xy", (ax.panels.columns, ax.panels.rows), strict=True)
    ]
    counts = [count_in(series, edges) for series in data.series]
    total = np.sum(counts, axis=0)
    lone = _is_lone(total)
    weights = _opacities(np.where(lone, 0, counts), _most(data, edges))
    for series, weight in zip(data.series, weights, strict=True):
        seen = _seen(series, edges)
        alone = lone[_places(series, edges)]
        x, y = (series.columns[name][seen][alone] for name in "xy")
        look = ax.next_style()
        style |= {"marker": look.marker(marker), "color": look.tint}
        marks = ax.scatter(x, y, label=series.label, **style)
        cells = np.empty((*weight.shape, 4))
        color: Any = marks.get_facecolor()
        cells[..., :3] = to_rgb(color[0])
        cells[..., 3] = weight
        mesh = ax.pcolormesh(*edges, cells, rasterized=True, zorder=marks.get_zorder())
        for sticky in mesh.sticky_edges:
            sticky.clear()


def _seen(series: Series, edges: Edges) -> Any:
    """Return which rows of ``series`` have no gap and are within the limits."""
    return np.logical_and.reduce(
        [
            (each[0] <= series.columns[name]) & (series.columns[name] <= each[-1])
            for name, each in zip("xy", edges, strict=True)
        ]
    )


def _edges(data: Data, channel: str, panels: int) -> Numbers:
    """Return the edges of the cells. Cells are as wide in panels as in a single picture."""
    if channel not in data.edges:
        names = np.arange(len(data.axis(channel).names))
        return np.sort(np.concatenate([names - BAND / 2, names + BAND / 2]))
    edges = data.edges[channel]
    if edges[0] == edges[-1]:
        room = abs(edges[0]) * BAND / 10 or BAND
        return np.array([edges[0] - room, edges[0] + room])
    return np.append(edges[:-1:panels], edges[-1])


def _places(series: Series, edges: Edges) -> Any:
    """Return the row and the column of the cell of each visible row of ``series``."""
    seen = _seen(series, edges)
    across, up = (
        np.clip(np.searchsorted(each, series.columns[name][seen], "right") - 1, 0, len(each) - 2)
        for name, each in zip("xy", edges, strict=True)
    )
    return up, across


def count_in(series: Series, edges: Edges) -> Numbers:
    """Return how many rows of ``series`` each cell has: (len(y edges) - 1, len(x edges) - 1)."""
    counts = np.zeros((len(edges[1]) - 1, len(edges[0]) - 1))
    np.add.at(counts, _places(series, edges), series.columns["count"][_seen(series, edges)])
    return counts


def _is_lone(total: Numbers) -> Any:
    from numpy.lib.stride_tricks import sliding_window_view

    side = 2 * AROUND + 1
    return sliding_window_view(np.pad(total, AROUND), (side, side)).sum(axis=(2, 3)) <= FEW


def _opacities(counts: Numbers, most: float) -> Numbers:
    """Return the opacity of each series in each cell: (series, rows, columns)."""
    total = counts.sum(axis=0)
    strength = FAINTEST + (1 - FAINTEST) * np.log(np.maximum(total, 1)) / np.log(max(most, 2))
    shares = strength * counts / np.maximum(total, 1)
    # A later series covers the earlier ones; these opacities give each its share.
    above = np.cumsum(shares[::-1], axis=0)[::-1] - shares
    return np.asarray(np.clip(shares / np.maximum(1 - above, 1e-9), 0, 1))


def _most(data: Data, edges: Edges) -> float:
    """Return the number of rows in the fullest cell of all panels."""
    counts = ([count_in(series, edges) for series in part.series] for part in data.iter_panels())
    return max(float(np.sum(each, axis=0).max()) for each in counts)
