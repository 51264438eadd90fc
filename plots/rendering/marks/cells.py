"""Cells of grids. Where several share a pixel, the most unusual of their numbers is shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.collections import QuadMesh
from matplotlib.image import AxesImage
from matplotlib.transforms import IdentityTransform

from .device import Array, become, nearest, pixel


class Cells(QuadMesh):
    """Rectangular cells of ``pcolormesh``, which get this class once they are drawn."""

    edges: tuple[Array, Array]  # along x and along y

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        if not self.get_visible():
            return
        ax: Any = self.axes
        unit = pixel(renderer, self)
        x, y = (
            self.get_transform().transform(np.column_stack(pair))[:, axis] / unit
            for axis, pair in enumerate(
                [
                    (self.edges[0], np.resize(self.edges[1][0], self.edges[0].size)),
                    (np.resize(self.edges[0][0], self.edges[1].size), self.edges[1]),
                ]
            )
        )
        z = _numbers(self.get_array()).reshape(len(y) - 1, len(x) - 1)
        groups = [_groups(each) for each in (x, y)]
        if all(starts is None for _, starts in groups):
            super().draw(renderer)
            return
        reduced = reduce_cells(z, groups[1][1], groups[0][1])
        corners = np.stack(np.meshgrid(groups[0][0] * unit, groups[1][0] * unit), axis=-1)
        part = QuadMesh(corners, antialiased=False, shading="flat")
        part.update_from(self)
        part.set_array(np.ma.masked_invalid(reduced))
        part.set(norm=self.norm, cmap=self.get_cmap(), transform=IdentityTransform())
        part.set_figure(ax.get_figure(root=False))
        part.set_linewidth(0)
        part.draw(renderer)


class Image(AxesImage):
    """A sharp image of ``imshow``, which gets this class once it is drawn."""

    def make_image(self, renderer: Any, *args: Any, **kwargs: Any) -> Any:
        size = np.array(self.get_window_extent(renderer).size) / pixel(renderer, self)
        z = _numbers(self.get_array())
        starts = [
            _even_groups(count, int(room))
            for count, room in zip(z.shape, size[::-1].tolist(), strict=True)
        ]
        if all(each is None for each in starts):
            return super().make_image(renderer, *args, **kwargs)
        whole: Any = self.get_array()
        self.set_data(np.ma.masked_invalid(reduce_cells(z, *starts)))
        try:
            return super().make_image(renderer, *args, **kwargs)
        finally:
            self.set_data(whole)


def _numbers(array: Any) -> Array:
    """Return ``array`` with NaN where it is masked."""
    numbers: Array = np.ma.filled(np.ma.asarray(array, float), np.nan)
    return numbers


def _even_groups(count: int, room: int) -> Any:
    """Return where ``room`` groups of ``count`` even cells start, or None if each has a pixel."""
    if count <= max(room, 1):
        return None
    return np.unique(np.floor(np.arange(max(room, 1)) * count / max(room, 1)).astype(int))


def _groups(edges: Array) -> tuple[Array, Any]:
    """Join cells that share a pixel.

    Parameters
    ----------
    edges : array, shape (n + 1,)
        In pixels, ascending or descending.

    Returns
    -------
    edges : array
        The edges of the groups, which are at least a pixel apart.
    starts : array of int, or None
        The first cell of each group; None if no cell is too thin.
    """
    sign = -1.0 if edges[0] > edges[-1] else 1.0
    at = edges * sign
    thin = at[1:] - at[:-1] < 1
    if not (nearest(at[1:]) - nearest(at[:-1]) < 1).any():
        return edges, None
    pixels = np.floor((at[1:] + at[:-1]) / 2)
    joined = thin[1:] & thin[:-1] & (np.diff(pixels) < 1)
    starts = np.flatnonzero(np.append(True, ~joined))
    is_thin, place = thin[starts], pixels[starts]
    new = np.append(at[starts], at[-1])
    new[1:][is_thin] = place[is_thin] + 1
    new[:-1][is_thin] = place[is_thin]  # also where the cell before is wide
    return np.maximum.accumulate(new) * sign, starts


def reduce_cells(z: Array, rows: Any, columns: Any) -> Array:
    """Return one of the numbers of each group of cells: the farthest from the median of all.

    Parameters
    ----------
    z : array, shape (m, n)
        NaN for cells without a number.
    rows, columns : array of int or None
        The first of each group.
    """
    known = z[np.isfinite(z)]
    middle = float(np.median(known)) if known.size else 0.0
    for axis, starts in enumerate((rows, columns)):
        if starts is not None:
            low, high = (each.reduceat(z, starts, axis=axis) for each in (np.fmin, np.fmax))
            z = np.where(high - middle >= middle - low, high, low)
    return z


def as_cells(artist: QuadMesh) -> None:
    """Give ``artist`` the class Cells, if it has rectangles with one number each."""
    corners = _numbers(artist.get_coordinates())
    x, y = corners[0, :, 0], corners[:, 0, 1]
    array = artist.get_array()
    flat = (corners[..., 0] == x).all() and (corners[..., 1] == y[:, None]).all()
    if type(artist) is not QuadMesh or array is None or not flat:
        return
    if np.asarray(array).size == (len(x) - 1) * (len(y) - 1):
        become(artist, Cells).edges = x, y


def as_image(artist: AxesImage) -> None:
    """Give ``artist`` the class Image, if each of its cells has one colour."""
    array = artist.get_array()
    if array is not None and array.ndim == 2 and artist.get_interpolation() == "nearest":
        become(artist, Image)
