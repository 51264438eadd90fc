"""Sankey diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Axis, Series
from plots.description import facts
from plots.description.phrases import about, join_parts
from plots.description.series import Entry, no_rows, ordered
from plots.errors import PlotError
from plots.forms.options import AlphaField
from plots.kinds.shared.annotations import limit_to_box
from plots.kinds.shared.labels import chart_texts, value_labels
from plots.kinds.shared.rectangles import draw_boxes

from .sankey_layout import Flow, Layout, find_cycle

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

MAX_NODES, MAX_FLOWS = 50, 500
MOST_DESCRIBED = 3  # flows, in the summary
CORNERS = 24  # of each side of a band, between two columns
WIDTH = 0.022  # of a node, as a part of the drawing


class SankeyOptions(forms.Form):
    values = forms.BooleanField(
        initial=False, required=False, help_text="Write the amount beside each name."
    )
    alpha = AlphaField(initial=0.45, help_text="Opacity of the bands, from 0 (invisible) to 1.")


def merge_flows(data: Data, **unused: object) -> Data:
    """Add up rows with the same start and end. Raise a PlotError for invalid flows and cycles."""
    (series,) = data.series
    if (series.value < 0).any():
        raise PlotError(
            _("value has a negative number. A flow is 0 or more."), "out-of-range", "value"
        )
    known = np.isfinite(series.x) & np.isfinite(series.y) & np.isfinite(series.value)
    if not known.any():
        return data
    if not known.all():
        data = data.with_notes(_("Rows without a start, an end or a number are left out."))
    starts, ends = (value_labels(series.columns[c][known], data.axis(c)) for c in ("x", "y"))
    sums: dict[tuple[str, str], float] = {}
    links: dict[tuple[str, str], float] = {}
    given = series.columns.get("link", np.full(known.shape, np.nan))[known].tolist()
    for *way, value, link in zip(starts, ends, series.value[known].tolist(), given, strict=True):
        key = (way[0], way[1])
        sums[key] = sums.get(key, 0.0) + value
        links.setdefault(key, link)
    if len(sums) < known.sum():
        data = data.with_notes(_("Rows with the same start and end are added up to one band."))
    _check([(start, end, value) for (start, end), value in sums.items()])
    names = [list(dict.fromkeys(each)) for each in zip(*sums, strict=True)]
    columns: dict[str, Any] = {
        name: np.array([float(each.index(way[place])) for way in sums])
        for place, (name, each) in enumerate(zip("xy", names, strict=True))
    }
    columns["value"] = np.array(list(sums.values()))
    if "link" in series.columns:
        columns["link"] = np.array(list(links.values()))
    axes = dict(data.axes) | {
        name: Axis("category", tuple(each)) for name, each in zip("xy", names, strict=True)
    }
    return replace(data, series=(Series(series.label, columns),), axes=axes)


def _check(flows: list[Flow]) -> None:
    nodes = {name for start, end, _ in flows for name in (start, end)}
    if len(nodes) > MAX_NODES:
        count = {"count": len(nodes), "most": MAX_NODES}
        message = _("There are %(count)d nodes; at most %(most)d can be drawn.") % count
        raise PlotError(message, "too-many", "x")
    if len(flows) > MAX_FLOWS:
        count = {"count": len(flows), "most": MAX_FLOWS}
        message = _("There are %(count)d flows; at most %(most)d can be drawn.") % count
        raise PlotError(message, "too-many", "value")
    if round_trip := find_cycle(flows):
        way = " → ".join(name[:40] for name in round_trip[:6])
        message = _("A flow leads back to its start: %(way)s. Remove one of its rows.") % {
            "way": way
        }
        raise PlotError(message, "invalid", "y")
    if not any(value for *_, value in flows):
        raise PlotError(_("All flows are 0. Give at least one larger."), "out-of-range", "value")


def count_flows(count: int) -> str:
    return ngettext("%(count)s flow", "%(count)s flows", count)


def describe_flows(data: Data, wording: Wording, **unused: object) -> Iterator[Entry]:
    """Yield the total and the largest flows, and then what leaves each place."""
    (series,) = data.series
    if not np.isfinite(series.value).any():
        yield "", [no_rows(wording, series)]
        return
    starts, ends = (value_labels(series.columns[c], data.axis(c)) for c in ("x", "y"))
    is_first = np.array([name not in ends for name in starts])
    largest = [
        about(
            _("%(first)s to %(last)s") % {"first": starts[row], "last": ends[row]},
            wording.value("value", value),
        )
        for row in ordered(series.value)[:MOST_DESCRIBED]
        if (value := float(series.value[row]))
    ]
    found = [facts.total(wording, "value", series.value[is_first])]
    found.append(_("largest flows: %(flows)s") % {"flows": join_parts(largest)})
    yield "", found
    for start in dict.fromkeys(starts):
        yield (
            start,
            [
                _("%(value)s to %(end)s")
                % {"end": end, "value": wording.value("value", float(value))}
                for name, end, value in zip(starts, ends, series.value, strict=True)
                if name == start
            ],
        )


@plots.kind(
    "sankey",
    title="Sankey diagram",
    aliases={"QuickChart": "sankey"},
    family="Flow",
    options=SankeyOptions,
    channels=[
        plots.Channel(
            "x", "The name of the start of each flow.", True, default_index=False, colored=True
        ),
        plots.Channel(
            "y", "The name of its end. Flows cannot lead back to their start.", True, colored=True
        ),
        plots.Channel("value", "The amount of each flow, 0 or more.", True, dtype="number"),
        plots.LINK,
    ],
    no_axes=True,
    transform=merge_flows,
    describe=describe_flows,
    marks=count_flows,
    example={
        "x": "Coal,Gas,Gas,Oil,Oil,Nuclear,Wind and sun,Wind and sun,"
        "Electricity,Electricity,Electricity,Electricity,Heat,Heat",
        "y": "Electricity,Electricity,Heat,Transport,Industry,Electricity,Electricity,Heat,"
        "Homes,Industry,Transport,Losses,Homes,Industry",
        "value": "130,75,410,610,95,60,215,25,128,196,24,132,265,170",
        "title": "From source to use in a year (TWh)",
    },
)
def sankey(ax: Axes, data: Data, *, values: bool, alpha: float) -> None:
    """Bands that show how much flows from each place to the next."""
    from matplotlib.collections import PolyCollection

    ax.set(xlim=(0, 1), ylim=(1, 0))
    (series,) = data.series
    if not np.isfinite(series.value).any():
        return
    starts, ends = (value_labels(series.columns[c], data.axis(c)) for c in ("x", "y"))
    sizes = series.value / series.value.max()  # no sum can overflow
    layout = Layout(list(zip(starts, ends, sizes.tolist(), strict=True)))
    lefts = np.linspace(0, 1 - WIDTH, len(layout.rows))
    # Starts come first: bands have their looks.
    names = list(dict.fromkeys((*starts, *ends)))
    looks = dict(zip(names, ax.styles(names), strict=True))
    bands: Any = [
        _band(way, size, lefts) for way, size in zip(layout.bands(), layout.sizes, strict=True)
    ]
    inks = [looks[name].color for name in starts]
    # Bands thinner than a point have a line around them.
    thin = np.array(layout.sizes) * ax.panel_size[1] < 1
    widths = np.where(thin & (series.value > 0), 1.0, 0)
    drawn = PolyCollection(bands, facecolors=inks, edgecolors=inks, alpha=alpha, linewidths=widths)
    ax.set_tooltips(ax.add_collection(drawn), series)
    for name in names:
        ax.hatch(drawn, looks[name], parts=[i for i, start in enumerate(starts) if start == name])
    totals = {name: _total(name, starts, ends, series.value.tolist()) for name in names}
    texts = chart_texts(np.array([*totals.values()]), data.axis("value")) if values else {}
    for name, column in layout.columns.items():
        top = layout.tops[name, column]
        edges = (lefts[column], lefts[column] + WIDTH, top, top + layout.heights[name, column])
        box = draw_boxes(ax, *(np.array([edge]) for edge in edges), facecolor=looks[name].color)
        ax.hatch(box, looks[name])
        ax.set_tooltips(box, Series(name, {"z": np.array([totals[name]])}))
        text = f"{name} {texts[totals[name]]}" if values else name
        _write(ax, text, edges, 1 / max(1, len(layout.rows) - 1))


def _total(name: str, starts: list[str], ends: list[str], values: list[float]) -> float:
    """Return what flows into or out of ``name``, whichever is more."""
    return max(
        sum(value for at, value in zip(side, values, strict=True) if at == name)
        for side in (starts, ends)
    )


def _band(way: list[Any], size: float, lefts: Numbers) -> Any:
    """Return the outline of a flow, which is horizontal at the nodes."""
    along = np.linspace(0, 1, CORNERS)
    rises = along**2 * (3 - 2 * along)
    x, top = [], []
    for (here, _in, leaves), (there, enters, _out) in zip(way, way[1:], strict=False):
        x.append(lefts[here[1]] + WIDTH + along * (lefts[there[1]] - lefts[here[1]] - WIDTH))
        top.append(leaves + rises * (enters - leaves))
    across, up = np.concatenate(x), np.concatenate(top)
    upper, lower = np.stack([across, up], -1), np.stack([across, up + size], -1)
    return np.concatenate([upper, lower[::-1]])


def _write(ax: Axes, text: str, edges: tuple[float, ...], room: float) -> None:
    """Write ``text`` beside a node: outside of the drawing at both ends, else to the right."""
    from matplotlib.patheffects import withStroke

    left, right, top, bottom = edges
    before = left == 0
    words = ax.annotate(
        text, (left if before else right, (top + bottom) / 2), (-4 if before else 4, 0),
        textcoords="offset points", ha="right" if before else "left", va="center",
        color=ax.ink, annotation_clip=False,
        path_effects=[withStroke(linewidth=2, foreground=ax.get_facecolor())],
    )  # fmt: skip
    if not before and right < 1 - WIDTH / 2:
        limit_to_box(words, (right, -1), (left + room, 2), ax.transData)
