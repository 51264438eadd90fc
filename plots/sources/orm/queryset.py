"""A QuerySet's rows: filtered, grouped and ordered by the database, as far as SQL can say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.db import connections, models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Floor, NullIf, Trunc
from django.utils import timezone
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.sources import memory
from plots.sources.selection import Bins, Histogram, Selected, Selection
from plots.spec.query import Filter, Query

from . import binning, downsampling
from .downsampling import TEXTS, key

NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField, models.BooleanField)
# What a field's column holds, the narrower sorts first; any other is text.
DTYPES: dict[str, Any] = {
    "boolean": models.BooleanField,
    "number": NUMBERS,
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
class Rows:
    """A QuerySet, as a source returned it."""

    rows: Any

    @property
    def names(self) -> list[str]:
        """Those it selects itself: a name from a request never walks a relation."""
        query = self.rows.query
        if query.default_cols:
            fields = [field.attname for field in self.rows.model._meta.concrete_fields]
            return [*fields, *query.annotation_select]
        return [*query.values_select, *query.extra_select, *query.annotation_select]

    @property
    def dtypes(self) -> dict[str, str]:
        return {name: self._sort(name) for name in self.names}

    def _sort(self, name: str) -> str:
        try:
            field = _field(self.rows, name)
        except FieldError:  # of SQL that somebody wrote nobody knows
            return ""
        return next((sort for sort, fields in DTYPES.items() if isinstance(field, fields)), "text")

    def select(self, asked: Selection) -> Selected:
        return select(self.rows, asked)


def select(rows: Any, asked: Selection) -> Selected:
    """The columns of ``rows`` that are ``asked`` for; what SQL cannot say is done in memory."""
    query, sql = asked.query, rows.query
    is_plain = not (sql.is_sliced or sql.combinator or sql.distinct)
    if is_plain:
        for each in query.filter:
            rows = rows.filter(_condition(rows, each, asked.tzinfo))
        asked = replace(asked, query=replace(query, filter=()))
    # SQLite's own deviation, a Python function, fails for a sample of one; no one has a median.
    has_stat = query.stat in STATS and (query.stat, _vendor(rows)) != ("std", "sqlite")
    if is_plain and has_stat and sql.group_by is None:
        return _grouped(rows, asked)
    if is_plain and (cells := _in_cells(rows, asked)):
        return cells
    if is_plain and (found := _reduced(rows, asked)):
        columns, count = found
        few = replace(asked, keys=(*asked.keys, *({""} & columns.keys())), downsampling=None)
        return replace(memory.select(columns, few), rows=count)
    if is_plain and not query.stat:
        if query.order:
            column = F(asked.order)
            first = column.desc if query.order[0] == "-" else column.asc
            rows = rows.order_by(first(nulls_last=True), *sql.order_by)
        rows = rows[: query.limit]
        asked = replace(asked, query=replace(asked.query, order="", limit=None))
    return memory.select(_fetched(rows.values_list(*asked.columns), asked.columns), asked)


def _vendor(rows: Any) -> str:
    return str(connections[rows.db].vendor)


def _in_cells(rows: Any, asked: Selection) -> Selected | None:
    """How many rows are where; None where the database is not to count them, or cannot."""
    wanted = asked.downsampling
    if not isinstance(wanted, Bins) or asked.query != Query() or not wanted.x:
        return None
    x = _field(rows, wanted.x)
    if not all(_is_number(_field(rows, y)) for y in wanted.y):
        return None
    if isinstance(x, TEXTS):
        return binning.counted(rows, asked, has_names=True)
    is_date = isinstance(x, models.DateField) and _vendor(rows) in downsampling.VENDORS
    if wanted.x in wanted.groups or not (is_date or _is_number(x)):
        return None
    return binning.counted(rows, asked, has_names=False)


def _is_number(field: Any) -> bool:
    """Whether a database can count with it: not so with booleans, which few call numbers."""
    return isinstance(field, NUMBERS) and not isinstance(field, models.BooleanField)


def _value(rows: Any, name: str) -> Any:
    """The column as a database computes with it: a boolean as 0 or 1, an empty text as a gap."""
    field = _field(rows, name)
    if isinstance(field, models.BooleanField):
        return Cast(F(name), models.IntegerField())
    return NullIf(F(name), Value("")) if isinstance(field, TEXTS) else F(name)


def _reduced(rows: Any, asked: Selection) -> tuple[Mapping[str, Sequence[Any]], int] | None:
    """What is enough for the picture, and of how many rows; None where the database cannot tell."""
    wanted = asked.downsampling
    if not wanted or isinstance(wanted, Bins) or asked.query != Query():
        return None
    if isinstance(wanted, Histogram):
        if not all(_is_number(_field(rows, x)) for x in wanted.x):
            return None
        return downsampling.tallied(rows, asked.columns, wanted)
    if not wanted.x:
        return None
    x, *ys = (_field(rows, name) for name in (wanted.x, *wanted.y))
    is_date = isinstance(x, models.DateField) and _vendor(rows) in downsampling.VENDORS
    if not (is_date or _is_number(x)) or not all(map(_is_number, ys)):
        return None
    return downsampling.reduced(rows, asked.columns, wanted, asked.tzinfo)


def _fetched(rows: Iterable[Sequence[Any]], named: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    table = list(rows)
    columns: Iterable[Any] = zip(*table, strict=True) if table else [()] * len(named)
    return dict(zip(named, columns, strict=True))


def _field(rows: Any, name: str) -> Any:
    return rows.query.resolve_ref(name).output_field


def _condition(rows: Any, wanted: Filter, zone: tzinfo) -> Q:
    """``wanted`` for the database, its texts made into values of the column's own sort."""
    field = _field(rows, wanted.column)
    empty = Q(**{f"{wanted.column}__isnull": True})
    if isinstance(field, TEXTS):
        empty |= Q(**{wanted.column: ""})  # it draws nothing either
    if wanted.lookup == "isnull":
        return empty if memory.read_switch(wanted) else ~empty
    value: Any = [_like(field, text, wanted, zone) for text in wanted.values]
    if wanted.lookup not in ("in", "range"):
        (value,) = value
    return Q(**{f"{wanted.column}__{wanted.lookup}": value})


def _like(field: Any, text: str, wanted: Filter, zone: tzinfo) -> Any:
    if wanted.lookup == "icontains":
        return text
    if isinstance(field, models.DateField):
        found = memory.read_like("M", text, wanted)
        if not isinstance(field, models.DateTimeField):
            return found.date() if isinstance(found, datetime) else found
        if not isinstance(found, datetime):
            found = datetime.combine(found, time())
        if timezone.is_naive(found) == settings.USE_TZ:
            change = timezone.make_aware if settings.USE_TZ else timezone.make_naive
            found = change(found, zone)
        return found
    if isinstance(field, NUMBERS):
        number = memory.read_like("f", text, wanted)
        return field.to_python(text) if isinstance(field, models.DecimalField) else number
    try:
        return field.to_python(text)
    except (ValidationError, ValueError, TypeError):
        message = _("“%(text)s” is no value of “%(column)s”.")
        message %= {"text": text[:40], "column": wanted.column}
        raise PlotError(message, "invalid-filter", "filter") from None


def _grouped(rows: Any, asked: Selection) -> Selected:
    """A row of the database for each group; what is left to do is done on those few."""
    stat = asked.query.stat
    keys = {f"plots_key_{i}": _key(rows, name, asked) for i, name in enumerate(asked.keys)}
    made: dict[str, Any] = {}
    for i, name in enumerate(asked.values):
        if stat != "count" and not isinstance(_field(rows, name), NUMBERS):
            memory.refuse_stat(name)
        made[f"plots_value_{i}"] = STATS[stat](_value(rows, name))
    made = made or {"plots_value_0": models.Count("*")}
    found = rows.order_by().annotate(**keys).values(*keys).annotate(**made)
    most = conf.MAX_POINTS + 1  # one more says that there are too many
    columns = _fetched(found.values_list(*keys, *made)[:most], [*keys, *made])
    values = {name: columns[f"plots_value_{i}"] for i, name in enumerate(asked.values or ("",))}
    table = {**dict(zip(asked.keys, (columns[key] for key in keys), strict=True)), **values}
    # Of one number the least is that number: this puts the groups in order, and no more.
    done = replace(asked.query, stat="min", bin="", filter=())
    return memory.select(table, replace(asked, values=tuple(values), query=done))


def _key(rows: Any, name: str, asked: Selection) -> Any:
    """What rows are grouped by: the column, or where its bin begins."""
    field, width = _field(rows, name), asked.query.bin
    if name != asked.binned or not width:
        return key(rows, name)
    is_date = isinstance(field, models.DateField)
    if is_date != isinstance(width, str) or not (is_date or isinstance(field, NUMBERS)):
        memory.refuse_bin("dates" if is_date else "numbers" if isinstance(field, NUMBERS) else "")
    if not isinstance(width, str):
        return Floor(Cast(_value(rows, name), models.FloatField()) / width) * width
    if width == "hour":
        if not isinstance(field, models.DateTimeField):
            return F(name)
        return Trunc(F(name), width, tzinfo=asked.tzinfo)
    zone = asked.tzinfo if isinstance(field, models.DateTimeField) else None
    return Trunc(F(name), width, output_field=models.DateField(), tzinfo=zone)
