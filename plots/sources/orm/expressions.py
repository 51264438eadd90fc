"""Database functions and conversions that downsampling and binning of QuerySets share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.db import models
from django.db.models import F, Func
from django.db.models.functions import NullIf
from django.utils import timezone

EPOCH = datetime(1970, 1, 1)
TEXT_FIELDS = (models.CharField, models.TextField)
DATE_VENDORS = ("sqlite", "postgresql", "mysql")  # that Days supports


class Days(Func):
    """A date or datetime as days since 1970, a float."""

    output_field = models.FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(julianday(%(expressions)s) - 2440587.5)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(EXTRACT(EPOCH FROM %(expressions)s) / 86400.0)::double precision"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', %(expressions)s) / 86400e6)"
        return self.as_sql(compiler, connection, template=template, **context)


class Truncated(Func):
    """The integer part of a positive number.

    It is FLOOR, which Django would implement on SQLite by a Python function for each row.
    """

    function = "FLOOR"
    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(%(expressions)s AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def group_key(rows: Any, name: str) -> Any:
    """A column to group by: empty text is a gap."""
    is_text = isinstance(rows.query.resolve_ref(name).output_field, TEXT_FIELDS)
    return NullIf(F(name), models.Value("")) if is_text else F(name)


def to_number(value: Any) -> float:
    """Convert a number or date of the database to a float; a date to days since 1970 in UTC."""
    if not isinstance(value, date):
        return float(value)
    if not isinstance(value, datetime):
        return float((value - EPOCH.date()).days)
    if timezone.is_aware(value):
        value = timezone.make_naive(value, UTC)
    return float((value - EPOCH) / timedelta(days=1))


def local_to_utc(days: float, example: Any, zone: tzinfo) -> float:
    """Convert days since 1970 in local time to UTC, if ``example``, a value of x, is aware."""
    if not isinstance(example, datetime) or timezone.is_naive(example):
        return days
    return to_number(timezone.make_aware(EPOCH + timedelta(days=days), zone))
