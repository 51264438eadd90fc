"""Scattered points, joined to triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

import plots
from plots.errors import PlotError
from plots.kinds.shared.duplicates import average

if TYPE_CHECKING:
    from matplotlib.axis import Axis as MatplotlibAxis
    from matplotlib.tri import Triangulation

    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes

XY = (
    plots.Channel("x", "Positions along x, one for each point.", True),
    plots.Channel("y", "Positions along y, one for each point.", True),
)
XYZ = (*XY, plots.Channel("z", "A number for each point.", True, dtype="number"))

# Finding the Delaunay triangles of this many takes a quarter of a second.
MAX_POINTS = 20_000


def distinct_points(data: Data) -> tuple[Numbers, ...]:
    """Return x, y (and z) of all different points of ``data`` without a gap.

    Raise a PlotError if there is no triangle.
    """
    (series,) = data.series
    names = [name for name in ("x", "y", "z") if name in series.columns]
    rows = np.column_stack([series.columns[name] for name in names])
    rows = rows[np.isfinite(rows).all(axis=1)][::-1]
    rows = rows[np.unique(rows[:, :2], axis=0, return_index=True)[1]]
    if len(rows) > MAX_POINTS:
        count = {"count": f"{len(rows):,}", "most": f"{MAX_POINTS:,}"}
        message = _("There are %(count)s points; at most %(most)s can be joined.") % count
        raise PlotError(message, "too-much", "x")
    if len(rows) and _lie_on_a_line(rows[:, :2]):
        raise _no_triangle()
    return tuple(rows.T)


def check_points(data: Data, **unused: Any) -> Data:
    """Raise a PlotError if the points make no triangle."""
    distinct_points(data)
    return average(data, ("x", "y"), *({"z"} & {*data.series[0].columns}))


def _no_triangle() -> PlotError:
    message = _("All points lie on one line. Give at least three that do not.")
    return PlotError(message, "too-few", "x")


def _lie_on_a_line(places: Numbers) -> bool:
    """Return whether all ``places`` (n, 2) are on a line, except for rounding."""
    if len(places) < 3:
        return True
    away = _unit(places)
    away = away - away[0]
    far = away[np.argmax(np.hypot(*away.T))]
    return bool(np.abs(away[:, 0] * far[1] - away[:, 1] * far[0]).max() < 1e-9)


def _unit(places: Numbers) -> Numbers:
    """Scale ``places`` (n, k) to 0 to 1 in each of the k directions."""
    span = np.ptp(places, axis=0)
    unit: Numbers = (places - places.min(axis=0)) / np.where(span > 0, span, 1)
    return unit


def triangulate(ax: Axes, x: Numbers, y: Numbers) -> Triangulation:
    """Return the Delaunay triangles of the points, computed on the scales of ``ax``.

    Without that, different units would give very thin triangles.
    """
    from matplotlib.tri import Triangulation

    seen = _unit(np.column_stack([_place(ax.xaxis, x), _place(ax.yaxis, y)]))
    try:
        triangles = Triangulation(*seen.T).triangles
    except RuntimeError:  # Qhull's, of points too close to a line
        raise _no_triangle() from None
    return Triangulation(x, y, triangles)


def _place(axis: MatplotlibAxis, places: Numbers) -> Numbers:
    seen: Numbers = axis.get_transform().transform(places)
    return seen
