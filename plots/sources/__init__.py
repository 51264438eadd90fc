"""Reading the columns of a registered source, whatever its function returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..columns import Column, from_values
from ..errors import PlotError, suggestion
from ..registry import Source


def read(
    source: Source, options: Mapping[str, Any], wanted: Mapping[str, str]
) -> dict[str, Column]:
    """The columns of ``source`` under ``options`` that ``wanted`` names.

    ``wanted`` maps each column's name to the parameter that named it, for the error's sake.
    Raises PlotError for a name the source does not have.
    """
    rows = source.rows(options)
    names = column_names(source, rows)
    for name, parameter in wanted.items():
        if name not in names:
            message = _("The source “%(source)s” has no column “%(name)s”.")
            message = message % {"source": source.name, "name": name} + suggestion(name, names)
            raise PlotError(message, "unknown-column", parameter)
    if isinstance(rows, QuerySet):
        # Only the columns that are drawn are fetched.
        table = list(rows.values_list(*wanted))
        raw: Iterable[Any] = zip(*table, strict=True) if table else [()] * len(wanted)
    else:
        raw = [rows[name] for name in wanted]
    columns = {
        name: from_values(values, parameter)
        for (name, parameter), values in zip(wanted.items(), raw, strict=True)
    }
    if len({len(column) for column in columns.values()}) > 1:
        sizes = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
        raise ValueError(f"source {source.name!r} returned columns of unequal length: {sizes}")
    return columns


def column_names(source: Source, rows: Any) -> list[str]:
    """The names of the columns in what ``source`` returned.

    Of a QuerySet, those it selects itself: a name from a request must never walk a relation.
    """
    if isinstance(rows, QuerySet):
        query = rows.query
        if query.default_cols:
            fields = [field.attname for field in rows.model._meta.concrete_fields]
            return [*fields, *query.annotation_select]
        return [*query.values_select, *query.extra_select, *query.annotation_select]
    if isinstance(rows, Mapping):
        return list(rows)
    raise TypeError(
        f"source {source.name!r} returned a {type(rows).__name__}; "
        "return a mapping of column names to values, or a QuerySet"
    )
