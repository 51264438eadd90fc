"""SQL expressions over the columns of a Parquet file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from plots.sources import arrays, memory
from plots.sources.arrays import Array
from plots.sources.selection import Selection
from plots.spec.query import Filter
from plots.values.timezones import to_local_times

# A moment is a time that came with an offset: where a plot is read, it is what clocks show there.
ColumnType = Literal["number", "boolean", "date", "datetime", "moment", "text"]

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

ROW = "file_row_number"  # what DuckDB calls a row's place; no column of ours is called so


class Values(list[Any]):
    """The values of one statement."""

    def bind(self, value: Any) -> str:
        self.append(value)
        return f"${len(self)}"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """For the few statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def on_clocks(moment: str, zone: tzinfo) -> str:
    """SQL: what clocks in ``zone`` show at ``moment``."""
    return f"({moment} AT TIME ZONE {literal(str(zone))})"


def as_drawn_types(sorts: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """``sorts`` as who draws the columns need to know them: moments are times."""
    return {name: "datetime" if sort == "moment" else sort for name, sort in sorts.items()}


@dataclass(frozen=True)
class Reading:
    """One selection of one file."""

    path: Path
    types: Mapping[str, ColumnType]
    asked: Selection
    connection: Any

    @cached_property
    def dtypes(self) -> Mapping[str, ColumnType]:
        """What the columns hold as they are read: of moments, what clocks show."""
        return as_drawn_types(self.types)

    def table(self, values: Values, *, numbered: bool = False) -> str:
        """The rows that the filters let through; ``numbered`` ones have their ``place``."""
        table = f"read_parquet({values.bind(str(self.path))}, file_row_number = true)"
        fits = " AND ".join(self._fits(each, values) for each in self.asked.query.filter)
        if fits and numbered:
            return f"(SELECT *, row_number() OVER () - 1.0 AS place FROM {table} WHERE {fits})"
        if numbered:
            return f"(SELECT *, CAST({ROW} AS DOUBLE) AS place FROM {table})"
        return f"(SELECT * FROM {table} WHERE {fits})" if fits else table

    def value(self, name: str) -> str:
        column = quoted(name)
        if self.types[name] == "moment":
            return on_clocks(column, self.asked.tzinfo)
        return f"CAST({column} AS DOUBLE)" if self.dtypes[name] == "boolean" else column

    def number(self, name: str) -> tuple[str, float]:
        """A column's values as numbers, and how much of them a day is."""
        if self.dtypes[name] == "date":
            return f"({self.value(name)} - DATE '1970-01-01')", 1.0
        if self.dtypes[name] == "datetime":
            return f"epoch_us({self.value(name)})", arrays.DAY
        return self.value(name), 1.0

    def is_day(self, name: str) -> bool:
        width = self.asked.query.bin if name == self.asked.binned else ""
        if isinstance(width, str) and width:
            return width != "hour"
        return self.dtypes[name] == "date"

    def key(self, name: str) -> str:
        """What rows are grouped by: the column, or where its bin begins."""
        width = self.asked.query.bin
        if name != self.asked.binned or not width:
            return self.value(name)
        sort = self.dtypes[name]
        holds = next((noun for noun, sorts in BINS.items() if sort in sorts), "")
        if not holds or (holds == "date") != isinstance(width, str):
            memory.refuse_bin(f"{holds}s" if holds else "")
        if isinstance(width, float):
            return f"floor({self.value(name)} / {width!r}) * {width!r}"
        kind = "TIMESTAMP" if width == "hour" else "DATE"
        return f"CAST(date_trunc('{width}', {self.value(name)}) AS {kind})"

    def _fits(self, wanted: Filter, values: Values) -> str:
        column, sort = self.value(wanted.column), self.dtypes[wanted.column]
        if wanted.lookup == "isnull":
            return f"{column} IS {'' if memory.read_switch(wanted) else 'NOT '}NULL"
        if wanted.lookup == "icontains":
            return f"contains(lower({_as_text(column, sort)}), {_lower(values, wanted)})"
        dtype = {"text": "O", "date": "M", "datetime": "M"}.get(sort, "f")
        like = [memory.read_like(dtype, text, wanted) for text in wanted.values]
        given = to_local_times(like, self.asked.zone, "filter")
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
        sorts = self.dtypes
        return {
            name: as_plain(array, sorts.get(name) == "date")
            for name, array in zip(names, arrays, strict=True)
        }


def _lower(values: Values, wanted: Filter) -> str:
    return f"lower({values.bind(wanted.values[0])})"


def _as_text(column: str, sort: ColumnType) -> str:
    if sort == "datetime":
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%f')"
    return column if sort == "text" else f"CAST({column} AS VARCHAR)"


def as_plain(array: Any, is_day: bool) -> Array:
    """An array as those in memory are, its gaps NaN, NaT or None."""
    if isinstance(array, np.ma.MaskedArray):
        gap: Any = {"O": None, "M": np.datetime64("NaT")}.get(array.dtype.kind, np.nan)
        mask = np.ma.getmaskarray(array)
        array = np.array(array.data, dtype=float if array.dtype.kind in "iu" else array.dtype)
        array[mask] = gap
    if array.dtype.kind == "M" and is_day:
        array = array.astype("datetime64[D]")
    return np.asarray(array)
