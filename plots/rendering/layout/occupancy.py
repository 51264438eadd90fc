"""Which pixels of an Axes are covered by its Artists.

Lines, outlines and markers are exact. Each query is a few passes over arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cbook import STEP_LOOKUP_MAP
from matplotlib.collections import Collection, QuadMesh
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.text import Text

GROUND = "_ground"  # the label of Artists that texts may cover

Array = np.ndarray[Any, np.dtype[np.float64]]
# The two ends of lines, which may be equal, and half of their widths.
Ink = tuple[Array, Array, Array]


class Drawn:
    """All that is drawn on ``ax``, as it is laid out now."""

    def __init__(self, ax: Axes) -> None:
        self.renderer: Any = ax.figure.canvas.get_renderer()  # type: ignore[attr-defined]  # Agg's
        self.point = ax.figure.dpi / 72
        # Corners, codes, where each outline begins, and its bounds.
        self.filled: list[tuple[Any, Any, Any, Any]] = []
        within = [artist for artist in ax.get_children() if artist not in _around(ax)]
        ink = [
            part
            for artist in within
            if artist.get_visible() and artist.get_label() != GROUND
            for part in self._ink(artist)
        ]
        lines = np.concatenate([np.empty((0, 5)), *map(np.column_stack, ink)])
        lines = lines[np.isfinite(lines).all(axis=1)]
        self.starts, self.ends, self.reach = lines[:, :2], lines[:, 2:4], lines[:, 4]
        self.low = np.minimum(self.starts, self.ends) - self.reach[:, None]
        self.high = np.maximum(self.starts, self.ends) + self.reach[:, None]

    def covers(self, box: Any) -> int:
        """Return how many lines or areas reach into ``box``: 0 if it is free."""
        near = ((self.low < box.max) & (self.high > box.min)).all(axis=1)
        count = int(_cross(self.starts[near], self.ends[near], self.reach[near], box).sum())
        return count or self._fills((box.min + box.max) / 2)

    def _fills(self, place: Array) -> int:
        """Return how many filled areas cover ``place``."""
        count = 0
        for corners, codes, begins, bounds in self.filled:
            around = (bounds[:, :2] <= place) & (place <= bounds[:, 2:])
            for row in np.flatnonzero(around.all(axis=1)):
                part = slice(begins[row], begins[row + 1])
                count += Path(corners[part], codes[part]).contains_point((place[0], place[1]))
        return count

    def _ink(self, artist: Artist) -> Iterator[Ink]:
        if isinstance(artist, Line2D):
            yield from self._line(artist)
        elif isinstance(artist, Patch):
            yield from self._outlines([artist.get_path()], artist.get_transform(), True)
        elif isinstance(artist, (AxesImage, QuadMesh, Text)):
            box = artist.get_window_extent(self.renderer)
            yield from self._outlines([Path(box.corners()[[0, 1, 3, 2, 0]])], None, True)
        elif isinstance(artist, Collection) and len(np.asarray(artist.get_offsets())) <= 1:
            filled = bool(len(artist.get_facecolor()))
            yield from self._outlines(artist.get_paths(), artist.get_transform(), filled)
        elif isinstance(artist, Collection):
            yield self._marks(artist)

    def _line(self, line: Line2D) -> Iterator[Ink]:
        x, y = (np.asarray(each, float) for each in line.get_data(orig=False))
        marker, joined = line.get_marker(), line.get_linestyle() not in ("None", "", " ")
        if marker not in ("", "None", None, " "):
            places = line.get_transform().transform(np.column_stack([x, y]))
            yield _dots(places, line.get_markersize() * self.point / 2)
        if joined:
            x, y = STEP_LOOKUP_MAP[line.get_drawstyle()](x, y)
            corners = line.get_transform().transform(np.column_stack([x, y]))
            reach = np.full(max(0, len(corners) - 1), line.get_linewidth() * self.point / 2)
            yield corners[:-1], corners[1:], reach

    def _outlines(self, paths: Sequence[Path], transform: Any, filled: bool) -> Iterator[Ink]:
        """Yield all ``paths`` at once: a bar chart may have ten thousand."""
        paths = [path for path in paths if len(path) > 1]
        if not paths:
            return
        corners = np.concatenate([np.asarray(path.vertices) for path in paths])
        corners = corners if transform is None else transform.transform(corners)
        codes = np.full(len(corners), Path.LINETO, Path.code_type)
        begins = np.cumsum([0, *map(len, paths)])
        for path, begin, end in zip(paths, begins, begins[1:], strict=False):
            if path.codes is not None:
                codes[begin:end] = path.codes
        codes[begins[:-1]] = Path.MOVETO
        joined = codes[1:] != Path.MOVETO
        reach = np.full(int(joined.sum()), self.point / 2)
        yield corners[:-1][joined], corners[1:][joined], reach
        if filled:
            low, high = (each.reduceat(corners, begins[:-1]) for each in (np.fmin, np.fmax))
            self.filled.append((corners, codes, begins, np.hstack([low, high])))

    def _marks(self, marks: Collection) -> Ink:
        """Return markers, arrows or hexagons as circles of the size of their largest path."""
        places = marks.get_offset_transform().transform(np.asarray(marks.get_offsets(), float))
        matrix = marks.get_transform().get_matrix()[:2, :2]
        sizes = [np.hypot(*(matrix @ np.asarray(p.vertices).T)).max() for p in marks.get_paths()]
        grown = np.asarray(marks.get_transforms())[:, 0, 0] if len(marks.get_transforms()) else 1.0
        return _dots(places, max(sizes, default=0) * np.resize(grown, len(places)))


def _around(ax: Axes) -> set[Artist]:
    """Return the parts of any Axes that are not drawn data."""
    titles = {artist for artist in ax.get_children() if isinstance(artist, Text)} - set(ax.texts)
    return {ax.patch, ax.xaxis, ax.yaxis, *ax.spines.values(), *titles}


def _dots(places: Array, reach: Any) -> Ink:
    return places, places, np.broadcast_to(np.asarray(reach, float), len(places))


def _cross(starts: Array, ends: Array, reach: Array, box: Any) -> Any:
    """Return which lines, with their widths, are within both spans of ``box``."""
    low, high = box.min - reach[:, None], box.max + reach[:, None]
    along = ends - starts
    still = along == 0
    step = np.where(still, 1.0, along)
    one, other = (low - starts) / step, (high - starts) / step
    inside = (low < starts) & (starts < high)
    enters = np.where(still, np.where(inside, -np.inf, np.inf), np.minimum(one, other)).max(axis=1)
    leaves = np.where(still, np.where(inside, np.inf, -np.inf), np.maximum(one, other)).min(axis=1)
    return (enters < leaves) & (leaves > 0) & (enters < 1)
