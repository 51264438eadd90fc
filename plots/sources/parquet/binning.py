"""How many rows of a Parquet file are in which cell: counted by DuckDB, a row for each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from plots.conf import conf
from plots.sources.binning import KNEE, Counted, Grid, as_selected, as_times, grids_over
from plots.sources.selection import Selected, most_lines, too_many_lines, too_many_rows

from .reading import Values

if TYPE_CHECKING:
    from .reading import Reading


def counted(reading: Reading) -> Selected | None:
    """The cells of a file's rows; None where there are too few, or what cannot be counted.

    Raises PlotError for more groups than are drawn.
    """
    asked, sorts = reading.asked, reading.dtypes
    wanted: Any = asked.downsampling
    has_names = sorts.get(wanted.x) == "text"
    if any(sorts[y] != "number" for y in wanted.y):
        return None
    if wanted.x in wanted.groups and not has_names:
        return None  # its values would be those of cells
    named = wanted.named if has_names else wanted.groups
    x, unit = reading.number(wanted.x) if wanted.x else ("place", 1.0)
    if has_names:
        x = "CAST(0 AS DOUBLE)"
    there = f"{reading.value(wanted.x)} IS NOT NULL AND " if wanted.x else ""
    groups = [*map(reading.value, named)]
    found = {y: _extents(reading, groups, x, reading.value(y), there) for y in wanted.y}
    extents = [each for some in found.values() for each in some]
    if sum(count for *_, count in extents) <= wanted.most:
        return None
    ends = [(left / unit, right / unit, *others) for left, right, *others, _ in extents]
    grids = grids_over(ends, wanted)
    if grids is None:
        return None
    across, up = (None if has_names else grids[0]), grids[1]
    place = f"({x} / {unit!r})" if unit != 1 else x
    cells = {
        y: _cells(reading, named, groups, (place, across), (reading.value(y), up), there)
        for y in wanted.y
        if found[y]
    }
    moments = as_times if sorts.get(wanted.x) in ("date", "datetime") else None
    return as_selected(asked, across, up, cells, moments)


def _extents(reading: Reading, groups: list[str], x: str, y: str, there: str) -> list[Any]:
    """Of each group of rows the least and the greatest x and y, and how many there are."""
    values = Values()
    table = reading.table(values, numbered=x == "place")
    sql = f"SELECT min({x}), max({x}), min({y}), max({y}), count(*) FROM {table}"
    sql += f" WHERE {there}{y} IS NOT NULL"
    most = most_lines()
    sql += f" GROUP BY {', '.join(groups)} LIMIT {most + 1}" if groups else ""
    found = [row for row in reading.connection.execute(sql, values).fetchall() if row[-1]]
    if len(found) > most:
        raise too_many_lines()
    return found


def _cells(
    reading: Reading,
    named: tuple[str, ...],
    groups: list[str],
    x: tuple[str, Grid | None],
    y: tuple[str, Grid],
    there: str,
) -> Counted:
    values = Values()
    table = reading.table(values, numbered=x[0] == "place")
    parts = [_part(place, grid) if grid else "0" for place, grid in (x, y)]
    columns = ", ".join(f"{e} AS c{i}" for i, e in enumerate([*groups, *parts, "count(*)"]))
    by = ", ".join(str(i + 1) for i in range(len(groups) + 2))
    sql = f"SELECT {columns} FROM {table} WHERE {there}{y[0]} IS NOT NULL GROUP BY {by}"
    sql += f" ORDER BY {by} LIMIT {conf.MAX_ROWS + 1}"
    found = reading.fetched(sql, values, (*named, "across", "up", "rows"))
    if len(found["rows"]) > conf.MAX_ROWS:
        raise too_many_rows()
    across, up, rows = (found.pop(name) for name in ("across", "up", "rows"))
    return Counted(found, np.asarray(across, np.intp), np.asarray(up, np.intp), rows)


def _part(place: str, grid: Grid) -> str:
    """The number of the part that a row is in, as ``Grid.parts_of`` says."""
    along = f"({_scaled(place, grid.scale)} - {grid.start!r}) * {grid.factor!r}"
    within = f"CAST(floor(greatest(least({along}, {grid.parts - 1}.0), 0.0)) AS INTEGER)"
    beyond = ""
    if grid.first < grid.begin:
        beyond += f" WHEN {place} < {grid.begin!r} THEN -1"
    if grid.end < grid.last:
        beyond += f" WHEN {place} > {grid.end!r} THEN {grid.parts}"
    return f"CASE{beyond} ELSE {within} END" if beyond else within


def _scaled(place: str, scale: str) -> str:
    if scale == "log":
        return f"ln({place})"
    if scale != "symlog":
        return place
    return (
        f"CASE WHEN {place} > 1 THEN {KNEE!r} + ln({place}) "
        f"WHEN {place} < -1 THEN -{KNEE!r} - ln(-{place}) ELSE {place} * {KNEE!r} END"
    )
