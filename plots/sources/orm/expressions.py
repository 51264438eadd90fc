"""Database functions and conversions that queries, downsampling and binning of QuerySets share.

Databases differ in how they compare text, divide decimals and treat NaN. These expressions make
all of them return what NumPy returns for the same rows.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.db import connections, models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Cast, NullIf
from django.db.models.lookups import Range
from django.utils import timezone

EPOCH = datetime(1970, 1, 1)
TEXT_FIELDS = (models.CharField, models.TextField, models.FileField, models.FilePathField)
DATE_VENDORS = ("sqlite", "postgresql", "mysql")  # that Days supports


def vendor_of(rows: Any) -> str:
    """The vendor of the database of a QuerySet. MariaDB is ``"mysql"``."""
    return str(connections[rows.db].vendor)


def field_of(rows: Any, name: str) -> Any:
    """The field of a column or annotation. That of a foreign key is the field that it refers to."""
    field = rows.query.resolve_ref(name).output_field
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


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


class Double(Func):
    """A number in double precision. Django's Cast to FloatField is a decimal on MySQL."""

    output_field = models.FloatField()
    template = "CAST(%(expressions)s AS DOUBLE PRECISION)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS REAL)")

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s + 0e0)")


class Truncated(Func):
    """The integer part of a positive number.

    It is FLOOR, which Django would implement on SQLite by a Python function for each row.
    """

    function = "FLOOR"
    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(%(expressions)s AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(FLOOR(%(expressions)s) AS SIGNED)"
        return self.as_sql(compiler, connection, template=template, **context)


class Floor(Func):
    """The largest whole number that is at most a number, as a float."""

    function = "FLOOR"
    output_field = models.FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Numbers beyond the range of integers have no fraction.
        sql, parameters = compiler.compile(self.source_expressions[0])
        whole = f"CAST({sql} AS INTEGER)"
        floor = f"CASE WHEN abs({sql}) < 9e15 THEN {whole} - ({sql} < {whole}) ELSE {sql} END"
        return f"({floor})", [*parameters] * 5


class ExactText(Func):
    """Text that is compared, grouped and ordered by its characters alone.

    The default collations of MariaDB and MySQL ignore case, accents and spaces at the end; those of
    PostgreSQL order by language.
    """

    output_field = models.TextField()
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s COLLATE BINARY)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = '(((%(expressions)s)::text) COLLATE "C")'
        return self.as_sql(compiler, connection, template=template)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        collation = "utf8mb4_nopad_bin" if connection.mysql_is_mariadb else "utf8mb4_0900_bin"
        template = f"(CONVERT(%(expressions)s USING utf8mb4) COLLATE {collation})"
        return self.as_sql(compiler, connection, template=template)


def is_number(field: Any) -> bool:
    """Whether all databases compute with it. Most do not treat booleans as numbers."""
    return isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField))


def number(rows: Any, name: str) -> Any:
    """A column of numbers or booleans in double precision; NaN and infinity are gaps."""
    field, vendor = field_of(rows, name), vendor_of(rows)
    if isinstance(field, models.BooleanField):
        return Double(Cast(F(name), models.IntegerField()))
    value = Double(F(name))
    if isinstance(field, models.IntegerField) or vendor == "mysql":
        return value
    largest = sys.float_info.max
    return Case(
        When(Range(value, (-largest, largest)), then=value), output_field=value.output_field
    )


def text(name: str) -> Any:
    """A column of text as it is compared. Empty text is a gap."""
    return NullIf(ExactText(F(name)), Value(""), output_field=models.TextField())


class Seconds(Func):
    """A duration, or a time of day since midnight, as seconds, a float."""

    output_field = models.FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        if not self._is_time:  # durations are stored as microseconds
            return self.as_sql(compiler, connection, template="(%(expressions)s / 1e6)", **context)
        sql, params = compiler.compile(self.source_expressions[0])
        parts = f"(substr({sql}, 1, 2) * 3600.0 + substr({sql}, 4, 2) * 60.0 + substr({sql}, 7))"
        return parts, [*params] * 3

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "EXTRACT(EPOCH FROM %(expressions)s)::double precision"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        if not self._is_time:
            return self.as_sql(compiler, connection, template="(%(expressions)s / 1e6)", **context)
        sql, params = compiler.compile(self.source_expressions[0])
        return f"(TIME_TO_SEC({sql}) + MICROSECOND({sql}) / 1e6)", [*params] * 2

    @property
    def _is_time(self) -> bool:
        return isinstance(self.source_expressions[0].output_field, models.TimeField)


def group_key(rows: Any, name: str) -> Any:
    """A column to group by."""
    return text(name) if isinstance(field_of(rows, name), TEXT_FIELDS) else F(name)


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
