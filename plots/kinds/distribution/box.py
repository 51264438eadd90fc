"""Box plots: quartiles, whiskers and outliers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Series
from plots.description.phrases import join_names
from plots.description.series import Entry
from plots.forms.options import AlphaField, OrientationField, is_horizontal
from plots.kinds.shared.annotations import add_margin_if_alone, draw_segments
from plots.kinds.shared.rectangles import draw_boxes

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

MOST_LISTED = 3  # outliers of a box, in a description
NARROW = 0.75  # the width of a box, as a part of a bar's


class BoxOptions(forms.Form):
    orientation = OrientationField()
    whiskers = forms.FloatField(
        min_value=0,
        max_value=100,
        initial=1.5,
        required=False,
        help_text="The longest whiskers, in heights of the box.",
    )
    outliers = forms.BooleanField(
        initial=True, required=False, help_text="Draw a point for each value beyond the whiskers."
    )
    alpha = AlphaField(initial=0.35, help_text="Opacity of the boxes, from 0 (invisible) to 1.")


def describe_boxes(
    data: Data, wording: Wording, *, whiskers: float, outliers: bool, **unused: object
) -> Iterator[Entry]:
    """Yield the median, the quartiles, the whiskers and the outliers of each group."""
    yield from compare_medians(data, wording)
    for groups in iter_groups(data):
        lows, _first, _median, _third, highs = _five(groups.values, whiskers)
        for x, values, low, high in zip(groups.x, groups.values, lows, highs, strict=True):
            found = [*spread(wording, values)]
            if values.size > 1:
                ends = {"low": wording.value("y", float(low)), "high": wording.value("y", high)}
                found.append(_("whiskers from %(low)s to %(high)s") % ends)
            beyond = np.sort(values[(values < low) | (values > high)])
            if outliers and beyond.size:
                found.append(_outliers(wording, beyond))
            yield name_of_group(data, wording, groups, float(x)), found


def _outliers(wording: Wording, beyond: Numbers) -> str:
    """Return how many values are beyond the whiskers, and in which range."""
    count = ngettext("%(count)d outlier", "%(count)d outliers", beyond.size)
    parts = {"count": count % {"count": beyond.size}}
    parts["range"] = wording.range("y", float(beyond[0]), float(beyond[-1]))
    if beyond.size <= MOST_LISTED:
        parts["range"] = join_names(wording.value("y", each) for each in beyond.tolist())
    return _("%(count)s: %(range)s") % parts


@plots.kind(
    "box",
    title="Box plot",
    aliases={"matplotlib": "boxplot", "QuickChart": "boxplot, horizontalBoxPlot"},
    family="Distribution",
    options=BoxOptions,
    channels=CHANNELS,
    transform=group_by_series,
    describe=describe_boxes,
    marks=count_values,
    transposed=is_horizontal,
    example=EXAMPLE,
)
def box(
    ax: Axes, data: Data, *, orientation: str, whiskers: float, outliers: bool, alpha: float
) -> None:
    """The middle, the spread and the outliers of each group of numbers."""
    horizontal = orientation == "horizontal"
    drawn = list(iter_groups(data))
    ax.name_positions(data.concat("x"), horizontal=horizontal)
    add_margin_if_alone(ax, sum(len(groups.values) for groups in drawn), horizontal=horizontal)
    for groups in drawn:
        look, places = ax.next_style(), groups.places
        color = look.color
        left, right = (places + side * groups.width * NARROW / 2 for side in (-1, 1))
        low, first, median, third, high = _five(groups.values, whiskers)
        style: dict[str, Any] = {"edgecolor": color, "linewidth": 1.3, "label": groups.label}
        style |= {"facecolor": (color, alpha), "horizontal": horizontal, "baseline": None}
        boxes = draw_boxes(ax, left, right, first, third, **style)
        ax.hatch(boxes, look, color)
        five = {"median": median, "first": first, "third": third, "low": low, "high": high}
        ax.set_tooltips(boxes, Series(groups.label, {"x": groups.x} | five))
        lines: dict[str, Any] = {"color": color, "linewidth": 1.3, "horizontal": horizontal}
        draw_segments(ax, places, low, places, first, **lines)
        draw_segments(ax, places, third, places, high, **lines)
        draw_segments(ax, left, median, right, median, **lines | {"linewidth": 2.6})
        if outliers:
            x, y = _beyond(places, groups.values, low, high)
            dots: dict[str, Any] = {
                "linestyle": "",
                "marker": "o",
                "markersize": 3.5 * ax.marker_scale,
            }
            dots |= {"color": color, "markeredgewidth": 0, "alpha": 0.8}
            (marks,) = ax.plot(*((y, x) if horizontal else (x, y)), **dots)
            named = _beyond(groups.x, groups.values, low, high)[0]
            ax.set_tooltips(
                marks, Series(groups.label, {"x": named, "y": y}), at=marks.get_xydata()
            )
    if horizontal:
        ax.invert_yaxis()


def _five(groups: list[Numbers], reach: float) -> Any:
    """Return the low end, the quartiles and the high end of each group, as five rows.

    Whiskers end at the last values within ``reach`` interquartile ranges of the box.
    """
    found = np.empty((5, len(groups)))
    for column, values in enumerate(groups):
        first, median, third = np.percentile(values, [25, 50, 75])
        room = reach * (third - first)
        low = min(values[values >= first - room].min(initial=first), first)
        high = max(values[values <= third + room].max(initial=third), third)
        found[:, column] = low, first, median, third, high
    return found


def _beyond(places: Numbers, groups: list[Numbers], low: Any, high: Any) -> tuple[Any, Any]:
    """Return x and y of all values below ``low`` or above ``high`` of their group."""
    outer = [v[(v < a) | (v > b)] for v, a, b in zip(groups, low, high, strict=True)]
    return np.repeat(places, [v.size for v in outer]), np.concatenate([*outer, np.empty(0)])
