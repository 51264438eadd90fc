"""Select rows of a Parquet file: as they are, grouped, or downsampled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plots.conf import conf
from plots.sources import memory
from plots.sources.arrays import Array
from plots.sources.selection import Bins, Histogram, Selected, too_many_rows
from plots.spec.query import Query

from . import binning, downsampling
from .reading import BINS, ROW, STATS, Reading, Values, as_plain


def selected(reading: Reading) -> Selected:
    asked, query = reading.asked, reading.asked.query
    if query.stat:
        return _grouped(reading)
    wanted = asked.downsampling
    found = None
    if isinstance(wanted, Histogram):
        found = downsampling.tallied(reading, wanted)
    elif isinstance(wanted, Bins):
        found = binning.counted(reading)
    elif wanted:
        found = downsampling.reduced(reading, wanted)
    if found is None:
        found = memory.select(_rows(reading), replace(asked, query=Query(), downsampling=None))
    return found


def _rows(reading: Reading) -> Mapping[str, Array]:
    asked, query = reading.asked, reading.asked.query
    values = Values()
    named = ", ".join(map(reading.value, asked.columns))
    sql = f"SELECT {named} FROM {reading.table(values)}"
    if query.order:
        direction = "DESC" if query.order[0] == "-" else "ASC"
        sql += f" ORDER BY {reading.value(asked.order)} {direction} NULLS LAST, {ROW}"
    most = conf.MAX_ROWS + 1
    sql += f" LIMIT {values.bind(min(query.limit or most, most))}"
    found = reading.fetched(sql, values, asked.columns)
    if len(found[asked.columns[0]]) == most:
        raise too_many_rows()
    return found


def _grouped(reading: Reading) -> Selected:
    """A row for each group; what is left to do is done on those few."""
    asked, stat = reading.asked, reading.asked.query.stat
    keys = [reading.key(name) for name in asked.keys]
    for name in asked.values:
        if stat != "count" and reading.dtypes[name] not in BINS["number"]:
            memory.refuse_stat(name)
    made = [f"{STATS.get(stat, 'count')}({reading.value(name)})" for name in asked.values]
    names = (*asked.keys, *(asked.values or ("",)))
    # As text, two columns may have one name.
    columns = [f"{each} AS c{i}" for i, each in enumerate([*keys, *(made or ["count(*)"])])]
    places = ", ".join(str(i + 1) for i in range(len(keys)))
    values = Values()
    sql = f"SELECT {', '.join(columns)} FROM {reading.table(values)} GROUP BY {places}"
    # One more than are drawn says that there are too many.
    sql += f" LIMIT {values.bind(conf.MAX_POINTS + 1)}"
    arrays = [*reading.connection.execute(sql, values).fetchnumpy().values()]
    is_day = [reading.is_day(name) for name in asked.keys]
    days = [*is_day, *[False] * (len(arrays) - len(is_day))]
    # A column may be a key and a value at once.
    found = [as_plain(array, day) for array, day in zip(arrays, days, strict=True)]
    table = dict(zip(names, found, strict=True))
    # Of one number the least is that number: this puts the groups in order, and no more.
    done = replace(asked.query, stat="min", bin="", filter=())
    return memory.select(table, replace(asked, values=names[len(keys) :], query=done))
