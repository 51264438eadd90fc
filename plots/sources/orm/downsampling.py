"""What is enough of a QuerySet's rows: grouped in SQL, so that only this much is fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from sqlite3 import SQLITE_LIMIT_VARIABLE_NUMBER
from typing import Any

from django.db import connections, models
from django.db.models import Count, F, Func, Max, Min
from django.db.models.functions import Cast, Greatest, Least, NullIf
from django.utils import timezone

from plots.sources.selection import Downsampling, Histogram, most_lines, too_many_lines

EPOCH = datetime(1970, 1, 1)
MOST_PARAMETERS = 10_000  # of one statement
Row = tuple[Any, ...]


class Days(Func):
    """A moment as days since 1970, a float."""

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


class Whole(Func):
    """A positive number without its decimals: FLOOR, which SQLite would ask Python for."""

    function = "FLOOR"
    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(%(expressions)s AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def key(rows: Any, name: str) -> Any:
    """A column to group by: no text is the same as none."""
    is_text = isinstance(rows.query.resolve_ref(name).output_field, TEXTS)
    return NullIf(F(name), models.Value("")) if is_text else F(name)


TEXTS = (models.CharField, models.TextField)
VENDORS = ("sqlite", "postgresql", "mysql")  # that Days knows


Columns = dict[str, list[Any]]


def reduced(
    rows: Any, names: Sequence[str], wanted: Downsampling, zone: tzinfo
) -> tuple[Columns, int] | None:
    """The columns ``names`` of rows that fill the same pixels as all, and how many those are.

    None where there are too few to be worth it. At most 3 × parts + 8 rows are fetched for each
    line. The least and the greatest of a part stand in its middle: within one pixel there is no
    saying where. Raises PlotError for more lines than are drawn.
    """
    lines = tuple(name for name in names if name not in (wanted.x, *wanted.y))
    rows, extents = _extents(rows, lines, wanted.x)
    if max((count for _, _, count in extents), default=0) <= wanted.most:
        return None
    low, high, counts = zip(*extents, strict=True)
    parts = _parts(rows, lines, wanted, zone, min(low), max(high))
    known = _values(rows, lines, wanted, {x for part in parts for x in part.ends})
    made = [row for part in parts for row in part.rows(known)]
    return _columns((*lines, wanted.x, *wanted.y), made), sum(counts)


def tallied(rows: Any, names: Sequence[str], wanted: Histogram) -> tuple[Columns, int] | None:
    """The same of a tally: at most a row for each part of each group is fetched."""
    lines = tuple(name for name in names if name not in wanted.x)
    found = {x: _extents(rows, lines, x) for x in wanted.x}
    extents = [each for _, extent in found.values() for each in extent]
    count = sum(n for _, _, n in extents)
    if count <= wanted.most:
        return None
    low = min(float(least) for least, _, _ in extents)
    high = max(float(greatest) for _, greatest, _ in extents)
    width = (high - low) / wanted.parts
    made: list[Row] = []
    for x, (some, _) in found.items():
        along = (Cast(F(x), models.FloatField()) - low) * (1 / (width or 1.0))
        part = Whole(Least(along, wanted.parts - 1.0, output_field=models.FloatField()))
        counted = some.annotate(plots_part=part).values(*lines, "plots_part")
        for *line, number, n in counted.annotate(plots_count=Count("*")).values_list(
            *lines, "plots_part", "plots_count"
        ):
            place = low + (number + 0.5) * width
            made.append((*line, *(place if each == x else None for each in wanted.x), n))
    line = made[0][: len(lines)]
    made += [(*line, *(end for _ in wanted.x), 0) for end in (low, high)]
    return _columns((*lines, *wanted.x, ""), sorted(made, key=_in_order)), count


def _extents(rows: Any, lines: Sequence[str], x: str) -> tuple[Any, list[Row]]:
    """``rows`` that have an ``x``, and of each line the least, the greatest and the count of it."""
    rows = rows.order_by().filter(**{f"{x}__isnull": False})
    ends = {"plots_low": Min(x), "plots_high": Max(x), "plots_count": Count("*")}
    if not lines:  # asked one by one, the ends are those of an index, if there is one
        one = tuple(rows.aggregate(**{name: each})[name] for name, each in ends.items())
        return rows, [one] if one[2] else []
    most = most_lines()
    found = list(rows.values(*lines).annotate(**ends).values_list(*ends)[: most + 1])
    if len(found) > most:
        raise too_many_lines()
    return rows, found


def _columns(names: Sequence[str], rows: Sequence[Row]) -> Columns:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _in_order(row: Row) -> list[Any]:
    """A row's sorting key: gaps come last."""
    return [(each is None, each) for each in row]


@dataclass(frozen=True)
class Part:
    """What the rows of one line in one part of x have in common."""

    line: Row
    number: int
    first: Any
    last: Any
    least: Row
    greatest: Row

    @property
    def ends(self) -> tuple[Any, Any]:
        return self.first, self.last

    def rows(self, known: Mapping[Row, tuple[Row, ...]]) -> Iterator[Row]:
        """From left to right; ``known`` are the values at its ends."""
        for values in known[*self.line, self.first]:
            yield (*self.line, self.first, *values)
        if self.first != self.last:
            middle = self.first + (self.last - self.first) / 2
            yield (*self.line, middle, *self.least)
            yield (*self.line, middle, *self.greatest)
            for values in known[*self.line, self.last]:
                yield (*self.line, self.last, *values)


def _parts(
    rows: Any, lines: Sequence[str], wanted: Downsampling, zone: tzinfo, low: Any, high: Any
) -> list[Part]:
    if isinstance(low, date):
        place: Any = Days(F(wanted.x))
    else:
        place = Cast(F(wanted.x), models.FloatField())
    begin, end = (
        as_number(limit) if given is None else in_utc(given, limit, zone)
        for given, limit in ((wanted.low, low), (wanted.high, high))
    )
    # From 1: part 0 is out of sight, and so is one more than there are.
    first, last = float(wanted.low is None), wanted.parts + float(wanted.high is not None)
    along = (place - begin) * (wanted.parts / ((end - begin) or 1.0)) + 1.0
    number = Whole(Least(Greatest(along, first), last, output_field=models.FloatField()))
    made: dict[str, Any] = {"plots_first": Min(wanted.x), "plots_last": Max(wanted.x)}
    made |= {f"plots_least_{i}": Min(y) for i, y in enumerate(wanted.y)}
    made |= {f"plots_greatest_{i}": Max(y) for i, y in enumerate(wanted.y)}
    found = rows.annotate(plots_part=number).values(*lines, "plots_part").annotate(**made)
    count, n = len(lines), len(wanted.y)
    return sorted(
        (
            Part(
                row[:count], row[count], row[count + 1], row[count + 2], row[-2 * n : -n], row[-n:]
            )
            for row in found.values_list(*lines, "plots_part", *made)
        ),
        key=lambda part: (_in_order(part.line), part.number),
    )


def _values(
    rows: Any, lines: Sequence[str], wanted: Downsampling, places: Collection[Any]
) -> dict[Row, tuple[Row, ...]]:
    """By line and x, the values there: one row of them, or the least and the greatest of more."""
    made: dict[str, Any] = {f"plots_least_{i}": Min(y) for i, y in enumerate(wanted.y)}
    made |= {f"plots_greatest_{i}": Max(y) for i, y in enumerate(wanted.y)}
    n = len(wanted.y)
    found: dict[Row, tuple[Row, ...]] = {}
    asked = iter(sorted(places))
    while some := list(islice(asked, _most_parameters(rows.db))):
        there = rows.filter(**{f"{wanted.x}__in": some}).values(*lines, wanted.x).annotate(**made)
        for row in there.values_list(*lines, wanted.x, *made):
            key, least, greatest = row[: -2 * n], row[-2 * n : -n], row[-n:]
            found[key] = (least,) if least == greatest else (least, greatest)
    return found


def _most_parameters(database: str) -> int:
    """How many values a statement may ask for, besides those that its rows were filtered by."""
    connection = connections[database]
    most = connection.features.max_query_params or MOST_PARAMETERS
    if connection.vendor == "sqlite":  # the features name the least that one may be built with
        most = connection.connection.getlimit(SQLITE_LIMIT_VARIABLE_NUMBER)
    return min(most, MOST_PARAMETERS) - 100


def as_number(limit: Any) -> float:
    """What a database says of an end, as a number or in days since 1970, in UTC."""
    if not isinstance(limit, date):
        return float(limit)
    if not isinstance(limit, datetime):
        return float((limit - EPOCH.date()).days)
    if timezone.is_aware(limit):
        limit = timezone.make_naive(limit, UTC)
    return float((limit - EPOCH) / timedelta(days=1))


def in_utc(days: float, like: Any, zone: tzinfo) -> float:
    """A limit of the axis, in days as clocks in ``zone`` count them, as the database does."""
    if not isinstance(like, datetime) or timezone.is_naive(like):
        return days
    moment = EPOCH + timedelta(days=days)
    return as_number(timezone.make_aware(moment, zone))
