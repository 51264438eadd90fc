"""Select rows of a Parquet file: as they are, grouped, or downsampled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plots.conf import conf
from plots.sources import memory
from plots.sources.arrays import Array
from plots.sources.grouping import refuse_stat
from plots.sources.selection import Bins, Histogram, Selected, too_many_rows
from plots.spec.query import Query

from .binning import count_cells
from .downsampling import m4
from .histogram import count_bins
from .sql import BINNED_TYPES, ROW, STATS, Parameters, ParquetQuery, fill_gaps


def select(query: ParquetQuery) -> Selected:
    """Run a selection; what is left to do with few rows is done in memory."""
    selection = query.selection
    if selection.query.stat:
        return _group(query)
    request = selection.downsampling
    selected = None
    if isinstance(request, Histogram):
        selected = count_bins(query, request)
    elif isinstance(request, Bins):
        selected = count_cells(query)
    elif request:
        selected = m4(query, request)
    if selected is None:
        rest = replace(selection, query=Query(), downsampling=None)
        selected = memory.select(_fetch_rows(query), rest)
    return selected


def _fetch_rows(query: ParquetQuery) -> Mapping[str, Array]:
    selection, request = query.selection, query.selection.query
    parameters = Parameters()
    columns = ", ".join(map(query.drawn, selection.columns))
    sql = f"SELECT {columns} FROM {query.table(parameters)}"
    if request.order:
        direction = "DESC" if request.order[0] == "-" else "ASC"
        sql += f" ORDER BY {query.drawn(selection.order)} {direction} NULLS LAST, {ROW}"
    most = conf.MAX_ROWS + 1
    sql += f" LIMIT {parameters.bind(min(request.limit or most, most))}"
    rows = query.fetch_drawn(sql, parameters, selection.columns)
    if len(rows[selection.columns[0]]) == most:
        raise too_many_rows()
    return rows


def _group(query: ParquetQuery) -> Selected:
    """Fetch a row for each group, and order them in memory."""
    selection, stat = query.selection, query.selection.query.stat
    keys = [query.key(name) for name in selection.keys]
    for name in selection.values:
        if stat != "count" and query.dtypes[name] not in BINNED_TYPES["number"]:
            refuse_stat(name)
    stats = [f"{STATS.get(stat, 'count')}({query.value(name)})" for name in selection.values]
    # Aliases, because a column may be a key and a value at once.
    selected = [f"{each} AS c{i}" for i, each in enumerate([*keys, *(stats or ["count(*)"])])]
    by = ", ".join(str(i + 1) for i in range(len(keys)))
    parameters = Parameters()
    sql = f"SELECT {', '.join(selected)} FROM {query.table(parameters)} GROUP BY {by}"
    # One more than can be drawn, to detect that there are too many.
    sql += f" LIMIT {parameters.bind(conf.MAX_POINTS + 1)}"
    arrays = [*query.connection.execute(sql, parameters).fetchnumpy().values()]
    groups = [*map(query.as_key, selection.keys, arrays)]
    summaries = [fill_gaps(array, is_day=False) for array in arrays[len(keys) :]]
    return memory.from_groups(groups, summaries, selection.values or ("",), selection)
