"""Downsampling of a QuerySet's rows: the database groups them and returns only what is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import islice
from sqlite3 import SQLITE_LIMIT_VARIABLE_NUMBER
from typing import Any

from django.db import connections
from django.db.models import Count, F, FloatField, Max, Min
from django.db.models.functions import Greatest, Least
from django.db.models.lookups import IsNull

from plots.sources.selection import Downsampling, max_groups, too_many_groups

from .expressions import (
    Days,
    Truncated,
    field_of,
    group_key,
    local_to_utc,
    number,
    to_number,
)
from .filters import NUMBER_FIELDS

MAX_PARAMETERS = 10_000  # of one statement
Row = tuple[Any, ...]
Columns = dict[str, list[Any]]


def m4(
    rows: Any, names: Sequence[str], request: Downsampling, zone: tzinfo
) -> tuple[Columns, int] | None:
    """Downsample lines by M4.

    At most 3 × bins + 8 rows are fetched for each line. The smallest and the largest value of a bin
    are placed in its middle, because a position within one pixel cannot be seen.

    Returns
    -------
    (columns, int) or None
        The columns ``names``, and the number of rows before. None if there are too few rows.

    Raises
    ------
    PlotError
        If there are more lines than can be drawn.
    """
    names = tuple(name for name in names if name not in (request.x, *request.y))
    rows, keys = with_keys(rows, names)
    rows, extremes = _extremes(rows, keys, request.x)
    if max((count for _, _, count in extremes), default=0) <= request.threshold:
        return None
    low, high, counts = zip(*extremes, strict=True)
    bins = _bins(rows, keys, request, zone, min(low), max(high))
    values = _values_at(rows, keys, request, {x for each in bins for x in each.ends})
    kept = [row for each in bins for row in each.rows(values)]
    return to_columns((*names, request.x, *request.y), kept), sum(counts)


def with_keys(rows: Any, names: Sequence[str]) -> tuple[Any, tuple[str, ...]]:
    """Annotate ``rows`` with what they are grouped by. Returns the aliases of the names, too."""
    keys = {f"plots_group_{i}": group_key(rows, name) for i, name in enumerate(names)}
    return rows.annotate(**keys), tuple(keys)


def _extremes(rows: Any, keys: Sequence[str], x: str) -> tuple[Any, list[Row]]:
    """The rows that have an ``x``, and the smallest, the largest and the count of it per line."""
    known = number(rows, x) if isinstance(field_of(rows, x), NUMBER_FIELDS) else F(x)
    rows = rows.order_by().filter(IsNull(known, False))
    extremes = {"plots_low": Min(x), "plots_high": Max(x), "plots_count": Count("*")}
    if not keys:  # in statements of their own, Min and Max read an index if there is one
        row = tuple(rows.aggregate(**{name: each})[name] for name, each in extremes.items())
        return rows, [row] if row[2] else []
    most = max_groups()
    found = list(rows.values(*keys).annotate(**extremes).values_list(*extremes)[: most + 1])
    if len(found) > most:
        raise too_many_groups()
    return rows, found


def to_columns(names: Sequence[str], rows: Sequence[Row]) -> Columns:
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def sort_key(row: Row) -> list[Any]:
    """Gaps come last."""
    return [(each is None, each) for each in row]


@dataclass(frozen=True)
class Bin:
    """The rows of one line in one bin of x: its ends, and the smallest and largest y."""

    key: Row
    number: int
    first: Any
    last: Any
    smallest: Row
    largest: Row

    @property
    def ends(self) -> tuple[Any, Any]:
        return self.first, self.last

    def rows(self, values: Mapping[Row, tuple[Row, ...]]) -> Iterator[Row]:
        """Yield the rows from left to right; ``values`` are those of y by key and x."""
        for y in values[*self.key, self.first]:
            yield (*self.key, self.first, *y)
        if self.first != self.last:
            middle = self.first + (self.last - self.first) / 2
            yield (*self.key, middle, *self.smallest)
            yield (*self.key, middle, *self.largest)
            for y in values[*self.key, self.last]:
                yield (*self.key, self.last, *y)


def _bins(
    rows: Any, keys: Sequence[str], request: Downsampling, zone: tzinfo, low: Any, high: Any
) -> list[Bin]:
    position: Any = Days(F(request.x)) if isinstance(low, date) else number(rows, request.x)
    begin, end = (
        to_number(extreme) if limit is None else local_to_utc(limit, extreme, zone)
        for limit, extreme in ((request.low, low), (request.high, high))
    )
    # Bins are numbered from 1. Rows outside the limits are in bin 0 and bin ``bins`` + 1.
    first, last = float(request.low is None), request.bins + float(request.high is not None)
    place = (position - begin) * (request.bins / ((end - begin) or 1.0)) + 1.0
    bin = Truncated(Least(Greatest(place, first), last, output_field=FloatField()))
    ends = {"plots_first": Min(request.x), "plots_last": Max(request.x)}
    grouped = rows.annotate(plots_bin=bin).values(*keys, "plots_bin")
    values = _extreme_values(rows, request)
    found = grouped.annotate(**ends, **values).values_list(*keys, "plots_bin", *ends, *values)
    n, count = len(keys), len(request.y)
    bins = (Bin(r[:n], r[n], r[n + 1], r[n + 2], r[-2 * count : -count], r[-count:]) for r in found)
    return sorted(bins, key=lambda each: (sort_key(each.key), each.number))


def _extreme_values(rows: Any, request: Downsampling) -> dict[str, Any]:
    """The smallest of each y, then the largest of each."""
    ys = [number(rows, y) for y in request.y]
    return {
        **{f"plots_min_{i}": Min(y) for i, y in enumerate(ys)},
        **{f"plots_max_{i}": Max(y) for i, y in enumerate(ys)},
    }


def _values_at(
    rows: Any, keys: Sequence[str], request: Downsampling, positions: Collection[Any]
) -> dict[Row, tuple[Row, ...]]:
    """The values of y by key and x: those of one row, or the smallest and largest of several."""
    extremes = _extreme_values(rows, request)
    n = len(request.y)
    values: dict[Row, tuple[Row, ...]] = {}
    remaining = iter(sorted(positions))
    while some := list(islice(remaining, _max_parameters(rows.db))):
        filtered = rows.filter(**{f"{request.x}__in": some})
        found = filtered.values(*keys, request.x).annotate(**extremes)
        for row in found.values_list(*keys, request.x, *extremes):
            key, smallest, largest = row[: -2 * n], row[-2 * n : -n], row[-n:]
            values[key] = (smallest,) if smallest == largest else (smallest, largest)
    return values


def _max_parameters(database: str) -> int:
    """The number of parameters that a statement may have beside those of the rows' filters."""
    connection = connections[database]
    most = connection.features.max_query_params or MAX_PARAMETERS
    if connection.vendor == "sqlite":  # its features name the minimum of all builds
        most = connection.connection.getlimit(SQLITE_LIMIT_VARIABLE_NUMBER)
    return min(most, MAX_PARAMETERS) - 100
