"""QuerySets: filtered, grouped and ordered by the database, as far as SQL allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import F, Value

from plots.conf import conf
from plots.sources import memory
from plots.sources.data_types import in_seconds, restore
from plots.sources.grouping import refuse_bin, refuse_stat
from plots.sources.selection import Bins, Downsampling, Histogram, Selected, Selection
from plots.spec.query import Query
from plots.values.columns import SECONDS

from . import binning, downsampling, histogram
from .choices import with_labels
from .expressions import (
    DATE_VENDORS,
    TEXT_FIELDS,
    Floor,
    Seconds,
    field_of,
    group_key,
    is_number,
    number,
    vendor_of,
)
from .filters import NUMBER_FIELDS, condition, dtype_of_field
from .local_times import start_of_unit

STATS: dict[str, Callable[[Any], models.Aggregate]] = {
    "count": models.Count,
    "sum": models.Sum,
    "mean": models.Avg,
    "min": models.Min,
    "max": models.Max,
    "std": partial(models.StdDev, sample=True),
}


@dataclass(frozen=True)
class QuerySetTable:
    """A QuerySet, as a source returned it."""

    rows: Any

    @property
    def names(self) -> list[str]:
        """The columns that it selects itself: a name in a request never follows a relation.

        Columns that ``only`` or ``defer`` leave out are none of them, even the primary key, which
        Django loads nevertheless.
        """
        query = self.rows.query
        if query.default_cols:
            named, is_deferred = query.deferred_loading
            fields = [
                field.attname
                for field in self.rows.model._meta.concrete_fields
                if named.isdisjoint((field.name, field.attname)) == is_deferred
            ]
            return [*fields, *query.annotation_select]
        return [*query.values_select, *query.extra_select, *query.annotation_select]

    @property
    def dtypes(self) -> dict[str, str]:
        return {name: self._dtype(name) for name in self.names}

    def _dtype(self, name: str) -> str:
        try:
            field = field_of(self.rows, name)
        except FieldError:  # raw SQL has no known type
            return ""
        return dtype_of_field(field)

    def first(self, count: int) -> QuerySetTable:
        """Return its first rows, or all of them where the database has to compute them anyway."""
        sql = self.rows.query
        if sql.is_sliced or sql.combinator or sql.distinct or sql.group_by is not None:
            return self
        return QuerySetTable(self.rows.order_by("pk")[:count])

    def select(self, selection: Selection) -> Selected:
        dtypes = {name: self._dtype(name) for name in selection.columns}
        selection = in_seconds(selection, dtypes)
        if isinstance(request := selection.downsampling, Histogram):
            dtype = " ".join({dtypes[x] for x in request.x})
            selection = replace(selection, downsampling=replace(request, dtype=dtype))
        rows, names = _with_seconds(self.rows, selection, dtypes)
        found = select(rows, selection.renamed(names)).renamed(names)
        return with_labels(restore(found, dtypes, selection.query.stat), self.rows, selection)


def _with_seconds(
    rows: Any, selection: Selection, dtypes: Mapping[str, str]
) -> tuple[Any, dict[str, str]]:
    """Add the seconds of durations and times of day, with which databases compute.

    Returns
    -------
    QuerySet
    dict
        The names of the new columns, by the names of the columns that they replace. It is empty if
        rows are selected in memory, where seconds are made of the values.
    """
    sql = rows.query
    if sql.is_sliced or sql.combinator or sql.distinct or sql.group_by is not None:
        return rows, {}
    read = {*selection.keys, *selection.values, selection.order} - {""}
    names = {
        name: f"plots_seconds_{place}"
        for place, name in enumerate(sorted(read & dtypes.keys()))
        if dtypes[name] in SECONDS
    }
    return rows.annotate(**{new: Seconds(F(name)) for name, new in names.items()}), names


def select(rows: Any, selection: Selection) -> Selected:
    """Select columns of a QuerySet. What SQL cannot express is done in memory."""
    query, sql = selection.query, rows.query
    is_simple = not (sql.is_sliced or sql.combinator or sql.distinct)
    if is_simple:
        remaining = []
        for each in query.filter:
            found = condition(rows, each, selection.zone, selection.tzinfo)
            if found is None:
                remaining.append(each)
            else:
                rows = rows.filter(found)
        selection = replace(selection, query=replace(query, filter=tuple(remaining)))
        is_simple = not remaining
    if is_simple and (selected := _select_by_sql(rows, selection)):
        return selected
    if is_simple and not query.stat:
        if query.order:
            column = _order_key(rows, selection.order)
            direction = column.desc if query.order[0] == "-" else column.asc
            rows = rows.order_by(direction(nulls_last=True), *_ordering(rows))
        rows = rows[: query.limit]
        selection = replace(selection, query=replace(selection.query, order="", limit=None))
    names = selection.columns
    return memory.select(_to_columns(rows.values_list(*names), names), selection)


def _select_by_sql(rows: Any, selection: Selection) -> Selected | None:
    """Group, count or downsample rows. None if the database cannot do it."""
    stat = selection.query.stat
    # SQLite's standard deviation, a Python function, fails for a sample of one. No database has a
    # median.
    has_stat = stat in STATS and (stat, vendor_of(rows)) != ("std", "sqlite")
    if has_stat and rows.query.group_by is None and (grouped := _group(rows, selection)):
        return grouped
    if cells := _count_cells(rows, selection):
        return cells
    if binned := _histogram(rows, selection):
        return binned
    if not (found := _downsample(rows, selection)):
        return None
    columns, count = found
    return replace(memory.select(columns, replace(selection, downsampling=None)), rows=count)


def _histogram(rows: Any, selection: Selection) -> Selected | None:
    """Count rows in bins. None if that was not requested, or the database cannot do it."""
    if not isinstance(selection.downsampling, Histogram) or selection.query != Query():
        return None
    if not (found := histogram.count_bins(rows, selection)):
        return None
    columns, count, edges = found
    rest = replace(selection, keys=(*selection.keys, ""), downsampling=None)
    return replace(memory.select(columns, rest), rows=count, edges={"x": edges})


def _order_key(rows: Any, name: str) -> Any:
    is_number = isinstance(field_of(rows, name), NUMBER_FIELDS)
    return number(rows, name) if is_number else group_key(rows, name)


def _ordering(rows: Any) -> Sequence[Any]:
    """The order that the QuerySet has itself, its model's included."""
    query = rows.query
    default = query.get_meta().ordering if query.default_ordering else ()
    return (*query.order_by, *(() if query.order_by else default))


def _count_cells(rows: Any, selection: Selection) -> Selected | None:
    """Count rows in cells. None if that was not requested, or the database cannot do it."""
    request = selection.downsampling
    if not isinstance(request, Bins) or selection.query != Query() or not request.x:
        return None
    x = field_of(rows, request.x)
    if not all(is_number(field_of(rows, y)) for y in request.y):
        return None
    if isinstance(x, TEXT_FIELDS):
        return binning.count_cells(rows, selection, is_text=True)
    is_date = isinstance(x, models.DateField) and vendor_of(rows) in DATE_VENDORS
    if request.x in request.groups or not (is_date or is_number(x)):
        return None
    return binning.count_cells(rows, selection, is_text=False)


def _downsample(rows: Any, selection: Selection) -> tuple[Mapping[str, Sequence[Any]], int] | None:
    """Downsampled columns and the number of rows before. None if the database cannot do it."""
    request = selection.downsampling
    if not isinstance(request, Downsampling) or selection.query != Query() or not request.x:
        return None
    x, *ys = (field_of(rows, name) for name in (request.x, *request.y))
    is_date = isinstance(x, models.DateField) and vendor_of(rows) in DATE_VENDORS
    if not (is_date or is_number(x)) or not all(map(is_number, ys)):
        return None
    return downsampling.m4(rows, selection.columns, request, selection.tzinfo)


def _to_columns(rows: Iterable[Sequence[Any]], names: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    table = list(rows)
    columns: Iterable[Any] = zip(*table, strict=True) if table else [()] * len(names)
    return dict(zip(names, columns, strict=True))


def _group(rows: Any, selection: Selection) -> Selected | None:
    """Fetch a row for each group, and order them in memory. None if that needs a key of memory."""
    keys = {f"plots_key_{i}": _key(rows, name, selection) for i, name in enumerate(selection.keys)}
    if None in keys.values():
        return None
    stats: dict[str, Any] = {
        f"plots_value_{i}": _stat(rows, name, selection.query.stat)
        for i, name in enumerate(selection.values)
    }
    stats = stats or {"plots_value_0": models.Count("*")}
    found = rows.order_by().annotate(**keys).values(*keys).annotate(**stats)
    most = conf.MAX_POINTS + 1  # one more than can be drawn, to detect that there are too many
    columns = [*_to_columns(found.values_list(*keys, *stats)[:most], [*keys, *stats]).values()]
    names = selection.values or ("",)
    return memory.from_groups(columns[: len(keys)], columns[len(keys) :], names, selection)


def _stat(rows: Any, name: str, stat: str) -> Any:
    field = field_of(rows, name)
    if isinstance(field, NUMBER_FIELDS):
        # Averages of decimals have few digits on MariaDB, and sums of integers overflow on SQLite.
        is_exact = isinstance(field, models.DecimalField) and vendor_of(rows) != "sqlite"
        return STATS[stat](F(name) if is_exact and stat == "sum" else number(rows, name))
    if stat != "count":
        refuse_stat(name)
    return STATS[stat](group_key(rows, name))


def _key(rows: Any, name: str, selection: Selection) -> Any:
    """What rows are grouped by: the column, or the start of its bin. None if SQL cannot."""
    field, width = field_of(rows, name), selection.query.bin
    if name != selection.binned or not width:
        return group_key(rows, name)
    is_date, is_number = isinstance(field, models.DateField), isinstance(field, NUMBER_FIELDS)
    if is_date != isinstance(width, str) or not (is_date or is_number):
        refuse_bin("dates" if is_date else "numbers" if is_number else "")
    if not isinstance(width, str):
        return Floor(number(rows, name) / width) * Value(width)
    return start_of_unit(rows, name, width, selection)
