"""The paths of streamlines through an evenly spaced grid.

They are those of matplotlib's ``streamplot``, which takes ten times as long because it indexes
masked arrays at every step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext as _

from plots.data.model import Numbers
from plots.errors import PlotError

# Cells side by side at density 1. No two lines share a cell.
CELLS = 30
# Lengths in parts of a side of the grid: of the shortest line, and of the longest in each direction
# from its start.
SHORTEST, LONGEST = 0.1, 2.0
# Difference in position after a step by Euler's and by Heun's method. matplotlib's default of 0.003
# looks no better, and lines through noise then need a hundred times as many steps.
TOLERANCE = 0.06
# Steps of all lines together, which take about 2 s. Noise needs 100,000 at density 2.
MOST_STEPS = 250_000


class Streamlines:
    """Trace the lines of a flow.

    Parameters
    ----------
    u, v : array of float, shape (rows, columns)
        The flow in grid cells per time; NaN are gaps, where lines end.
    density : float
        How close the lines are.

    Examples
    --------
    >>> import numpy as np
    >>> lines = Streamlines(np.ones((3, 3)), np.zeros((3, 3)), density=0.1).trace()
    >>> [line[[0, -1]].tolist() for line in lines]
    [[[0.0, 0.0], [2.0, 0.0]], [[0.0, 1.0], [2.0, 1.0]], [[0.0, 2.0], [2.0, 2.0]]]
    """

    def __init__(self, u: Numbers, v: Numbers, density: float) -> None:
        self.right, self.top = u.shape[1] - 1, u.shape[0] - 1
        speed = np.sqrt((u / self.right) ** 2 + (v / self.top) ** 2)
        # Python's own lists are faster than arrays for single numbers.
        self.flow = [
            list(zip(*rows, strict=True))
            for rows in zip(u.tolist(), v.tolist(), speed.tolist(), strict=True)
        ]
        self.cells = max(2, int(CELLS * density))
        self.taken = [[False] * self.cells for _ in range(self.cells)]
        self.current: tuple[int, int] | None = None
        self.steps = 0

    def trace(self) -> list[Numbers]:
        """Return the lines as points of shape (n, 2), counted in grid cells.

        Raises a PlotError if there are too many steps.
        """
        lines = []
        wide, high = (1 / ((self.cells - 1) / side) for side in (self.right, self.top))
        for column, row in _spiral(self.cells):
            if not self.taken[row][column]:
                line = self._line(column * wide, row * high)
                if line is not None:
                    lines.append(line)
        return lines

    def _line(self, x: float, y: float) -> Numbers | None:
        """Return the line through a point, or None and free its cells if it is too short."""
        entered: list[tuple[int, int]] = []
        self._enter(x, y, entered)
        before, backward = self._follow(x, y, -1.0, entered)
        self.current = self._cell(x, y)
        after, forward = self._follow(x, y, 1.0, entered)
        if before + after > SHORTEST:
            return np.array([*backward[::-1], *forward[1:]])
        for column, row in entered:
            self.taken[row][column] = False
        return None

    def _follow(
        self, x: float, y: float, sign: float, entered: list[tuple[int, int]]
    ) -> tuple[float, list[tuple[float, float]]]:
        """Return the length and the points of a line from its start in one direction."""
        longest = min(1 / self.cells, 0.1)
        step, length = longest, 0.0
        points: list[tuple[float, float]] = []
        while True:
            self._count_step()
            if not self._contains(x, y):  # a start at an edge, after rounding
                return length, points
            points.append((x, y))
            if (here := self._direction(x, y, sign)) is None:
                return length, points
            next_x, next_y = x + step * here[0], y + step * here[1]
            if not self._contains(next_x, next_y):
                step = self._distance_to_edge(x, y, here)
                points.append((x + here[0] * step, y + here[1] * step))
                return length + step, points
            if (there := self._direction(next_x, next_y, sign)) is None:
                return length, points
            across, up = step * 0.5 * (here[0] + there[0]), step * 0.5 * (here[1] + there[1])
            error = math.hypot(
                (across - step * here[0]) / self.right, (up - step * here[1]) / self.top
            )
            if error < TOLERANCE:
                x, y = x + across, y + up
                if not self._enter(x, y, entered) or length + step > LONGEST:
                    return length, points
                length += step
            step = min(longest, 0.85 * step * (TOLERANCE / error) ** 0.5) if error else longest

    def _count_step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            message = _("These arrows turn too often for so many lines. Choose a lower density.")
            raise PlotError(message, "too-much", "density")

    def _direction(self, x: float, y: float, sign: float) -> tuple[float, float] | None:
        """Return the direction of the flow, of length 1 in parts of a side; None if there is none.

        The flow between grid points is interpolated linearly. Beside a gap, it is NaN.
        """
        column, row = int(x), int(y)
        lower, upper = self.flow[row], self.flow[row if row == self.top else row + 1]
        beside = column if column == self.right else column + 1
        right, above = x - column, y - row
        left, below = 1 - right, 1 - above
        u, v, speed = (
            (a * left + b * right) * below + (c * left + d * right) * above
            for a, b, c, d in zip(
                lower[column], lower[beside], upper[column], upper[beside], strict=True
            )
        )
        if not speed > 0:
            return None
        scale = sign / speed
        return u * scale, v * scale

    def _enter(self, x: float, y: float, entered: list[tuple[int, int]]) -> bool:
        """Take the cell of a point; return False if it is taken, or outside of the grid."""
        if not self._contains(x, y):
            return False
        cell = self._cell(x, y)
        if cell != self.current:
            column, row = cell
            if self.taken[row][column]:
                return False
            self.taken[row][column] = True
            entered.append(cell)
            self.current = cell
        return True

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        most = self.cells - 1
        return round(x * (most / self.right)), round(y * (most / self.top))

    def _contains(self, x: float, y: float) -> bool:
        return 0 <= x <= self.right and 0 <= y <= self.top

    def _distance_to_edge(self, x: float, y: float, direction: tuple[float, float]) -> float:
        """Return the distance to the edge of the grid, in units of ``direction``."""
        pairs = ((x, self.right, direction[0]), (y, self.top, direction[1]))
        return min(
            (at / -slope if slope < 0 else (most - at) / slope)
            for at, most, slope in pairs
            if slope
        )


def _spiral(side: int) -> Iterator[tuple[int, int]]:
    """Yield the cells of a square from its edge inwards, so that the first lines are long."""
    for first in range((side + 1) // 2):
        last = side - 1 - first
        yield from ((column, first) for column in range(first, last + 1))
        yield from ((last, row) for row in range(first + 1, last + 1))
        yield from ((column, last) for column in range(last - 1, first - 1, -1))
        yield from ((first, row) for row in range(last - 1, first, -1))


def interpolate(grid: Numbers, points: Numbers) -> Numbers:
    """Return the numbers of ``grid`` (rows, columns) at ``points`` (n, 2), linear between them."""
    x, y = points.T
    rows, columns = grid.shape
    left, low = x.astype(int), y.astype(int)
    right, high = np.minimum(left + 1, columns - 1), np.minimum(low + 1, rows - 1)
    along, up = x - left, y - low
    lower = grid[low, left] * (1 - along) + grid[low, right] * along
    upper = grid[high, left] * (1 - along) + grid[high, right] * along
    return lower * (1 - up) + upper * up
