"""Downsampling of lines in memory by M4 (Jugel et al., VLDB 2014).

It keeps the rows that fill the same pixels as all rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .arrays import Array, codes_of, rank_unit, ranks_of
from .selection import Downsampling, max_groups


def downsample(
    arrays: Mapping[str, Array], request: Downsampling
) -> tuple[dict[str, Array], int | None]:
    """Downsample columns.

    Parameters
    ----------
    arrays : mapping
        The columns by name, of equal length.
    request : Downsampling
        The columns that it does not name form groups of equal values.

    Returns
    -------
    dict
        The columns with fewer rows.
    int or None
        The number of rows before. None if the columns are returned unchanged, because they are
        short or cannot be downsampled.
    """
    names = (request.x, *request.y)
    count = len(next(iter(arrays.values())))
    unchanged = dict(arrays), None
    if count <= request.threshold or any(arrays[n].dtype.kind == "O" for n in names if n):
        return unchanged
    keys = {name: array for name, array in arrays.items() if name not in names}
    groups = groups_of(keys.values(), count)
    if groups is None:
        return unchanged
    if any(arrays[name].dtype.kind != "f" for name in request.y):
        return unchanged
    x = (
        ranks_of(arrays[request.x]) / rank_unit(arrays[request.x])
        if request.x
        else np.arange(float(count))
    )
    rows = m4(x, [arrays[name] for name in request.y], groups, request)
    if len(rows) == count:
        return unchanged
    numbered = {} if request.x else {"": x[rows]}
    return {name: array[rows] for name, array in arrays.items()} | numbered, count


def groups_of(keys: Iterable[Array], count: int) -> list[Any] | None:
    """The row indices of each group, as a slice if there is only one.

    None for too many groups. They raise an error once all rows are read.
    """
    codes = [codes_of(array) for array in keys]
    if not codes:
        return [slice(0, count)]
    if any(int(code.max()) >= max_groups() for code in codes):
        return None
    numbers = np.unique(np.stack(codes), axis=1, return_inverse=True)[1]
    if int(numbers.max()) >= max_groups():
        return None
    return np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1])


def m4(x: Array, ys: Sequence[Array], groups: Sequence[Any], request: Downsampling) -> Array:
    """Return the indices of the rows that M4 keeps, ascending.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
    ys : sequence of ndarray of float64, shape (n,)
        Gaps are NaN.
    groups : sequence
        For each line the indices of its rows, or a slice of all rows. A line whose x is not
        ascending is kept whole.
    request : Downsampling
    """
    kept = []
    for group in groups:
        rows = np.fromiter(_m4_of_line(x[group], [y[group] for y in ys], request), np.intp)
        kept.append(rows if isinstance(group, slice) else group[rows])
    return np.unique(np.concatenate(kept)) if kept else np.empty(0, np.intp)


def _m4_of_line(x: Array, ys: Sequence[Array], request: Downsampling) -> Iterator[int]:
    count = len(x)
    if count <= request.threshold or not (x[1:] >= x[:-1]).all():
        yield from range(count)
        return
    low = x[0] if request.low is None else request.low
    high = x[-1] if request.high is None else request.high
    edges = np.searchsorted(x, np.linspace(low, high, request.bins + 1))
    edges[-1] = np.searchsorted(x, high, "right")
    # The rows outside the limits are bins too, because the y axis makes room for them.
    for begin, end in pairwise([0, *edges.tolist(), count]):
        if end - begin <= 4:
            yield from range(begin, end)
        else:
            for y in ys:
                yield from (begin + row for row in _first_last_extremes(y[begin:end]))


def _first_last_extremes(values: Array) -> tuple[int, ...]:
    """The indices of the first, last, smallest and largest value. Of gaps alone, one of them."""
    smallest = int(values.argmin())
    if not np.isnan(values[smallest]):  # argmin returns the first NaN if there is any
        return 0, smallest, int(values.argmax()), len(values) - 1
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return (0,)
    return tuple(known[row] for row in _first_last_extremes(values[known]))
