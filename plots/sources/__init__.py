"""Reading the columns of a registered source, whatever its function returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..errors import PlotError
from ..query import check_name
from ..registry import Source
from . import frames, memory, orm, parquet
from .selection import Selected, Selection


class Table(Protocol):
    """What a source returned, whatever it is: columns with names, which can be selected."""

    @property
    def names(self) -> list[str]: ...

    def select(self, asked: Selection) -> Selected: ...


def read(
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


def open_table(source: Source, options: Mapping[str, Any], viewer: Any = None) -> Table:
    """What ``source`` returns under ``options``, as a Table."""
    rows = source.rows(options, viewer)
    if isinstance(rows, QuerySet):
        return orm.Rows(rows)
    if isinstance(rows, parquet.File):
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
