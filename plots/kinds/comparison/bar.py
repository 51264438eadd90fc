"""Bar charts: grouped, stacked or in parts of 100 %, vertical or horizontal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.description import facts
from plots.description.series import Entry, name_of, series_facts
from plots.errors import PlotError
from plots.forms.options import AlphaField, OrientationField, choices, is_horizontal
from plots.kinds.shared.annotations import (
    MAX_LABELS,
    add_margin_if_alone,
    check_errors,
    draw_errors,
)
from plots.kinds.shared.contrast import text_style_on
from plots.kinds.shared.duplicates import add_up, refuse_rows
from plots.kinds.shared.notes import add_crowded_note, too_many_labels_note
from plots.kinds.shared.rectangles import (
    FILL,
    bar_slots,
    default_baseline,
    draw_boxes,
    stack_bars,
)

from .bar_labels import bar_texts, write_above_bars, write_in_bars
from .combined import LinesField, draw_line, line_labels

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers, Series
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes
    from plots.kinds.styles import SeriesStyle


class BarOptions(forms.Form):
    mode = forms.ChoiceField(
        choices=choices(("grouped", "stacked", "percent")),
        initial="grouped",
        required=False,
        help_text="Show several series side by side, on top of each other, or as parts of 100 %.",
    )
    orientation = OrientationField(
        help_text="The direction of the bars. Horizontal bars start at the top."
    )
    values = forms.BooleanField(
        initial=False, required=False, help_text="Write each value at its bar, if it fits."
    )
    lines = LinesField(
        max_length=1000,
        help_text="Names or numbers of series to draw as lines over the bars, comma-separated.",
    )
    alpha = AlphaField(initial=1)


def transform_bars(
    data: Data, *, mode: str, values: bool, lines: str, orientation: str, **unused: object
) -> Data:
    """Check the options, and turn y into percents with ``mode=percent``."""
    data = check_errors(data)
    if lines and orientation == "horizontal":
        message = _("lines needs vertical bars. Leave it out, or set orientation to vertical.")
        raise PlotError(message, "invalid", "lines")
    as_lines = line_labels(data, lines)
    data = replace(
        _merge_rows(data, as_lines, mode), stacked=mode != "grouped" and orientation == "vertical"
    )
    bars = tuple(series for series in data.series if series.label not in as_lines)
    if values:
        data = data.with_notes(
            too_many_labels_note(sum(series.x.size for series in bars), MAX_LABELS)
        )
    if "error" in dict(data.axes):
        if mode != "grouped":
            message = _("error needs bars side by side. Leave it out, or set mode to grouped.")
            raise PlotError(message, "invalid", "error")
        return data
    if mode != "percent":
        return data
    shares = iter(_shares(bars))
    drawn = (s if s.label in as_lines else replace(s, columns=next(shares)) for s in data.series)
    # Parts of a whole are no longer in the unit of the column. Lines have units of their own.
    style = "auto" if as_lines else "of-100"
    axes = {**data.axes, "y": replace(data.axis("y"), format=style)}
    return replace(data, series=tuple(drawn), axes=axes)


def _merge_rows(data: Data, as_lines: Set[str], mode: str) -> Data:
    """Add up the rows of a bar. Rows of a source are only added up if bars are stacked."""
    bars = replace(data, series=tuple(s for s in data.series if s.label not in as_lines))
    if mode == "grouped":
        refuse_rows(bars, "y", "x")
    merged = add_up(bars, "y", "x")
    if merged is not bars and "error" in dict(data.axes):
        message = _("Errors of rows with the same x cannot be added up. Give each x once.")
        raise PlotError(message, "repeated-place", "error")
    rest = iter(merged.series)
    series = tuple(s if s.label in as_lines else next(rest) for s in data.series)
    return replace(merged, series=series)


def _shares(series: tuple[Series, ...]) -> list[dict[str, Numbers]]:
    """Return the columns of each series, with y as percents of all bars at the same x."""
    if any((each.y < 0).any() for each in series):
        message = _("y has a negative number, which is no part of a whole. Set mode to grouped.")
        raise PlotError(message, "out-of-range", "y")
    x = np.concatenate([each.x for each in series])
    y = np.concatenate([each.y for each in series])
    largest = max(float(np.nan_to_num(y).max(initial=0)), 5e-324)
    y = y / largest  # no sum can overflow
    at = np.unique(x, return_inverse=True)[1]
    totals = np.bincount(at, np.nan_to_num(y))[at]
    percents = 100 * y / np.where(totals > 0, totals, 1)
    parts = np.split(percents, np.cumsum([each.x.size for each in series])[:-1])
    # Descriptions also give the amounts.
    return [
        {**each.columns, "y": part, "amount": each.y}
        for each, part in zip(series, parts, strict=True)
    ]


def count_bars(count: int) -> str:
    return ngettext("%(count)s bar", "%(count)s bars", count)


def describe_bars(
    data: Data, wording: Wording, *, mode: str, lines: str, **unused: object
) -> Iterator[Entry]:
    """Yield facts about each series: with ``mode=percent`` its shares; and about their totals."""
    as_lines = line_labels(data, lines)
    bars = [series for series in data.series if series.label not in as_lines]
    has_order = wording.axis("x").dtype != "category"
    for series in data.series:
        found = [*series_facts(data, wording, series, has_order=has_order)]
        if series.label in as_lines:
            found.append(_("drawn as a line"))
        elif "amount" in series.columns:
            found = [*_share_facts(wording, series)]
        if not (data.panels and series.is_gap):
            yield name_of(data, series), found
    if mode != "grouped" and len(bars) > 1:
        yield facts.total_name(), [*_total_facts(wording, bars)]


def _share_facts(wording: Wording, series: Series) -> Iterator[str]:
    rows = wording.drawn(series)
    at = facts.places(wording, x=series.x[rows])
    yield from facts.extremes(wording, "share", series.y[rows], at)
    yield facts.total(wording, "amount", series.amount[rows])


def _total_facts(wording: Wording, bars: Sequence[Series]) -> Iterator[str]:
    """Yield the extremes of the sums of all ``bars`` at an x."""
    amount = "amount" if "amount" in bars[0].columns else "y"
    rows = [wording.complete(series) for series in bars]
    x = np.concatenate([series.x[seen] for series, seen in zip(bars, rows, strict=True)])
    y = np.concatenate(
        [series.columns[amount][seen] for series, seen in zip(bars, rows, strict=True)]
    )
    if x.size:
        places, at = np.unique(x, return_inverse=True)
        sums: Numbers = np.bincount(at, y).astype("float64")
        yield from facts.extremes(wording, amount, sums, facts.places(wording, x=places))


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
            "The length of each error bar, up and down; one column for all y, or one for each.",
            repeat=True,
            dtype="number",
        ),
        plots.LINK,
    ],
    transform=transform_bars,
    fit=add_crowded_note,
    describe=describe_bars,
    marks=count_bars,
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
    """Bars that compare amounts by category."""
    as_lines = line_labels(data, lines)
    chart = _Bars(ax, data, mode, orientation == "horizontal", alpha, as_lines)
    if values and data.concat("x").size <= MAX_LABELS:
        chart.texts = bar_texts(data, as_lines, mode)
    add_margin_if_alone(ax, data.concat("x").size, horizontal=chart.horizontal)
    ax.name_positions(data.concat("x"), horizontal=chart.horizontal)
    for series in data.series:
        look = ax.next_style()
        if series.label in as_lines:
            draw_line(ax, data, series, look, alpha, chart.bottom)
        else:
            chart.draw(series, look)
    if chart.horizontal:
        ax.invert_yaxis()


class _Bars:
    """The bars of a chart, drawn series by series."""

    def __init__(
        self, ax: Axes, data: Data, mode: str, horizontal: bool, alpha: float, as_lines: Set[str]
    ) -> None:
        self.ax, self.mode, self.horizontal, self.alpha = ax, mode, horizontal, alpha
        count = sum(series.label not in as_lines for series in data.series)
        self.groups = count if mode == "grouped" else 1
        self.slots = bar_slots(data.concat("x"))
        self.scale = ax.get_xscale() if horizontal else ax.get_yscale()
        self.bottom = default_baseline(self.scale, data.concat("y"))
        self.tops: dict[tuple[float, bool], float] = {}  # of stacked bars
        self.index = 0  # of the series among those that are bars
        self.texts: dict[float, str] = {}  # of the values that are written

    def draw(self, series: Series, style: SeriesStyle) -> None:
        """Draw the bars of ``series``, their errors and their labels."""
        is_drawn = np.isfinite(series.x) & (np.isfinite(series.y) | (self.scale != "log"))
        places, heights = series.x[is_drawn], np.nan_to_num(series.y[is_drawn])  # a gap has no bar
        starts = np.zeros_like(heights)
        lefts, rights = self._sides(places)
        if self.mode != "grouped":
            starts = stack_bars(places, heights, self.tops)
        self.index += 1
        places = lefts + (rights - lefts) / 2
        edges = lefts, rights, starts, starts + heights
        look: dict[str, Any] = {"facecolor": style.color, "label": series.label}
        look |= {"alpha": self.alpha, "baseline": self.bottom, "horizontal": self.horizontal}
        boxes = draw_boxes(self.ax, *edges, **look)
        self.ax.hatch(boxes, style)
        self.ax.set_tooltips(boxes, _for_tooltips(series, self.mode), is_drawn)
        if self.mode == "grouped":
            self.ax.show_zeros(boxes, np.isfinite(series.y[is_drawn]))  # but no gaps
        if self.mode == "percent":
            (boxes.sticky_edges.x if self.horizontal else boxes.sticky_edges.y).append(100)
        reach = edges[3]  # of the bar, and of its error
        if "error" in series.columns:
            error = np.where(np.isfinite(series.y), series.error, np.nan)[is_drawn]
            self._draw_errors(places, heights, error)
            reach = heights + np.copysign(np.nan_to_num(error), heights)
        if self.texts:
            ends = reach if self.mode == "grouped" else starts
            bars = np.stack([*edges[:2], ends, heights], axis=-1)
            self._write(bars[np.isfinite(series.y[is_drawn])], style)

    def _sides(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """Return where the bars of the current series at ``places`` begin and end."""
        known, lefts, rights = self.slots
        at = np.searchsorted(known, places)
        width = (rights[at] - lefts[at]) / self.groups
        index = self.index if self.mode == "grouped" else 0
        return lefts[at] + index * width, lefts[at] + (index + 1) * width

    def _draw_errors(self, places: Numbers, heights: Numbers, error: Numbers) -> None:
        lows, highs = np.maximum(heights - error, self.bottom or -np.inf), heights + error
        color = self.ax.ink
        draw_errors(self.ax, places, lows, highs, color=color, horizontal=self.horizontal)

    def _write(self, bars: Numbers, look: SeriesStyle) -> None:
        """Write the values of ``bars`` (left, right, end or start, height)."""
        if self.mode == "grouped":
            room = 1.2 if self.groups > 1 else 1 / FILL
            write_above_bars(self.ax, bars, self.horizontal, room, self.texts)
        else:
            ink = text_style_on(self.ax, look, self.alpha)
            write_in_bars(self.ax, bars, self.horizontal, self.texts, ink)


def _for_tooltips(series: Series, mode: str) -> Series:
    columns = dict(series.columns)
    if mode == "percent":
        columns["share"] = columns.pop("y")
        columns.pop("amount", None)
    return replace(series, columns=columns)
