"""Stacked area charts."""

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
from plots.forms.options import AlphaField, choices
from plots.kinds.shared.duplicates import add_up
from plots.kinds.shared.notes import add_crowded_note
from plots.kinds.shared.rectangles import default_baseline

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class StackOptions(forms.Form):
    baseline = forms.ChoiceField(
        choices=choices(("zero", "sym", "wiggle")),
        initial="zero",
        required=False,
        help_text="Start the stack at zero, centre it, or move it so that layers change least.",
    )
    alpha = AlphaField(initial=0.9)


def stack_layers(data: Data, *, baseline: str, **unused: object) -> Data:
    """Return each series with its ``base`` and top y, at the x of all series, sorted."""
    if any((series.y < 0).any() for series in data.series):
        message = _("y has a negative number, which cannot be stacked. Draw an area chart.")
        raise PlotError(message, "out-of-range", "y")
    data = add_up(data, "y", "x")
    places = np.unique(np.concatenate([series.x for series in data.series]))
    places = places[np.isfinite(places)]
    heights = np.full((len(data.series), places.size), np.nan)
    for row, series in enumerate(data.series):
        known = np.isfinite(series.x) & np.isfinite(series.y)
        heights[row, np.searchsorted(places, series.x[known])] = series.y[known]
    # A missing value counts as 0. There is a gap where all series have one.
    gap = np.isnan(heights).all(axis=0)
    heights = np.nan_to_num(heights)
    tops = _first(heights, baseline) + heights.cumsum(axis=0)
    bases = tops - heights if baseline != "zero" else np.vstack([np.zeros((1, places.size)), tops])
    tops[:, gap] = np.nan
    drawn = [
        # Descriptions are about the height of each layer, not about its top.
        replace(
            series, columns={"x": places, "y": top, "base": np.where(gap, np.nan, base), "own": own}
        )
        for series, top, base, own in zip(data.series, tops, bases, heights, strict=False)
    ]
    return replace(data, series=tuple(drawn), stacked=True)


def _first(heights: Numbers, baseline: str) -> Any:
    """Return where the lowest layer begins. ``wiggle`` follows Byron and Wattenberg (2008)."""
    if baseline == "sym":
        return -heights.sum(axis=0) / 2
    if baseline == "wiggle":
        count = len(heights)
        return -(np.arange(count, 0, -1) - 0.5) @ heights / count
    return 0


def describe_layers(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield facts about the height of each layer, its share of all, and the total."""
    sums = [float(np.nansum(each.own[wording.drawn(each)])) for each in data.series]
    shares = facts.shares_of(np.array(sums))
    for series, share in zip(data.series, shares, strict=True):
        found = [*series_facts(data, wording, series)]
        if len(data.series) > 1:
            found.append(_("%(share)s of the total") % {"share": share})
        yield name_of(data, series), found
    if len(data.series) > 1:
        first = data.series[0]
        heights = np.sum([series.own for series in data.series], axis=0)
        total = replace(first, columns={"x": first.x, "y": first.y, "own": heights})
        yield facts.total_name(), [*series_facts(data, wording, total)]


@plots.kind(
    "stack",
    title="Stacked area chart",
    aliases={"matplotlib": "stackplot"},
    family="Parts of a whole",
    options=StackOptions,
    channels=plots.XY,
    transform=stack_layers,
    fit=add_crowded_note,
    describe=describe_layers,
    example={
        "x": "2016,2017,2018,2019,2020,2021,2022,2023,2024,2025",
        "y": [
            "61,64,68,70,66,71,73,72,76,79",
            "38,45,49,55,61,58,66,75,82,91",
            "4,6,9,12,16,21,28,36,47,60",
        ],
        "label": ["Water", "Wind", "Sun"],
        "ylabel": "Power (TWh)",
    },
)
def stack(ax: Axes, data: Data, *, baseline: str, alpha: float) -> None:
    """Areas on top of each other that show how parts add up to a whole, and how both change."""
    bottom = default_baseline(ax.get_yscale(), data.concat("y"))
    layers = []
    for series in data.series:
        look = ax.next_style()
        color = look.color
        style: dict[str, Any] = {"facecolor": color, "alpha": alpha, "linewidth": 0}
        known = np.pad(np.isfinite(series.y), 1)
        if (known[1:-1] & ~known[:-2] & ~known[2:]).any():
            # A point between two gaps has no area; draw an edge.
            style |= {"edgecolor": color, "linewidth": 1.5}
        base = np.maximum(series.base, bottom) if bottom else series.base
        top = np.maximum(series.y, bottom) if bottom else series.y
        layer = ax.fill_between(series.x, base, top, label=series.label, **style)
        ax.hatch(layer, look)
        layers.append(layer)
        values = {"x": series.x, "y": series.y - series.base}
        shown_rows = replace(series, columns=values)
        ax.set_tooltips(layer, shown_rows, at=np.stack([series.x, series.y], axis=-1))
        if baseline == "zero":
            layer.sticky_edges.y.append(bottom)
    ax.join_layers(layers)
    ax.set_xmargin(0)
