"""How many of a QuerySet's rows are in which cell: counted in SQL, a row for each cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, Least, Ln
from django.db.models.lookups import GreaterThan, LessThan
from django.utils import timezone

from plots.conf import conf
from plots.sources.arrays import Array
from plots.sources.binning import KNEE, Counted, Grid, as_selected, as_times, grids_over
from plots.sources.selection import (
    Bins,
    Selected,
    Selection,
    most_lines,
    too_many_lines,
    too_many_rows,
)

from .downsampling import EPOCH, Days, Whole, as_number, in_utc, key


def counted(rows: Any, asked: Selection, *, has_names: bool) -> Selected | None:
    """The cells of ``rows``, whose columns are numbers, or of x dates, or names.

    None where there are too few rows, or floating point cannot tell the cells apart. Raises
    PlotError for more groups than are drawn.
    """
    wanted: Any = asked.downsampling
    named = wanted.named if has_names else wanted.groups
    groups = {f"plots_group_{i}": key(rows, name) for i, name in enumerate(named)}
    x = "" if has_names else wanted.x
    known = {}
    for y in wanted.y:
        some = rows.order_by().filter(**{f"{wanted.x}__isnull": False, f"{y}__isnull": False})
        known[y] = some.exclude(**{wanted.x: ""}) if has_names else some
    found = {y: _extents(some, groups, x, y) for y, some in known.items()}
    extents = [each for some in found.values() for each in some]
    if sum(count for *_, count in extents) <= wanted.most:
        return None
    like = extents[0][0]
    grids = grids_over([tuple(map(as_number, each[:4])) for each in extents], _in_utc(asked, like))
    if grids is None:
        return None
    across, up = (None if has_names else grids[0]), grids[1]
    cells = {
        y: _cells(some, groups, named, x, y, across, up) for y, some in known.items() if found[y]
    }
    moments = (_as_moments if _is_aware(like) else as_times) if isinstance(like, date) else None
    return as_selected(asked, across, up, cells, moments)


def _extents(rows: Any, groups: dict[str, Any], x: str, y: str) -> list[Any]:
    """Of each group of rows the least and the greatest x and y, and how many there are."""
    along = x or y
    ends = {
        "plots_left": Min(along), "plots_right": Max(along),
        "plots_bottom": Min(y), "plots_top": Max(y), "plots_count": Count("*"),
    }  # fmt: skip
    if not groups:
        made = rows.aggregate(**ends)
        return [tuple(made[name] for name in ends)] if made["plots_count"] else []
    most = most_lines()
    found = rows.annotate(**groups).values(*groups).annotate(**ends).values_list(*ends)
    if len(some := list(found[: most + 1])) > most:
        raise too_many_lines()
    return some


def _cells(
    rows: Any, groups: dict[str, Any], named: Any, x: str, y: str, across: Grid | None, up: Grid
) -> Counted:
    parts = {"plots_across": _part(rows, x, across) if across else Value(0)}
    parts["plots_up"] = _part(rows, y, up)
    made = rows.annotate(**groups, **parts).values(*groups, *parts)
    made = made.annotate(plots_count=Count("*")).values_list(*groups, *parts, "plots_count")
    table = list(made[: conf.MAX_ROWS + 1])
    if len(table) > conf.MAX_ROWS:
        raise too_many_rows()
    table.sort(key=lambda row: [(each is None, each) for each in row])
    *lines, here, above, counts = (list(column) for column in zip(*table, strict=True))
    values = {}
    for name, line in zip(named, lines, strict=True):
        values[name] = np.empty(len(line), dtype=object)
        values[name][:] = line
    return Counted(values, np.array(here), np.array(above), np.array(counts))


def _part(rows: Any, name: str, grid: Grid) -> Any:
    """The number of the part that a row is in, as ``Grid.parts_of`` says."""
    is_date = isinstance(rows.query.resolve_ref(name).output_field, DateField)
    place = Days(F(name)) if is_date else Cast(F(name), FloatField())
    along = (_scaled(place, grid.scale) - Value(grid.start)) * Value(grid.factor)
    last = Value(grid.parts - 1.0)
    within = Whole(Greatest(Least(along, last, output_field=FloatField()), Value(0.0)))
    beyond = []
    if grid.first < grid.begin:
        beyond.append(When(LessThan(place, Value(grid.begin)), then=Value(-1)))
    if grid.end < grid.last:
        beyond.append(When(GreaterThan(place, Value(grid.end)), then=Value(grid.parts)))
    return Case(*beyond, default=within, output_field=IntegerField()) if beyond else within


def _scaled(place: Any, scale: str) -> Any:
    if scale == "log":
        return Ln(place)
    if scale != "symlog":
        return place
    return Case(
        When(GreaterThan(place, Value(1.0)), then=Value(KNEE) + Ln(place)),
        When(LessThan(place, Value(-1.0)), then=Value(-KNEE) - Ln(Value(0.0) - place)),
        default=place * Value(KNEE),
        output_field=FloatField(),
    )


def _in_utc(asked: Selection, like: Any) -> Bins:
    """The cells with limits as the database counts days, where x is ``like`` this."""
    wanted: Any = asked.downsampling
    along = wanted.across
    ends = {
        end: in_utc(given, like, asked.tzinfo)
        for end, given in (("low", along.low), ("high", along.high))
        if given is not None
    }
    return replace(wanted, across=replace(along, **ends))


def _is_aware(value: Any) -> bool:
    return isinstance(value, datetime) and timezone.is_aware(value)


def _as_moments(days: Array) -> list[datetime]:
    return [EPOCH.replace(tzinfo=UTC) + timedelta(days=day) for day in days.tolist()]
