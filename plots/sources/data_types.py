"""Data types that all engines compute with as numbers: durations, times of day and booleans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.values.columns import SECONDS, Column, dtype_of_column, from_seconds

from .selection import Selected, Selection

SECONDS_PER_UNIT = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0, "week": 604_800.0}


def in_seconds(selection: Selection, dtypes: Mapping[str, str]) -> Selection:
    """Return a selection in which the bins of durations and times of day are seconds.

    Parameters
    ----------
    selection : Selection
    dtypes : mapping
        The data types of its columns.

    Raises
    ------
    PlotError
        If the bin does not fit, or times of day would be added.
    """
    query, dtype = selection.query, dtypes.get(selection.binned, "")
    if query.stat == "sum" and "time" in {dtypes.get(name) for name in selection.values}:
        message = _("Times of day have no sum. Use the stat count, mean, min or max.")
        raise PlotError(message, "invalid-stat", "stat")
    if dtype not in SECONDS or not isinstance(query.bin, str) or not query.bin:
        return selection
    if query.bin not in SECONDS_PER_UNIT or (dtype == "time" and query.bin in ("day", "week")):
        message = (
            _("x holds times of day. Set bin to hour, or to a width in seconds such as 900.")
            if dtype == "time"
            else _("x holds durations. Set bin to hour, day or week, or to a width in seconds.")
        )
        raise PlotError(message, "invalid-bin", "bin")
    return replace(selection, query=replace(query, bin=SECONDS_PER_UNIT[query.bin]))


def restore(selected: Selected, dtypes: Mapping[str, str], stat: str) -> Selected:
    """Return ``selected`` with durations, times and booleans in place of their numbers.

    ``dtypes`` are the data types of the columns before ``stat`` was computed.
    """
    keys = {name: _restore(each, dtypes.get(name, "")) for name, each in selected.keys.items()}
    values = {
        name: _restore(each, _dtype_after(stat, dtypes.get(name, "")))
        for name, each in selected.values.items()
    }
    return replace(selected, keys=keys, values=values)


def _dtype_after(stat: str, dtype: str) -> str:
    """The data type of a stat of a column."""
    if stat == "count" or dtype == "boolean":
        return "number"
    return "duration" if (stat, dtype) == ("std", "time") else dtype


def _restore(column: Column, dtype: str) -> Column:
    """Convert the numbers of a column to the durations, times or booleans that they stand for.

    Parameters
    ----------
    column : Column
        A column of any data type. One without numbers is returned unchanged, and so are booleans
        that were averaged.
    dtype : str
        The data type of the values before ``to_array``.
    """
    if dtype_of_column(column) != "number" or dtype not in ("boolean", *SECONDS):
        return column
    if dtype == "boolean":
        known = {*column} <= {0.0, 1.0, None}
        return tuple(None if v is None else v == 1 for v in column) if known else column
    return tuple(None if v is None else from_seconds(v, dtype, "source") for v in column)  # type: ignore[arg-type]
