"""Reading of the columns of a registered source, whatever its function returns."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, Protocol

from cachetools import TTLCache, cached
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.orm.queryset import QuerySetTable
from plots.sources.parquet.file import ParquetFile
from plots.spec.query import Query, check_name
from plots.spec.registry import Source
from plots.values.columns import Column

from .arrays import SAMPLE
from .frames import from_frame
from .memory import MemoryTable, from_rows
from .selection import Selected, Selection

MAX_SAMPLED = 20_000  # rows of a QuerySet in which names are looked up: a whole table may be huge


class Table(Protocol):
    """What a source returned: named columns that can be selected."""

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""

    @property
    def dtypes(self) -> Mapping[str, str]:
        """The data type of each column, empty if it cannot be inferred without reading the rows."""

    def select(self, selection: Selection) -> Selected:
        """Read the selected columns."""


def read_source(
    source: Source, options: Mapping[str, Any], selection: Selection, viewer: Any = None
) -> Selected:
    """Read columns of a source.

    Parameters
    ----------
    source : Source
    options : mapping
        The options of the source, validated.
    selection : Selection
        The columns, and how they are filtered, summarised, ordered and downsampled.
    viewer : object, optional
        The primary key of the user who views the plot.

    Raises
    ------
    PlotError
        If the source has no column of a name, a part of the query does not fit a column, or the
        source fails.
    """
    table = open_table(source, options, viewer)
    given = table.names
    # Rows in memory have no columns either if there is no row.
    known = given or [*(source.columns or selection.columns)]
    for name in selection.columns:
        parameter = selection.parameter(name)
        # A preset shows its errors to visitors, who need not see the source.
        suggests = settings.DEBUG or not source.is_private
        check_name(name, known, source.name, parameter, suggests=suggests)
    order = selection.order
    results = (*selection.keys, *(selection.values or ("count",)))
    if order and selection.query.stat and order not in results:
        message = _("A stat has no column “%(name)s” to order by. Use one of %(names)s.")
        message %= {"name": order[:50], "names": ", ".join(results)}
        raise PlotError(message, "unknown-column", "order")
    if not given:
        values = (selection.values or ("",)) if selection.query.stat else ()
        return Selected(dict.fromkeys(selection.keys, ()), dict.fromkeys(values, ()))
    selected = table.select(selection)
    if selection.colored:
        colored = {name: _names(table, selection, selected, name) for name in selection.colored}
        return replace(selected, names=colored)
    numbers = tuple(name for name, dtype in table.dtypes.items() if dtype in ("number", "duration"))
    return replace(selected, numbers=numbers)


def _names(table: Table, selection: Selection, selected: Selected, name: str) -> Column:
    """The values of a column in all rows, each at least once: of many rows, in the first ones."""
    if not (selection.query.filter or selection.query.limit):
        return selected.keys.get(name) or selected.values.get(name, ())
    if isinstance(table, QuerySetTable):
        table = table.first(MAX_SAMPLED)
    every = Selection(selection.source, (name,), query=Query(stat="count"), zone=selection.zone)
    try:
        return table.select(every).keys[name]
    except PlotError:
        return ()  # there are too many


def columns_of(
    source: Source, options: Mapping[str, Any], viewer: Any = None
) -> Mapping[str, str] | None:
    """Return the data types of a source's columns, declared or inferred without reading its rows.

    Returns
    -------
    mapping or None
        None if they cannot be inferred, as for an iterator of rows or a source that fails.
    """
    if source.columns is not None:
        return source.columns
    return _infer_dtypes(source, options, viewer)


def _infer_key(source: Source, options: Mapping[str, Any], viewer: Any) -> Hashable:
    return source.name, source.function, repr(sorted(options.items())), viewer


# While a form is validated, the same source is read several times.
@cached(TTLCache(maxsize=200, ttl=10), key=_infer_key, lock=Lock())
def _infer_dtypes(
    source: Source, options: Mapping[str, Any], viewer: Any
) -> Mapping[str, str] | None:
    try:
        rows = source.rows(options, viewer)
        if isinstance(rows, list | tuple):
            rows = rows[:SAMPLE]
        dtypes = {} if isinstance(rows, Iterator) else _table_of(source, rows).dtypes
    except (PlotError, TypeError):
        return None  # rendering reports the error
    return dtypes if dtypes and all(dtypes.values()) else None


def open_table(source: Source, options: Mapping[str, Any], viewer: Any = None) -> Table:
    """Call the function of ``source`` and wrap what it returns as a Table."""
    rows = source.rows(options, viewer)
    with source.logged_errors():
        return _table_of(source, rows)


def _table_of(source: Source, rows: Any) -> Table:
    if isinstance(rows, QuerySet):
        return QuerySetTable(rows)
    if isinstance(rows, ParquetFile):
        return rows
    if isinstance(rows, Mapping):
        if rows and all(map(_is_single, rows.values())):  # as of aggregate()
            return MemoryTable({name: [value] for name, value in rows.items()})
        return MemoryTable(rows)
    if names := getattr(getattr(rows, "dtype", None), "names", None):
        return MemoryTable({name: rows[name] for name in names})  # a structured array
    if isinstance(rows, list | tuple | Iterator):
        return MemoryTable(from_rows(rows, source.columns))
    if frame := from_frame(rows):
        return frame
    if isinstance(rows, Iterable) and not isinstance(rows, str | bytes):
        return MemoryTable(from_rows(rows, source.columns))
    raise TypeError(
        f"source {source.name!r} returned a {type(rows).__name__}; return a QuerySet, a mapping "
        "of column names to values, a data frame, or rows that are dicts"
    )


def _is_single(value: Any) -> bool:
    return value is None or isinstance(value, str | bytes) or not isinstance(value, Iterable)
