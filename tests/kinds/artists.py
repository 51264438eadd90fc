"""The Artists that kinds draw, and values that several tests use."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.text import Annotation

from plots.rendering.layout.occupancy import GROUND

DAYS = "2026-01-01,2026-01-02,2026-01-03"
TWO = ("hist2d", "hexbin")


def lines_of(ax: Any) -> list[Any]:
    """Return the lines of the series, without that at 0."""
    return [line for line in ax.lines if line.get_label() != GROUND]


def boxes_of(ax: Any) -> list[list[tuple[float, float, float, float]]]:
    """Return the boxes of each series as (left, right, bottom, top)."""
    return [
        [
            (*np.sort(path.vertices[:4, 0])[[0, -1]], *np.sort(path.vertices[:4, 1])[[0, -1]])
            for path in collection.get_paths()
        ]
        for collection in ax.collections
    ]


def heights_of(ax: Any) -> list[list[float]]:
    return [[round(top - bottom, 9) for _, _, bottom, top in boxes] for boxes in boxes_of(ax)]


def segments_of(ax: Any) -> list[list[Any]]:
    return [
        [each.tolist() for each in lines.get_segments()]
        for lines in ax.collections
        if isinstance(lines, LineCollection)
    ]


def noise(count: int, seed: int = 1) -> str:
    values = random.Random(seed)
    return ",".join(f"{values.gauss(0, 1):.4f}" for _ in range(count))


def annotations_of(ax: Any) -> list[str]:
    """Return the visible annotations."""
    words = [text for text in ax.texts if isinstance(text, Annotation) and text.get_visible()]
    return [text.get_text() for text in words]


def areas_of(ax: Any) -> list[Any]:
    """Return the outline of each filled area."""
    return [
        [path.vertices for path in each.get_paths()]
        for each in ax.collections
        if not isinstance(each, LineCollection)
    ]


def heights_at(area: Any, place: float) -> tuple[float, float]:
    """Return the lower and upper end of an area at ``place``, where it has a corner."""
    corners = np.concatenate(area)
    there = corners[np.isclose(corners[:, 0], place), 1]
    return there.min(), there.max()


def candles_of(ax: Any) -> dict[str, list[list[float]]]:
    """Return the bodies of each label as left, right, bottom, top."""
    return {
        str(each.get_label()): [
            [*path.get_extents().intervalx, *path.get_extents().intervaly]
            for path in each.get_paths()
        ]
        for each in ax.collections
        if isinstance(each, PolyCollection)
    }
