"""Histograms of a QuerySet's rows: the database returns a row for each bin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, FloatField, Func, Max, Min, Value, When
from django.db.models.functions import Least
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone

from plots.sources.arrays import Array
from plots.sources.histograms.counting import case_tree, rows_of_bins, to_times
from plots.sources.histograms.edges import LAST_DAY, Values, choose_edges, quartiles_of_counts
from plots.sources.selection import (
    HISTOGRAM_BINS,
    Histogram,
    Selection,
    max_groups,
    too_many_groups,
)
from plots.values.columns import SECONDS

from .downsampling import to_columns, with_keys
from .expressions import Floor, Truncated, field_of, is_number, number, to_number

Columns = dict[str, list[Any]]


def count_bins(rows: Any, selection: Selection) -> tuple[Columns, int, Array] | None:
    """Count rows in bins.

    Returns
    -------
    (columns, int, ndarray) or None
        The columns, with the counts as ``""``; the number of rows before; the edges of the bins.
        None if there are too few rows, or columns that the database cannot bin.
    """
    request: Any = selection.downsampling
    fields = [field_of(rows, x) for x in request.x]
    is_date = all(isinstance(field, models.DateField) for field in fields)
    dtype = "date" if is_date else request.dtype
    if not is_date and (dtype not in ("number", *SECONDS) or not all(map(is_number, fields))):
        return None
    positions = {x: F(x) if is_date else number(rows, x) for x in request.x}
    filled = {x: rows.order_by().filter(IsNull(each, False)) for x, each in positions.items()}
    found = {x: _ends(filled[x], positions[x], is_date) for x in request.x}
    known = [each for each in found.values() if each["plots_count"]]
    count = sum(each["plots_count"] for each in known)
    if count <= request.threshold:
        return None
    low, high = (
        pick(_to_axis(each[name], selection.tzinfo) for each in known)
        for pick, name in ((min, "plots_low"), (max, "plots_high"))
    )
    whole = not any(isinstance(field, models.DateTimeField) for field in fields)
    if not is_date:
        whole = sum(each["plots_whole"] for each in known) == count

    def quartiles() -> tuple[float, float]:
        return _quartiles(filled, positions, low, high)

    values = Values(low, high, float(count), dtype, whole, quartiles)
    edges = choose_edges(values, request)
    names = [name for name in selection.columns if name not in request.x]
    table: list[tuple[Any, ...]] = []
    for x in request.x:
        thresholds = _thresholds(edges, field_of(rows, x), selection.tzinfo)
        bins = _BinIndex(positions[x], *thresholds)
        table += _rows(filled[x], names, x, bins, (request, values, edges))
    key = table[0][: len(names)]
    ends = to_times(np.array([low, high])).tolist() if is_date else [low, high]
    table += [(*key, *(end for _ in request.x), 0) for end in ends]
    return to_columns((*names, *request.x, ""), table), count, edges


def _ends(rows: Any, position: Any, is_date: bool) -> dict[str, Any]:
    ends: dict[str, Any] = {
        "plots_low": Min(position), "plots_high": Max(position), "plots_count": Count("*"),
    }  # fmt: skip
    if not is_date:
        is_whole = When(Exact(Floor(position), position), then=Value(1))
        ends["plots_whole"] = Count(Case(is_whole, output_field=models.IntegerField()))
    found: dict[str, Any] = rows.aggregate(**ends)
    return found


def _to_axis(value: Any, zone: tzinfo) -> float:
    """A number, or a date as days since 1970 in local time."""
    is_aware = isinstance(value, datetime) and timezone.is_aware(value)
    return to_number(timezone.make_naive(value, zone) if is_aware else value)


def _quartiles(filled: Any, positions: Any, low: float, high: float) -> tuple[float, float]:
    """The quartiles of all columns together, from counts in narrow bins."""
    counts: list[tuple[int, float]] = []
    factor = 1 / ((high - low) / HISTOGRAM_BINS or 1.0)
    for x, rows in filled.items():
        place = (positions[x] - Value(low)) * Value(factor)
        bins = Truncated(Least(place, Value(HISTOGRAM_BINS - 1.0), output_field=FloatField()))
        grouped = rows.annotate(plots_bin=bins).values("plots_bin")
        counts += grouped.annotate(plots_count=Count("*")).values_list("plots_bin", "plots_count")
    return quartiles_of_counts(low, high, counts)


def _thresholds(edges: Array, field: Any, zone: tzinfo) -> list[Any]:
    """The edges as values that the database compares with the column."""
    if not isinstance(field, models.DateField):
        return [Value(edge) for edge in edges.tolist()]
    times = to_times(np.minimum(edges, LAST_DAY)).tolist()
    if not isinstance(field, models.DateTimeField):
        return [Value(_day(time), output_field=models.DateField()) for time in times]
    if settings.USE_TZ:
        times = [timezone.make_aware(time, zone) for time in times]
    return [Value(time, output_field=models.DateTimeField()) for time in times]


def _day(time: datetime) -> date:
    """The first day that does not begin before ``time``."""
    day = time.date()
    is_midnight = datetime.combine(day, datetime.min.time()) == time
    return day if is_midnight or day == date.max else day + timedelta(days=1)


def _rows(
    filled: Any, names: Sequence[str], x: str, bins: Any, plan: tuple[Histogram, Values, Array]
) -> list[tuple[Any, ...]]:
    """A row for each group and bin: the keys, the x columns, and the number of rows."""
    request, values, edges = plan
    filled, keys = with_keys(filled, names)
    grouped = filled.annotate(plots_bin=bins).values(*keys, "plots_bin")
    counted = grouped.annotate(plots_count=Count("*"))
    most = max_groups() * (len(edges) + 1)
    found = list(counted.values_list(*keys, "plots_bin", "plots_count")[: most + 1])
    if len(found) > most or len({row[:-2] for row in found}) > max_groups():
        raise too_many_groups()
    places, counts = rows_of_bins(edges, values, ((int(row[-2]), row[-1]) for row in found))
    ats = to_times(np.array(places)).tolist() if values.dtype == "date" else places
    gapped = ([at if each == x else None for each in request.x] for at in ats)
    return [(*row[:-2], *xs, n) for row, xs, n in zip(found, gapped, counts, strict=True)]


class _BinIndex(Func):
    """The number of the bin of a value: -1 below the edges, and their number - 1 above."""

    output_field = models.IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        position, *edges = self.source_expressions
        (sql, own), thresholds = compiler.compile(position), [*map(compiler.compile, edges)]
        parameters: list[Any] = []

        def is_below(place: int) -> str:
            threshold, values = thresholds[place - 1]
            parameters.extend((*own, *values))
            # The last bin has both of its edges.
            return f"{sql} {'<=' if place == len(edges) else '<'} {threshold}"

        return case_tree([str(bin) for bin in range(-1, len(edges))], is_below), parameters
