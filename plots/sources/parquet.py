"""A Parquet file's rows: filtered, grouped, ordered and reduced by DuckDB, which sees no other.

All SQL is made here: names are quoted, values are bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import cached_property
from pathlib import Path
from threading import Timer
from typing import Any, Literal

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from ..clocks import on_the_clock
from ..conf import conf
from ..errors import PlotError
from ..query import Filter, Query
from . import arrays, memory, parquet_cells, parquet_reduction
from .arrays import Array
from .parquet_reduction import ROW, Values
from .selection import Cells, Selected, Selection, Tally, too_many_rows

# A moment is a time that came with an offset: where a plot is read, it is what clocks show there.
Sort = Literal["number", "boolean", "date", "datetime", "moment", "text"]

THREADS = 2
MEMORY = 256  # megabytes of one reading
PATIENCE = 0.9  # of TIMEOUT: drawing has to be done within it too

STATS = {
    "sum": "sum",
    "mean": "avg",
    "median": "median",
    "min": "min",
    "max": "max",
    "std": "stddev_samp",
}
COMPARISONS = {"exact": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# What bins of a unit begin with: a day, or of hours a moment.
BINS = {"number": ("number", "boolean"), "date": ("date", "datetime")}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """For the few statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def on_clocks(moment: str, zone: tzinfo) -> str:
    """SQL: what clocks in ``zone`` show at ``moment``."""
    return f"({moment} AT TIME ZONE {literal(str(zone))})"


def on_the_whole(sorts: Mapping[str, Sort]) -> dict[str, Sort]:
    """``sorts`` as who draws the columns need to know them: moments are times."""
    return {name: "datetime" if sort == "moment" else sort for name, sort in sorts.items()}


@dataclass(frozen=True)
class File:
    """A Parquet file that has no infinite numbers and no empty texts in it: those are gaps."""

    path: Path
    sorts: Mapping[str, Sort]

    @property
    def names(self) -> list[str]:
        return list(self.sorts)

    def select(self, asked: Selection) -> Selected:
        with opened(self.path) as connection:
            return Reading(self, asked, connection).selected()

    def head(self, count: int) -> list[tuple[Any, ...]]:
        """The first rows, whatever is in them."""
        zone = timezone.get_default_timezone()
        names = ", ".join(
            on_clocks(quoted(name), zone) if sort == "moment" else quoted(name)
            for name, sort in self.sorts.items()
        )
        with opened(self.path) as connection:
            sql = f"SELECT {names} FROM read_parquet($1) LIMIT $2"
            rows: list[tuple[Any, ...]] = connection.execute(
                sql, [str(self.path), count]
            ).fetchall()
        return rows


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A connection that can read ``path`` and nothing else, for as long as a picture may take."""
    import duckdb

    settings: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY}MB",
        "temp_directory": "",
    }
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = false")  # it would write to stdout
    connection.execute(f"SET allowed_paths = [{literal(str(path))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    deadline = Timer(PATIENCE * conf.TIMEOUT, connection.interrupt)
    deadline.daemon = True
    deadline.start()
    try:
        yield connection
    except duckdb.InterruptException:
        message = _("Reading this takes longer than %(seconds)s seconds; ask for less at once.")
        message %= {"seconds": f"{conf.TIMEOUT:g}"}
        raise PlotError(message, "timed-out") from None
    except duckdb.OutOfMemoryException:
        message = _("There is too much of this to be read at once; filter it, or limit its rows.")
        raise PlotError(message, "too-much-memory") from None
    except duckdb.OutOfRangeException:
        message = _("These numbers are too large to make that of them.")
        raise PlotError(message, "out-of-range", "stat") from None
    except (duckdb.IOException, duckdb.PermissionException):
        if path.exists():
            raise
        message = _("The data have been replaced just now; ask again.")
        raise PlotError(message, "busy", "source") from None
    finally:
        deadline.cancel()
        connection.close()


@dataclass(frozen=True)
class Reading:
    """One selection of one file."""

    file: File
    asked: Selection
    connection: Any

    @cached_property
    def sorts(self) -> Mapping[str, Sort]:
        """What the columns hold as they are read: of moments, what clocks show."""
        return on_the_whole(self.file.sorts)

    def selected(self) -> Selected:
        asked, query = self.asked, self.asked.query
        if query.stat:
            return self._grouped()
        wanted = asked.reduction
        found = None
        if isinstance(wanted, Tally):
            found = parquet_reduction.tallied(self, wanted)
        elif isinstance(wanted, Cells):
            found = parquet_cells.counted(self)
        elif wanted:
            found = parquet_reduction.reduced(self, wanted)
        if found is None:
            found = memory.select(self._rows(), replace(asked, query=Query(), reduction=None))
        return found

    def _rows(self) -> Mapping[str, Array]:
        asked, query = self.asked, self.asked.query
        values = Values()
        named = ", ".join(map(self.value, asked.columns))
        sql = f"SELECT {named} FROM {self.table(values)}"
        if query.order:
            direction = "DESC" if query.order[0] == "-" else "ASC"
            sql += f" ORDER BY {self.value(asked.order)} {direction} NULLS LAST, {ROW}"
        most = conf.MAX_ROWS + 1
        sql += f" LIMIT {values.bind(min(query.limit or most, most))}"
        found = self.fetched(sql, values, asked.columns)
        if len(found[asked.columns[0]]) == most:
            raise too_many_rows()
        return found

    def _grouped(self) -> Selected:
        """A row for each group; what is left to do is done on those few."""
        asked, stat = self.asked, self.asked.query.stat
        keys = [self._key(name) for name in asked.keys]
        for name in asked.values:
            if stat != "count" and self.sorts[name] not in BINS["number"]:
                memory.refuse_stat(name)
        made = [f"{STATS.get(stat, 'count')}({self.value(name)})" for name in asked.values]
        names = (*asked.keys, *(asked.values or ("",)))
        # As text, two columns may have one name.
        columns = [f"{each} AS c{i}" for i, each in enumerate([*keys, *(made or ["count(*)"])])]
        places = ", ".join(str(i + 1) for i in range(len(keys)))
        values = Values()
        sql = f"SELECT {', '.join(columns)} FROM {self.table(values)} GROUP BY {places}"
        # One more than are drawn says that there are too many.
        sql += f" LIMIT {values.bind(conf.MAX_POINTS + 1)}"
        arrays = [*self.connection.execute(sql, values).fetchnumpy().values()]
        is_day = [self._is_day(name) for name in asked.keys]
        days = [*is_day, *[False] * (len(arrays) - len(is_day))]
        # A column may be a key and a value at once.
        found = [_plain(array, day) for array, day in zip(arrays, days, strict=True)]
        table = dict(zip(names, found, strict=True))
        # Of one number the least is that number: this puts the groups in order, and no more.
        done = replace(asked.query, stat="min", bin="", filter=())
        return memory.select(table, replace(asked, values=names[len(keys) :], query=done))

    def table(self, values: Values, *, numbered: bool = False) -> str:
        """The rows that the filters let through; ``numbered`` ones have their ``place``."""
        table = f"read_parquet({values.bind(str(self.file.path))}, file_row_number = true)"
        fits = " AND ".join(self._fits(each, values) for each in self.asked.query.filter)
        if fits and numbered:
            return f"(SELECT *, row_number() OVER () - 1.0 AS place FROM {table} WHERE {fits})"
        if numbered:
            return f"(SELECT *, CAST({ROW} AS DOUBLE) AS place FROM {table})"
        return f"(SELECT * FROM {table} WHERE {fits})" if fits else table

    def value(self, name: str) -> str:
        column = quoted(name)
        if self.file.sorts[name] == "moment":
            return on_clocks(column, self.asked.tzinfo)
        return f"CAST({column} AS DOUBLE)" if self.sorts[name] == "boolean" else column

    def number(self, name: str) -> tuple[str, float]:
        """A column's values as numbers, and how much of them a day is."""
        if self.sorts[name] == "date":
            return f"({self.value(name)} - DATE '1970-01-01')", 1.0
        if self.sorts[name] == "datetime":
            return f"epoch_us({self.value(name)})", arrays.DAY
        return self.value(name), 1.0

    def _is_day(self, name: str) -> bool:
        width = self.asked.query.bin if name == self.asked.binned else ""
        if isinstance(width, str) and width:
            return width != "hour"
        return self.sorts[name] == "date"

    def _key(self, name: str) -> str:
        """What rows are grouped by: the column, or where its bin begins."""
        width = self.asked.query.bin
        if name != self.asked.binned or not width:
            return self.value(name)
        sort = self.sorts[name]
        holds = next((noun for noun, sorts in BINS.items() if sort in sorts), "")
        if not holds or (holds == "date") != isinstance(width, str):
            memory.refuse_bin(f"{holds}s" if holds else "")
        if isinstance(width, float):
            return f"floor({self.value(name)} / {width!r}) * {width!r}"
        kind = "TIMESTAMP" if width == "hour" else "DATE"
        return f"CAST(date_trunc('{width}', {self.value(name)}) AS {kind})"

    def _fits(self, wanted: Filter, values: Values) -> str:
        column, sort = self.value(wanted.column), self.sorts[wanted.column]
        if wanted.lookup == "isnull":
            return f"{column} IS {'' if memory.read_switch(wanted) else 'NOT '}NULL"
        if wanted.lookup == "icontains":
            return f"contains(lower({_as_text(column, sort)}), {_lower(values, wanted)})"
        dtype = {"text": "O", "date": "M", "datetime": "M"}.get(sort, "f")
        like = [memory.read_like(dtype, text, wanted) for text in wanted.values]
        given = on_the_clock(like, self.asked.zone, "filter")
        if sort == "date" and any(type(each) is not date for each in given):
            column = f"CAST({column} AS TIMESTAMP)"
        bound = [values.bind(each) for each in given]
        if wanted.lookup == "in":
            return f"{column} IN ({', '.join(bound)})"
        if wanted.lookup == "range":
            return f"{column} BETWEEN {bound[0]} AND {bound[1]}"
        return f"{column} {COMPARISONS[wanted.lookup]} {bound[0]}"

    def fetched(self, sql: str, values: Values, names: Sequence[str]) -> dict[str, Array]:
        arrays = self.connection.execute(sql, values).fetchnumpy().values()
        sorts = self.sorts
        return {
            name: _plain(array, sorts.get(name) == "date")
            for name, array in zip(names, arrays, strict=True)
        }


def _lower(values: Values, wanted: Filter) -> str:
    return f"lower({values.bind(wanted.values[0])})"


def _as_text(column: str, sort: Sort) -> str:
    if sort == "datetime":
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%f')"
    return column if sort == "text" else f"CAST({column} AS VARCHAR)"


def _plain(array: Any, is_day: bool) -> Array:
    """An array as those in memory are, its gaps NaN, NaT or None."""
    if isinstance(array, np.ma.MaskedArray):
        gap: Any = {"O": None, "M": np.datetime64("NaT")}.get(array.dtype.kind, np.nan)
        mask = np.ma.getmaskarray(array)
        array = np.array(array.data, dtype=float if array.dtype.kind in "iu" else array.dtype)
        array[mask] = gap
    if array.dtype.kind == "M" and is_day:
        array = array.astype("datetime64[D]")
    return np.asarray(array)
