"""Violin plots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.data.model import Series
from plots.description.numbers import round_to
from plots.description.series import Entry
from plots.forms.options import AlphaField, OrientationField, is_horizontal
from plots.kinds.shared.annotations import add_margin_if_alone, draw_segments
from plots.kinds.shared.rectangles import add_collection

from .by_group import (
    CHANNELS,
    EXAMPLE,
    compare_medians,
    count_values,
    group_by_series,
    iter_groups,
    name_of_group,
    spread,
)  # fmt: skip

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

POINTS = 120  # along the height of an outline
MAX_KERNELS = 2048  # more values are counted in this many bins first


class ViolinOptions(forms.Form):
    orientation = OrientationField()
    bandwidth = forms.FloatField(
        min_value=0.05,
        max_value=20,
        initial=1,
        required=False,
        help_text="How smooth the shapes are: a factor for Scott's rule.",
    )
    quartiles = forms.BooleanField(
        initial=True, required=False, help_text="Mark the median and the quartiles."
    )
    alpha = AlphaField(initial=0.45, help_text="Opacity of the shapes, from 0 (invisible) to 1.")


def describe_violins(
    data: Data, wording: Wording, *, bandwidth: float, **unused: object
) -> Iterator[Entry]:
    """Yield the median, the quartiles, the ends and the widest part of each shape."""
    yield from compare_medians(data, wording)
    for groups in iter_groups(data):
        for x, values in zip(groups.x.tolist(), groups.values, strict=True):
            found = [*spread(wording, values)]
            low, high = float(values.min()), float(values.max())
            if low < high:
                heights, density = estimate_density(values, bandwidth)
                ends = {"low": wording.value("y", low), "high": wording.value("y", high)}
                found.append(_("reaches from %(low)s to %(high)s") % ends)
                # A position on a smooth curve is only known to about a part of it.
                widest = round_to(float(heights[density.argmax()]), (high - low) / 10)
                place = {"value": wording.value("y", widest)}
                found.append(_("widest near %(value)s") % place)
            yield name_of_group(data, wording, groups, x), found


@plots.kind(
    "violin",
    title="Violin plot",
    aliases={"matplotlib": "violinplot", "QuickChart": "violin, horizontalViolin"},
    family="Distribution",
    options=ViolinOptions,
    channels=CHANNELS,
    transform=group_by_series,
    describe=describe_violins,
    marks=count_values,
    transposed=is_horizontal,
    example=EXAMPLE,
)
def violin(
    ax: Axes, data: Data, *, orientation: str, bandwidth: float, quartiles: bool, alpha: float
) -> None:
    """The shape of the distribution of each group of numbers, wide where values are frequent."""
    from matplotlib.collections import PolyCollection

    horizontal = orientation == "horizontal"
    drawn = list(iter_groups(data))
    ax.name_positions(data.concat("x"), horizontal=horizontal)
    add_margin_if_alone(ax, sum(len(groups.values) for groups in drawn), horizontal=horizontal)
    for groups in drawn:
        look, outlines = ax.next_style(), []
        color = look.color
        for place, values in zip(groups.places, groups.values, strict=True):
            heights, density = estimate_density(values, bandwidth)
            aside = density * groups.width / 2
            across = np.concatenate([place - aside, (place + aside)[::-1]])
            outline = np.stack([across, np.concatenate([heights, heights[::-1]])], axis=-1)
            outlines.append(outline[:, ::-1] if horizontal else outline)
        style: dict[str, Any] = {"facecolor": (color, alpha), "edgecolor": color}
        shapes = PolyCollection(outlines, label=groups.label, linewidth=1, **style)
        add_collection(ax, shapes, np.concatenate([*outlines, np.empty((0, 2))]))
        ax.hatch(shapes, look, (color, alpha))
        if groups.values:
            quarters = np.transpose([np.percentile(v, [50, 25, 75]) for v in groups.values])
            shown_rows = dict(zip(("median", "first", "third"), quarters, strict=True))
            ax.set_tooltips(shapes, Series(groups.label, {"x": groups.x} | shown_rows))
            if quartiles:
                _mark(ax, groups.places, quarters, color, horizontal)
    if horizontal:
        ax.invert_yaxis()


def _mark(ax: Axes, places: Numbers, quarters: Any, color: Any, horizontal: bool) -> None:
    median, first, third = quarters
    style: dict[str, Any] = {"color": color, "capstyle": "butt", "horizontal": horizontal}
    style["linewidth"] = 4 * ax.marker_scale
    draw_segments(ax, places, first, places, third, **style)
    dots: dict[str, Any] = {
        "linestyle": "",
        "marker": "o",
        "markersize": 5.5 * ax.marker_scale,
        "zorder": 3,
    }
    dots |= {"color": color, "markerfacecolor": ax.get_facecolor(), "markeredgewidth": 1.4}
    ax.plot(*((median, places) if horizontal else (places, median)), **dots)


def estimate_density(values: Numbers, factor: float = 1) -> tuple[Any, Any]:
    """Return heights from the smallest to the largest of ``values``, and the density at each.

    ``values`` are 1-D and finite. The density is a Gaussian kernel estimate with ``factor`` times
    Scott's bandwidth, scaled to a maximum of 1. If all values are equal, it is 1 at their height.
    """
    low, high = values.min(), values.max()
    if low == high:
        return np.array([low]), np.ones(1)
    # Scale to 0 to 1, so that no square overflows.
    places, weights = (values - low) / (high - low), np.ones(values.size)
    places = np.clip(places, 0, 1)
    width = factor * places.std(ddof=1) * values.size**-0.2
    if values.size > MAX_KERNELS:
        weights, edges = np.histogram(places, MAX_KERNELS, (0, 1))
        places = (edges[:-1] + edges[1:]) / 2
        width = max(width, 1 / MAX_KERNELS)
    at = np.linspace(0, 1, POINTS)
    density = np.exp(-(((at[:, None] - places) / width) ** 2) / 2) @ weights
    return low + at * (high - low), density / density.max()
