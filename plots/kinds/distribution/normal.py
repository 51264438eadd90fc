"""Random points: different ones for each request, unless there is a seed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.description import facts
from plots.description.series import Entry
from plots.forms.options import MARKERS, AlphaField, MarkerField, MarkerSizeField

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes


class NormalOptions(forms.Form):
    mean = forms.FloatField(
        min_value=-1e9, max_value=1e9, initial=0, required=False, help_text="Mean of x and of y."
    )
    variance = forms.FloatField(
        min_value=0, max_value=1e9, initial=1, required=False, help_text="Variance of both."
    )
    n = forms.IntegerField(
        min_value=1,
        max_value=10_000,
        initial=100,
        required=False,
        help_text="The number of points.",
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        required=False,
        help_text="The same seed gives the same points. Left out: each picture is different.",
    )
    marker = MarkerField(initial="hexagon", can_be_none=False)
    markersize = MarkerSizeField(initial=9)
    alpha = AlphaField(initial=0.5)


def has_no_seed(*, seed: int | None, **unused: object) -> bool:
    return seed is None


def draw_sample(
    *, mean: float, variance: float, n: int, seed: int | None, **unused: object
) -> dict[str, Any]:
    """Return ``n`` random x and y, each from N(mean, variance)."""
    x, y = np.random.default_rng(seed).normal(mean, math.sqrt(variance), (2, n))
    return {"x": x, "y": y}


def describe_sample(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield how x and y are related."""
    for series in data.series:
        yield "", [facts.correlation(series.x, series.y)]


@plots.kind(
    "normal",
    title="Random points",
    family="Distribution",
    options=NormalOptions,
    generate=draw_sample,
    describe=describe_sample,
    random=has_no_seed,
    example={"n": "250", "seed": "7"},
)
def normal(
    ax: Axes, data: Data, *, marker: str, markersize: float, alpha: float, **unused: object
) -> None:
    """Random points from a normal distribution, different in every picture."""
    for series in data.series:
        ax.scatter(
            series.x,
            series.y,
            marker=MARKERS[marker],
            s=(markersize * ax.marker_scale) ** 2,
            alpha=alpha,
            linewidths=0,
        )
