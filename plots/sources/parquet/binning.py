"""Counting of a Parquet file's rows in cells: DuckDB returns a row for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.conf import conf
from plots.sources.binning import (
    SYMLOG_KNEE,
    BinnedAxis,
    CellCounts,
    bin_axes,
    days_to_times,
    to_selected,
)
from plots.sources.selection import Selected, max_groups, too_many_groups, too_many_rows

from .sql import Parameters

if TYPE_CHECKING:
    from .sql import ParquetQuery

RESULTS = ("\nx", "\ny", "\nrows")  # no column of a dataset has a line break in its name


def count_cells(query: ParquetQuery) -> Selected | None:
    """Count the rows of a file in cells.

    Returns None if there are too few rows, or columns that cannot be binned. Raises PlotError for
    too many groups.
    """
    selection, dtypes = query.selection, query.dtypes
    request: Any = selection.downsampling
    is_text = dtypes.get(request.x) in ("text", "boolean")
    if any(dtypes[y] != "number" for y in request.y):
        return None
    if request.x in request.groups and not is_text:
        return None  # its values would be replaced by the centres of cells
    names = request.groups_and_x if is_text else request.groups
    x, day = query.number(request.x) if request.x else ("place", 1.0)
    if is_text:
        x = "CAST(0 AS DOUBLE)"
    known_x = f"{query.value(request.x)} IS NOT NULL AND " if request.x else ""
    groups = [*map(query.value, names)]
    extremes = {y: _extremes(query, groups, x, query.value(y), known_x) for y in request.y}
    rows = [row for each in extremes.values() for row in each]
    if sum(count for *_, count in rows) <= request.threshold:
        return None
    ends = [(left / day, right / day, *others) for left, right, *others, _ in rows]
    axes = bin_axes(ends, request)
    if axes is None:
        return None
    x_axis, y_axis = (None if is_text else axes[0]), axes[1]
    position = (f"({x} / {day!r})" if day != 1 else x), x_axis
    counts = {
        y: _count(query, names, groups, position, (query.value(y), y_axis), known_x)
        for y in request.y
        if extremes[y]
    }
    to_times = days_to_times if dtypes.get(request.x) in ("date", "datetime") else None
    return to_selected(selection, x_axis, y_axis, counts, to_times)


def _extremes(
    query: ParquetQuery, groups: Sequence[str], x: str, y: str, known_x: str
) -> list[Any]:
    """For each group the smallest and largest x and y, and the number of rows."""
    parameters = Parameters()
    table = query.table(parameters, numbered=x == "place")
    sql = f"SELECT min({x}), max({x}), min({y}), max({y}), count(*) FROM {table}"
    sql += f" WHERE {known_x}{y} IS NOT NULL"
    most = max_groups()
    sql += f" GROUP BY {', '.join(groups)} LIMIT {most + 1}" if groups else ""
    rows = [row for row in query.connection.execute(sql, parameters).fetchall() if row[-1]]
    if len(rows) > most:
        raise too_many_groups()
    return rows


def _count(
    query: ParquetQuery,
    names: tuple[str, ...],
    groups: Sequence[str],
    x: tuple[str, BinnedAxis | None],
    y: tuple[str, BinnedAxis],
    known_x: str,
) -> CellCounts:
    parameters = Parameters()
    table = query.table(parameters, numbered=x[0] == "place")
    bins = [_bin(position, axis) if axis else "0" for position, axis in (x, y)]
    columns = ", ".join(f"{e} AS c{i}" for i, e in enumerate([*groups, *bins, "count(*)"]))
    by = ", ".join(str(i + 1) for i in range(len(groups) + 2))
    sql = f"SELECT {columns} FROM {table} WHERE {known_x}{y[0]} IS NOT NULL GROUP BY {by}"
    sql += f" ORDER BY {by} LIMIT {conf.MAX_ROWS + 1}"
    found = query.fetch(sql, parameters, (*names, *RESULTS))
    x_bins, y_bins, rows = (found.pop(name) for name in RESULTS)
    if len(rows) > conf.MAX_ROWS:
        raise too_many_rows()
    return CellCounts(found, np.asarray(x_bins, np.intp), np.asarray(y_bins, np.intp), rows)


def _bin(position: str, axis: BinnedAxis) -> str:
    """SQL: the bin of a row, as ``BinnedAxis.bins_of`` computes it."""
    bins = f"({_to_scale(position, axis.scale)} - {axis.start!r}) * {axis.factor!r}"
    inside = f"CAST(floor(greatest(least({bins}, {axis.bins - 1}.0), 0.0)) AS INTEGER)"
    outside = ""
    if axis.first < axis.begin:
        outside += f" WHEN {position} < {axis.begin!r} THEN -1"
    if axis.end < axis.last:
        outside += f" WHEN {position} > {axis.end!r} THEN {axis.bins}"
    return f"CASE{outside} ELSE {inside} END" if outside else inside


def _to_scale(position: str, scale: str) -> str:
    if scale == "log":
        return f"ln({position})"
    if scale != "symlog":
        return position
    return (
        f"CASE WHEN {position} > 1 THEN {SYMLOG_KNEE!r} + ln({position}) "
        f"WHEN {position} < -1 THEN -{SYMLOG_KNEE!r} - ln(-{position}) "
        f"ELSE {position} * {SYMLOG_KNEE!r} END"
    )
