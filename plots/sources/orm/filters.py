"""Filters of a QuerySet: their values read as values of the column's field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Range,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.filters import read_filter_values, read_isnull
from plots.spec.query import Filter
from plots.values.timezones import to_local_times

from .case_folding import has_part
from .choices import with_values
from .expressions import TEXT_FIELDS, field_of, number, text

NUMBER_FIELDS = (
    models.IntegerField,
    models.FloatField,
    models.DecimalField,
    models.BooleanField,
)
LOOKUPS: dict[str, Any] = {
    "exact": Exact,
    "in": In,
    "gt": GreaterThan,
    "gte": GreaterThanOrEqual,
    "lt": LessThan,
    "lte": LessThanOrEqual,
    "range": Range,
}


# The data type of each class of fields, subclasses first. All other fields are text.
DTYPES: dict[str, Any] = {
    "boolean": models.BooleanField,
    "number": NUMBER_FIELDS,
    "datetime": models.DateTimeField,
    "date": models.DateField,
    "duration": models.DurationField,
    "time": models.TimeField,
}
_UNCOMPARED = {"JSONField", "BinaryField", "ArrayField", "HStoreField"}


def dtype_of_field(field: Any) -> str:
    """Return the data type of a field's values."""
    return next((name for name, each in DTYPES.items() if isinstance(field, each)), "text")


def condition(rows: Any, filter: Filter, zone: str, tzinfo: tzinfo) -> Q | None:
    """Return ``filter`` as a condition on a column of ``rows``.

    Returns None if only memory can apply it, as a search in text that is no text of the database.

    Raises
    ------
    PlotError
        If a value or the lookup does not fit the field.
    """
    field, name = field_of(rows, filter.column), filter.column
    is_text, is_number = isinstance(field, TEXT_FIELDS), isinstance(field, NUMBER_FIELDS)
    column = text(name) if is_text else number(rows, name) if is_number else F(name)
    if filter.lookup == "isnull":
        return Q(IsNull(column, read_isnull(filter)))
    if not _UNCOMPARED.isdisjoint(each.__name__ for each in type(field).__mro__):
        message = _("“%(column)s” cannot be compared; only %(column)s__isnull can filter it.")
        raise PlotError(message % {"column": name}, "invalid-filter", "filter")
    filter = with_values(filter, field)
    dtype = dtype_of_field(field)
    read = read_filter_values("date" if dtype == "datetime" else dtype, filter)
    if filter.lookup == "icontains":
        return Q(has_part(name, filter.values[0])) if is_text else None
    values: Sequence[Any] = [_to_field(field, each, filter, tzinfo) for each in read]
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return _on_days(filter, to_local_times(values, zone, "filter"))
    if is_number:
        return _on_numbers(filter, field, column, values)
    found = _compare(column, filter.lookup, values)
    if is_text and filter.lookup in ("exact", "in"):
        # Every database can use an index for this condition, which may match more rows.
        found &= _compare(F(name), filter.lookup, values)
    return found


def _compare(column: Any, lookup: str, values: Sequence[Any]) -> Q:
    if lookup not in ("in", "range"):
        (values,) = values
    return Q(LOOKUPS[lookup](column, values))


def _on_numbers(filter: Filter, field: Any, column: Any, values: Sequence[float]) -> Q:
    """A condition on integers that indexes serve, or on numbers in double precision."""
    if not isinstance(field, models.IntegerField) or not all(abs(v) < 2**53 for v in values):
        return _compare(column, filter.lookup, values)
    return _on_whole(filter, values, math.floor, math.ceil)


def _on_days(filter: Filter, values: Sequence[Any]) -> Q:
    """A condition on days. One that is compared with a time is its midnight."""

    def day(value: date) -> date:
        return value.date() if isinstance(value, datetime) else value

    def next_day(value: date) -> Any:
        has_time = isinstance(value, datetime) and value.time() != time()
        return day(value) + timedelta(days=1) if has_time else day(value)

    try:
        return _on_whole(filter, values, day, next_day)
    except OverflowError:  # after midnight of the last day
        is_lower = filter.lookup == "lt"
        return Q(IsNull(F(filter.column), False)) if is_lower else Q(In(F(filter.column), []))


def _on_whole(filter: Filter, values: Sequence[Any], floor: Any, ceil: Any) -> Q:
    """A condition on a column of whole numbers or days; ``values`` may lie between two of them."""
    name, lookup = F(filter.column), filter.lookup
    if lookup in ("exact", "in"):
        return Q(In(name, [floor(value) for value in values if floor(value) == ceil(value)]))
    if lookup in ("gt", "lte"):
        return _compare(name, lookup, [floor(values[0])])
    if lookup == "range":
        return _compare(name, lookup, [ceil(values[0]), floor(values[1])])
    return _compare(name, lookup, [ceil(values[0])])


def _to_field(field: Any, value: Any, filter: Filter, zone: tzinfo) -> Any:
    """Convert a value that was read from the filter to one of ``field``."""
    if isinstance(field, models.DateTimeField):
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if timezone.is_naive(value) == settings.USE_TZ:
            convert = timezone.make_aware if settings.USE_TZ else timezone.make_naive
            value = convert(value, zone)
        return _in_calendar(value)
    if not isinstance(value, str):
        return value
    try:
        return field.to_python(value)
    except (ValidationError, ValueError, TypeError):
        message = _("“%(text)s” is not a value of “%(column)s”. Correct the filter.")
        message %= {"text": value[:40], "column": filter.column}
        raise PlotError(message, "invalid-filter", "filter") from None


def _in_calendar(value: datetime) -> datetime:
    """The nearest time that is in years 1 to 9999 of UTC, too."""
    try:
        return value.astimezone(UTC) if value.tzinfo else value
    except OverflowError:
        end = datetime.min if value.year == 1 else datetime.max
        return end.replace(tzinfo=UTC)
