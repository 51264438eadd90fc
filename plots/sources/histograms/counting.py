"""Rows counted in the bins of a histogram.

Every engine compares with the same edges, so that all of them put a row into the same bin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from plots.sources.arrays import MICROSECONDS_PER_DAY, Array, rank_unit, ranks_of
from plots.sources.selection import Histogram

from .edges import Values, choose_edges, values_of


def bins_of(numbers: Array, edges: Array) -> Array:
    """The bin of each of ``numbers``: -1 below the edges, and their number - 1 above them."""
    found = np.searchsorted(edges, numbers, "right") - 1
    found[numbers == edges[-1]] -= 1  # the last bin has both of its edges
    return found


def case_tree(leaves: Sequence[str], is_below: Callable[[int], str]) -> str:
    """SQL that finds one of ``leaves`` by bisection.

    ``is_below`` returns the condition that a row is before the leaf of a number from 1. It is
    called in the order in which the conditions are written.
    """

    def search(first: int, last: int) -> str:
        if first == last:
            return leaves[first]
        middle = (first + last + 1) // 2
        condition = is_below(middle)
        below, above = search(first, middle - 1), search(middle, last)
        return f"CASE WHEN {condition} THEN {below} ELSE {above} END"

    return search(0, len(leaves) - 1)


def rows_of_bins(
    edges: Array, values: Values, counts: Iterable[tuple[int, float]]
) -> tuple[list[float], list[float]]:
    """Numbers that stand for the rows of each bin of a group, and how many rows there are.

    They are between the smallest and the largest number, where rows outside the bins are placed.
    """
    inside = edges[:-1] if values.dtype == "date" else (edges[:-1] + edges[1:]) / 2
    inside = np.clip(inside, values.low, values.high)
    inside = np.append(inside, [values.high, values.low])  # bins len(edges) - 1 and -1
    table = list(counts)
    return [float(inside[bin]) for bin, _ in table], [float(count) for _, count in table]


def count_in_memory(
    arrays: Mapping[str, Array], keys: Mapping[str, Array], groups: Sequence[Any],
    request: Histogram, dtype: str,
) -> tuple[dict[str, Array], Array]:  # fmt: skip
    """Count the rows of each group in bins.

    Returns the columns with a row for each bin that is not empty, and the edges of the bins.
    """
    numbers = {x: ranks_of(arrays[x]) / rank_unit(arrays[x]) for x in request.x}
    known = np.concatenate([each[np.isfinite(each)] for each in numbers.values()])
    values = values_of(known, None, dtype)
    edges = choose_edges(values, request)
    is_date = dtype == "date"
    parts: dict[str, list[Array]] = {name: [] for name in ("", *arrays)}
    for x in request.x:
        for group in groups:
            inside = numbers[x][group]
            found, counts = np.unique(
                bins_of(inside[np.isfinite(inside)], edges), return_counts=True
            )
            at, weights = rows_of_bins(edges, values, zip(found, counts, strict=True))
            at, weights = [*at, values.low, values.high], [*weights, 0.0, 0.0]
            places = np.array(at) if not is_date else to_times(np.array(at))
            parts[""].append(np.array(weights))
            for other in request.x:
                gaps = np.full(len(at), np.nan if not is_date else np.datetime64("NaT", "us"))
                parts[other].append(places if other == x else gaps)
            first = group.start if isinstance(group, slice) else group[0]
            for key, array in keys.items():
                parts[key].append(np.repeat(array[first : first + 1], len(at)))
    return {name: np.concatenate(each) for name, each in parts.items()}, edges


def to_times(days: Array) -> Array:
    """Convert days since 1970 to naive datetimes."""
    return np.asarray(np.round(days * MICROSECONDS_PER_DAY).astype("datetime64[us]"))
