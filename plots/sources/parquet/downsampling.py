"""What is enough of a Parquet file's rows: grouped by DuckDB, so that only this much is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.sources import memory
from plots.sources.selection import Downsampling, Histogram, Selected, most_lines
from plots.spec.query import Query

from .reading import ROW, Values

if TYPE_CHECKING:
    from .reading import Reading


def tallied(reading: Reading, wanted: Histogram) -> Selected | None:
    """How many rows are in which part, or None where they are too few to be counted."""
    if any(reading.dtypes[name] not in ("number", "boolean") for name in wanted.x):
        return None
    xs = [reading.value(name) for name in wanted.x]
    lines = [name for name in reading.asked.keys if name not in wanted.x]
    values = Values()
    ends = ", ".join(f"min({x}), max({x})" for x in xs)
    sql = f"SELECT count(*), {ends} FROM {reading.table(values)}"
    count, *ends = reading.connection.execute(sql, values).fetchone()
    if count <= wanted.most or None in ends:
        return None
    low, high = min(ends[::2]), max(ends[1::2])
    width = (high - low) / wanted.parts
    named = [*map(reading.value, lines)]
    made: list[list[Any]] = []
    for x in xs:
        values = Values()
        rows = reading.table(values)
        along = f"({x} - {values.bind(low)}) * {values.bind(1 / (width or 1.0))}"
        part = f"CAST(floor(least({along}, {wanted.parts - 1})) AS INTEGER)"
        columns = ", ".join(f"{each} AS c{i}" for i, each in enumerate([*named, part, "count(*)"]))
        by = ", ".join(str(i + 1) for i in range(len(named) + 1))
        sql = f"SELECT {columns} FROM {rows} WHERE {x} IS NOT NULL GROUP BY {by} ORDER BY {by}"
        most = most_lines() * wanted.parts
        found = reading.connection.execute(f"{sql} LIMIT {most}", values).fetchall()
        for *line, number, n in found:
            place = low + (number + 0.5) * width
            made.append([*line, *(place if each == x else None for each in xs), n])
    # The ends of all parts come along, and count nothing.
    made += [[*made[0][: len(lines)], *[end] * len(xs), 0] for end in (low, high)]
    names = (*lines, *wanted.x, "")
    table = dict(zip(names, map(list, zip(*made, strict=True)), strict=True))
    keys = (*reading.asked.keys, "")
    asked = replace(reading.asked, keys=keys, query=Query(), downsampling=None)
    return replace(memory.select(table, asked), rows=count)


def reduced(reading: Reading, wanted: Downsampling) -> Selected | None:
    """The rows that fill the same pixels, or None where that cannot be known, or is no gain."""
    if any(reading.dtypes[name] == "text" for name in (wanted.x, *wanted.y) if name):
        return None
    places, count = _places(reading, wanted)
    if places is None:
        return None
    values = Values()
    table = reading.table(values, numbered=not wanted.x)
    columns = (*reading.asked.columns, *([] if wanted.x else [""]))
    named = ", ".join(reading.value(name) if name else "place" for name in columns)
    # Written out, they tell DuckDB which parts of the file it need not read.
    sql = f"SELECT {named} FROM {table} WHERE {ROW} IN ({', '.join(map(str, places))})"
    found = reading.fetched(sql, values, columns)
    asked = replace(reading.asked, query=Query(), downsampling=None)
    if not wanted.x:
        asked = replace(asked, keys=(*asked.keys, ""))
    return replace(memory.select(found, asked), rows=count)


def _places(reading: Reading, wanted: Downsampling) -> tuple[list[int] | None, int]:
    """Which rows ``wanted`` keeps, and how many there are."""
    x, day = reading.number(wanted.x) if wanted.x else ("place", 1.0)
    values = Values()
    table = reading.table(values, numbered=not wanted.x)
    sql = f"SELECT count(*), count({x}), min({x}), max({x}) FROM {table}"
    count, known, low, high = reading.connection.execute(sql, values).fetchone()
    if count <= wanted.most or known < count:
        return None, count
    low = low if wanted.low is None else wanted.low * day
    high = high if wanted.high is None else wanted.high * day
    ys = [reading.value(name) for name in wanted.y]
    lines = [reading.value(n) for n in reading.asked.keys if n not in (wanted.x, *wanted.y)]
    values = Values()
    table = reading.table(values, numbered=not wanted.x)
    begin, width = values.bind(float(low)), values.bind(wanted.parts / ((high - low) or 1.0))
    # From 1: those before the first part are in part 0, those after the last in one more.
    part = f"floor(({x} - {begin}) * {width}) + 1"
    first, last = float(wanted.low is None), wanted.parts + float(wanted.high is not None)
    part = f"CAST(greatest(least({part}, {last}), {first}) AS INTEGER)"
    if wanted.high is not None:  # what lies on the end is not beyond it
        part = f"CASE WHEN {x} = {values.bind(float(high))} THEN {wanted.parts} ELSE {part} END"
    known_y = " OR ".join(f"{y} IS NOT NULL" for y in ys)
    made = [f"min({ROW})", f"max({ROW})"]
    made += [f"{f}({ROW}) FILTER ({known_y})" for f in ("min", "max") if ys]
    made += [f"{f}({ROW}, {y})" for y in ys for f in ("arg_min", "arg_max")]
    grouped = [*lines, part]
    columns = ", ".join(f"{each} AS c{i}" for i, each in enumerate([*grouped, *made]))
    by = ", ".join(str(i + 1) for i in range(len(grouped)))
    most = most_lines() * (wanted.parts + 2)
    sql = f"SELECT {columns} FROM {table} GROUP BY {by} ORDER BY {by} LIMIT {most}"
    arrays = [*reading.connection.execute(sql, values).fetchnumpy().values()]
    return _kept(arrays, len(lines), wanted.parts), count


def _kept(arrays: Sequence[Any], lines: int, parts: int) -> list[int] | None:
    """The places of the rows to keep, of what each part of each line says of them.

    None where a line goes back and forth along x: its rows are no mere outline of it.
    """
    part, first, last, *ends = arrays[lines:]
    new = np.zeros(len(part), dtype=bool)
    new[:1] = True
    for key in arrays[:lines]:
        shown = np.ma.getdata(key)
        gaps = np.ma.getmaskarray(key)
        new[1:] |= (gaps[1:] != gaps[:-1]) | ((shown[1:] != shown[:-1]) & ~gaps[1:])
    if (~new[1:] & (first[1:] <= last[:-1])).any():
        return None
    before, after = part == 0, part > parts
    within = ~before & ~after
    # A part of gaps alone is one gap.
    all_gaps = within & np.ma.getmaskarray(ends[0]) if ends else within
    kept = [last[before], first[after], first[all_gaps]]
    kept += [np.ma.getdata(each)[within & ~np.ma.getmaskarray(each)] for each in ends]
    places: list[int] = np.unique(np.concatenate(kept)).astype(int).tolist()
    return places
