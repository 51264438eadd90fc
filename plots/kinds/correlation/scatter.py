"""Scatter plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.description import facts
from plots.description.series import Entry, name_of, series_facts
from plots.errors import PlotError
from plots.forms.options import (
    DIVERGING,
    MARKERS,
    AlphaField,
    CenterField,
    ColormapField,
    MarkerField,
)
from plots.kinds.shared.annotations import set_margins
from plots.kinds.shared.colorscale import color_scale, signs_note
from plots.kinds.shared.density import draw_density
from plots.values.formatting import format_numbers

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

LINEAR: dict[str, Any] = {"norm": "linear", "vmin": None, "vmax": None}
DIAMETER, LARGEST_DIAMETER = 6.0, 36.0  # points; the largest with sizes
LEAST_DIAMETER = 2.0  # with sizes: a size of 0 is a row, too


class ScatterOptions(forms.Form):
    marker = MarkerField(initial="circle", can_be_none=False)
    markersize = forms.FloatField(
        min_value=1,
        max_value=40,
        required=False,
        help_text="Diameter in points; with sizes, of the largest. Left out: a suitable one.",
    )
    colormap = ColormapField(initial="auto")
    center = CenterField()
    alpha = AlphaField(initial=0.8)


def sort_by_size(data: Data, *, colormap: str, center: str, **unused: object) -> Data:
    """Sort rows by size, so that small markers are in front of large ones."""
    axes = dict(data.axes)
    if "color" in axes and len(data.series) > 1:
        message = _("color cannot be combined with several series. Leave out color, or by.")
        raise PlotError(message, "invalid", "color")
    if "color" in axes:
        data = data.with_notes(signs_note(data.concat("color"), colormap, center, **LINEAR))
    if "size" not in axes:
        return data
    if any((series.size < 0).any() for series in data.series):
        raise PlotError(_("A size cannot be negative."), "out-of-range", "size")
    series = []
    for each in data.series:
        order = np.argsort(-each.size, kind="stable")
        series.append(replace(each, columns={n: c[order] for n, c in each.columns.items()}))
    return replace(data, series=tuple(series))


def describe_points(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield how x and y of each series are related, its extremes, sizes and colours."""
    for series in data.series:
        if data.panels and len(data.series) > 1 and series.is_gap:
            continue
        related = [] if data.edges else [*_relation(wording, series)]
        others = series_facts(data, wording, series, has_order=False)
        yield name_of(data, series), [*related, *others]


def _relation(wording: Wording, series: Series) -> Iterator[str]:
    rows = wording.drawn(series)
    if "category" not in (wording.axis("x").dtype, wording.axis("y").dtype):
        yield facts.correlation(series.x[rows], series.y[rows], wording.scales)
    for name, message in (("size", _("sizes %(range)s")), ("color", _("colours %(range)s"))):
        known = series.columns.get(name, series.x)[rows]
        known = known[np.isfinite(known)]
        if name in series.columns and known.size:
            yield message % {"range": wording.range(name, float(known.min()), float(known.max()))}


@plots.kind(
    "scatter",
    title="Scatter plot",
    aliases={"matplotlib": "scatter", "QuickChart": "scatter, bubble"},
    family="Correlation",
    options=ScatterOptions,
    channels=[
        *plots.XY,
        plots.Channel(
            "size", "Numbers that are shown as the areas of the markers.", dtype="number"
        ),
        plots.Channel(
            "color",
            "Numbers that are shown as colours. For names, use by.",
            dtype="number",
        ),
        plots.LINK,
    ],
    transform=sort_by_size,
    describe=describe_points,
    downsample="bins",
    version=2,
    example={
        "x": "39.1,39.5,40.3,36.7,39.3,38.9,46.5,50,51.3,45.4,52.7,45.2,46.1,50,48.7,50,47.6,46.5",
        "y": "18.7,17.4,18,19.3,20.6,17.8,17.9,19.5,19.2,18.7,19.8,17.8,13.2,16.3,14.1,15.2,14.5,"
        "13.5",
        "by": "Adelie,Adelie,Adelie,Adelie,Adelie,Adelie,Chinstrap,Chinstrap,Chinstrap,Chinstrap,"
        "Chinstrap,Chinstrap,Gentoo,Gentoo,Gentoo,Gentoo,Gentoo,Gentoo",
        "xlabel": "Bill length (mm)",
        "ylabel": "Bill depth (mm)",
        "markersize": "9",
    },
)
def scatter(
    ax: Axes, data: Data, *, marker: str, markersize: float | None, alpha: float, **scale: Any
) -> Any:
    """A point for each row, to show how two quantities are related."""
    axes = dict(data.axes)
    style: dict[str, Any] = {"alpha": alpha, "linewidths": 0}
    diameter, largest, mappable = (markersize or DIAMETER) * ax.marker_scale, 1.0, None
    if data.edges:
        draw_density(ax, data, MARKERS[marker], s=diameter**2, **style)
        return None
    if "size" in axes:
        sizes = np.nan_to_num(data.concat("size"))
        largest = float(sizes.max(initial=0)) or 1.0
        diameter = diameter if markersize else min(LARGEST_DIAMETER, ax.panel_size[1] / 10)
        # A line in the background's colour separates large markers that overlap.
        style |= {"linewidths": 0.8, "edgecolors": [ax.get_facecolor()]}
        set_margins(ax, 0.08, 0.1)
        shown = _round_sizes(largest) if sizes.any() else []
        texts = format_numbers(shown, data.axis("size").format)
        diameters = diameter * np.sqrt(np.array(shown) / largest)
        ax.sizes = dict(zip(texts, diameters.tolist(), strict=True))
    colors = _colors(ax, data, **scale) if "color" in axes else {}
    for series in data.series:
        look = ax.next_style()
        style |= {"marker": look.marker(MARKERS[marker])}
        # matplotlib's s is an area in square points, and cannot be NaN.
        x: Any = series.x
        areas: Any = diameter**2
        if "size" in axes:
            x = np.where(np.isfinite(series.size), x, np.nan)
            areas = diameter**2 * np.nan_to_num(series.size) / largest
            areas = np.maximum(areas, LEAST_DIAMETER**2)
        style |= {"c": series.color, **colors} if "color" in axes else {"color": look.color}
        marks = ax.scatter(x, series.y, s=areas, label=series.label, **style)
        if "size" in axes:  # no line around small markers, which it would cover
            is_large = areas > (2 * LEAST_DIAMETER) ** 2
            marks.set_linewidth(np.where(is_large, style["linewidths"], 0).tolist())
        if "color" in axes and np.isfinite(series.color).any():
            mappable = marks
    return mappable


def _round_sizes(largest: float) -> list[float]:
    """Return three round numbers up to ``largest``, each about four times the one before."""
    sizes = []
    for wanted in (largest / 16, largest / 4, largest):
        decade = 10.0 ** np.floor(np.log10(wanted))
        digit = next((each for each in (5, 2) if each * decade <= wanted * (1 + 1e-9)), 1)
        sizes.append(float(f"{digit * decade:.1g}"))
    return [each for each in sizes if each > 0]


def _colors(ax: Axes, data: Data, *, colormap: str, center: str) -> dict[str, Any]:
    """Return the colours of the numbers of all panels, and edges if some are nearly white."""
    z = data.concat("color")
    if not np.isfinite(z).any():
        return {}
    scale = color_scale(z, colormap=colormap, center=center, **LINEAR)
    if getattr(scale["cmap"], "name", scale["cmap"]) not in DIVERGING:
        return scale
    return {**scale, "edgecolors": [ax.theme.line], "linewidths": 0.6}
