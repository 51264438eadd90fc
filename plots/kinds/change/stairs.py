"""Step charts: a level for each interval between edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Series
from plots.description import facts
from plots.description.series import Entry, name_of, no_rows
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared.notes import add_crowded_note
from plots.kinds.shared.rectangles import box_corners, resolve_baseline

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class StairsOptions(forms.Form):
    fill = forms.BooleanField(
        initial=False, required=False, help_text="Fill the area down to the baseline."
    )
    baseline = forms.FloatField(
        min_value=-1e300,
        max_value=1e300,
        initial=0,
        required=False,
        help_text="Where the filled area ends.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=2, required=False, help_text="Width in points."
    )
    alpha = AlphaField(initial=1)


def check_edges(data: Data, **unused: object) -> Data:
    edges = data.series[0].x
    if not np.isfinite(edges).all():
        raise PlotError(_("x has a gap. Give every edge."), "gap", "x")
    if (np.diff(edges) <= 0).any():
        raise PlotError(_("The edges in x must increase."), "out-of-order", "x")
    return data


def count_levels(count: int) -> str:
    return ngettext("%(count)s level", "%(count)s levels", count)


def describe_levels(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the first and the last level, and the extremes from edge to edge."""
    for series in data.series:
        rows = np.flatnonzero(wording.drawn(series))
        if not rows.size:
            yield name_of(data, series), [no_rows(wording, series)]
            continue
        levels, starts, ends = series.y[rows], series.x[rows], series.x[rows + 1]
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        at = [_("%(first)s to %(last)s") % _ends(wording, *span) for span in spans]
        gaps = int(np.isnan(series.y[:-1]).sum())
        yield (
            name_of(data, series),
            [
                *facts.trend(wording, "y", levels, starts),
                *facts.extremes(wording, "y", levels, at),
                facts.gaps(gaps),
            ],
        )


def _ends(wording: Wording, start: float, end: float) -> dict[str, str]:
    return {"first": wording.value("x", start), "last": wording.value("x", end)}


@plots.kind(
    "stairs",
    title="Step chart",
    aliases={"matplotlib": "stairs", "QuickChart": "line, stepped"},
    family="Change over time",
    options=StairsOptions,
    channels=[
        plots.Channel(
            "x",
            "Increasing edges, one more than there are numbers in y. Left out: 0, 1, 2, …",
            edges=True,
        ),
        plots.Channel("y", "The level from each edge to the next.", True, True, "number"),
    ],
    transform=check_edges,
    fit=add_crowded_note,
    describe=describe_levels,
    marks=count_levels,
    example={
        "x": ",".join(str(hour) for hour in range(0, 25, 2)),
        "y": "0.28,0.24,0.22,0.31,0.42,0.4,0.36,0.33,0.35,0.47,0.44,0.34",
        "xlabel": "Hour of the day",
        "ylabel": "Price per kWh (€)",
        "xmin": "0",
        "xmax": "24",
    },
)
def stairs(
    ax: Axes, data: Data, *, fill: bool, baseline: float, linewidth: float, alpha: float
) -> None:
    """Levels that stay the same for a while and then change, such as prices."""
    bottom = resolve_baseline(ax, data, baseline)
    for series in data.series:
        look = ax.next_style()
        if fill:
            style: dict[str, Any] = {"facecolor": look.color, "linewidth": 0, "alpha": alpha}
            corners = (np.repeat(series.x, 2)[1:-1], np.repeat(series.y[:-1], 2))
            area = ax.fill_between(corners[0], bottom, corners[1], label=series.label, **style)
            area.sticky_edges.y.append(bottom)
            ax.hatch(area, look)
            _set_tooltips(ax, area, series, bottom)
        else:
            levels = np.append(series.y[:-1], series.y[-2:-1])  # the last one, up to the last edge
            style = {"drawstyle": "steps-post", "solid_joinstyle": "miter", "alpha": alpha}
            style |= look.line(points=series.x.size) | {
                "label": series.label,
                "linewidth": linewidth,
            }
            (line,) = ax.plot(series.x, levels, **style)
            _set_tooltips(ax, line, series, None)


def _set_tooltips(ax: Axes, artist: Any, series: Series, bottom: float | None) -> None:
    """Set the tooltips of levels: on the filled area, or along the line."""
    level = series.y[:-1]
    shown_rows = Series(series.label, {"start": series.x[:-1], "end": series.x[1:], "y": level})
    base = level if bottom is None else np.full_like(level, bottom)
    ax.set_tooltips(artist, shown_rows, at=box_corners(series.x[:-1], series.x[1:], base, level))
