"""Hexagonal bins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.description.phrases import format_count
from plots.description.series import Entry, no_rows
from plots.forms.options import ColormapField
from plots.kinds.shared.rectangles import add_collection
from plots.sources.histograms.edges import choose_edges, values_of
from plots.sources.selection import Histogram

from .hist2d import CHANNELS, POINTS, finite_pairs

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

FARTHEST = 1e305  # of a corner; no number is beyond 1e300


class HexbinOptions(forms.Form):
    gridsize = forms.IntegerField(
        min_value=2,
        max_value=200,
        initial=20,
        required=False,
        help_text="The number of hexagons side by side.",
    )
    colormap = ColormapField()


def describe_hexagons(
    data: Data, wording: Wording, *, gridsize: int, **unused: object
) -> Iterator[Entry]:
    """Yield the fullest hexagon and how many points it has."""
    from matplotlib.scale import scale_factory

    (series,) = data.series
    rows = wording.drawn(series)
    if not rows.any():
        yield "", [no_rows(wording, series)]
        return
    axis: Any = None  # which these scales do not need
    scales = [scale_factory(each, axis).get_transform() for each in wording.scales]
    corners, counts = _hexagons(data, scales, series.x[rows], series.y[rows], gridsize)
    x, y = corners[counts.argmax()].mean(axis=0).tolist()
    place = {"count": format_count(counts.max()), "place": wording.place(x=x, y=y)}
    yield "", [_("most (%(count)s) around %(place)s") % place]


@plots.kind(
    "hexbin",
    title="Hexagonal bins",
    aliases={"matplotlib": "hexbin"},
    family="Correlation",
    options=HexbinOptions,
    channels=CHANNELS,
    describe=describe_hexagons,
    example={**POINTS, "gridsize": "12"},
)
def hexbin(ax: Axes, data: Data, *, gridsize: int, colormap: str) -> Any:
    """How many points fall into each of many hexagons, shown as colours."""
    from matplotlib.collections import PolyCollection

    (series,) = data.series
    points = finite_pairs(series.x, series.y)
    if not points.size:
        return None
    scales = [axis.get_transform() for axis in (ax.xaxis, ax.yaxis)]
    corners, counts = _hexagons(data, scales, points[0], points[1], gridsize)
    cells = PolyCollection(corners, array=counts, cmap=colormap, edgecolors="face", linewidths=0.2)
    add_collection(ax, cells, corners)
    x, y = corners.mean(axis=1).T
    ax.set_tooltips(cells, replace(series, columns={"x": x, "y": y, "z": counts}))
    return cells


def _hexagons(
    data: Data, scales: list[Any], x: Numbers, y: Numbers, gridsize: int
) -> tuple[Any, Any]:
    """Return the corners (k, 6, 2) of the hexagons that have points ``x``, ``y``, and how many."""
    every = finite_pairs(data.concat("x"), data.concat("y"))
    ends = [_ends(s.transform(each)) for s, each in zip(scales, every, strict=True)]
    places = [
        (scale.transform(each) - low) / (high - low)
        for scale, each, (low, high) in zip(scales, (x, y), ends, strict=True)
    ]
    corners, counts = _count(places, gridsize)
    for axis, (scale, (low, high)) in enumerate(zip(scales, ends, strict=True)):
        with np.errstate(over="ignore"):  # of corners
            drawn = scale.inverted().transform(low + corners[..., axis].ravel() * (high - low))
        corners[..., axis] = np.clip(drawn, -FARTHEST, FARTHEST).reshape(-1, 6)
    return corners, counts


def _ends(values: Numbers) -> Numbers:
    """Return the smallest and the largest of ``values``, or if they are equal, ends around them."""
    return choose_edges(values_of(values, None, "number"), Histogram((), 1))


def _count(places: list[Numbers], gridsize: int) -> tuple[Any, Any]:
    """Return the corners (k, 6, 2) of the hexagons that have points, and how many they have.

    ``places`` are x and y from 0 to 1, with ``gridsize`` hexagons side by side. Their middles form
    two rectangular lattices; a point belongs to the nearest middle.
    """
    size = np.array([gridsize, max(1, int(gridsize / 3**0.5))])
    points = np.stack(places, axis=-1) * size
    even, odd = np.round(points), np.floor(points) + 0.5
    near, far = (((points - middle) ** 2) @ [1, 3] for middle in (even, odd))
    middles = np.where((near < far)[:, None], even, odd)
    middles, counts = np.unique(middles, axis=0, return_counts=True)
    outline = np.array([(3, -1), (3, 1), (0, 2), (-3, 1), (-3, -1), (0, -2)]) / 6
    return (middles[:, None] + outline) / size, counts.astype("float64")
