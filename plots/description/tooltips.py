"""Marks: the points, bars, slices or cells of a drawing, each of which shows one row.

In an SVG, a browser shows what a mark says while the pointer is on it, and follows its link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from plots.data.model import Data, Numbers, Series

from .rows import describe_row
from .wording import Wording

# The group of them, and what is around it in an SVG.
OPEN, CLOSE = '<g class="plot-marks" fill="none" pointer-events="all">\n', "</g>\n"
MOST_MARKS = 1000  # of more, none says anything: an SVG would grow without bound


@dataclass(frozen=True)
class Marks:
    """What an Artist shows: some ``rows`` of ``series``, in the order of its parts.

    ``at`` says where they are, in the coordinates of the Axes, if they are no parts of the Artist:
    points (n, 2) or outlines (n, corners, 2).
    """

    data: Data
    series: Series
    rows: Any
    at: Any

    def __len__(self) -> int:
        column = next(iter(self.series.columns.values()))
        return len(column[self.rows])

    def tell(self) -> Iterator[tuple[str, str]]:
        """Yield the description of each row and its link; both are empty for a gap."""
        columns = {name: column[self.rows] for name, column in self.series.columns.items()}
        links = self.data.axis("link").names
        wording = Wording(self.data, others=(self.series,))
        for values in zip(*columns.values(), strict=True):
            row = dict(zip(columns, map(float, values), strict=True))
            link = row.pop("link", float("nan"))
            yield (
                describe_row(wording, self.series.label, row),
                links[int(link)] if link == link else "",
            )


def point_marks(data: Data, series: Series, rows: Any = slice(None)) -> Marks:
    """Return marks at the x and y of ``rows`` of ``series``."""
    return Marks(data, series, rows, np.stack([series.x, series.y], axis=-1)[rows])


def cell_marks(
    data: Data, x: Numbers, y: Numbers, z: Numbers, edges: Sequence[Numbers] | None = None
) -> Marks | None:
    """Return the cells (len(y), len(x)) of a grid as marks, or None if there are too many.

    They are parts of their Artist or, if ``edges`` along x and along y are given, between these.
    """
    if z.size > MOST_MARKS:
        return None
    columns = {"x": np.tile(x, len(y)), "y": np.repeat(y, len(x)), "z": z.ravel()}
    at = None
    if edges is not None:
        across, up = (np.stack([each[:-1], each[1:]]) for each in edges)
        sides = [(across[i], up[j]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
        at = np.stack([np.stack(np.meshgrid(*side), axis=-1) for side in sides], axis=2)
        at = at.reshape(-1, 4, 2)
    return Marks(data, Series("", columns), slice(None), at)
