"""SQL expressions over the columns of a Parquet file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from plots.sources.arrays import MICROSECONDS_PER_DAY, Array
from plots.sources.filters import FOLDED_LETTERS, read_filter_values, read_isnull
from plots.sources.grouping import refuse_bin
from plots.sources.selection import Selection
from plots.spec.query import Filter
from plots.values.columns import MOMENT, SECONDS, to_seconds
from plots.values.timezones import after_clock_change, local_to_utc, to_local_times, to_moments

# A moment is a time with an offset. It is drawn as the local time in the plot's time zone.
# Durations and times of day are stored as seconds.
ColumnType = Literal["number", "boolean", "date", "datetime", "moment", "duration", "time", "text"]

STATS = {
    "sum": "sum",
    "mean": "avg",
    "median": "median",
    "min": "min",
    "max": "max",
    "std": "stddev_samp",
}
COMPARISONS = {"exact": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# Data types that can be binned, by what the bins begin with.
BINNED_TYPES = {"number": ("number", "boolean"), "date": ("date", "datetime")}

ROW = "file_row_number"  # DuckDB's name for the number of a row; no dataset has such a column


class Parameters(list[Any]):
    """The parameters of one statement."""

    def bind(self, value: Any) -> str:
        """Add ``value`` and return its placeholder."""
        self.append(value)
        return f"${len(self)}"


def quote_name(name: str) -> str:
    """Quote the name of a column."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Quote a text, for the few statements that accept no parameters."""
    return "'" + text.replace("'", "''") + "'"


def at_time_zone(moment: str, zone: tzinfo) -> str:
    """SQL: the local time of ``moment`` in ``zone``."""
    return f"({moment} AT TIME ZONE {quote_text(str(zone))})"


def as_drawn_types(types: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """The data types of columns as they are drawn: moments are datetimes."""
    return {name: "datetime" if dtype == "moment" else dtype for name, dtype in types.items()}


@dataclass(frozen=True)
class ParquetQuery:
    """One selection from one file: SQL of its columns and rows, and the statements' results."""

    path: Path
    types: Mapping[str, ColumnType]
    selection: Selection
    connection: Any

    @cached_property
    def dtypes(self) -> Mapping[str, ColumnType]:
        """The data types of the columns as they are computed with: seconds are numbers."""
        drawn = as_drawn_types(self.types)
        return {name: "number" if each in SECONDS else each for name, each in drawn.items()}

    def table(self, parameters: Parameters, *, numbered: bool = False) -> str:
        """The rows that match the filters; if ``numbered``, with their number as ``place``."""
        table = f"read_parquet({parameters.bind(str(self.path))}, file_row_number = true)"
        conditions = " AND ".join(
            self._condition(each, parameters) for each in self.selection.query.filter
        )
        if conditions and numbered:
            place = "row_number() OVER () - 1.0 AS place"
            return f"(SELECT *, {place} FROM {table} WHERE {conditions})"
        if numbered:
            return f"(SELECT *, CAST({ROW} AS DOUBLE) AS place FROM {table})"
        return f"(SELECT * FROM {table} WHERE {conditions})" if conditions else table

    def value(self, name: str) -> str:
        """The values of a column: local times, and booleans as numbers."""
        column = quote_name(name)
        if self.types[name] == "moment":
            return at_time_zone(column, self.selection.tzinfo)
        return f"CAST({column} AS DOUBLE)" if self.dtypes[name] == "boolean" else column

    def drawn(self, name: str) -> str:
        """The values of a column as they are fetched: moments in UTC."""
        is_moment = self.types[name] == "moment"
        return f"({quote_name(name)} AT TIME ZONE 'UTC')" if is_moment else self.value(name)

    def as_key(self, name: str, array: Array) -> Array:
        """Mark a fetched key as times in UTC, if it is."""
        array = fill_gaps(array, self.is_day(name))
        width = self.selection.query.bin if name == self.selection.binned else ""
        if self.types[name] != "moment" or width not in ("", "hour"):
            return array
        return after_clock_change(array, self.selection.tzinfo) if width else array.astype(MOMENT)

    def number(self, name: str, *, is_utc: bool = False) -> tuple[str, float]:
        """The values of a column as numbers, and the number that is one day."""
        if self.dtypes[name] == "date":
            return f"({self.value(name)} - DATE '1970-01-01')", 1.0
        if self.dtypes[name] == "datetime":
            value = self.drawn(name) if is_utc else self.value(name)
            return f"epoch_us({value})", MICROSECONDS_PER_DAY
        return self.value(name), 1.0

    def in_utc(self, name: str, limit: float) -> float:
        """Convert a limit of a column, in local days since 1970, to UTC if it holds moments."""
        is_moment = self.types.get(name) == "moment"
        return local_to_utc(limit, self.selection.tzinfo) if is_moment else limit

    def is_day(self, name: str) -> bool:
        """Whether a key is a date without a time of day."""
        width = self.selection.query.bin if name == self.selection.binned else ""
        is_whole = isinstance(width, str) and width not in ("", "hour")
        return is_whole or self.dtypes[name] == "date"

    def key(self, name: str) -> str:
        """What rows are grouped by: the column, or the start of its bin."""
        width = self.selection.query.bin
        if name != self.selection.binned or not width:
            return self.drawn(name)
        dtype = self.dtypes[name]
        contents = next((each for each, types in BINNED_TYPES.items() if dtype in types), "")
        if not contents or (contents == "date") != isinstance(width, str):
            refuse_bin(f"{contents}s" if contents else "")
        if isinstance(width, float):
            return f"floor({self.value(name)} / {width!r}) * {width!r}"
        if width == "hour" and self.types[name] == "moment":
            local = self.value(name)
            return f"({self.drawn(name)} - ({local} - date_trunc('hour', {local})))"
        sql_type = "TIMESTAMP" if width == "hour" and dtype == "datetime" else "DATE"
        return f"CAST(date_trunc('{width}', {self.value(name)}) AS {sql_type})"

    def _condition(self, filter: Filter, parameters: Parameters) -> str:
        column, dtype = self.value(filter.column), as_drawn_types(self.types)[filter.column]
        if filter.lookup == "isnull":
            return f"{column} IS {'' if read_isnull(filter) else 'NOT '}NULL"
        parsed = read_filter_values("date" if dtype == "datetime" else dtype, filter)
        if filter.lookup == "icontains":
            folded = f"lower({column})"
            for letter, replacement in FOLDED_LETTERS:
                folded = f"replace({folded}, '{letter}', '{replacement}')"
            return f"contains({folded}, {parameters.bind(filter.values[0].casefold())})"
        values: Sequence[Any] = to_local_times(parsed, self.selection.zone, "filter")
        if dtype in SECONDS:
            values = [to_seconds(each) for each in values]
        if self.types[filter.column] == "moment":
            column = self.drawn(filter.column)
            values = to_moments(parsed, self.selection.zone).astype("datetime64[us]").tolist()
        if dtype == "date" and any(type(each) is not date for each in values):
            column = f"CAST({column} AS TIMESTAMP)"
        bound = [parameters.bind(each) for each in values]
        if filter.lookup == "in":
            return f"{column} IN ({', '.join(bound)})"
        if filter.lookup == "range":
            return f"{column} BETWEEN {bound[0]} AND {bound[1]}"
        return f"{column} {COMPARISONS[filter.lookup]} {bound[0]}"

    def fetch(self, sql: str, parameters: Parameters, names: Sequence[str]) -> dict[str, Array]:
        """Run a statement. Returns its columns under ``names``."""
        arrays = self.connection.execute(sql, parameters).fetchnumpy().values()
        dtypes = self.dtypes
        return {
            name: fill_gaps(array, dtypes.get(name) == "date")
            for name, array in zip(names, arrays, strict=True)
        }

    def fetch_drawn(
        self, sql: str, parameters: Parameters, names: Sequence[str]
    ) -> dict[str, Array]:
        """Run a statement that selects the columns ``names`` as they are ``drawn``."""
        moments = {name for name, dtype in self.types.items() if dtype == "moment"}
        return {
            name: array.astype(MOMENT) if name in moments else array
            for name, array in self.fetch(sql, parameters, names).items()
        }


def fill_gaps(array: Any, is_day: bool) -> Array:
    """Convert a masked array to one with NaN, NaT or None for gaps."""
    if isinstance(array, np.ma.MaskedArray):
        gap: Any = {"O": None, "M": np.datetime64("NaT")}.get(array.dtype.kind, np.nan)
        mask = np.ma.getmaskarray(array)
        array = np.array(array.data, dtype=float if array.dtype.kind in "iu" else array.dtype)
        array[mask] = gap
    if array.dtype.kind == "M" and is_day:
        array = array.astype("datetime64[D]")
    return np.asarray(array)
