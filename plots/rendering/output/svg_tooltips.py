"""Tooltips and links of an SVG: invisible shapes in front of the marks.

Browsers show a ``<title>`` as a tooltip, without JavaScript, if the SVG is a document or part of
one. In an ``<img>`` it has no effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from xml.sax import saxutils

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from plots.data.model import Data
from plots.description.tooltips import CLOSE, MOST_MARKS, OPEN
from plots.rendering.axes.axes import PlotAxes

# In points: the radius of the target of a point without neighbours, half of the width of a thin
# target, and the least radius.
REACH, THIN, LEAST = 8.0, 3.0, 0.5
LINK = "<a href="


def escape(text: str) -> str:
    """Escape ``text`` for an element or an attribute of XML or HTML."""
    return saxutils.escape(text, {'"': "&quot;", "'": "&#39;"})


def find_marks(ax: PlotAxes, data: Data) -> None:
    """Set tooltips of lines and markers at the x and y of a series, if their kind has not."""
    if sum(len(series.columns.get("x", ())) for series in data.series) > MOST_MARKS:
        return
    left = [series for series in data.series if {"x", "y"} <= series.columns.keys()]
    for artist in ax.get_children():
        points = _points(artist)
        if points is None or artist in ax.marks:
            continue
        for place, series in enumerate(left):
            rows = np.stack([series.x, series.y], axis=-1)
            # A marker may be missing because another value is, such as its size.
            gaps = np.isnan(points).any(axis=1)
            if points.shape == rows.shape and np.array_equal(points[~gaps], rows[~gaps]):
                has_parts = isinstance(artist, PathCollection)
                ax.set_tooltips(artist, series, at=None if has_parts else points)
                del left[place]
                break


def _points(artist: Artist) -> Any:
    if isinstance(artist, PathCollection):
        return np.asarray(np.ma.filled(artist.get_offsets(), np.nan))
    if isinstance(artist, Line2D):
        return np.stack([np.asarray(each, "float64") for each in artist.get_data()], axis=-1)
    return None


@dataclass
class Target:
    """A shape in points, y downwards: an outline, or (2,) the centre of a circle of ``reach``."""

    shape: Any
    reach: float
    words: str
    link: str

    @property
    def middle(self) -> Any:
        return self.shape if self.shape.ndim == 1 else (self.shape.min(0) + self.shape.max(0)) / 2

    @property
    def area(self) -> float:
        if self.shape.ndim == 1:
            return 4 * self.reach**2
        return float(np.prod(np.ptp(self.shape, axis=0)))

    def write(self) -> str:
        title = f"<title>{escape(self.words)}</title>"
        if self.shape.ndim == 1:
            x, y = map(_short, self.shape)
            tag, shape = "circle", f'cx="{x}" cy="{y}" r="{_short(self.reach)}"'
        else:
            tag, shape = "path", f'd="{_outline(self.shape)}z"'
        mark = f"<{tag} {shape}>{title}</{tag}>"
        if self.link:
            mark = f'{LINK}"{escape(self.link)}" rel="noopener">{mark}</a>'
        return mark + "\n"


def write_targets(figure: Figure, height: float) -> str:
    """Return a group with the targets of all marks of ``figure``, at 72 dpi; "" for too many."""
    marked = [
        (ax, artist, marks)
        for ax in figure.axes
        if isinstance(ax, PlotAxes)
        for artist in ax.get_children()
        if artist.get_visible() and (marks := ax.marks.get(artist))
    ]
    if not marked or sum(len(marks) for *_, marks in marked) > MOST_MARKS:
        return ""
    found = chain.from_iterable(_targets(*each) for each in marked)
    targets = _part([*_merge(found, height)])
    # Small targets are in front of large ones.
    targets.sort(key=lambda target: -target.area)
    return OPEN + "".join(target.write() for target in targets) + CLOSE if targets else ""


def _targets(ax: Axes, artist: Artist, marks: Any) -> Iterator[Target]:
    """Yield the marks of an Artist within its Axes, y upwards."""
    if marks.at is not None:
        shapes = ax.transData.transform(np.reshape(marks.at, (-1, 2))).reshape(np.shape(marks.at))
    else:
        shapes = _shapes(artist)
    reach = np.zeros(len(shapes))
    if isinstance(artist, PathCollection):
        reach = reach + np.sqrt(np.ma.filled(artist.get_sizes(), 0)) / 2
    low, high = np.array(ax.bbox.min) - 0.5, np.array(ax.bbox.max) + 0.5
    for shape, size, (words, link) in zip(shapes, reach, marks.tell(), strict=True):
        corners = np.atleast_2d(shape)
        seen = (corners.max(0) >= low).all() and (corners.min(0) <= high).all()
        if words and seen and np.isfinite(corners).all():
            yield Target(np.clip(shape, low, high), float(size), words, link)


def _shapes(artist: Artist) -> Any:
    """Return the parts of an Artist as they are drawn: points, or outlines."""
    transform = artist.get_transform()
    if isinstance(artist, PathCollection):
        return artist.get_offset_transform().transform(_points(artist))
    if isinstance(artist, QuadMesh):
        corners = np.asarray(artist.get_coordinates(), "float64")
        grid = transform.transform(corners.reshape(-1, 2)).reshape(corners.shape)
        parts = grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]
        return np.asarray(np.stack(parts, axis=2).reshape(-1, 4, 2))
    if isinstance(artist, Collection):
        return [np.asarray(transform.transform_path(path).vertices) for path in artist.get_paths()]
    if isinstance(artist, Patch):
        return [np.concatenate(transform.transform_path(artist.get_path()).to_polygons())]
    raise TypeError(f"{type(artist).__name__} has no parts: say where its marks are.")


def _merge(targets: Iterator[Target], height: float) -> Iterator[Target]:
    """Merge the targets of points at one place, and turn y downwards."""
    places: dict[tuple[float, ...], Target] = {}
    for target in targets:
        target.shape = target.shape * (1, -1) + (0, height)
        if target.shape.ndim > 1:
            yield target
            continue
        place = tuple(np.round(target.shape, 1).tolist())
        same = places.setdefault(place, target)
        if same is not target:
            same.words += f"\n{target.words}"
            same.link = same.link or target.link
            same.reach = max(same.reach, target.reach)
    yield from places.values()


def _part(targets: list[Target]) -> list[Target]:
    """Enlarge ``targets``, but not beyond the middle between two of them."""
    middles = np.array([target.middle for target in targets])
    for target in targets:
        distances = np.hypot(*(middles - target.middle).T)
        near = float(np.min(distances, where=distances > 0, initial=2 * REACH)) / 2
        if target.shape.ndim == 1:
            if target.reach <= REACH:
                target.reach = max(near, LEAST)
        else:
            room = np.maximum((2 * min(near, THIN) - np.ptp(target.shape, axis=0)) / 2, 0)
            if room.any():
                low, high = target.shape.min(0) - room, target.shape.max(0) + room
                target.shape = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    return targets


def _outline(corners: Any) -> str:
    """Return ``corners`` as path data. Rectangles, which are frequent, are short."""
    (left, low), (right, high) = corners.min(0), corners.max(0)
    if len(corners) in (4, 5) and np.isin(corners, (left, low, right, high)).all():
        left, low, right, high = map(_short, (left, low, right, high))
        return f"M{left} {low}H{right}V{high}H{left}"
    points = (f"{_short(x)} {_short(y)}" for x, y in corners)
    return "M" + " ".join(dict.fromkeys(points))


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
