"""Error bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.description.series import Entry, name_of, series_facts
from plots.errors import PlotError
from plots.forms.options import (
    LINE_STYLES,
    MARKERS,
    AlphaField,
    MarkerField,
    MarkerSizeField,
    choices,
)
from plots.kinds.change.line import isolated_points
from plots.kinds.shared.annotations import check_errors, draw_errors
from plots.kinds.shared.rectangles import default_baseline

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class ErrorbarOptions(forms.Form):
    marker = MarkerField(initial="circle")
    markersize = MarkerSizeField(initial=6)
    linestyle = forms.ChoiceField(
        choices=choices(LINE_STYLES),
        initial="none",
        required=False,
        help_text="The style of a line that joins the values.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.5, required=False, help_text="Width in points."
    )
    capsize = forms.FloatField(
        min_value=0,
        max_value=20,
        initial=4,
        required=False,
        help_text="Size of the ends in points.",
    )
    alpha = AlphaField(initial=1)


def _of_y(name: str, help: str) -> plots.Channel:
    return plots.Channel(
        name, f"{help}; one column for all y, or one for each.", repeat=True, dtype="number"
    )


def check_ends(data: Data, **unused: object) -> Data:
    """Raise a PlotError for negative errors, and for missing, extra or exchanged ends."""
    names = dict(data.axes)
    if "error" in names and {"low", "high"} & set(names):
        message = _("error cannot be combined with low and high. Leave one of them out.")
        raise PlotError(message, "invalid", "error")
    for name in ("low", "high"):
        if name not in names and {"low", "high"} & set(names):
            raise PlotError(_("low and high belong together. Give both."), "required", name)
    if "low" in names and any((series.low > series.high).any() for series in data.series):
        message = _("A low end is above its high end. Exchange the two.")
        raise PlotError(message, "out-of-order", "low")
    return check_errors(data)


def describe_errors(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield facts about the values of each series, and about its error bars."""
    for series in data.series:
        found = [*series_facts(data, wording, series), *_error_facts(wording, series)]
        if not (data.panels and len(data.series) > 1 and series.is_gap):
            yield name_of(data, series), found


def _error_facts(wording: Wording, series: Series) -> Iterator[str]:
    lows, highs = _ends(series)
    rows = wording.drawn(series) & np.isfinite(lows) & np.isfinite(highs)
    if not rows.any():
        return
    if "error" in series.columns:
        errors = series.error[rows]
        least, most = (wording.value("error", float(each)) for each in (errors.min(), errors.max()))
        if least == most:
            yield _("error ± %(value)s") % {"value": most}
        else:
            yield _("errors from ± %(low)s to ± %(high)s") % {"low": least, "high": most}
    reach = wording.range("y", float(lows[rows].min()), float(highs[rows].max()))
    yield _("bars reach %(range)s") % {"range": reach}


@plots.kind(
    "errorbar",
    title="Error bars",
    aliases={"matplotlib": "errorbar"},
    family="Correlation",
    options=ErrorbarOptions,
    channels=[
        plots.XY[0],
        plots.XY[1],
        _of_y("error", "The length of each error bar, up and down"),
        _of_y("low", "Lower ends of the error bars, together with high, instead of error"),
        _of_y("high", "Upper ends of the error bars"),
        plots.BY,
        plots.LINK,
    ],
    transform=check_ends,
    describe=describe_errors,
    example={
        "x": "0,5,10,15,20,25,30",
        "y": ["2.1,3.9,6.8,9.2,10.9,11.6,11.9", "1.8,2.6,3.9,5.6,7.1,8.2,8.8"],
        "error": ["0.4,0.6,0.7,0.9,0.8,0.6,0.7", "0.3,0.4,0.5,0.7,0.8,0.7,0.6"],
        "label": ["Treated", "Control"],
        "linestyle": "solid",
        "xlabel": "Day",
        "ylabel": "Height (cm), mean ± 1 s.d.",
    },
)
def errorbar(
    ax: Axes,
    data: Data,
    *,
    marker: str,
    markersize: float,
    linestyle: str,
    linewidth: float,
    capsize: float,
    alpha: float,
) -> None:
    """Values with bars that show how uncertain each of them is."""
    ends = [_ends(series) for series in data.series]
    if ax.get_yscale() == "log":
        # An end that a log scale cannot show is drawn below all others.
        values = [each for series in data.all_series for each in (*_ends(series), series.y)]
        bottom = default_baseline("log", np.concatenate(values))
        ends = [(np.where(low <= 0, bottom, low), high) for low, high in ends]
    for series, (lows, highs) in zip(data.series, ends, strict=True):
        look = ax.next_style()
        color = (look.color, alpha)
        style = look.line(LINE_STYLES[linestyle]) | {"color": color, "linewidth": linewidth}
        style |= {
            "marker": look.marker(MARKERS[marker]),
            "markersize": markersize * ax.marker_scale,
        }
        bars: dict[str, Any] = {"color": color, "linewidth": linewidth, "capsize": capsize}
        if not style["marker"]:
            bars["linestyle"] = look.line()["linestyle"]
            bars["label"] = "" if style["linestyle"] else series.label
            if linestyle != "none" and (lone := isolated_points(series)).size:
                style |= {"marker": MARKERS["circle"], "markevery": lone.tolist()}
        label = series.label if style["marker"] or style["linestyle"] else ""
        ax.plot(series.x, series.y, label=label, markeredgewidth=0, **style)
        draw_errors(ax, series.x, lows, highs, **bars)


def _ends(series: Series) -> tuple[Any, Any]:
    if "low" in series.columns:
        return series.low, series.high
    error = series.columns.get("error", series.y * float("nan"))
    return series.y - error, series.y + error
