"""Pie and doughnut charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Data, Series
from plots.description import facts
from plots.description.phrases import list_names
from plots.description.series import Entry
from plots.errors import PlotError
from plots.forms.options import AlphaField, choices
from plots.kinds.shared.annotations import limit_to_box, mark_as_value
from plots.kinds.shared.contrast import text_style_on
from plots.kinds.shared.labels import chart_texts, percent_texts, value_labels

if TYPE_CHECKING:
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

MAX_SLICES = 24
RADIUS = 0.4  # about what a pie has, as a part of the shorter side of its picture
CHANNELS = (
    plots.Channel("x", "The name of each slice.", default_index=False, colored=True),
    plots.Channel("y", "The size of each slice, 0 or more.", True, dtype="number"),
    plots.LINK,
)


class PieOptions(forms.Form):
    hole = forms.FloatField(
        min_value=0,
        max_value=0.95,
        initial=0,
        required=False,
        help_text="Diameter of a hole in the middle, as a part of the pie's.",
    )
    values = forms.ChoiceField(
        choices=choices(("percent", "number", "none")),
        initial="percent",
        required=False,
        help_text="What is written into the slices, if it fits.",
    )
    alpha = AlphaField(initial=1)


class DoughnutOptions(PieOptions):
    hole = forms.FloatField(
        min_value=0,
        max_value=0.95,
        initial=0.6,
        required=False,
        help_text="Diameter of the hole, as a part of the ring's.",
    )


def transform_slices(data: Data, **unused: object) -> Data:
    """Return a series with one y for each slice. Rows with the same name are added up."""
    (series,) = data.series
    if (series.y < 0).any():
        message = _("y has a negative number. A slice is 0 or more.")
        raise PlotError(message, "out-of-range", "y")
    known = np.isfinite(series.y)
    if not known.any():
        return data
    names, sums, links = _sums(data, series, known)
    if len(sums) < known.sum():
        data = data.with_notes(_("Rows with the same name are added up to one slice."))
    if not any(sums):
        raise PlotError(_("All slices are 0. Give at least one larger."), "out-of-range", "y")
    columns = (
        {"y": np.array([y]), "link": np.array([link])} for y, link in zip(sums, links, strict=True)
    )
    drawn = tuple(Series(name, each) for name, each in zip(names, columns, strict=True))
    return replace(data, series=drawn)


def join_slices(data: Data, size: tuple[float, float], **unused: object) -> Data:
    """Join slices that are narrower than a pixel, and the smallest of too many, to one."""
    sums = np.array([series.y[0] if series.y.size == 1 else np.nan for series in data.series])
    if not np.isfinite(sums).all():
        return data
    narrow = 1 / (2 * np.pi * RADIUS * min(size))  # a pixel of the rim
    order = np.argsort(-sums, kind="stable")
    rest = order[MAX_SLICES - 1 :] if sums.size > MAX_SLICES else order[:0]
    shares = sums / sums.max() / (sums / sums.max()).sum()  # no sum can overflow
    rest = np.union1d(rest, np.flatnonzero((shares > 0) & (shares < narrow)))
    if rest.size < 2:
        return data
    count = {"count": f"{rest.size:,}"}
    kept = [series for place, series in enumerate(data.series) if place not in rest]
    columns = {"y": np.array([sums[rest].sum()]), "link": np.array([np.nan])}
    other = Series(_("Other (%(count)s)") % count, columns)
    note = _("The %(count)s smallest slices are drawn as one.") % count
    return replace(data, series=(*kept, other)).with_notes(note)


def _sums(data: Data, series: Series, known: Any) -> tuple[list[str], list[float], list[float]]:
    """Return the names, sizes and links of the slices. The first link of a name counts."""
    sizes = series.y[known].tolist()
    links = series.columns.get("link", np.full(known.shape, np.nan))[known].tolist()
    if "x" not in dict(data.axes):
        return [""] * len(sizes), sizes, links
    sums: dict[str, float] = {}
    first: dict[str, float] = {}
    names = value_labels(series.x[known], data.axis("x"))
    for name, value, link in zip(names, sizes, links, strict=True):
        sums[name] = sums.get(name, 0.0) + value
        first.setdefault(name, link)
    return list(sums), list(sums.values()), list(first.values())


def count_slices(count: int) -> str:
    return ngettext("%(count)s slice", "%(count)s slices", count)


def describe_slices(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the total and the share of each slice, and then the size of each."""
    sizes = np.concatenate([series.y for series in data.series])
    shares = facts.shares_of(sizes)
    named = [_join(series.label, share) for series, share in zip(data.series, shares, strict=True)]
    yield "", [facts.total(wording, "y", sizes), list_names(named, MAX_SLICES)]
    for series, share in zip(data.series, shares, strict=True):
        if series.label:
            yield series.label, [wording.value("y", float(series.y[0])), share]


def _join(name: str, share: str) -> str:
    return _("%(name)s %(share)s") % {"name": name, "share": share} if name else share


@plots.kind(
    "doughnut",
    title="Doughnut chart",
    aliases={"matplotlib": "pie", "QuickChart": "doughnut"},
    family="Parts of a whole",
    options=DoughnutOptions,
    channels=CHANNELS,
    transform=transform_slices,
    fit=join_slices,
    describe=describe_slices,
    marks=count_slices,
    no_axes=True,
    example={
        "x": "Rent,Food,Transport,Leisure,Savings,Other",
        "y": "980,520,210,260,340,150",
        "title": "Where the month's money goes",
    },
)
def doughnut(ax: Axes, data: Data, **options: Any) -> None:
    """A pie chart with a hole in the middle."""
    pie(ax, data, **options)


@plots.kind(
    "pie",
    title="Pie chart",
    aliases={"matplotlib": "pie", "QuickChart": "pie, outlabeledPie"},
    family="Parts of a whole",
    options=PieOptions,
    channels=CHANNELS,
    transform=transform_slices,
    fit=join_slices,
    describe=describe_slices,
    marks=count_slices,
    no_axes=True,
    example={
        "x": "Hydro,Wind,Sun,Biomass,Geothermal",
        "y": "4290,2330,1630,680,97",
        "title": "Renewable electricity, 2023 (TWh)",
    },
)
def pie(ax: Axes, data: Data, *, hole: float, values: str, alpha: float) -> None:
    """Slices that show the parts of a whole."""
    from matplotlib.patches import Wedge

    ax.set_aspect("equal")
    ax.set(xlim=(-1.02, 1.02), ylim=(-1.02, 1.02))
    sizes = np.concatenate([series.y for series in data.series])
    if not sizes.size or not np.isfinite(sizes).all():
        return
    shares = sizes / sizes.max()  # no sum can overflow
    shares /= shares.sum()
    ends = np.cumsum(shares)
    is_percent, meaning = values == "percent", data.axis("y")
    texts = percent_texts(100 * shares) if is_percent else chart_texts(sizes, meaning)
    written = (100 * shares if is_percent else sizes).tolist()
    style: dict[str, Any] = {"edgecolor": ax.get_facecolor(), "alpha": alpha}
    style["linewidth"] = 1.2 if (shares > 0).sum() > 1 else 0
    for series, share, end, number in zip(data.series, shares, ends, written, strict=True):
        look = ax.next_style()
        angles = (90 - 360 * end, 90 - 360 * (end - share))
        style |= {"facecolor": look.color, "label": series.label}
        wedge = ax.add_patch(Wedge((0, 0), 1, *angles, width=1 - hole, **style))
        ax.hatch(wedge, look)
        share_of = {"share": np.array([100 * share])}
        ax.set_tooltips(wedge, replace(series, columns={**series.columns, **share_of}))
        if values != "none" and share > 0:
            ink = text_style_on(ax, look, alpha)
            _write(ax, texts[number], np.pi / 2 - 2 * np.pi * (end - share / 2), share, hole, ink)


def _write(
    ax: Axes, text: str, angle: float, share: float, hole: float, style: dict[str, Any]
) -> None:
    """Write ``text`` into the middle of a slice at ``angle``, or beside it if it is too small."""
    middle = (1 + hole) / 2 if hole else 0.66 if share < 1 else 0.0
    x, y = middle * np.cos(angle), middle * np.sin(angle)
    room = min(middle * np.sin(np.pi * share) if share < 0.5 else 1.0, 1 - middle)
    words = ax.annotate(text, (x, y), ha="center", va="center", **style)
    limit_to_box(words, (x - room, y - room), (x + room, y + room), ax.transData)
    outside = 1.05 * np.cos(angle), 1.05 * np.sin(angle)
    beside = {"position": outside, "color": ax.ink, "path_effects": []}
    beside |= {"ha": "left" if outside[0] > 0 else "right"}
    mark_as_value(words, beside)
