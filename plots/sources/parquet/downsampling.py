"""Downsampling of a Parquet file's rows: DuckDB groups them and returns only what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.sources import memory
from plots.sources.selection import Downsampling, Selected, max_groups
from plots.spec.query import Query

from .sql import ROW, Parameters

if TYPE_CHECKING:
    from .sql import ParquetQuery


def m4(query: ParquetQuery, request: Downsampling) -> Selected | None:
    """Downsample lines by M4. Returns None if there are too few rows, or x is not ascending."""
    if any(query.dtypes[name] == "text" for name in (request.x, *request.y) if name):
        return None
    numbers, count = _kept_rows(query, request)
    if numbers is None:
        return None
    parameters = Parameters()
    table = query.table(parameters, numbered=not request.x)
    names = (*query.selection.columns, *([] if request.x else [""]))
    columns = ", ".join(query.drawn(name) if name else "place" for name in names)
    # As literals, the numbers tell DuckDB which parts of the file it need not read.
    sql = f"SELECT {columns} FROM {table} WHERE {ROW} IN ({', '.join(map(str, numbers))})"
    rows = query.fetch_drawn(sql, parameters, names)
    rest = replace(query.selection, query=Query(), downsampling=None)
    if not request.x:
        rest = replace(rest, keys=(*rest.keys, ""))
    return replace(memory.select(rows, rest), rows=count)


def _kept_rows(query: ParquetQuery, request: Downsampling) -> tuple[list[int] | None, int]:
    """The numbers of the rows that are kept, and the number of all rows."""
    x, day = query.number(request.x, is_utc=True) if request.x else ("place", 1.0)
    parameters = Parameters()
    table = query.table(parameters, numbered=not request.x)
    sql = f"SELECT count(*), count({x}), min({x}), max({x}) FROM {table}"
    count, known, low, high = query.connection.execute(sql, parameters).fetchone()
    if count <= request.threshold or known < count:
        return None, count
    low = low if request.low is None else query.in_utc(request.x, request.low) * day
    high = high if request.high is None else query.in_utc(request.x, request.high) * day
    ys = [query.value(name) for name in request.y]
    keys = [query.value(n) for n in query.selection.keys if n not in (request.x, *request.y)]
    parameters = Parameters()
    table = query.table(parameters, numbered=not request.x)
    grouped = [*keys, _bin(x, float(low), float(high), request, parameters)]
    known_y = " OR ".join(f"{y} IS NOT NULL" for y in ys)
    rows = [f"min({ROW})", f"max({ROW})"]
    rows += [f"{f}({ROW}) FILTER ({known_y})" for f in ("min", "max") if ys]
    rows += [f"{f}({ROW}, {y})" for y in ys for f in ("arg_min", "arg_max")]
    columns = ", ".join(f"{each} AS c{i}" for i, each in enumerate([*grouped, *rows]))
    by = ", ".join(str(i + 1) for i in range(len(grouped)))
    sql = f"SELECT {columns} FROM {table} GROUP BY {by} ORDER BY {by}"
    sql += f" LIMIT {max_groups() * (request.bins + 2)}"
    arrays = [*query.connection.execute(sql, parameters).fetchnumpy().values()]
    return _rows_of_bins(arrays, len(keys), request.bins), count


def _bin(x: str, low: float, high: float, request: Downsampling, parameters: Parameters) -> str:
    """SQL: the bin of a row, from 1. Rows outside the limits are in bin 0 and bin ``bins`` + 1."""
    begin = parameters.bind(low)
    factor = parameters.bind(request.bins / ((high - low) or 1.0))
    number = f"floor(({x} - {begin}) * {factor}) + 1"
    first = float(request.low is None)
    last = request.bins + float(request.high is not None)
    number = f"CAST(greatest(least({number}, {last}), {first}) AS INTEGER)"
    if request.high is None:
        return number
    # A row on the upper limit is not outside it.
    return f"CASE WHEN {x} = {parameters.bind(high)} THEN {request.bins} ELSE {number} END"


def _rows_of_bins(arrays: Sequence[Any], keys: int, bins: int) -> list[int] | None:
    """The numbers of the rows to keep, from the first, last and extreme rows of each bin.

    ``keys`` is how many of the arrays are keys. Returns None if x of a line is not ascending,
    because then its rows are not an outline of it.
    """
    number, first, last, *ends = arrays[keys:]
    is_new = np.zeros(len(number), dtype=bool)
    is_new[:1] = True
    for key in arrays[:keys]:
        values = np.ma.getdata(key)
        gaps = np.ma.getmaskarray(key)
        is_new[1:] |= (gaps[1:] != gaps[:-1]) | ((values[1:] != values[:-1]) & ~gaps[1:])
    if (~is_new[1:] & (first[1:] <= last[:-1])).any():
        return None
    before, after = number == 0, number > bins
    within = ~before & ~after
    # A bin of gaps alone keeps one gap.
    all_gaps = within & np.ma.getmaskarray(ends[0]) if ends else within
    kept = [last[before], first[after], first[all_gaps]]
    kept += [np.ma.getdata(each)[within & ~np.ma.getmaskarray(each)] for each in ends]
    rows: list[int] = np.unique(np.concatenate(kept)).astype(int).tolist()
    return rows
