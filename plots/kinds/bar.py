"""Bar charts: grouped, stacked or in parts of 100 %, upright or lying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext

import plots
from plots.errors import PlotError

from ..hover import tell
from ..options import AlphaField, OrientationField, choices, lies
from .boxes import FILL, draw_boxes, ground_of, next_color, room_of
from .marks import (
    MOST_WORDS,
    check_errors,
    draw_errors,
    give_room,
    leave_air,
    readable_on,
    widen,
    write_short,
)
from .notes import doubles, unwritten
from .sizes import panels_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..data import Data, Numbers, Series


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
    alpha = AlphaField(initial=1)


def as_drawn(data: Data, *, mode: str, values: bool, **_: object) -> Data:
    """``data`` with what ``percent`` makes of y."""
    data = check_errors(data)
    if values:
        data = data.noting(unwritten(sum(series.x.size for series in data.series), MOST_WORDS))
    if mode == "grouped" and doubles(data.series, "x"):
        data = data.noting(gettext("Bars of one series at one place stand before each other."))
    if "error" in dict(data.axes):
        if mode != "grouped":
            message = "Error bars need bars side by side: leave error out, or mode as grouped."
            raise PlotError(message, "invalid", "error")
        return data
    if mode != "percent":
        return data
    columns = _shares(data.series)
    pairs = zip(data.series, columns, strict=True)
    return replace(data, series=tuple(replace(s, columns=each) for s, each in pairs))


def _shares(series: tuple[Series, ...]) -> list[dict[str, Numbers]]:
    """For each series, x and its percents of all that stands at the same place."""
    import numpy as np

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
    known_as={"matplotlib": "bar", "QuickChart": "bar, horizontalBar, progressBar"},
    family="Pairwise",
    options=BarOptions,
    channels=[
        *plots.XY,
        plots.Channel(
            "error",
            "How far an error bar reaches up and down; one for all y, or repeated beside it.",
            repeat=True,
            sort="number",
        ),
        plots.LINK,
    ],
    prepare=as_drawn,
    transposed=lies,
    example={
        "x": "Monday,Tuesday,Wednesday,Thursday,Friday",
        "y": ["12,19,9,17,22", "7,11,13,8,15"],
        "label": ["Online", "In the shop"],
        "ylabel": "Orders",
    },
)
def bar(ax: Axes, data: Data, *, mode: str, orientation: str, values: bool, alpha: float) -> None:
    """A bar for each value, from zero."""
    import numpy as np

    lying = orientation == "horizontal"
    groups = len(data.series) if mode == "grouped" else 1
    width = room_of(data.all("x")) * FILL / groups
    scale = ax.get_xscale() if lying else ax.get_yscale()
    ground = ground_of(scale, data.all("y"))
    has_words = values and data.all("x").size <= MOST_WORDS
    style = data.axis("y").format
    leave_air(ax, data.all("x").size, lying=lying)
    tops: dict[tuple[float, bool], float] = {}
    for index, series in enumerate(data.series):
        shown = np.isfinite(series.x) & (np.isfinite(series.y) | (scale != "log"))
        places, heights = series.x[shown], np.nan_to_num(series.y[shown])  # a gap has no bar
        starts = np.zeros_like(heights)
        if mode == "grouped":
            places = places + (index - (groups - 1) / 2) * width
        else:
            starts = _stack(places, heights, tops)
        edges = (places - width / 2, places + width / 2, starts, starts + heights)
        reach = edges[3]  # of the bar, and of its error
        color = next_color(ax)
        look = {"facecolor": color, "label": series.label, "alpha": alpha}
        boxes = draw_boxes(ax, *edges, ground=ground, lying=lying, **look)
        tell(boxes, data, _told(series, mode), shown)
        if mode == "percent":
            (boxes.sticky_edges.x if lying else boxes.sticky_edges.y).append(100)
        if "error" in series.columns:
            error = np.where(np.isfinite(series.y), series.error, np.nan)[shown]
            lows = np.maximum(heights - error, ground or -np.inf)
            ink = ax.title.get_color()
            draw_errors(ax, places, lows, heights + error, color=ink, lying=lying)
            reach = heights + np.copysign(np.nan_to_num(error), heights)
        if has_words:
            ends = reach if mode == "grouped" else starts
            bars = np.stack([*edges[:2], ends, heights], axis=-1)[np.isfinite(series.y[shown])]
            if mode == "grouped":
                _write(ax, bars, lying, 1.2 if groups > 1 else 1 / FILL, style)
            else:
                unit = "%" if (mode, style) == ("percent", "auto") else style
                _write_within(ax, bars, lying, unit, readable_on(ax, color, alpha))
    if lying:
        ax.invert_yaxis()


def _told(series: Series, mode: str) -> Series:
    columns = dict(series.columns)
    if mode == "percent":
        columns["share"] = columns.pop("y")
    return replace(series, columns=columns)


def _stack(places: Numbers, heights: Numbers, tops: dict[tuple[float, bool], float]) -> Numbers:
    """Where each bar starts: what rises stands on what rises, what falls hangs from what falls."""
    import numpy as np

    starts = np.zeros_like(heights)
    for row, (place, height) in enumerate(zip(places, heights, strict=True)):
        key = (float(place), bool(height < 0))
        starts[row] = tops.get(key, 0.0)
        tops[key] = starts[row] + height
    return starts


def _write(ax: Axes, bars: Numbers, lying: bool, room: float, style: str) -> None:
    """The value of each bar (left, right, reach, height) beyond its reach, in ``room`` widths."""
    turn = -1 if lying else 1
    columns, rows = panels_of(ax)
    widen(ax, *(None, 0.12 * (columns**1.5 if lying else rows**0.7))[::turn])
    for left, right, reach, height in bars.tolist():
        sign = -1 if height < 0 else 1
        middle, half = (left + right) / 2, (right - left) / 2 * room
        words = ax.annotate(
            write_short(height, style),
            (middle, reach)[::turn],
            (0, 3 * sign) if not lying else (3 * sign, 0),
            textcoords="offset points",
            ha="center" if not lying else "left" if sign > 0 else "right",
            va="center" if lying else "bottom" if sign > 0 else "top",
            color=ax.title.get_color(),
        )
        # As long as may be, but no wider than would reach into the next bar.
        transform = ax.get_yaxis_transform() if lying else ax.get_xaxis_transform()
        give_room(words, (middle - half, -9)[::turn], (middle + half, 9)[::turn], transform)


def _write_within(ax: Axes, bars: Numbers, lying: bool, unit: str, color: Any) -> None:
    """The value of each bar (left, right, start, height), in its middle."""
    turn = -1 if lying else 1
    for left, right, start, height in bars.tolist():
        text = f"{height:.0f}%" if unit == "%" else write_short(height, unit)
        point = ((left + right) / 2, start + height / 2)
        style = {"ha": "center", "va": "center", "color": color}
        words = ax.annotate(text, point[::turn], **style)
        give_room(words, (left, start)[::turn], (right, start + height)[::turn], ax.transData)
