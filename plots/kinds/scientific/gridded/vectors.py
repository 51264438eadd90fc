"""Vectors: what kinds that draw dx and dy have in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.description import facts
from plots.description.phrases import join_facts
from plots.description.series import Entry, count_gaps, no_rows
from plots.errors import PlotError
from plots.forms.options import COLORMAPS, TextField, choices
from plots.kinds.shared.colorscale import color_scale
from plots.kinds.shared.contrast import legible_colors

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers, Series
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

VECTORS = (
    plots.Channel("x", "Positions along x, one for each column of dx, or one for each value."),
    plots.Channel("y", "Positions along y, one for each row of dx, or one for each value."),
    # Not u and v as elsewhere: v is the revision in URLs.
    plots.Channel(
        "dx", "The part along x: rows of numbers, from bottom to top: 1,2;3,4. Or a list.", True,
        dtype="grid",
    ),
    plots.Channel("dy", "The part along y, in as many rows and columns.", True, dtype="grid"),
)  # fmt: skip


class SpeedForm(forms.Form):
    """The options of a kind whose colours may show the speed, the length of dx and dy."""

    colormap = forms.ChoiceField(
        choices=[("", "one colour"), *choices(COLORMAPS)],
        required=False,
        help_text="The colours from the lowest speed to the highest. Left out: one colour.",
    )
    zlabel = TextField(label="z label", help_text="What the colours mean, with the unit.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("zlabel") and not cleaned.get("colormap"):
            self.add_error("zlabel", _("This labels the colour bar. Choose a colormap."))
        return cleaned


def speed_colors(ax: Axes, data: Data, u: Numbers, v: Numbers, colormap: str) -> dict[str, Any]:
    """Return ``cmap`` and ``norm`` for the lengths of ``u``, ``v`` that are legible on ``ax``.

    Panels have the same colours.
    """
    options: dict[str, Any] = {"norm": "linear", "vmin": None, "vmax": None}
    colors = legible_colors(colormap, ax.get_facecolor())
    if data.panels:
        u, v = data.concat("dx"), data.concat("dy")
    return color_scale(np.hypot(u, v), colormap=colors, **options)


def add_margin_for_marks(ax: Axes, length: float) -> None:
    """Add margins for marks that reach ``length`` points beyond their positions."""
    if ax.margins() != (0, 0):  # else there is no room left in floating point
        # Margins are parts of the sides, which are about as long without the marks.
        rests = (max(length, 0.8 * side - 2 * length) for side in ax.panel_size)
        ax.margins(*(min(0.3, max(0.05, length / rest)) for rest in rests))


def finite_vectors(series: Iterable[Series]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return x, y, u and v of all rows of ``series`` without a gap."""
    rows = np.hstack([np.stack([each.x, each.y, each.dx, each.dy]) for each in series])
    x, y, u, v = rows[:, np.isfinite(rows).all(axis=0)]
    return x, y, u, v


def with_speed(data: Data) -> Data:
    """Add the speeds as z, for descriptions."""
    (series,) = data.series
    columns = {**series.columns, "z": np.hypot(series.dx, series.dy)}
    return replace(data, series=(replace(series, columns=columns),))


def count_arrows(count: int) -> str:
    """Return what a text calls ``count`` vectors."""
    return ngettext("%(count)s arrow", "%(count)s arrows", count)


def describe_vectors(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the highest and the lowest speed with their places, and the mean direction."""
    (series,) = data.series
    rows = wording.drawn(series)
    if not rows.any():
        yield "", [no_rows(wording, series)]
        return
    at = facts.places(wording, x=series.x[rows], y=series.y[rows])
    speeds = [*facts.extremes(wording, "z", series.z[rows], at)]
    mean = {
        name: wording.value(name, significant(float(series.columns[name][rows].mean())))
        for name in ("dx", "dy")
    }
    yield (
        "",
        [
            _("speed: %(facts)s") % {"facts": join_facts(speeds)},
            _("on average %(dx)s along x and %(dy)s along y") % mean,
            facts.gaps(count_gaps(wording, series)),
        ],
    )


def significant(value: float) -> float:
    """Round a mean to three digits."""
    return float(f"{value:.3g}")


def check_count(data: Data, most: int, message: str) -> None:
    """Raise a PlotError with ``message`` if more than ``most`` rows have no gap."""
    count = finite_vectors(data.all_series)[0].size
    if count > most:
        message %= {"count": f"{count:,}", "most": f"{most:,}"}
        raise PlotError(message, "too-much", "dx")


def example_vortex(columns: int, rows: int, *, size: float, wind: float = 0.0) -> dict[str, str]:
    """Return the parameters of an example: wind around a low-pressure area."""
    xs = [40 * i / (columns - 1) for i in range(columns)]
    ys = [30 * i / (rows - 1) for i in range(rows)]

    def turn(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - 22, y - 14
        speed = size * math.exp(-math.hypot(dx, dy) / 14) / (math.hypot(dx, dy) + 3)
        return wind - speed * (dy + 0.3 * dx), speed * (dx - 0.3 * dy)

    grid = [[turn(x, y) for x in xs] for y in ys]
    return {
        "x": ",".join(f"{x:.4g}" for x in xs),
        "y": ",".join(f"{y:.4g}" for y in ys),
        "dx": ";".join(",".join(f"{u:.1f}" for u, _ in row) for row in grid),
        "dy": ";".join(",".join(f"{v:.1f}" for _, v in row) for row in grid),
        "xlabel": "East (km)",
        "ylabel": "North (km)",
    }
