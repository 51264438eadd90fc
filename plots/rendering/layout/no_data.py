"""A message in the middle of Axes without anything to see."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from plots.data.model import Data
from plots.rendering.axes.axes import PlotAxes
from plots.rendering.text.matplotlib_fonts import font
from plots.spec.plot_spec import Frame
from plots.spec.themes import Theme

from .layout import Layout

SIZE, LEAST = 11.0, 6.0  # points, at 480 × 320 and of the smallest that is written
LINES = 3
ROOM = 0.94  # of the Axes

_KNOWN = (AxesImage, Collection, Line2D, Patch)
_LIMITS = ("xmin", "xmax", "ymin", "ymax")


def has_limits(frame: Frame) -> bool:
    """Return whether the limits of an axis were given, so that data may be outside."""
    return any(getattr(frame, name) is not None for name in _LIMITS)


def is_blank(figure: Figure) -> bool:
    """Return whether data of a built ``figure`` are outside the limits on all its panels."""
    panels = [ax for ax in figure.axes if isinstance(ax, PlotAxes)]
    return bool(panels) and all(ax.is_blank for ax in panels)


def write_messages(layout: Layout, data: Data, frame: Frame, theme: Theme) -> None:
    """Write on each panel without data that there are none, and mark it as blank."""
    for ax, part in zip(layout.panels.axes, data.iter_panels(), strict=True):
        message = ""
        if not has_numbers(part):
            message = _("No data")
        elif ax.axison and has_limits(frame) and not _shows(ax):
            message, ax.is_blank = _("No data within the limits"), True
        if message:
            _write(layout, ax, message, theme)


def has_numbers(data: Data) -> bool:
    """Return whether any row of ``data`` has no gap."""
    if not data.series:
        return True  # a kind without columns draws something of its own
    return any(
        np.logical_and.reduce([np.isfinite(each) for each in series.numbers.values()]).any()
        for series in data.series
    )


def _write(layout: Layout, ax: Axes, message: str, theme: Theme) -> None:
    """Write ``message`` in up to three lines, as large as the Axes and the page allow."""
    width, height = (ROOM * side for side in ax.bbox.size)
    text = ax.text(
        0.5, 0.5, message, transform=ax.transAxes, ha="center", va="center", color=theme.muted,
        parse_math=False, zorder=6,
    )  # fmt: skip
    size = SIZE * layout.shrink
    while size >= LEAST:
        text.set(font=font(size), text=layout.ruler.wrap(message, width, LINES, font(size)))
        box = text.get_window_extent(layout.renderer)
        is_whole = text.get_text().replace("\n", "") == message.replace(" ", "")
        is_whole |= text.get_text().replace("\n", " ") == message
        if is_whole and box.width <= width and box.height <= height:
            return
        size -= 1
    text.set(font=font(LEAST), text=message)


def _shows(ax: PlotAxes) -> bool:
    """Return whether anything that the kind drew is within ``ax``."""
    box = Bbox.from_extents(ax.bbox.x0 - 0.5, ax.bbox.y0 - 0.5, ax.bbox.x1 + 0.5, ax.bbox.y1 + 0.5)
    placed = [each for each in ax.drawn if each.get_visible() and _is_placed(each, ax)]
    known = [each for each in placed if isinstance(each, _KNOWN)]
    # It is not known where other Artists draw.
    return any(_is_within(each, ax, box) for each in known) or (bool(placed) and not known)


def _is_within(artist: Artist, ax: Axes, box: Bbox) -> bool:
    if isinstance(artist, QuadMesh):
        return _is_mesh_within(artist, box)
    if isinstance(artist, AxesImage):
        left, right, low, high = artist.get_extent()
        corners = ax.transData.transform([(left, low), (right, high)])
        return Bbox(corners).overlaps(box)
    if isinstance(artist, Collection):
        return _is_collection_within(artist, ax, box)
    if isinstance(artist, Line2D):
        points: Any = artist.get_transform().transform_path(artist.get_path()).vertices
        if artist.get_marker() not in ("", "None", None) and _has_point(points, box):
            return True
        return artist.get_linestyle() not in ("", "None") and _has_segment(points, box)
    patch: Any = artist
    return _touches(patch.get_transform().transform_path(patch.get_path()), box)


def _is_placed(artist: Artist, ax: Axes) -> bool:
    """Return whether ``artist`` is at data: not at the sides of the Axes, as their ground is."""
    if isinstance(artist, FancyArrowPatch | Axis):
        return False  # the path of an arrow depends on the renderer, and it is beside a line
    transforms = [artist.get_transform()]
    if isinstance(artist, Collection):
        transforms.append(artist.get_offset_transform())
    return any(all(each.contains_branch_seperately(ax.transData)) for each in transforms)


def _is_mesh_within(mesh: QuadMesh, box: Bbox) -> bool:
    """Return whether a cell with a number is within ``box``."""
    corners: Any = np.asarray(mesh.get_coordinates(), "float64")
    corners = mesh.get_transform().transform(corners.reshape(-1, 2)).reshape(corners.shape)
    sides = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]])
    low, high = sides.min(axis=0), sides.max(axis=0)
    seen = ((high >= box.min) & (low <= box.max)).all(axis=-1)
    numbers: Any = mesh.get_array()
    known = ~np.ma.getmaskarray(numbers)
    return bool((seen & known.reshape((*seen.shape, -1)).any(axis=-1)).any())


def _is_collection_within(marks: Collection, ax: Axes, box: Bbox) -> bool:
    places = marks.get_offset_transform()
    if all(places.contains_branch_seperately(ax.transData)):
        return _has_point(places.transform(np.ma.filled(marks.get_offsets(), np.nan)), box)
    transform = marks.get_transform()
    return any(_touches(transform.transform_path(path), box) for path in marks.get_paths())


def _has_point(points: Any, box: Bbox) -> bool:
    points = np.asarray(points)
    return bool(((points >= box.min) & (points <= box.max)).all(axis=-1).any())


def _has_segment(points: Any, box: Bbox) -> bool:
    """Return whether a segment between two ``points`` in a row crosses ``box``."""
    starts, steps = points[:-1], np.diff(points, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(box.min - starts) / steps, (box.max - starts) / steps])
    inside = (starts >= box.min) & (starts <= box.max)
    enters = np.where(steps == 0, np.where(inside, -np.inf, np.inf), ends.min(axis=0))
    leaves = np.where(steps == 0, np.inf, ends.max(axis=0))
    crosses = np.maximum(enters.max(axis=-1), 0) <= np.minimum(leaves.min(axis=-1), 1)
    return bool((crosses & np.isfinite(steps).all(axis=-1)).any())


def _touches(path: Path, box: Bbox) -> bool:
    return bool(np.size(path.vertices)) and bool(path.intersects_bbox(box, True))
