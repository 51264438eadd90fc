"""Data frames of pandas, polars, Arrow and others, read through narwhals.

narwhals imports none of these libraries itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .memory import MemoryTable
from .selection import Selected, Selection


@dataclass
class FrameTable:
    """A data frame. A lazy one is collected after its columns have been selected."""

    frame: Any

    @property
    def names(self) -> list[str]:
        return list(self.frame.collect_schema().names())

    @property
    def dtypes(self) -> dict[str, str]:
        return {name: _dtype_of(dtype) for name, dtype in self.frame.collect_schema().items()}

    def select(self, selection: Selection) -> Selected:
        from narwhals import LazyFrame  # not at start-up: few projects use data frames

        frame = self.frame.select(*selection.columns)
        if isinstance(frame, LazyFrame):
            frame = frame.collect()
        columns = {name: _values(frame[name]) for name in selection.columns}
        return MemoryTable(columns).select(selection)


def _values(series: Any) -> Any:
    # Arrays of dates would lose their time zones, lists keep them.
    return series.to_numpy() if series.dtype.is_numeric() else series.to_list()


def _dtype_of(dtype: Any) -> str:
    from narwhals import Boolean, Date, Datetime, Duration, Time

    if dtype.is_numeric():
        return "number"
    types: dict[str, Any] = {
        "boolean": Boolean,
        "date": Date,
        "datetime": Datetime,
        "duration": Duration,
        "time": Time,
    }
    return next((name for name, each in types.items() if isinstance(dtype, each)), "text")


def from_frame(rows: Any) -> FrameTable | None:
    """Wrap a data frame. Returns None for anything else."""
    try:
        from narwhals import DataFrame, LazyFrame, from_native
    except ImportError:  # an optional package
        if hasattr(rows, "columns"):
            message = f"a source returned a {type(rows).__name__}; install narwhals for data frames"
            raise TypeError(message) from None
        return None
    frame = from_native(rows, pass_through=True)
    return FrameTable(frame) if isinstance(frame, DataFrame | LazyFrame) else None
