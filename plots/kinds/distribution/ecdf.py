"""Empirical cumulative distribution functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django import forms

import plots
from plots.description import facts
from plots.description.series import Entry, name_of, no_rows
from plots.forms.options import AlphaField

from .by_group import count_values

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class EcdfOptions(forms.Form):
    complementary = forms.BooleanField(
        initial=False,
        required=False,
        help_text="Show the share of values at or above each number instead.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=2, required=False, help_text="Width in points."
    )
    alpha = AlphaField(initial=1)


def transform_ecdf(data: Data, *, complementary: bool, **unused: object) -> Data:
    """Return sorted x, and as y the share of values that are at most, or at least, x."""
    series = []
    for each in data.series:
        x = np.sort(each.x[np.isfinite(each.x)])
        y = np.arange(1, x.size + 1) / max(x.size, 1)
        series.append(replace(each, columns={"x": x, "y": y[::-1] if complementary else y}))
    return replace(data, series=tuple(series))


def describe_curves(
    data: Data, wording: Wording, *, complementary: bool, **unused: object
) -> Iterator[Entry]:
    """Yield between which numbers each curve runs, and its quartiles."""
    for series in data.series:
        x = series.x
        if not x.size:
            yield name_of(data, series), [no_rows(wording, series)]
            continue
        found = [facts.extent(wording, "x", x), *facts.middle_half(wording, "x", x)]
        yield name_of(data, series), found


@plots.kind(
    "ecdf",
    title="Cumulative distribution",
    aliases={"matplotlib": "ecdf"},
    family="Distribution",
    options=EcdfOptions,
    channels=[
        plots.Channel("x", "Numbers or dates; repeat it for more series.", True, True, "ordered"),
        plots.BY,
    ],
    transform=transform_ecdf,
    describe=describe_curves,
    marks=count_values,
    example={
        "x": [
            "39.1,39.5,40.3,36.7,39.3,38.9,39.2,34.1,42,37.8,41.1,38.6,34.6,36.6,46",
            "46.5,50,51.3,45.4,52.7,45.2,46.1,51.3,46,51.3,46.6,51.7,47,52,58",
        ],
        "label": ["Adelie", "Chinstrap"],
        "xlabel": "Bill length (mm)",
        "ylabel": "Part of all birds",
    },
)
def ecdf(ax: Axes, data: Data, *, complementary: bool, linewidth: float, alpha: float) -> None:
    """The share of all values that are at or below each number."""
    for series in data.series:
        # Start at 0 at the smallest value, or end at 0 at the largest.
        end = series.x.size if complementary else 0
        x = np.insert(series.x, end, series.x[-1:] if complementary else series.x[:1])
        y = np.insert(series.y, end, np.zeros(min(1, series.x.size)))
        style = ax.next_style().line(points=series.x.size)
        style["drawstyle"] = "steps-pre" if complementary else "steps-post"
        (line,) = ax.plot(x, y, label=series.label, linewidth=linewidth, alpha=alpha, **style)
        ax.set_point_tooltips(line, series)
        line.sticky_edges.y.extend([0, 1])
