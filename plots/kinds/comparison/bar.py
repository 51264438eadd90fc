"""Bar charts: grouped, stacked or in parts of 100 %, upright or horizontal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django import forms
from django.utils.translation import gettext

import plots
from plots.errors import PlotError
from plots.forms.options import AlphaField, OrientationField, choices, is_horizontal
from plots.kinds.shared.annotations import (
    MAX_LABELS,
    add_margin_if_alone,
    check_errors,
    draw_errors,
    text_color_on,
)
from plots.kinds.shared.notes import duplicates_note, too_many_labels_note
from plots.kinds.shared.rectangles import (
    FILL,
    default_baseline,
    draw_boxes,
    min_spacing,
    stack_bars,
)

from .bar_labels import write_above_bars, write_in_bars
from .combined import LinesField, draw_line, line_labels

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers, Series
    from plots.kinds.axes import Axes


class BarOptions(forms.Form):
    mode = forms.ChoiceField(
        choices=choices(("grouped", "stacked", "percent")),
        initial="grouped",
        required=False,
        help_text="Bars of several series side by side, one upon the other, or as parts of 100 %.",
    )
    orientation = OrientationField(help_text="Bars that stand, or lie with the first on top.")
    values = forms.BooleanField(
        initial=False, required=False, help_text="Write each value at its bar, where it fits."
    )
    lines = LinesField(
        max_length=1000,
        help_text="Series that are lines over the bars, by name or number, comma-separated.",
    )
    alpha = AlphaField(initial=1)


def transform_bars(
    data: Data, *, mode: str, values: bool, lines: str, orientation: str, **unused: object
) -> Data:
    """``data`` with what ``percent`` makes of y, where it is drawn as bars."""
    data = check_errors(data)
    if lines and orientation == "horizontal":
        message = "Lines need bars that stand: leave lines out, or orientation as vertical."
        raise PlotError(message, "invalid", "lines")
    as_lines = line_labels(data, lines)
    bars = tuple(series for series in data.series if series.label not in as_lines)
    if values:
        data = data.with_notes(
            too_many_labels_note(sum(series.x.size for series in bars), MAX_LABELS)
        )
    if mode == "grouped" and duplicates_note(bars, "x"):
        data = data.with_notes(gettext("Bars of one series at one place stand before each other."))
    if "error" in dict(data.axes):
        if mode != "grouped":
            message = "Error bars need bars side by side: leave error out, or mode as grouped."
            raise PlotError(message, "invalid", "error")
        return data
    if mode != "percent":
        return data
    shares = iter(_shares(bars))
    drawn = (s if s.label in as_lines else replace(s, columns=next(shares)) for s in data.series)
    return replace(data, series=tuple(drawn))


def _shares(series: tuple[Series, ...]) -> list[dict[str, Numbers]]:
    """For each series, x and its percents of all that stands at the same place."""
    if any((each.y < 0).any() for each in series):
        message = "Only values of 0 and more are parts of 100 %; y has negative ones."
        raise PlotError(message, "out-of-range", "y")
    x = np.concatenate([each.x for each in series])
    y = np.concatenate([each.y for each in series])
    largest = max(float(np.nan_to_num(y).max(initial=0)), 5e-324)
    y = y / largest  # so that no sum can overflow
    _, at = np.unique(x, return_inverse=True)
    totals = np.bincount(at, np.nan_to_num(y))[at]
    percents = 100 * y / np.where(totals > 0, totals, 1)
    parts = np.split(percents, np.cumsum([each.x.size for each in series])[:-1])
    return [{**each.columns, "y": part} for each, part in zip(series, parts, strict=True)]


@plots.kind(
    "bar",
    title="Bar chart",
    aliases={"matplotlib": "bar", "QuickChart": "bar, horizontalBar, progressBar, mixed"},
    family="Comparison",
    options=BarOptions,
    channels=[
        *plots.XY,
        plots.Channel(
            "error",
            "How far an error bar reaches up and down; one for all y, or repeated beside it.",
            repeat=True,
            dtype="number",
        ),
        plots.LINK,
    ],
    transform=transform_bars,
    transposed=is_horizontal,
    example={
        "x": "Monday,Tuesday,Wednesday,Thursday,Friday",
        "y": ["12,19,9,17,22", "7,11,13,8,15"],
        "label": ["Online", "In the shop"],
        "ylabel": "Orders",
    },
)
def bar(
    ax: Axes, data: Data, *, mode: str, orientation: str, values: bool, lines: str, alpha: float
) -> None:
    """A bar for each value, from zero."""
    horizontal = orientation == "horizontal"
    as_lines = line_labels(data, lines)
    groups = sum(series.label not in as_lines for series in data.series) if mode == "grouped" else 1
    width = min_spacing(data.concat("x")) * FILL / groups
    scale = ax.get_xscale() if horizontal else ax.get_yscale()
    bottom = default_baseline(scale, data.concat("y"))
    has_words = values and data.concat("x").size <= MAX_LABELS
    style = data.axis("y").format
    add_margin_if_alone(ax, data.concat("x").size, horizontal=horizontal)
    tops: dict[tuple[float, bool], float] = {}
    index = -1  # of the bars
    for series in data.series:
        color = ax.next_color()
        if series.label in as_lines:
            draw_line(ax, data, series, color, alpha, bottom)
            continue
        index += 1
        shown = np.isfinite(series.x) & (np.isfinite(series.y) | (scale != "log"))
        places, heights = series.x[shown], np.nan_to_num(series.y[shown])  # a gap has no bar
        starts = np.zeros_like(heights)
        if mode == "grouped":
            places = places + (index - (groups - 1) / 2) * width
        else:
            starts = stack_bars(places, heights, tops)
        edges = (places - width / 2, places + width / 2, starts, starts + heights)
        reach = edges[3]  # of the bar, and of its error
        look = {"facecolor": color, "label": series.label, "alpha": alpha}
        boxes = draw_boxes(ax, *edges, baseline=bottom, horizontal=horizontal, **look)
        ax.set_tooltips(boxes, _told(series, mode), shown)
        if mode == "percent":
            (boxes.sticky_edges.x if horizontal else boxes.sticky_edges.y).append(100)
        if "error" in series.columns:
            error = np.where(np.isfinite(series.y), series.error, np.nan)[shown]
            lows = np.maximum(heights - error, bottom or -np.inf)
            ink = ax.ink
            draw_errors(ax, places, lows, heights + error, color=ink, horizontal=horizontal)
            reach = heights + np.copysign(np.nan_to_num(error), heights)
        if has_words:
            ends = reach if mode == "grouped" else starts
            bars = np.stack([*edges[:2], ends, heights], axis=-1)[np.isfinite(series.y[shown])]
            if mode == "grouped":
                write_above_bars(ax, bars, horizontal, 1.2 if groups > 1 else 1 / FILL, style)
            else:
                unit = "%" if (mode, style) == ("percent", "auto") else style
                write_in_bars(ax, bars, horizontal, unit, text_color_on(ax, color, alpha))
    if horizontal:
        ax.invert_yaxis()


def _told(series: Series, mode: str) -> Series:
    columns = dict(series.columns)
    if mode == "percent":
        columns["share"] = columns.pop("y")
    return replace(series, columns=columns)
