"""Groups of rows in memory: bins of a key, and the stats of each group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, NoReturn

import numpy as np
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.values.columns import MOMENT
from plots.values.timezones import start_of_hours, to_local_array

from .arrays import Array, ranks_of


def start_of_bins(array: Array, width: float | str, zone: tzinfo) -> Array:
    """Return the start of the bin of each value.

    Parameters
    ----------
    array : ndarray
        Numbers or dates.
    width : float or str
        The width of a bin of numbers, or a unit of time. Weeks begin on Monday, as in ISO 8601.
    zone : tzinfo
        The time zone in which days and hours begin.
    """
    if np.isnan(ranks_of(array)).all():
        return array  # gaps alone have no data type
    if (array.dtype.kind == "M") != isinstance(width, str) or array.dtype.kind == "O":
        refuse_bin({"M": "dates", "O": ""}.get(array.dtype.kind, "numbers"))
    if array.dtype == MOMENT and width == "hour":
        return start_of_hours(array, zone)
    array = to_local_array(array, zone)
    if not isinstance(width, str):
        return np.floor(array / width) * width
    if width == "hour" and array.dtype == "datetime64[D]":
        return array
    if width == "hour":
        return array.astype("datetime64[h]").astype("datetime64[us]")
    if width == "week":
        days = array.astype("datetime64[D]")
        return days - (days.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    if width == "quarter":
        months = array.astype("datetime64[M]")
        return (months - months.astype(int) % 3).astype("datetime64[D]")
    return array.astype(f"datetime64[{width[0].upper()}]").astype("datetime64[D]")


def refuse_bin(contents: str) -> NoReturn:
    """Raise the PlotError for a bin that does not fit x, which holds dates, numbers or text."""
    messages = {
        "dates": _("x holds dates. Set bin to a unit of time such as month."),
        "numbers": _("x holds numbers. Set bin to a width such as 10."),
    }
    message = messages.get(contents) or _("x holds text. Only numbers and dates can be binned.")
    raise PlotError(message, "invalid-bin", "bin")


def refuse_stat(name: str) -> NoReturn:
    """Raise the PlotError for a stat of a column that does not hold numbers."""
    message = _("“%(name)s” does not hold numbers. The only stat for it is count.")
    raise PlotError(message % {"name": name}, "not-a-number", "stat")


def group(
    keys: Mapping[str, Array], values: Mapping[str, Array], stat: str
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Group rows with equal keys, in ascending order, and summarise their values.

    Parameters
    ----------
    keys, values : mapping
        Columns by name, of equal length.
    stat : str
        ``"count"`` or a key of STATS.

    Returns
    -------
    keys, values : dict
        One row for each group. Without ``values``, the number of rows is the value ``""``.

    Raises
    ------
    PlotError
        If there are more than ``PLOTS["MAX_POINTS"]`` groups, or a value is not a number.
    """
    ranks = np.stack([ranks_of(array) for array in keys.values()])
    # NaN is not equal to itself. Infinity takes the place of gaps, which come last.
    ranks = np.where(np.isnan(ranks), np.inf, ranks)
    first, groups = np.unique(ranks, axis=1, return_index=True, return_inverse=True)[1:]
    count = len(first)
    if count > conf.MAX_POINTS:
        message = _(
            "There are %(count)s groups; at most %(most)s can be drawn. Use a larger bin or a "
            "filter."
        )
        message %= {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
        raise PlotError(message, "too-much", "stat")
    result = {name: _summarise(array, groups, count, stat, name) for name, array in values.items()}
    if not values:
        result[""] = np.bincount(groups, minlength=count).astype(float)
    return {name: array[first] for name, array in keys.items()}, result


def _summarise(array: Array, groups: Array, count: int, stat: str, name: str) -> Array:
    if stat == "count":
        known = ~np.isnan(ranks_of(array))
        return np.bincount(groups[known], minlength=count).astype(float)
    if array.dtype.kind != "f":
        refuse_stat(name)
    known = np.isfinite(array)
    array, groups = array[known], groups[known]
    sizes = np.bincount(groups, minlength=count)
    # The numbers of each group in ascending order, one group after another.
    ordered = np.append(array[np.lexsort((array, groups))], np.nan)
    begin = np.cumsum(sizes) - sizes
    return np.where(sizes > 0, STATS[stat](ordered, begin, sizes, array, groups), np.nan)


def _median(ordered: Array, begin: Array, sizes: Array, *_: Any) -> Array:
    low, high = begin + np.maximum(sizes - 1, 0) // 2, begin + sizes // 2
    return np.asarray((ordered[low] + ordered[high]) / 2)


def _sum(ordered: Array, begin: Array, sizes: Array, array: Array, groups: Array) -> Array:
    return np.bincount(groups, array, len(sizes))


def _mean(ordered: Array, begin: Array, sizes: Array, array: Array, groups: Array) -> Array:
    return _sum(ordered, begin, sizes, array, groups) / np.maximum(sizes, 1)


def _std(ordered: Array, begin: Array, sizes: Array, array: Array, groups: Array) -> Array:
    mean = _mean(ordered, begin, sizes, array, groups)
    squares = np.bincount(groups, (array - mean[groups]) ** 2, len(sizes))
    return np.sqrt(np.where(sizes > 1, squares / np.maximum(sizes - 1, 1), np.nan))


STATS: dict[str, Callable[..., Array]] = {
    "sum": _sum,
    "mean": _mean,
    "median": _median,
    "min": lambda ordered, begin, sizes, array, groups: ordered[begin],
    "max": lambda ordered, begin, sizes, array, groups: ordered[begin + sizes - 1],
    "std": _std,
}
