"""Counting of a QuerySet's rows in cells: the database returns a row for each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from django.db.models.functions import Greatest, Least, Ln
from django.db.models.lookups import GreaterThan, IsNull, LessThan
from django.utils import timezone

from plots.conf import conf
from plots.sources.arrays import Array
from plots.sources.binning import (
    SYMLOG_KNEE,
    BinnedAxis,
    CellCounts,
    bin_axes,
    days_to_times,
    to_selected,
)
from plots.sources.selection import (
    Bins,
    Selected,
    Selection,
    max_groups,
    too_many_groups,
    too_many_rows,
)

from .expressions import (
    EPOCH,
    Days,
    Truncated,
    field_of,
    group_key,
    local_to_utc,
    number,
    to_number,
)
from .filters import NUMBER_FIELDS


@dataclass(frozen=True)
class _Groups:
    """The columns that form groups: their names, and expressions under aliases."""

    names: Sequence[str]
    expressions: Mapping[str, Any]


def count_cells(rows: Any, selection: Selection, *, is_text: bool) -> Selected | None:
    """Count rows in cells. ``is_text`` says that x holds text; other columns hold numbers.

    Returns None if there are too few rows, or floating point cannot distinguish the cells. Raises
    PlotError for too many groups.
    """
    request: Any = selection.downsampling
    names = request.groups_and_x if is_text else request.groups
    groups = _Groups(names, {f"plots_group_{i}": group_key(rows, n) for i, n in enumerate(names)})
    x = "" if is_text else request.x
    known = {}
    for y in request.y:
        columns = (_known(rows, request.x), number(rows, y))
        known[y] = rows.order_by().filter(*(IsNull(column, False) for column in columns))
    extremes = {y: _extremes(filled, groups, x, y) for y, filled in known.items()}
    found = [row for each in extremes.values() for row in each]
    if sum(count for *_, count in found) <= request.threshold:
        return None
    example = found[0][0]
    axes = bin_axes(
        [tuple(map(to_number, row[:4])) for row in found], _limits_in_utc(selection, example)
    )
    if axes is None:
        return None
    x_axis, y_axis = (None if is_text else axes[0]), axes[1]
    counts = {
        y: _count(filled, groups, (x, x_axis), (y, y_axis))
        for y, filled in known.items()
        if extremes[y]
    }
    to_times = None
    if isinstance(example, date):
        to_times = _days_to_aware_times if _is_aware(example) else days_to_times
    return to_selected(selection, x_axis, y_axis, counts, to_times)


def _known(rows: Any, name: str) -> Any:
    is_number = isinstance(field_of(rows, name), NUMBER_FIELDS)
    return number(rows, name) if is_number else group_key(rows, name)


def _extremes(rows: Any, groups: _Groups, x: str, y: str) -> list[Any]:
    """For each group the smallest and largest x and y, and the number of rows."""
    position = x or y
    extremes = {
        "plots_left": Min(position), "plots_right": Max(position),
        "plots_bottom": Min(y), "plots_top": Max(y), "plots_count": Count("*"),
    }  # fmt: skip
    if not groups.names:
        row = rows.aggregate(**extremes)
        return [tuple(row[name] for name in extremes)] if row["plots_count"] else []
    most = max_groups()
    grouped = rows.annotate(**groups.expressions).values(*groups.expressions)
    found = list(grouped.annotate(**extremes).values_list(*extremes)[: most + 1])
    if len(found) > most:
        raise too_many_groups()
    return found


def _count(
    rows: Any, groups: _Groups, x: tuple[str, BinnedAxis | None], y: tuple[str, BinnedAxis]
) -> CellCounts:
    bins = {
        "plots_x": _bin(rows, x[0], x[1]) if x[1] else Value(0),
        "plots_y": _bin(rows, *y),
    }
    grouped = rows.annotate(**groups.expressions, **bins).values(*groups.expressions, *bins)
    counted = grouped.annotate(plots_count=Count("*"))
    columns = (*groups.expressions, *bins, "plots_count")
    table = list(counted.values_list(*columns)[: conf.MAX_ROWS + 1])
    if len(table) > conf.MAX_ROWS:
        raise too_many_rows()
    table.sort(key=lambda row: [(each is None, each) for each in row])
    *keys, x_bins, y_bins, counts = (list(column) for column in zip(*table, strict=True))
    values = {}
    for name, key in zip(groups.names, keys, strict=True):
        values[name] = np.empty(len(key), dtype=object)
        values[name][:] = key
    return CellCounts(values, np.array(x_bins), np.array(y_bins), np.array(counts))


def _bin(rows: Any, name: str, axis: BinnedAxis) -> Any:
    """The bin of a row, as ``BinnedAxis.bins_of`` computes it."""
    is_date = isinstance(field_of(rows, name), DateField)
    position = Days(F(name)) if is_date else number(rows, name)
    bins = (_to_scale(position, axis.scale) - Value(axis.start)) * Value(axis.factor)
    last = Value(axis.bins - 1.0)
    inside = Truncated(Greatest(Least(bins, last, output_field=FloatField()), Value(0.0)))
    outside = []
    if axis.first < axis.begin:
        outside.append(When(LessThan(position, Value(axis.begin)), then=Value(-1)))
    if axis.end < axis.last:
        outside.append(When(GreaterThan(position, Value(axis.end)), then=Value(axis.bins)))
    return Case(*outside, default=inside, output_field=IntegerField()) if outside else inside


def _to_scale(position: Any, scale: str) -> Any:
    if scale == "log":
        return Ln(position)
    if scale != "symlog":
        return position
    return Case(
        When(GreaterThan(position, Value(1.0)), then=Value(SYMLOG_KNEE) + Ln(position)),
        When(
            LessThan(position, Value(-1.0)),
            then=Value(-SYMLOG_KNEE) - Ln(Value(0.0) - position),
        ),
        default=position * Value(SYMLOG_KNEE),
        output_field=FloatField(),
    )


def _limits_in_utc(selection: Selection, example: Any) -> Bins:
    """The requested bins with limits of x in UTC, in which databases count days."""
    request: Any = selection.downsampling
    axis = request.x_axis
    limits = {
        name: local_to_utc(limit, example, selection.tzinfo)
        for name, limit in (("low", axis.low), ("high", axis.high))
        if limit is not None
    }
    return replace(request, x_axis=replace(axis, **limits))


def _is_aware(value: Any) -> bool:
    return isinstance(value, datetime) and timezone.is_aware(value)


def _days_to_aware_times(days: Array) -> list[datetime]:
    return [EPOCH.replace(tzinfo=UTC) + timedelta(days=day) for day in days.tolist()]
