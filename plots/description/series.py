"""What a plot says about each series, group or part: the facts of its kind."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _

from plots.data.model import Data, Numbers, Series
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import Kind, kinds

from . import facts
from .phrases import join_facts, list_names
from .wording import Wording

logger = logging.getLogger("plots")

# A series is described by the first of these columns that it has and that holds no names. ``own``
# is no channel: a kind may add it to its data, to be described and not drawn.
ABOUT = ("own", "z", "y", "close", "value", "x")
MOST_NAMES = 2  # of series that have the highest or the lowest value

# A name, which is empty for the whole plot, and facts: phrases that begin with a word of ours.
Entry = tuple[str, list[str]]


def describe_panels(spec: PlotSpec, data: Data) -> Iterator[Entry]:
    """Yield the entries of each panel, with its title in their names."""
    kind = kinds.get(spec.kind)
    for panel, part in zip(data.panels or [""], data.iter_panels(), strict=True):
        part = part.from_top()
        wording = Wording(part, spec)
        if panel and not any(wording.complete(series).any() for series in part.series):
            yield panel, [_("no data")]
            continue
        for name, said in _entries(kind, spec, part, wording):
            if any(said):
                yield join_facts([panel, name]), list(filter(None, said))


def _entries(kind: Kind, spec: PlotSpec, data: Data, wording: Wording) -> list[Entry]:
    """Return the entries of a kind. If its own function fails, those of any kind."""
    if kind.describe is None:
        return [*describe_series(data, wording)]
    try:
        return [*kind.describe(data, wording, **spec.options)]
    except Exception:  # an author's code may raise anything; the picture can be drawn
        if settings.DEBUG:
            raise
        logger.exception("The description of the kind %s failed", kind.name)
        return [*describe_series(data, wording)]


def describe_series(data: Data, wording: Wording, **options: Any) -> Iterator[Entry]:
    """Yield the trend, the extremes and the gaps of each series."""
    for series in data.series:
        if data.panels and len(data.series) > 1 and series.is_gap:
            continue  # no rows in this panel
        yield name_of(data, series), [*series_facts(data, wording, series)]


def name_of(data: Data, series: Series) -> str:
    """Return the label of ``series``, or "" if there is only one."""
    return series.label if len(data.series) > 1 else ""


def series_facts(
    data: Data, wording: Wording, series: Series, about: str = "", *, has_order: bool = True
) -> Iterator[str]:
    """Yield facts about the column ``about``, or about the one that matters most.

    ``has_order`` says whether the first and the last row mean anything.
    """
    name = about or _about(series, wording)
    if not name:
        return
    rows = wording.drawn(series)
    if not rows.any():
        yield no_rows(wording, series)
        return
    columns = {each: column[rows] for each, column in series.columns.items()}
    if "count" in columns and data.edges:
        yield _densest(columns, wording)
        return
    values, is_alone = columns[name], name == "x"
    where = _places_of(name, columns)
    if is_alone and wording.axis("x").dtype not in ("number", "category"):
        yield wording.range("x", float(values.min()), float(values.max()))
        return
    at = facts.places(wording, *where, **columns) if where else ()
    if values.size == 1 and where == ["x"] and wording.axis("x").dtype == "number":
        at = ()  # often only its index
    extremes = facts.extremes(wording, name, values, at)
    trend: Iterator[str] = iter(())
    if where == ["x"] and has_order:
        trend = facts.trend(wording, name, values, columns["x"])
    # Names have no order, so that their extremes matter more.
    is_named = wording.axis("x").dtype == "category"
    yield from (*extremes, *trend) if is_named else (*trend, *extremes)
    if where != ["x"] and values.min() < values.max():
        yield facts.median(wording, name, values)
    yield facts.gaps(count_gaps(wording, series))


def no_rows(wording: Wording, series: Series) -> str:
    """Return why no row of ``series`` is drawn."""
    has_rows = wording.complete(series).any()
    return _("no points within the limits") if has_rows else _("no data")


def count_gaps(wording: Wording, series: Series) -> int:
    """Return how many rows of ``series`` have no value."""
    return int((~wording.complete(series)).sum())


def _places_of(name: str, columns: dict[str, Any]) -> Sequence[str]:
    """Return the channels that give the place of a value in the column ``name``."""
    if name == "x":
        return []
    if name in ("z",):
        return [each for each in ("x", "y") if each in columns]
    return ["x"] if "x" in columns else []


def _densest(columns: dict[str, Any], wording: Wording) -> str:
    """Return the middle of the fullest cell: no row is known by itself."""
    fullest = int(columns["count"].argmax())
    place = wording.place(**{name: float(columns[name][fullest]) for name in "xy"})
    return _("densest around %(place)s") % {"place": place}


def ordered(values: Numbers) -> list[int]:
    """Return the indices of ``values`` from the largest to the smallest."""
    indices: list[int] = np.argsort(-values, kind="stable").tolist()
    return indices


def overall_facts(data: Data, wording: Wording) -> Iterator[str]:
    """Yield the highest and the lowest value of all series, with the names of these series."""
    found: list[tuple[str, float, float]] = []
    about = ""
    for panel, part in zip(data.panels or [""], data.iter_panels(), strict=True):
        for series in part.series:
            about = _about(series, wording)
            rows = wording.drawn(series)
            if about and rows.any():
                values = series.columns[about][rows]
                name = join_facts([panel, name_of(part, series)])
                found.append((name, float(values.min()), float(values.max())))
    if found:
        high, low = max(each[2] for each in found), min(each[1] for each in found)
        highest = [name for name, _low, most in found if most == high]
        lowest = [name for name, least, _high in found if least == low]
        value = {"value": wording.value(about, high), "names": list_names(highest, MOST_NAMES)}
        yield _("highest %(value)s in %(names)s") % value
        value = {"value": wording.value(about, low), "names": list_names(lowest, MOST_NAMES)}
        yield _("lowest %(value)s in %(names)s") % value


def _about(series: Series, wording: Wording) -> str:
    """Return the column that matters most of those that hold no names, or ""."""
    names = (name for name in ABOUT if name in series.columns)
    return next((each for each in names if wording.axis(each).dtype != "category"), "")
