"""Grids of numbers, the values of channels with ``dtype="grid"``.

A grid is a tuple of rows of equal length, each a tuple of floats and gaps. The first row is the
lowest: it is drawn at the smallest y. Kinds get long columns of x, y and the value instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError

from .column_text import read_column, write_column
from .columns import Column, from_values
from .scalars import write_value

Numbers = np.ndarray[Any, np.dtype[np.float64]]

Grid = tuple[Column, ...]


def read_grid(values: Sequence[Any], parameter: str) -> Column | Grid:
    """Read a grid.

    Parameters
    ----------
    values : sequence
        Rows, each a list, an array or text such as ``1,2,3``. A text may hold several rows,
        separated by semicolons. A nested list or a 2-D array holds several rows too.
    parameter : str
        The name of the parameter that errors name.

    Returns
    -------
    tuple
        A grid, or, if there is only one row, a column.

    Raises
    ------
    PlotError
        If the rows have different lengths or a value is not a number.

    Examples
    --------
    >>> read_grid(["1,2;3,4"], "z")
    ((1.0, 2.0), (3.0, 4.0))
    """
    rows: list[Column] = []
    for value in values:
        if isinstance(value, str):
            rows += [read_column(row, parameter, dtype="number") for row in value.split(";")]
        elif _is_nested(value):
            rows += [from_values(row, parameter) for row in value]
        else:
            rows.append(from_values(value, parameter))
    if len(rows) == 1:
        return rows[0]
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            message = _(
                "Row %(number)d has %(count)d values, and row 1 has %(first)d. "
                "All rows must have the same length."
            )
            message %= {"number": number, "count": len(row), "first": len(rows[0])}
            raise PlotError(message, "unequal-lengths", parameter)
    return tuple(rows)


def _is_nested(value: Any) -> bool:
    if getattr(value, "ndim", 1) == 2:
        return True
    first = next(iter(value), None) if isinstance(value, (list, tuple)) else None
    return isinstance(first, Iterable) and not isinstance(first, str)


def is_grid(column: Sequence[Any]) -> bool:
    """Whether ``column`` is a grid, not a column of single values."""
    return bool(column) and isinstance(column[0], tuple)


def size(column: Sequence[Any]) -> int:
    """Count the values of a column or a grid."""
    return sum(map(len, column)) if is_grid(column) else len(column)


def write_grid(grid: Grid) -> str:
    """Write ``grid`` as text that ``read_grid`` reads back unchanged."""
    return ";".join(map(write_column, grid))


def unfold(
    columns: Mapping[str, Sequence[Column]], names: Iterable[str]
) -> Mapping[str, Sequence[Column]]:
    """Convert the grids in ``columns`` to long columns.

    Parameters
    ----------
    columns : mapping
        The columns of each channel. x holds one value for each column of the grids and y one for
        each row. Without them, positions are counted from 0.
    names : iterable of str
        The channels whose values may be grids. All grids must have the same shape. A single row
        is a grid too, unless x and y have one value for each of its values.

    Returns
    -------
    mapping
        The same channels, with one value of x and y for each value of the grids.

    Raises
    ------
    PlotError
        If the lengths do not match, or x or y holds the same position twice.
    """
    given = {name: columns[name][0] for name in names if name in columns}
    if not given or not any(map(is_grid, given.values())) and _is_long(columns):
        return columns
    grids: dict[str, Any] = {
        name: each if is_grid(each) else (each,) for name, each in given.items()
    }
    first, grid = next(iter(grids.items()))
    for name, each in grids.items():
        if _shape(each) != _shape(grid):
            message = _(
                "This grid has %(rows)d rows of %(columns)d values, and %(name)s has %(height)d "
                "rows of %(width)d. All grids must have the same shape."
            )
            (rows, wide), (height, width) = _shape(each), _shape(grid)
            message %= {
                "rows": rows, "columns": wide, "name": first, "height": height, "width": width
            }  # fmt: skip
            raise PlotError(message, "unequal-lengths", name)
    height, width = _shape(grid)
    x = _edge(columns, "x", width, first)
    y = _edge(columns, "y", height, first)
    long = {name: [tuple(v for row in each for v in row)] for name, each in grids.items()}
    return {
        **columns,
        "x": [tuple(value for _ in range(height) for value in x)],
        "y": [tuple(value for value in y for _ in range(width))],
        **long,
    }


def _is_long(columns: Mapping[str, Sequence[Column]]) -> bool:
    """Whether x and y have one value for each value of the grid."""
    if "x" not in columns or "y" not in columns:
        return False
    return len(columns["y"][0]) != 1 or len(columns["x"][0]) == 1


def _shape(grid: Sequence[Any]) -> tuple[int, int]:
    return len(grid), len(grid[0])


def _edge(columns: Mapping[str, Sequence[Column]], axis: str, count: int, name: str) -> Column:
    """The positions of a grid's columns along x, or of its rows along y."""
    if axis not in columns:
        return tuple(float(position) for position in range(count))
    given = columns[axis][0]
    if len(given) != count:
        message = (
            _(
                "This has %(count)d values, but %(name)s has %(rows)d rows. "
                "Give one value for each row; rows are separated by semicolons."
            )
            if axis == "y"
            else _(
                "This has %(count)d values, but %(name)s has %(rows)d columns. "
                "Give one value for each column."
            )
        )
        message %= {"count": len(given), "name": name, "rows": count}
        raise PlotError(message, "unequal-lengths", axis)
    repeated = [value for value, times in Counter(given).items() if times > 1 and value is not None]
    if repeated:
        message = (
            _("“%(value)s” appears twice. Each row needs a position of its own.")
            if axis == "y"
            else _("“%(value)s” appears twice. Each column needs a position of its own.")
        )
        message %= {"value": write_value(repeated[0])}
        raise PlotError(message, "repeated-place", axis)
    return given


# A contour of this many cells takes about two seconds. Most pictures have no more pixels.
MAX_CELLS = 250_000


def fold(x: Numbers, y: Numbers, z: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Convert long columns to a rectangular grid.

    Parameters
    ----------
    x, y, z : ndarray of float64, shape (k,)
        The position and the value of each point. Points whose x or y is NaN are left out. Each
        position may have one value (see ``kinds.shared.duplicates``), besides gaps.

    Returns
    -------
    x : ndarray, shape (n,)
        The different positions along x, ascending.
    y : ndarray, shape (m,)
        The different positions along y, ascending.
    z : ndarray, shape (m, n)
        The values, NaN where there is no point.

    Raises
    ------
    PlotError
        If the grid would have more than MAX_CELLS cells, as it would for a few thousand points at
        arbitrary positions.

    Examples
    --------
    >>> x, y, z = fold(np.array([0.0, 1, 0]), np.array([0.0, 0, 5]), np.array([1.0, 2, 3]))
    >>> z.tolist()
    [[1.0, 2.0], [3.0, nan]]
    """
    known = np.isfinite(x) & np.isfinite(y)
    columns, at_x = np.unique(x[known], return_inverse=True)
    rows, at_y = np.unique(y[known], return_inverse=True)
    if len(rows) * len(columns) > MAX_CELLS:
        message = _(
            "%(x)s different x and %(y)s different y make more than %(most)s cells. If the points "
            "do not form a grid, use tripcolor or tricontourf."
        )
        counts = {"x": len(columns), "y": len(rows), "most": MAX_CELLS}
        message %= {name: f"{count:,}" for name, count in counts.items()}
        raise PlotError(message, "too-much", "x")
    values = np.full((len(rows), len(columns)), np.nan)
    given = np.isfinite(z[known])
    values[at_y[given], at_x[given]] = z[known][given]
    return columns, rows, values


def spaced_evenly(positions: Numbers, parameter: str) -> Numbers:
    """Replace ascending positions by exactly evenly spaced ones.

    Raises
    ------
    PlotError
        If a position differs from an even spacing by more than a twentieth of a step.
    """
    even = np.linspace(positions[0], positions[-1], len(positions))
    if len(positions) > 2 and np.abs(positions - even).max() > 0.05 * (even[1] - even[0]):
        message = _(
            "%(name)s is not evenly spaced, but this kind needs even steps. Use mesh or "
            "contour for uneven ones."
        )
        message %= {"name": parameter}
        raise PlotError(message, "uneven", parameter)
    return even
