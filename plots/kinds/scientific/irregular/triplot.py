"""Triangle meshes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.description.series import Entry, no_rows
from plots.forms.options import MARKERS, AlphaField, MarkerField, MarkerSizeField

from .triangles import XY, check_points, distinct_points, triangulate
from .tricontour import EXAMPLE

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class TriplotOptions(forms.Form):
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1, required=False, help_text="Width in points."
    )
    marker = MarkerField(initial="circle")
    markersize = MarkerSizeField(initial=5)
    alpha = AlphaField(initial=1)


def describe_mesh(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the extent of the points."""
    (series,) = data.series
    rows = wording.drawn(series)
    if not rows.any():
        yield "", [no_rows(wording, series)]
        return
    x, y = (
        wording.range(name, float(column[rows].min()), float(column[rows].max()))
        for name, column in (("x", series.x), ("y", series.y))
    )
    yield "", [_("joined to triangles, x %(x)s, y %(y)s") % {"x": x, "y": y}]


@plots.kind(
    "triplot",
    title="Triangle mesh",
    aliases={"matplotlib": "triplot"},
    family="Scientific",
    options=TriplotOptions,
    channels=XY,
    transform=check_points,
    describe=describe_mesh,
    example={name: EXAMPLE[name] for name in ("x", "y", "xlabel", "ylabel")},
)
def triplot(ax: Axes, data: Data, *, marker: str, **style: Any) -> None:
    """The triangles that join points at any places to their neighbours."""
    x, y = distinct_points(data)
    if x.size:
        edges = triangulate(ax, x, y).edges
        ax.set_point_tooltips(_draw(ax, x, y, edges, MARKERS[marker], style), data.series[0])


def _draw(ax: Axes, x: Any, y: Any, edges: Any, marker: str, style: dict[str, Any]) -> Any:
    """Draw all edges as one line with gaps, and the markers in the same colour."""
    size = style.pop("markersize") * ax.marker_scale
    ends = np.full((2, len(edges), 3), np.nan)
    ends[:, :, :2] = x[edges], y[edges]
    (lines,) = ax.plot(*ends.reshape(2, -1), **style)
    if marker:
        style |= {"color": lines.get_color(), "linestyle": "", "markeredgewidth": 0}
        ax.plot(x, y, marker=marker, markersize=size, **style)
    return lines
