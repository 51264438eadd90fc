"""What is enough of a great many rows, as arrays.

Of a line the rows that fill the same pixels as all of them, which is M4 (Jugel et al., VLDB 2014);
of a histogram how many rows are in each part of x.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .arrays import Array
from .selection import Downsampling


def reduced(x: Array, ys: Sequence[Array], groups: Sequence[Any], wanted: Downsampling) -> Array:
    """The places of the rows that ``wanted`` keeps, in their order.

    ``x`` and ``ys`` are float64 of one length, gaps NaN; ``groups`` are the places of the rows of
    each line, or the slice of them all. A line that goes back and forth along x is kept whole.
    """
    kept = []
    for group in groups:
        places = np.fromiter(_line(x[group], [y[group] for y in ys], wanted), np.intp)
        kept.append(places if isinstance(group, slice) else group[places])
    return np.unique(np.concatenate(kept)) if kept else np.empty(0, np.intp)


def _line(x: Array, ys: Sequence[Array], wanted: Downsampling) -> Iterator[int]:
    count = len(x)
    if count <= wanted.most or not (x[1:] >= x[:-1]).all():
        yield from range(count)
        return
    low = x[0] if wanted.low is None else wanted.low
    high = x[-1] if wanted.high is None else wanted.high
    ends = np.searchsorted(x, np.linspace(low, high, wanted.parts + 1))
    ends[-1] = np.searchsorted(x, high, "right")
    # What is out of sight, to either side, is a part too: the other axis has room for it.
    for begin, end in pairwise([0, *ends.tolist(), count]):
        if end - begin <= 4:
            yield from range(begin, end)
        else:
            for y in ys:
                yield from (begin + place for place in _four(y[begin:end]))


def _four(values: Array) -> tuple[int, ...]:
    """Where the first, the last, the least and the greatest are; of gaps alone, one of them."""
    least = int(values.argmin())
    if not np.isnan(values[least]):  # as the least is where there is any
        return 0, least, int(values.argmax()), len(values) - 1
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return (0,)
    return tuple(known[place] for place in _four(values[known]))


def tallied(x: Array, low: float, high: float, parts: int) -> tuple[Array, Array]:
    """The middles of those of ``parts`` equal parts that have any of ``x``, and how many.

    ``low`` and ``high``, the ends of all parts, come along and count nothing. Gaps are left out.
    """
    known = x[~np.isnan(x)]
    if low == high:
        return np.array([low]), np.array([float(known.size)])
    width = (high - low) / parts
    place = np.minimum(((known - low) * (parts / (high - low))).astype(np.intp), parts - 1)
    counts = np.bincount(place, minlength=parts)
    some = np.flatnonzero(counts)
    return (
        np.concatenate([[low], low + (some + 0.5) * width, [high]]),
        np.concatenate([[0], counts[some], [0]]).astype(float),
    )
