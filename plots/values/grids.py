"""Grids of numbers, as a channel of sort ``grid`` takes them: rows apart, or three long columns.

A grid is a tuple of rows, each a tuple of floats and gaps, all of one length. The first row is the
lowest: it stands where y is least. Drawing sees long columns of x, y and the value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from plots.errors import PlotError

from .column_text import read_column, write_column
from .columns import Column, from_values
from .scalars import write_value

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]

Grid = tuple[Column, ...]


def read_grid(values: Sequence[Any], parameter: str) -> Column | Grid:
    """The grid of rows separated by ``;`` or given one by one; one row alone is a long column."""
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
            message = _("Row %(number)d has %(count)d values, and row 1 has %(first)d.")
            message %= {"number": number, "count": len(row), "first": len(rows[0])}
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
    columns: Mapping[str, Sequence[Column]], names: Iterable[str]
) -> Mapping[str, Sequence[Column]]:
    """``columns`` with the grids in the channels ``names``, all of one shape, as long columns.

    x has a value for each of their columns, y one for each of their rows; left out, both count
    from 0. One row alone is a grid too, unless x and y stand beside each of its values.
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
                "This has %(rows)d rows of %(columns)d values, "
                "and %(name)s has %(height)d of %(width)d."
            )
            (rows, wide), (height, width) = _shape(each), _shape(grid)
            words = {"rows": rows, "columns": wide, "name": first, "height": height, "width": width}
            message %= words
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
    """Whether x and y have a value each for all that there is."""
    if "x" not in columns or "y" not in columns:
        return False
    return len(columns["y"][0]) != 1 or len(columns["x"][0]) == 1


def _shape(grid: Sequence[Any]) -> tuple[int, int]:
    return len(grid), len(grid[0])


def _edge(columns: Mapping[str, Sequence[Column]], axis: str, count: int, name: str) -> Column:
    """The places of a grid's columns along x, or of its rows along y."""
    if axis not in columns:
        return tuple(float(place) for place in range(count))
    given = columns[axis][0]
    if len(given) != count:
        message = (
            _("This has %(count)d values; %(name)s has %(rows)d rows, which semicolons separate.")
            if axis == "y"
            else _("This has %(count)d values; %(name)s has %(rows)d columns.")
        )
        message %= {"count": len(given), "name": name, "rows": count}
        raise PlotError(message, "unequal-lengths", axis)
    twice = [value for value, times in Counter(given).items() if times > 1 and value is not None]
    if twice:
        message = (
            _("“%(value)s” stands here twice; each of the rows has its own place.")
            if axis == "y"
            else _("“%(value)s” stands here twice; each of the columns has its own place.")
        )
        message %= {"value": write_value(twice[0])}
        raise PlotError(message, "repeated-place", axis)
    return given


# A contour of so many cells takes about two seconds; most pictures have no more pixels.
MOST_CELLS = 250_000


def fold(x: Numbers, y: Numbers, z: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The places along x (n) and y (m), ascending, and the values there (m, n), NaN where none is.

    Of several values for one place the last counts. Raises PlotError for more than MOST_CELLS
    places: a few thousand points anywhere would make millions.
    """
    import numpy as np

    known = np.isfinite(x) & np.isfinite(y)
    columns, at_x = np.unique(x[known], return_inverse=True)
    rows, at_y = np.unique(y[known], return_inverse=True)
    if len(rows) * len(columns) > MOST_CELLS:
        message = _(
            "%(x)s places along x and %(y)s along y make more than %(most)s cells; points that lie "
            "on no grid are drawn by tripcolor or tricontourf."
        )
        counts = {"x": len(columns), "y": len(rows), "most": MOST_CELLS}
        message %= {name: f"{count:,}" for name, count in counts.items()}
        raise PlotError(message, "too-much", "x")
    values = np.full((len(rows), len(columns)), np.nan)
    values[at_y, at_x] = z[known]
    return columns, rows, values


def spaced_evenly(places: Numbers, parameter: str) -> Numbers:
    """``places``, ascending, at steps all alike; a PlotError if they are off by a visible part."""
    import numpy as np

    even = np.linspace(places[0], places[-1], len(places))
    if len(places) > 2 and np.abs(places - even).max() > 0.05 * (even[1] - even[0]):
        message = _(
            "%(name)s is not evenly spaced, which is needed here; a mesh or a contour takes any "
            "places."
        )
        message %= {"name": parameter}
        raise PlotError(message, "uneven", parameter)
    return even
