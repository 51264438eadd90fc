"""A series in a phrase: its trend, extremes and gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plots.data.model import Axis, Data, Series
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds

from .phrases import ends_of, format_range, format_value, join_facts
from .rows import describe_row

# A series is described by the first of these columns that it has and that holds no names. ``own``
# is no channel: a kind may add it to its data, to be described and not drawn.
ABOUT = ("own", "z", "y", "close", "value", "x")
MOST_FLOWS = 3
_FLOW = ("x", "y", "value")


def describe_series(spec: PlotSpec, data: Data) -> Iterator[str]:
    """Yield a phrase about each series of each panel."""
    for panel, part in zip(data.panels or [""], data.iter_panels(), strict=True):
        for series in part.series:
            columns = (name for name in ABOUT if name in series.columns)
            about = next((name for name in columns if data.axis(name).dtype != "category"), None)
            if about is None or (panel and len(part.series) > 1 and series.is_gap):
                continue
            name = join_facts([panel, series.label if len(part.series) > 1 else ""])
            facts = _facts(spec, series, about, data)
            if facts:
                parts = {"series": name, "facts": facts}
                yield _("%(series)s: %(facts)s") % parts if name else facts


def complete_rows(spec: PlotSpec, series: Series) -> Any:
    """Return which rows of ``series`` are drawn: those without a gap in a required column."""
    required = {channel.name for channel in kinds.get(spec.kind).channels if channel.required}
    required |= {"x", "y", "own"}
    columns = [each for name, each in series.columns.items() if name in required]
    return np.logical_and.reduce([np.isfinite(each) for each in columns])


def _facts(spec: PlotSpec, series: Series, about: str, data: Data) -> str:
    """Return the trend, the extremes and the gaps of the column ``about``."""
    complete = complete_rows(spec, series)
    values = series.columns[about][complete]
    if not values.size:
        return _("no data")
    if "count" in series.columns and data.edges:
        return _cell_facts(series, data)
    if about == "value" and set(_FLOW) <= series.columns.keys():
        return _flow_facts(series, data)
    axis = data.axis(about)
    has_places = about in ("own", "y") and "x" in series.columns
    places = series.columns["x"][complete] if has_places else None
    is_span = axis.dtype == "date" or values.size == 1 or "end" in series.columns
    if is_span and (ends := ends_of(Data((series,)), about)):
        facts = [format_range(axis, *ends)]
    else:
        facts = [*_trend(axis, values, places, data.axis("x"))]
        facts += _extremes(axis, values, places, data.axis("x"))
    if places is None and not is_span and "weight" not in series.columns:
        facts.append(_("median %(value)s") % {"value": format_value(axis, np.median(values))})
    is_closed = any(channel.edges for channel in kinds.get(spec.kind).channels)
    gaps = int((~complete).sum()) - is_closed  # the last edge has no value
    if gaps:
        facts.append(ngettext("%(count)d gap", "%(count)d gaps", gaps) % {"count": gaps})
    return join_facts(facts)


def _trend(axis: Axis, values: Any, places: Any, along: Axis) -> Iterator[str]:
    """Yield how the first and last value compare, if the rows are in order along x."""
    if places is None or places.size < 3 or not (np.diff(places) > 0).all():
        return
    if along.dtype == "category":
        return  # names have no order
    first, last = float(values[0]), float(values[-1])
    ends = {"first": format_value(axis, first), "last": format_value(axis, last)}
    if first == last:
        yield _("begins and ends at %(first)s") % ends
    elif last > first:
        yield _("rises from %(first)s to %(last)s") % ends
    else:
        yield _("falls from %(first)s to %(last)s") % ends


def _extremes(axis: Axis, values: Any, places: Any, along: Axis) -> Iterator[str]:
    """Yield the highest and the lowest value, with their places."""
    high, low = int(values.argmax()), int(values.argmin())
    if values[high] == values[low]:
        yield _("always %(value)s") % {"value": format_value(axis, values[low])}
        return
    for row, alone, placed in (
        (high, _("highest %(value)s"), _("highest %(value)s at %(place)s")),
        (low, _("lowest %(value)s"), _("lowest %(value)s at %(place)s")),
    ):
        value = format_value(axis, values[row])
        if places is None:
            yield alone % {"value": value}
        else:
            yield placed % {"value": value, "place": format_value(along, float(places[row]))}


def _flow_facts(series: Series, data: Data) -> str:
    """Return the total of the flows that begin at a source, and the largest flows."""
    starts, ends = data.axis("x").names, data.axis("y").names
    is_first = [starts[int(row)] not in ends for row in series.x]
    total = {"value": format_value(data.axis("value"), series.value[is_first].sum())}
    rows = (-series.value).argsort(kind="stable")[:MOST_FLOWS].tolist()
    flows = ({name: float(series.columns[name][row]) for name in _FLOW} for row in rows)
    facts = [_("total %(value)s") % total, *(describe_row(data, "", flow) for flow in flows)]
    return pgettext("between series", "; ").join(facts)


def _cell_facts(series: Series, data: Data) -> str:
    """Return the middle of the fullest cell within the limits: no row is known by itself."""
    counts = np.where(np.isfinite(series.x) & np.isfinite(series.y), series.count, 0)
    for channel, edges in data.edges.items():
        at = series.columns[channel]
        counts = np.where((edges[0] <= at) & (at <= edges[-1]), counts, 0)
    if not (counts > 0).any():
        return _("no data")
    fullest = int(counts.argmax())
    places = [format_value(data.axis(name), float(series.columns[name][fullest])) for name in "xy"]
    return _("densest around %(place)s") % {"place": join_facts(places)}
