"""Radar charts: a spoke for each name, and a polygon for each series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

import plots
from plots.description.series import Entry, name_of, series_facts
from plots.errors import PlotError
from plots.forms.options import MARKERS, AlphaField, MarkerField, MarkerSizeField, choices
from plots.kinds.shared import notes, polar_axes
from plots.kinds.shared.duplicates import average, refuse_rows
from plots.kinds.shared.labels import value_labels

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

MAX_SPOKES = 100


class RadarOptions(forms.Form):
    rmin = forms.FloatField(
        min_value=-1e300, max_value=1e300, required=False,
        help_text="The number at the centre. Left out: 0, or a round number below all values.",
    )  # fmt: skip
    rmax = forms.FloatField(
        min_value=-1e300,
        max_value=1e300,
        required=False,
        help_text="The number at the outer circle.",
    )
    rings = forms.ChoiceField(
        choices=choices(["polygon", "circle"]),
        initial="polygon",
        required=False,
        help_text="The shape of the grid lines.",
    )
    fill = AlphaField(initial=0.15, help_text="Opacity of the areas, from 0 (invisible) to 1.")
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=2, required=False, help_text="Width in points."
    )
    marker = MarkerField(initial="circle")
    markersize = MarkerSizeField(initial=5)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("rmin"), cleaned.get("rmax")
        if low is not None and high is not None and low >= high:
            raise ValidationError({"rmin": ValidationError(_("rmin must be less than rmax."))})
        return cleaned


def check_spokes(data: Data, *, rmin: float | None, rmax: float | None, **unused: object) -> Data:
    """Raise a PlotError for fewer than 3 spokes, or too many. Average each spoke."""
    count = len(spoke_positions(data))
    if not 3 <= count <= MAX_SPOKES:
        numbers = {"most": MAX_SPOKES, "count": count}
        message = _("A radar chart has 3 to %(most)d spokes; x has %(count)d names.") % numbers
        raise PlotError(message, "too-few" if count < 3 else "too-many", "x")
    refuse_rows(data, "y", "x")
    data = average(data, ("x",), "y")
    cut = "".join(notes.out_of_range_note(series.y, rmin, rmax) for series in data.series)
    return data.with_notes(cut)


def spoke_positions(data: Data) -> Numbers:
    places = np.concatenate([series.x for series in data.series])
    return np.unique(places[np.isfinite(places)])


def describe_shapes(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the longest and the shortest spoke of each series."""
    for series in data.series:
        yield name_of(data, series), [*series_facts(data, wording, series, has_order=False)]


@plots.kind(
    "radar",
    title="Radar chart",
    aliases={"QuickChart": "radar"},
    family="Comparison",
    options=RadarOptions,
    channels=plots.XY,
    no_axes=True,
    transform=check_spokes,
    describe=describe_shapes,
    example={
        "x": "Acidity,Body,Sweetness,Aroma,Bitterness,Aftertaste",
        "y": ["8.2,5.4,7.1,8.6,3.9,7.4", "4.6,8.3,5.2,6.8,7.1,6.2"],
        "label": ["Yirgacheffe", "Mandheling"],
        "rmin": "0",
        "rmax": "10",
    },
)
def radar(
    ax: Axes,
    data: Data,
    *,
    rmin: float | None,
    rmax: float | None,
    rings: str,
    fill: float,
    marker: str,
    markersize: float,
    **style: Any,
) -> None:
    """Several measures on spokes around a centre, joined to a shape for each series."""
    style |= {"marker": MARKERS[marker], "markersize": markersize * ax.marker_scale}
    spokes = spoke_positions(data)
    angles = np.arange(len(spokes)) / len(spokes)
    values = [_on_spokes(spokes, series.x, series.y) for series in data.series]
    low, high, shown = _scale(np.concatenate(values), rmin, rmax)
    polar_axes.set_circle_limits(ax)
    polar_axes.draw_spokes(ax, angles)
    polar_axes.write_names(ax, value_labels(spokes, data.axis("x")), angles)
    radii = (np.array(shown) - low) / (high - low)
    polar_axes.draw_rings(ax, radii, shown, angles if rings == "polygon" else None)
    for series, each in zip(data.series, values, strict=True):
        radii = np.maximum((each - low) / (high - low), 0)
        line = _draw_polygon(ax, angles, radii, fill, label=series.label, **style)
        shown_rows = replace(series, columns={"x": spokes, "y": each})
        ax.set_tooltips(line, shown_rows, at=polar_axes.to_xy(angles, radii))


def _draw_polygon(ax: Axes, angles: Numbers, radii: Numbers, fill: float, **style: Any) -> Artist:
    """Draw a polygon and its area. Return its line."""
    look = ax.next_style()
    color = look.color
    if fill:
        # At a gap the area goes through the centre, as the line is open there.
        area = polar_axes.to_xy(angles, np.nan_to_num(radii))
        (patch,) = ax.fill(*area.T, color=color, alpha=fill, linewidth=0)
        patch.set_clip_path(polar_axes.clip_circle(ax))
    corners = polar_axes.to_xy(np.append(angles, angles[0]), np.append(radii, radii[0]))
    # A spoke between two gaps has no line; draw a marker.
    known = np.isfinite(radii) & (np.ptp(np.nan_to_num(radii)) > 0)
    lone = np.isfinite(radii) & ~(np.roll(known, 1) | np.roll(known, -1))
    if style["marker"] == MARKERS["none"] and lone.any():
        style |= {"marker": MARKERS["circle"], "markevery": np.flatnonzero(lone).tolist()}
    (line,) = ax.plot(*corners.T, **look.line(), **style)
    if np.nanmax(radii, initial=0) > 1:
        line.set_clip_path(polar_axes.clip_circle(ax))
    else:
        line.set_clip_on(False)  # do not cut markers on the outer circle
    return line


def _on_spokes(spokes: Numbers, x: Numbers, y: Numbers) -> Numbers:
    """Return the value on each spoke, NaN for none."""
    values = np.full(len(spokes), np.nan)
    known = np.isfinite(x) & np.isfinite(y)
    values[np.searchsorted(spokes, x[known])] = y[known]
    return values


def _scale(
    values: Numbers, rmin: float | None, rmax: float | None
) -> tuple[float, float, list[float]]:
    """Return the numbers at the centre, at the outer circle and of the rings."""
    values = values[np.isfinite(values)]
    least, most = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    low = min(least, 0.0) if rmin is None else rmin
    ticks = polar_axes.ring_values(low, most if rmax is None else rmax)
    low = ticks[0] if rmin is None else rmin
    high = ticks[-1] if rmax is None else rmax
    if low >= high:  # a limit is beyond all values
        low, high = (
            (low, low + (abs(low) or 1)) if rmax is None else (high - (abs(high) or 1), high)
        )
    return low, high, [tick for tick in ticks if low <= tick < high] + [high]
