"""Grids of numbers, as a channel of sort ``grid`` takes them: rows apart, or three long columns.

A grid is a tuple of rows, each a tuple of floats and gaps, all of one length. The first row is the
lowest: it stands where y is least. Drawing sees long columns of x, y and the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .columns import Column, from_values, read_column, write_column
from .errors import PlotError

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]

Grid = tuple[Column, ...]


def read_grid(values: Sequence[Any], parameter: str) -> Column | Grid:
    """The grid of rows separated by ``;`` or given one by one; one row alone is a long column."""
    rows: list[Column] = []
    for value in values:
        if isinstance(value, str):
            rows += [read_column(row, parameter, sort="number") for row in value.split(";")]
        elif _is_nested(value):
            rows += [from_values(row, parameter) for row in value]
        else:
            rows.append(from_values(value, parameter))
    if len(rows) == 1:
        return rows[0]
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            message = f"Row {number} has {len(row)} values, and row 1 has {len(rows[0])}."
            raise PlotError(message, "unequal-lengths", parameter)
    return tuple(rows)


def _is_nested(value: Any) -> bool:
    if getattr(value, "ndim", 1) == 2:
        return True
    first = next(iter(value), None) if isinstance(value, (list, tuple)) else None
    return isinstance(first, Iterable) and not isinstance(first, str)


def is_grid(column: Sequence[Any]) -> bool:
    return bool(column) and isinstance(column[0], tuple)


def size(column: Sequence[Any]) -> int:
    """How many values a column or a grid has."""
    return sum(map(len, column)) if is_grid(column) else len(column)


def write_grid(grid: Grid) -> str:
    """The text that ``read_grid`` turns into ``grid`` again."""
    return ";".join(map(write_column, grid))


def unfold(
    columns: Mapping[str, Sequence[Any]], names: Iterable[str]
) -> Mapping[str, Sequence[Column]]:
    """``columns`` with a grid in one of the channels ``names`` as long columns.

    x has a value for each of its columns, y one for each of its rows; left out, both count from 0.
    """
    name = next((name for name in names if name in columns), None)
    if name is None:
        return columns
    (grid,) = columns[name]
    if not is_grid(grid):
        missing = [axis for axis in ("x", "y") if axis not in columns]
        if missing:
            message = (
                f"Give {name} as rows separated by semicolons, or beside it "
                f"{' and '.join(missing)}, one value for each."
            )
            raise PlotError(message, "required", missing[0])
        return columns
    width, height = len(grid[0]), len(grid)
    x = _edge(columns, "x", width, "columns", name)
    y = _edge(columns, "y", height, "rows", name)
    return {
        **columns,
        "x": [tuple(value for _ in range(height) for value in x)],
        "y": [tuple(value for value in y for _ in range(width))],
        name: [tuple(value for row in grid for value in row)],
    }


def _edge(
    columns: Mapping[str, Sequence[Any]], axis: str, count: int, what: str, name: str
) -> Column:
    if axis not in columns:
        return tuple(float(place) for place in range(count))
    given: Column = columns[axis][0]
    if len(given) != count:
        message = f"This has {len(given)} values, and {name} has {count} {what}."
        raise PlotError(message, "unequal-lengths", axis)
    return given


def fold(x: Numbers, y: Numbers, z: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The places along x (n) and y (m), ascending, and the values there (m, n), NaN where none is.

    Of several values for one place the last counts.
    """
    import numpy as np

    known = np.isfinite(x) & np.isfinite(y)
    columns, at_x = np.unique(x[known], return_inverse=True)
    rows, at_y = np.unique(y[known], return_inverse=True)
    values = np.full((len(rows), len(columns)), np.nan)
    values[at_y, at_x] = z[known]
    return columns, rows, values
