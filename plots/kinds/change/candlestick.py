"""Candlestick charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

import plots
from plots.description import facts
from plots.description.numbers import percent
from plots.description.series import Entry, count_gaps, no_rows
from plots.errors import PlotError
from plots.forms.options import choices
from plots.kinds.shared.annotations import add_margin_if_alone
from plots.kinds.shared.duplicates import first, highest, last, lowest, merge_rows
from plots.kinds.shared.labels import value_labels
from plots.kinds.shared.rectangles import bar_spacing, box_corners

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


# How the prices of rows with the same x are joined.
PRICES = {"open": first, "high": highest, "low": lowest, "close": last}


class CandlestickOptions(forms.Form):
    gaps = forms.ChoiceField(
        choices=choices(["show", "skip"]),
        initial="show",
        required=False,
        help_text="Show days without a row, such as weekends, as gaps, or leave them out.",
    )
    shape = forms.ChoiceField(
        choices=choices(["candles", "bars"]),
        initial="candles",
        required=False,
        help_text="Candles, or bars with the open at the left and the close at the right.",
    )
    rising = forms.ChoiceField(
        choices=choices(["hollow", "filled"]),
        initial="hollow",
        required=False,
        help_text="The candles of days that close above their open; the others are filled.",
    )
    bodywidth = forms.FloatField(
        min_value=0.05,
        max_value=1,
        initial=0.64,
        required=False,
        help_text="Width of a candle, as a part of the distance to the next.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=10, initial=1.2, required=False, help_text="Width in points."
    )


def transform_candles(data: Data, *, gaps: str, **unused: object) -> Data:
    """Join rows with the same x, and remove gaps along x with ``gaps=skip``.

    Raise a PlotError if a high is below its low.
    """
    (series,) = data.series
    wrong = np.flatnonzero(series.high < series.low)
    if wrong.size:
        row = int(wrong[0])
        prices = {"row": row + 1, "high": f"{series.high[row]:g}", "low": f"{series.low[row]:g}"}
        message = _("In row %(row)d, high (%(high)s) is below low (%(low)s).") % prices
        raise PlotError(message, "out-of-range", "high")
    joined = merge_rows(series, ("x",), PRICES)
    if joined is not series:
        series = joined
        data = data.with_notes(
            _(
                "Rows with the same x are joined to one candle, from the first open to the last "
                "close."
            )
        )
    # The smallest value decides whether a log scale is possible.
    columns = dict(series.columns) | {"y": np.fmin(np.fmin(series.low, series.open), series.close)}
    axes = dict(data.axes)
    if gaps == "skip" and axes["x"].dtype != "category":
        places = np.unique(data.concat("x"))
        places = places[np.isfinite(places)]
        known = np.where(np.isfinite(series.x), np.searchsorted(places, series.x), np.nan)
        columns["x"] = known.astype("float64")
        names = tuple(value_labels(places, axes["x"]))
        axes["x"] = replace(axes["x"], dtype="category", names=names)
    return replace(data, series=(replace(series, columns=columns),), axes=axes)


def count_candles(count: int) -> str:
    return ngettext("%(count)s candle", "%(count)s candles", count)


def describe_prices(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the first open, the last close, the change and the range of the prices."""
    (series,) = data.series
    rows = np.flatnonzero(wording.drawn(series))
    if not rows.size:
        yield "", [no_rows(wording, series)]
        return
    rows = rows[np.argsort(series.x[rows], kind="stable")]
    columns = {name: column[rows] for name, column in series.columns.items()}
    at = facts.places(wording, x=columns["x"])
    first, last = float(columns["open"][0]), float(columns["close"][-1])
    ends = {"first": wording.value("open", first), "last": wording.value("close", last)}
    ends |= {"start": at[0], "end": at[-1]}
    up = int((columns["close"] >= columns["open"]).sum())
    yield (
        "",
        [
            _("opens at %(first)s (%(start)s), closes at %(last)s (%(end)s)") % ends,
            _change(wording, first, last),
            *facts.extremes(wording, "high", columns["high"], at, low=columns["low"]),
            _("rising: %(up)d, falling: %(down)d") % {"up": up, "down": rows.size - up},
            facts.gaps(count_gaps(wording, series)),
        ],
    )


def _change(wording: Wording, first: float, last: float) -> str:
    """Return by how much ``last`` is above or below ``first``, in percent, too."""
    change = {"value": wording.value("close", abs(last - first))}
    if first > 0:
        change["percent"] = percent(100 * abs(last - first) / first)
    if last == first:
        return _("no change")
    if first > 0:
        up, down = _("up %(value)s (%(percent)s)"), _("down %(value)s (%(percent)s)")
    else:
        up, down = _("up %(value)s"), _("down %(value)s")
    return (up if last > first else down) % change


@plots.kind(
    "candlestick",
    title="Candlestick chart",
    aliases={"QuickChart": "candlestick, ohlc"},
    family="Change over time",
    options=CandlestickOptions,
    channels=[
        plots.Channel("x", "Dates, numbers or names. Left out: 0, 1, 2, …"),
        plots.Channel("open", "The first price of each day.", True, dtype="number"),
        plots.Channel("high", "The highest price of each day.", True, dtype="number"),
        plots.Channel("low", "The lowest price of each day.", True, dtype="number"),
        plots.Channel("close", "The last price of each day.", True, dtype="number"),
        plots.LINK,
    ],
    transform=transform_candles,
    describe=describe_prices,
    marks=count_candles,
    example={
        "x": "2026-03-02,2026-03-03,2026-03-04,2026-03-05,2026-03-06,2026-03-09,2026-03-10,"
        "2026-03-11,2026-03-12,2026-03-13,2026-03-16,2026-03-17,2026-03-18,2026-03-19,2026-03-20",
        "open": "41.2,41.9,42.6,42.1,43.0,43.4,42.2,41.6,41.9,42.8,43.9,44.6,44.1,43.2,43.9",
        "high": "42.3,42.9,43.0,43.3,43.9,43.6,42.6,42.3,43.1,44.2,44.9,45.0,44.3,44.1,45.2",
        "low": "40.8,41.6,41.8,41.9,42.7,42.0,41.3,41.1,41.7,42.6,43.6,43.8,42.9,42.9,43.7",
        "close": "41.9,42.7,42.0,43.1,43.5,42.3,41.5,42.0,42.9,44.0,44.7,44.0,43.1,44.0,45.0",
        "ylabel": "Price (EUR)",
    },
)
def candlestick(
    ax: Axes,
    data: Data,
    *,
    shape: str,
    rising: str,
    bodywidth: float,
    linewidth: float,
    **unused: object,
) -> None:
    """The open, high, low and close price of each day."""
    (series,) = data.series
    known = np.logical_and.reduce([np.isfinite(each) for each in series.numbers.values()])
    half = bar_spacing(data.concat("x")) * bodywidth / 2
    add_margin_if_alone(ax, int(known.sum()))
    up = series.close >= series.open
    shown_rows = replace(
        series, columns={n: c for n, c in series.columns.items() if n != "y"}, label=""
    )
    names = pgettext("of a price", "Up"), pgettext("of a price", "Down")
    for label, rows in zip(names, (known & up, known & ~up), strict=True):
        columns = {name: each[rows] for name, each in series.columns.items()}
        look = ax.next_style()
        color = look.tint
        is_hollow = label == names[0] and rising == "hollow"
        face = ax.get_facecolor() if is_hollow else color
        style = {"facecolors": [face], "edgecolors": [color], "linewidths": linewidth}
        if rows.any():
            draw = _draw_candles if shape == "candles" else _draw_bars
            marks = draw(ax, columns, half, label=label, **style)
            x, low, high = (columns[name] for name in ("x", "low", "high"))
            ax.set_tooltips(marks, shown_rows, rows, at=box_corners(x - half, x + half, low, high))


def _draw_candles(
    ax: Axes, columns: dict[str, Numbers], half: float, *, label: str, **style: Any
) -> Artist:
    """Draw one Artist of wicks and one of bodies."""
    from matplotlib.collections import LineCollection, PolyCollection

    x, bottom, top = columns["x"], *np.sort([columns["open"], columns["close"]], axis=0)
    # Wicks end at the body, since hollow bodies are transparent.
    ends = [(columns["low"], np.maximum(columns["low"], bottom)), (top, columns["high"])]
    wicks: Any = np.concatenate([np.stack([[x, x], each], axis=-1).swapaxes(0, 1) for each in ends])
    lines = {"colors": style["edgecolors"], "linewidths": style["linewidths"]}
    ax.add_collection(LineCollection(wicks, capstyle="butt", **lines))
    across = np.stack([x - half, x - half, x + half, x + half], axis=-1)
    bodies: Any = np.stack([across, np.stack([bottom, top, top, bottom], axis=-1)], axis=-1)
    return ax.add_collection(PolyCollection(bodies, label=label, joinstyle="miter", **style))


def _draw_bars(
    ax: Axes, columns: dict[str, Numbers], half: float, *, label: str, **style: Any
) -> Artist:
    """Draw bars from low to high, with open as a tick at the left and close at the right."""
    from matplotlib.collections import LineCollection

    x, low, high, first, last = (columns[name] for name in ("x", "low", "high", "open", "close"))
    parts = [(x, low, x, high), (x - half, first, x, first), (x, last, x + half, last)]
    lines: Any = np.concatenate([np.stack(part, axis=-1).reshape(-1, 2, 2) for part in parts])
    look = {"colors": style["edgecolors"], "linewidths": style["linewidths"]}
    return ax.add_collection(LineCollection(lines, label=label, **look))
