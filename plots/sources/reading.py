"""Reading the columns of a registered source, whatever its function returns."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from threading import Lock
from typing import Any, Protocol

from cachetools import TTLCache, cached
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.orm import queryset
from plots.sources.parquet import file
from plots.spec.query import check_name
from plots.spec.registry import Source

from . import frames, memory
from .selection import Selected, Selection

FIRST = 100  # rows that tell what all hold


class Table(Protocol):
    """What a source returned, whatever it is: columns with names, which can be selected."""

    @property
    def names(self) -> list[str]: ...

    @property
    def dtypes(self) -> Mapping[str, str]:
        """What the columns hold, "" where it cannot be told without reading them."""

    def select(self, asked: Selection) -> Selected: ...


def read_source(
    source: Source, options: Mapping[str, Any], asked: Selection, viewer: Any = None
) -> Selected:
    """The columns of ``source`` under ``options`` that are ``asked`` for.

    ``viewer`` is the key of who looks. Raises PlotError for a name that the source does not have.
    """
    table = open_table(source, options, viewer)
    names = table.names
    for name in asked.columns:
        check_name(name, names, source.name, asked.parameter(name))
    order, made = asked.order, (*asked.keys, *(asked.values or ("count",)))
    if order and asked.query.stat and order not in made:
        message = _("What a stat made has no column “%(name)s”; order by one of %(names)s.")
        message %= {"name": order[:50], "names": ", ".join(made)}
        raise PlotError(message, "unknown-column", "order")
    return table.select(asked)


def columns_of(
    source: Source, options: Mapping[str, Any], viewer: Any = None
) -> Mapping[str, str] | None:
    """What the columns of ``source`` hold: as declared, else as its table tells without being read.

    None where it cannot be told: of rows that come one by one, and of a source that fails.
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
            rows = rows[:FIRST]
        dtypes = {} if isinstance(rows, Iterator) else _table_of(source, rows).dtypes
    except (PlotError, TypeError):
        return None  # rendering reports the error
    return dtypes if dtypes and all(dtypes.values()) else None


def open_table(source: Source, options: Mapping[str, Any], viewer: Any = None) -> Table:
    """What ``source`` returns under ``options``, as a Table."""
    return _table_of(source, source.rows(options, viewer))


def _table_of(source: Source, rows: Any) -> Table:
    if isinstance(rows, QuerySet):
        return queryset.Rows(rows)
    if isinstance(rows, file.File):
        return rows
    if isinstance(rows, Mapping):
        return memory.Columns(rows)
    if names := getattr(getattr(rows, "dtype", None), "names", None):
        return memory.Columns({name: rows[name] for name in names})  # a structured array
    if isinstance(rows, list | tuple | Iterator):
        return memory.Columns(memory.from_rows(rows))
    if frame := frames.read(rows):
        return frame
    if isinstance(rows, Iterable) and not isinstance(rows, str | bytes):
        return memory.Columns(memory.from_rows(rows))
    raise TypeError(
        f"source {source.name!r} returned a {type(rows).__name__}; return a QuerySet, a mapping "
        "of column names to values, a data frame, or rows that are dicts"
    )
