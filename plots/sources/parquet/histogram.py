"""Histograms of a Parquet file's rows: DuckDB returns a row for each bin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.sources import memory
from plots.sources.arrays import Array
from plots.sources.histograms.counting import case_tree, rows_of_bins, to_times
from plots.sources.histograms.edges import Values, choose_edges, quartiles_of_counts
from plots.sources.selection import (
    HISTOGRAM_BINS,
    Histogram,
    Selected,
    max_groups,
    too_many_groups,
)
from plots.spec.query import Query

from .sql import Parameters

if TYPE_CHECKING:
    from .sql import ParquetQuery

DRAWN_AS = {"date": "date", "datetime": "date", "number": "number", "boolean": "number"}


def count_bins(query: ParquetQuery, request: Histogram) -> Selected | None:
    """Count the rows in each bin. Returns None if there are too few, or they cannot be binned."""
    types = {DRAWN_AS.get(query.dtypes[x], query.dtypes[x]) for x in request.x}
    if len(types) > 1 or types & {"text"}:
        return None
    dtype = types.pop()
    xs = {x: query.number(x) for x in request.x}
    found = [row for row in (_ends(query, *each) for each in xs.values()) if row[0]]
    count = sum(row[0] for row in found)
    if not found or found[0][4] <= request.threshold:
        return None
    low, high = float(min(row[1] for row in found)), float(max(row[2] for row in found))
    whole = sum(row[3] for row in found) == count
    if dtype == "date":
        whole = all(query.dtypes[x] == "date" for x in request.x)

    def quartiles() -> tuple[float, float]:
        return _quartiles(query, [sql for sql, _ in xs.values()], low, high)

    values = Values(low, high, float(count), dtype, whole, quartiles)
    edges = choose_edges(values, request)
    keys = [name for name in query.selection.keys if name not in request.x]
    rows: list[list[Any]] = []
    for x, (sql, day) in xs.items():
        table = _bin_counts(query, keys, sql, edges * day)
        places, counts = rows_of_bins(edges, values, ((row[-2], row[-1]) for row in table))
        ats = _written(places, dtype)
        for row, at, n in zip(table, ats, counts, strict=True):
            rows.append([*row[:-2], *(at if each == x else None for each in xs), n])
    # The ends of the range are added with a count of 0.
    ends = _written([low, high], dtype)
    rows += [[*rows[0][: len(keys)], *[end] * len(xs), 0] for end in ends]
    columns = dict(zip((*keys, *xs, ""), map(list, zip(*rows, strict=True)), strict=True))
    all_keys = (*query.selection.keys, "")
    rest = replace(query.selection, keys=all_keys, query=Query(), downsampling=None)
    return replace(memory.select(columns, rest), rows=found[0][4], edges={"x": edges})


def _written(places: Sequence[float], dtype: str) -> Sequence[Any]:
    """Positions on the axis as values of a column."""
    if dtype != "date":
        return places
    times: list[Any] = to_times(np.array(places)).tolist()
    return times


def _ends(query: ParquetQuery, x: str, day: float) -> Any:
    """The number of values, the smallest, the largest, how many are whole, and of all rows."""
    parameters = Parameters()
    whole = f"count(*) FILTER ({x} = floor({x}))" if day == 1 else "0"
    ends = f"count({x}), min({x}) / {day!r}, max({x}) / {day!r}, {whole}, count(*)"
    sql = f"SELECT {ends} FROM {query.table(parameters)}"
    return query.connection.execute(sql, parameters).fetchone()


def _quartiles(
    query: ParquetQuery, xs: Sequence[str], low: float, high: float
) -> tuple[float, float]:
    """The quartiles of all columns together, from counts in narrow bins."""
    counts: list[tuple[int, float]] = []
    factor = 1 / ((high - low) / HISTOGRAM_BINS or 1.0)
    for x in xs:
        parameters = Parameters()
        table = query.table(parameters)
        place = f"({x} - {parameters.bind(low)}) * {parameters.bind(factor)}"
        bins = f"CAST(floor(least({place}, {HISTOGRAM_BINS - 1})) AS INTEGER)"
        sql = f"SELECT {bins}, count(*) FROM {table} WHERE {x} IS NOT NULL GROUP BY 1"
        counts += query.connection.execute(sql, parameters).fetchall()
    return quartiles_of_counts(low, high, counts)


def _bin_counts(
    query: ParquetQuery, keys: Sequence[str], x: str, edges: Array
) -> list[tuple[Any, ...]]:
    """The keys, the number of the bin and the count of each bin that is not empty."""
    parameters = Parameters()
    table = query.table(parameters)
    thresholds = edges.tolist()

    def is_below(place: int) -> str:
        # The last bin has both of its edges.
        return f"{x} {'<=' if place == len(thresholds) else '<'} {thresholds[place - 1]!r}"

    bins = case_tree([str(bin) for bin in range(-1, len(thresholds))], is_below)
    grouped = [*map(query.value, keys), bins, "count(*)"]
    columns = ", ".join(f"{each} AS c{i}" for i, each in enumerate(grouped))
    by = ", ".join(str(i + 1) for i in range(len(keys) + 1))
    most = max_groups() * (len(thresholds) + 1)
    sql = f"SELECT {columns} FROM {table} WHERE {x} IS NOT NULL GROUP BY {by} ORDER BY {by}"
    rows: list[tuple[Any, ...]] = query.connection.execute(
        f"{sql} LIMIT {most + 1}", parameters
    ).fetchall()
    if len(rows) > most or len({row[:-2] for row in rows}) > max_groups():
        raise too_many_groups()
    return rows
