"""Area charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _

import plots
from plots.description.series import Entry, name_of, series_facts
from plots.forms.options import MARKERS, AlphaField
from plots.kinds.shared.notes import add_crowded_note
from plots.kinds.shared.rectangles import resolve_baseline

from .line import isolated_points

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class AreaOptions(forms.Form):
    baseline = forms.FloatField(
        min_value=-1e300,
        max_value=1e300,
        initial=0,
        required=False,
        help_text="Where the filled area begins, if there is no y2.",
    )
    linewidth = forms.FloatField(
        min_value=0,
        max_value=20,
        initial=1.75,
        required=False,
        help_text="Width in points of the lines at the edges.",
    )
    alpha = AlphaField(initial=0.3, help_text="Opacity of the areas, from 0 (invisible) to 1.")


def describe_areas(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield facts about the upper edge of each area and, if it has a lower one, about both."""
    for series in data.series:
        yield (
            name_of(data, series),
            [
                *series_facts(data, wording, series),
                *_band_facts(wording, series),
            ],
        )


def _band_facts(wording: Wording, series: Series) -> Iterator[str]:
    if "y2" not in series.columns:
        return
    rows = wording.drawn(series) & np.isfinite(series.y2)
    if not rows.any():
        return
    other = series.y2[rows]
    span = {"range": wording.range("y2", float(other.min()), float(other.max()))}
    yield _("the other edge is %(range)s") % span
    widths = np.abs(series.y[rows] - other)
    row = int(widths.argmax())
    widest = {"value": wording.value("y", float(widths[row]))}
    place = wording.place(x=float(series.x[rows][row]))
    yield _("widest %(value)s at %(place)s") % {**widest, "place": place}


@plots.kind(
    "area",
    title="Area chart",
    aliases={"matplotlib": "fill_between", "QuickChart": "line with fill"},
    family="Change over time",
    downsample="lines",
    fit=add_crowded_note,
    describe=describe_areas,
    options=AreaOptions,
    channels=[
        plots.XY[0],
        plots.XY[1],
        plots.Channel(
            "y2",
            "Where the filled area begins; one column for all y, or one for each.",
            repeat=True,
            dtype="number",
        ),
        plots.BY,
    ],
    example={
        "x": ",".join(f"2026-{month:02}-01" for month in range(1, 13)),
        "y": "5.1,5.8,9.6,13.6,17.7,21.2,23.3,22.9,19.2,14.2,9.1,6",
        "y2": "-0.6,-0.5,1.9,4.6,8.9,12.1,13.9,13.5,10.4,6.9,3.1,0.7",
        "ylabel": "Nightly low to daily high (°C)",
    },
)
def area(ax: Axes, data: Data, *, baseline: float, linewidth: float, alpha: float) -> None:
    """A filled area below a line, or between two lines, that shows how an amount changes."""
    bottom = resolve_baseline(ax, data, baseline)
    for series in data.series:
        look = ax.next_style()
        color = look.color
        has_second = "y2" in series.columns
        lower = series.y2 if has_second else np.full_like(series.y, bottom)
        style: dict[str, Any] = {"facecolor": color, "alpha": alpha, "linewidth": 0}
        filled = ax.fill_between(series.x, lower, series.y, **style)
        if not has_second:
            filled.sticky_edges.y.append(bottom)
        ax.hatch(filled, look, (color, alpha))
        # A point between two gaps has no area; draw a marker.
        edge: dict[str, Any] = {"linewidth": linewidth, "markeredgewidth": 0, "markersize": 6}
        edge |= {"marker": MARKERS["circle"], "markevery": isolated_points(series).tolist()}
        edge |= look.line(points=series.x.size)
        (line,) = ax.plot(series.x, series.y, **edge)
        # The legend shows the line, if there is one.
        (line if linewidth else filled).set_label(series.label)
        if has_second:
            ax.plot(series.x, lower, **edge)
