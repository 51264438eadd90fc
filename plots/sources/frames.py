"""Data frames of pandas, polars, Arrow and others: narwhals reads them, and loads none of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import memory
from .selection import Selected, Selection


@dataclass
class Frame:
    """A data frame. A lazy one is collected once it is known which of its columns are drawn."""

    frame: Any

    @property
    def names(self) -> list[str]:
        return list(self.frame.collect_schema().names())

    @property
    def dtypes(self) -> dict[str, str]:
        return {name: _sort(dtype) for name, dtype in self.frame.collect_schema().items()}

    def select(self, asked: Selection) -> Selected:
        from narwhals import LazyFrame

        chosen = self.frame.select(*asked.columns)
        if isinstance(chosen, LazyFrame):
            chosen = chosen.collect()
        return memory.Columns({name: _values(chosen[name]) for name in asked.columns}).select(asked)


def _values(series: Any) -> Any:
    # Lists hold days and times with a zone as what they are.
    return series.to_numpy() if series.dtype.is_numeric() else series.to_list()


def _sort(dtype: Any) -> str:
    from narwhals import Boolean, Date, Datetime

    if dtype.is_numeric():
        return "number"
    sorts = {"boolean": Boolean, "date": Date, "datetime": Datetime}
    return next((sort for sort, kind in sorts.items() if isinstance(dtype, kind)), "text")


def read(rows: Any) -> Frame | None:
    """Return ``rows`` as a Frame, or None if they are not a data frame."""
    try:
        from narwhals import DataFrame, LazyFrame, from_native
    except ImportError:  # an optional package
        if hasattr(rows, "columns"):
            message = f"a source returned a {type(rows).__name__}; install narwhals for data frames"
            raise TypeError(message) from None
        return None
    frame = from_native(rows, pass_through=True)
    return Frame(frame) if isinstance(frame, DataFrame | LazyFrame) else None
