"""Filters of a QuerySet: their values read as values of the column's field."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.filters import read_filter_value, read_isnull
from plots.spec.query import Filter

from .expressions import TEXT_FIELDS

NUMBER_FIELDS = (
    models.IntegerField,
    models.FloatField,
    models.DecimalField,
    models.BooleanField,
)


def condition(field: Any, filter: Filter, zone: tzinfo) -> Q:
    """Return ``filter`` as a condition on a column of this field.

    Raises
    ------
    PlotError
        If a value does not fit the field.
    """
    gap = Q(**{f"{filter.column}__isnull": True})
    if isinstance(field, TEXT_FIELDS):
        gap |= Q(**{filter.column: ""})  # empty text is not drawn either
    if filter.lookup == "isnull":
        return gap if read_isnull(filter) else ~gap
    value: Any = [_read_value(field, text, filter, zone) for text in filter.values]
    if filter.lookup not in ("in", "range"):
        (value,) = value
    return Q(**{f"{filter.column}__{filter.lookup}": value})


def _read_value(field: Any, text: str, filter: Filter, zone: tzinfo) -> Any:
    if filter.lookup == "icontains":
        return text
    if isinstance(field, models.DateField):
        value = read_filter_value("M", text, filter)
        if not isinstance(field, models.DateTimeField):
            return value.date() if isinstance(value, datetime) else value
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if timezone.is_naive(value) == settings.USE_TZ:
            convert = timezone.make_aware if settings.USE_TZ else timezone.make_naive
            value = convert(value, zone)
        return value
    if isinstance(field, NUMBER_FIELDS):
        number = read_filter_value("f", text, filter)
        return field.to_python(text) if isinstance(field, models.DecimalField) else number
    try:
        return field.to_python(text)
    except (ValidationError, ValueError, TypeError):
        message = _("“%(text)s” is not a value of “%(column)s”. Correct the filter.")
        message %= {"text": text[:40], "column": filter.column}
        raise PlotError(message, "invalid-filter", "filter") from None
