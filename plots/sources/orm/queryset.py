"""QuerySets: filtered, grouped and ordered by the database, as far as SQL allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import FieldError
from django.db import connections, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Floor, NullIf, Trunc

from plots.conf import conf
from plots.sources import memory
from plots.sources.grouping import refuse_bin, refuse_stat
from plots.sources.selection import Bins, Histogram, Selected, Selection
from plots.spec.query import Query

from . import binning, downsampling
from .expressions import DATE_VENDORS, TEXT_FIELDS, group_key
from .filters import NUMBER_FIELDS, condition

# The data type of each class of fields, subclasses first. All other fields are text.
DTYPES: dict[str, Any] = {
    "boolean": models.BooleanField,
    "number": NUMBER_FIELDS,
    "datetime": models.DateTimeField,
    "date": models.DateField,
}
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
            field = _field(self.rows, name)
        except FieldError:  # raw SQL has no known type
            return ""
        return next((dtype for dtype, each in DTYPES.items() if isinstance(field, each)), "text")

    def select(self, selection: Selection) -> Selected:
        return select(self.rows, selection)


def select(rows: Any, selection: Selection) -> Selected:
    """Select columns of a QuerySet. What SQL cannot express is done in memory."""
    query, sql = selection.query, rows.query
    is_simple = not (sql.is_sliced or sql.combinator or sql.distinct)
    if is_simple:
        for each in query.filter:
            field = _field(rows, each.column)
            rows = rows.filter(condition(field, each, selection.tzinfo))
        selection = replace(selection, query=replace(query, filter=()))
    # SQLite's standard deviation, a Python function, fails for a sample of one. No database has a
    # median.
    has_stat = query.stat in STATS and (query.stat, _vendor(rows)) != ("std", "sqlite")
    if is_simple and has_stat and sql.group_by is None:
        return _group(rows, selection)
    if is_simple and (cells := _count_cells(rows, selection)):
        return cells
    if is_simple and (found := _downsample(rows, selection)):
        columns, count = found
        keys = (*selection.keys, *({""} & columns.keys()))
        rest = replace(selection, keys=keys, downsampling=None)
        return replace(memory.select(columns, rest), rows=count)
    if is_simple and not query.stat:
        if query.order:
            column = F(selection.order)
            direction = column.desc if query.order[0] == "-" else column.asc
            rows = rows.order_by(direction(nulls_last=True), *sql.order_by)
        rows = rows[: query.limit]
        selection = replace(selection, query=replace(selection.query, order="", limit=None))
    names = selection.columns
    return memory.select(_to_columns(rows.values_list(*names), names), selection)


def _vendor(rows: Any) -> str:
    return str(connections[rows.db].vendor)


def _count_cells(rows: Any, selection: Selection) -> Selected | None:
    """Count rows in cells. None if that was not requested, or the database cannot do it."""
    request = selection.downsampling
    if not isinstance(request, Bins) or selection.query != Query() or not request.x:
        return None
    x = _field(rows, request.x)
    if not all(_is_number(_field(rows, y)) for y in request.y):
        return None
    if isinstance(x, TEXT_FIELDS):
        return binning.count_cells(rows, selection, is_text=True)
    is_date = isinstance(x, models.DateField) and _vendor(rows) in DATE_VENDORS
    if request.x in request.groups or not (is_date or _is_number(x)):
        return None
    return binning.count_cells(rows, selection, is_text=False)


def _is_number(field: Any) -> bool:
    """Whether all databases compute with it. Most do not treat booleans as numbers."""
    return isinstance(field, NUMBER_FIELDS) and not isinstance(field, models.BooleanField)


def _value(rows: Any, name: str) -> Any:
    """A column as databases compute with it: booleans as 0 or 1, empty text as a gap."""
    field = _field(rows, name)
    if isinstance(field, models.BooleanField):
        return Cast(F(name), models.IntegerField())
    return NullIf(F(name), Value("")) if isinstance(field, TEXT_FIELDS) else F(name)


def _downsample(rows: Any, selection: Selection) -> tuple[Mapping[str, Sequence[Any]], int] | None:
    """Downsampled columns and the number of rows before. None if the database cannot do it."""
    request = selection.downsampling
    if not request or isinstance(request, Bins) or selection.query != Query():
        return None
    if isinstance(request, Histogram):
        if not all(_is_number(_field(rows, x)) for x in request.x):
            return None
        return downsampling.count_bins(rows, selection.columns, request)
    if not request.x:
        return None
    x, *ys = (_field(rows, name) for name in (request.x, *request.y))
    is_date = isinstance(x, models.DateField) and _vendor(rows) in DATE_VENDORS
    if not (is_date or _is_number(x)) or not all(map(_is_number, ys)):
        return None
    return downsampling.m4(rows, selection.columns, request, selection.tzinfo)


def _to_columns(rows: Iterable[Sequence[Any]], names: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    table = list(rows)
    columns: Iterable[Any] = zip(*table, strict=True) if table else [()] * len(names)
    return dict(zip(names, columns, strict=True))


def _field(rows: Any, name: str) -> Any:
    return rows.query.resolve_ref(name).output_field


def _group(rows: Any, selection: Selection) -> Selected:
    """Fetch a row for each group, and order them in memory."""
    stat = selection.query.stat
    keys = {f"plots_key_{i}": _key(rows, name, selection) for i, name in enumerate(selection.keys)}
    stats: dict[str, Any] = {}
    for i, name in enumerate(selection.values):
        if stat != "count" and not isinstance(_field(rows, name), NUMBER_FIELDS):
            refuse_stat(name)
        stats[f"plots_value_{i}"] = STATS[stat](_value(rows, name))
    stats = stats or {"plots_value_0": models.Count("*")}
    found = rows.order_by().annotate(**keys).values(*keys).annotate(**stats)
    most = conf.MAX_POINTS + 1  # one more than can be drawn, to detect that there are too many
    columns = _to_columns(found.values_list(*keys, *stats)[:most], [*keys, *stats])
    names = selection.values or ("",)
    values = {name: columns[f"plots_value_{i}"] for i, name in enumerate(names)}
    table = {**dict(zip(selection.keys, (columns[key] for key in keys), strict=True)), **values}
    # The minimum of one number is that number: this orders the groups and changes nothing else.
    rest = replace(selection.query, stat="min", bin="", filter=())
    return memory.select(table, replace(selection, values=tuple(values), query=rest))


def _key(rows: Any, name: str, selection: Selection) -> Any:
    """What rows are grouped by: the column, or the start of its bin."""
    field, width = _field(rows, name), selection.query.bin
    if name != selection.binned or not width:
        return group_key(rows, name)
    is_date, is_number = isinstance(field, models.DateField), isinstance(field, NUMBER_FIELDS)
    if is_date != isinstance(width, str) or not (is_date or is_number):
        refuse_bin("dates" if is_date else "numbers" if is_number else "")
    if not isinstance(width, str):
        return Floor(Cast(_value(rows, name), models.FloatField()) / width) * width
    if width == "hour":
        if not isinstance(field, models.DateTimeField):
            return F(name)
        return Trunc(F(name), width, tzinfo=selection.tzinfo)
    zone = selection.tzinfo if isinstance(field, models.DateTimeField) else None
    return Trunc(F(name), width, output_field=models.DateField(), tzinfo=zone)
