"""The layout of a Sankey diagram: columns, the order of nodes, and heights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

Flow = tuple[str, str, float]
# A node is its name and column. A flow that passes a column has a place there, too.
Place = tuple[str | int, int]

GAP = 0.05  # between two nodes, as a part of the height
MAX_GAP = 0.5  # of the height, between all nodes of a column
PASSES = 8


def find_cycle(flows: Iterable[Flow]) -> list[str]:
    """Return the nodes of a cycle, the first again at the end, or an empty list."""
    left = _targets(flows)
    while ends := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in ends}
    seen: list[str] = []
    name = next(iter(left), "")
    while name and name not in seen:
        seen.append(name)
        name = min(left[name] & left.keys())
    return [*seen[seen.index(name) :], name] if seen else []


def _targets(flows: Iterable[Flow]) -> dict[str, set[str]]:
    targets: dict[str, set[str]] = defaultdict(set)
    for start, end, _ in flows:
        targets[start].add(end)
    return dict(targets)


def columns_of(flows: Sequence[Flow]) -> dict[str, int]:
    """Return the column of each node: the length of the longest way to it."""
    columns = {name: 0 for start, end, _ in flows for name in (start, end)}
    moved = True
    while moved:  # ends, since there is no cycle
        moved = False
        for start, end, _ in flows:
            if columns[end] <= columns[start]:
                columns[end], moved = columns[start] + 1, True
    return columns


class Layout:
    """The positions of nodes and bands, from 0 at the top to 1 at the bottom.

    ``tops`` and ``heights`` are by place; ``ways`` are the places of each flow.
    """

    def __init__(self, flows: Sequence[Flow]) -> None:
        self.columns = columns_of(flows)
        self.ways = [[*self._way(row, start, end)] for row, (start, end, _) in enumerate(flows)]
        self.steps = [(row, *step) for row, way in enumerate(self.ways) for step in pairwise(way)]
        self.sizes = [size for *_, size in flows]
        self.heights = self._heights()
        self.rows: list[list[Place]] = [[] for _ in range(1 + max(self.columns.values()))]
        for place in self.heights:
            self.rows[place[1]].append(place)
        self._uncross()
        self.tops = self._stack()

    def _way(self, row: int, start: str, end: str) -> Iterator[Place]:
        first, last = self.columns[start], self.columns[end]
        yield start, first
        yield from ((row, column) for column in range(first + 1, last))
        yield end, last

    def _heights(self) -> dict[Place, float]:
        """Return what flows in or out of each place, whichever is more."""
        comes: dict[Place, float] = defaultdict(float)
        goes: dict[Place, float] = defaultdict(float)
        for row, start, end in self.steps:
            goes[start] += self.sizes[row]
            comes[end] += self.sizes[row]
        return {place: max(comes[place], goes[place]) for place in {**goes, **comes}}

    def _uncross(self) -> None:
        """Move each place towards its neighbours, from left to right and back, several times."""
        for turn in range(PASSES):
            near: dict[Place, list[tuple[Place, float]]] = defaultdict(list)
            for row, start, end in self.steps:
                here, there = (end, start) if turn % 2 == 0 else (start, end)
                near[here].append((there, self.sizes[row]))
            for row_of in self.rows[:: 1 if turn % 2 == 0 else -1]:
                at = self._middles()
                row_of.sort(key=lambda place: _mean(near[place], at, at[place]))  # noqa: B023

    def _middles(self) -> dict[Place, float]:
        """Return the middle of each place, as a part of its column."""
        middles = {}
        for column in self.rows:
            whole, reached = sum(self.heights[place] for place in column) or 1.0, 0.0
            for place in column:
                middles[place] = (reached + self.heights[place] / 2) / whole
                reached += self.heights[place]
        return middles

    def _stack(self) -> dict[Place, float]:
        """Return the top of each place, and scale the heights to the figure."""
        most = max(map(len, self.rows))
        gap = min(GAP, MAX_GAP / max(1, most - 1))
        largest = [
            (sum(self.heights[place] for place in column), 1 - gap * (len(column) - 1))
            for column in self.rows
        ]
        scale = min((room / total for total, room in largest if total), default=0.0)
        self.sizes = [size * scale for size in self.sizes]
        self.heights = {place: height * scale for place, height in self.heights.items()}
        tops = {}
        for column in self.rows:
            taken = sum(self.heights[place] for place in column) + gap * (len(column) - 1)
            top = (1 - taken) / 2
            for place in column:
                tops[place] = top
                top += self.heights[place] + gap
        return tops

    def bands(self) -> list[list[tuple[Place, float, float]]]:
        """Return for each flow its places, with its top where it enters and leaves them."""
        leaves, enters = dict(self.tops), dict(self.tops)
        out: dict[tuple[int, Place], float] = {}
        into: dict[tuple[int, Place], float] = {}
        for row, start, _ in sorted(self.steps, key=lambda step: self.tops[step[2]]):
            out[row, start] = leaves[start]
            leaves[start] += self.sizes[row]
        for row, _, end in sorted(self.steps, key=lambda step: self.tops[step[1]]):
            into[row, end] = enters[end]
            enters[end] += self.sizes[row]
        return [
            [(place, into.get((row, place), 0.0), out.get((row, place), 0.0)) for place in way]
            for row, way in enumerate(self.ways)
        ]


def _mean(near: Sequence[tuple[Place, float]], at: Mapping[Place, float], own: float) -> float:
    weight = sum(size for _, size in near)
    return sum(at[place] * size for place, size in near) / weight if weight else own
