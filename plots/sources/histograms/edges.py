"""Edges of the bins of histograms: round numbers, and the units of the calendar."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from plots.sources.arrays import MICROSECONDS_PER_DAY, Array
from plots.sources.selection import HISTOGRAM_BINS, Histogram

MAX_BINS = 500
MAX_AUTOMATIC = 200  # if the number is chosen automatically
LAST_DAY = 2_932_897 - 1e-9  # the end of year 9999

STEPS = (1.0, 2.0, 2.5, 5.0)
# Round widths in seconds: of a time, and of a duration, which may take weeks.
CLOCK_STEPS = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    2 * 86_400, 7 * 86_400,
)  # fmt: skip
# Bins of dates: the length in days, the unit of datetime64 and how many of them.
CALENDAR = (
    *((n / 86_400, "s", n) for n in (1, 5, 15, 30)),
    *((n / 1440, "m", n) for n in (1, 5, 15, 30)),
    *((n / 24, "h", n) for n in (1, 3, 6, 12)),
    (1.0, "D", 1), (7.0, "W", 1), (30.44, "M", 1), (91.31, "M", 3),
    *((365.25 * n, "Y", n) for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)  # fmt: skip


@dataclass(frozen=True)
class Values:
    """Statistics of the numbers or dates of a histogram, from which its bins are chosen.

    Parameters
    ----------
    low, high : float
        The smallest and the largest.
    count : float
        How many there are.
    dtype : {"number", "date", "duration", "time"}
    whole : bool
        Whether all are whole numbers, or days without a time.
    quartiles : function, optional
        Returns the first and the third quartile.
    """

    low: float
    high: float
    count: float
    dtype: str = "number"
    whole: bool = False
    quartiles: Callable[[], tuple[float, float]] | None = None


def values_of(numbers: Array, weights: Array | None, dtype: str) -> Values:
    """Describe finite ``numbers``, which count ``weights`` times.

    The quartiles of many come from counts in narrow bins, as they do in databases.
    """
    size = float(numbers.size if weights is None else weights.sum())
    whole = bool((numbers == np.floor(numbers)).all())
    low, high = float(numbers.min()), float(numbers.max())

    def find_quartiles() -> tuple[float, float]:
        if weights is not None or size <= 2 * HISTOGRAM_BINS:
            return quartiles(numbers, weights)
        place = (numbers - low) * (1 / ((high - low) / HISTOGRAM_BINS or 1.0))
        place = np.minimum(place, HISTOGRAM_BINS - 1.0).astype(np.intp)
        counts = np.bincount(place, minlength=HISTOGRAM_BINS)
        return quartiles_of_counts(low, high, enumerate(counts.tolist()))

    return Values(low, high, size, dtype, whole, find_quartiles)


def quartiles(numbers: Array, weights: Array | None) -> tuple[float, float]:
    """Return the first and the third quartile of ``numbers``, which count ``weights`` times."""
    if weights is None:
        first, third = np.percentile(numbers, [25, 75])
        return float(first), float(third)
    order = np.argsort(numbers)
    parts = np.cumsum(np.maximum(weights[order], 0))  # negative ones are refused later
    first, third = numbers[order][np.searchsorted(parts, [0.25 * parts[-1], 0.75 * parts[-1]])]
    return float(first), float(third)


def quartiles_of_counts(
    low: float, high: float, counts: Iterable[tuple[int, float]]
) -> tuple[float, float]:
    """The quartiles of rows counted in HISTOGRAM_BINS equal bins from ``low`` to ``high``."""
    places, weights = (np.array(column, float) for column in zip(*sorted(counts), strict=True))
    return quartiles(low + (places + 0.5) * ((high - low) / HISTOGRAM_BINS), weights)


def choose_edges(values: Values, request: Histogram, about: int = 0) -> Array:
    """Return the edges of bins, ascending: at most MAX_BINS + 1 numbers of the axis.

    A requested number of bins of numbers is kept: they are equally wide from limit to limit, or
    over all values. Bins of dates have about that number. Otherwise the number suits the data, and
    or has the size ``about``, and the edges are round. Bins reach from limit to limit if both are
    given.
    """
    low = values.low if request.low is None else request.low
    high = values.high if request.high is None else request.high
    if low > high:  # all values are outside the limits
        low, high = values.low, values.high
    bins = request.bins or about or _suitable_number(values, low, high, request.scale)
    if low == high:
        return _edges_of_one(low, values, request.bins or 1)
    if values.dtype == "date":
        edges = _calendar_edges(low, high, bins, values, request)
    elif request.scale == "log" and low > 0 and high / low > 1.001:
        edges = _log_edges(low, high, bins, request)
    elif request.bins:
        edges = np.linspace(low, high, bins + 1)
    else:
        edges = _round_edges(low, high, bins, values, request)
    if not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
        edges = np.unique(np.linspace(low, high, bins + 1))  # as many as floating point has
    return edges + 0.0  # not -0.0


def _edges_of_one(value: float, values: Values, bins: int) -> Array:
    """Edges around a single value: its day, or a unit, or of a large number a visible part."""
    if values.dtype == "date":
        day = math.floor(value)
        return np.array([day, min(day + 1.0, LAST_DAY)])
    room = max(0.5, abs(value) * 1e-3)
    return np.linspace(value - room, value + room, bins + 1)


def _suitable_number(values: Values, low: float, high: float, scale: str) -> int:
    """The larger of Sturges' number and of Freedman and Diaconis', on the scale of the axis.

    It is that of NumPy's ``auto``, which needs too much memory on skewed data. Of dates, it is
    Rice's, which depends on their count alone.
    """
    count = max(values.count, 1.0)
    number = math.log2(count) + 1
    if values.dtype == "date" or not values.quartiles:
        number = max(number, 2 * count ** (1 / 3))
    else:
        ends = (low, *values.quartiles(), high)
        if scale == "log" and min(ends) > 0:
            ends = tuple(map(math.log, ends))  # type: ignore[assignment]
        low, first, third, high = ends
        width = 2 * (third - first) / count ** (1 / 3)
        number = max(number, (high - low) / width if width > 0 else 0)
    return math.ceil(min(number, MAX_AUTOMATIC))


def _nearest(sizes: Iterable[float], wanted: float) -> float:
    """The size that is nearest to the wanted one in proportion."""
    return min(sizes, key=lambda size: abs(math.log(size) - math.log(wanted)))


def _round_edges(low: float, high: float, bins: int, values: Values, request: Histogram) -> Array:
    """Edges at multiples of a round step, which begin and end at the limits that are given."""
    span = high - low
    if not 1e-290 < span / bins < 1e290 or max(abs(low), abs(high)) / (span / bins) > 1e12:
        return np.linspace(low, high, bins + 1)
    sizes = _round_steps(span / bins, values)
    is_cut = request.low is not None and request.high is not None
    if is_cut:  # equal bins from limit to limit, if a round step divides the distance
        dividing = [s for s in sizes if abs(span / s - round(span / s)) < 1e-9]
        fitting = [s for s in dividing if 0.4 < s * bins / span < 2.6]
        if not fitting and not (values.whole and 1.0 in sizes and span / bins <= 1):
            return np.linspace(low, high, bins + 1)
        sizes = fitting or sizes
    step = _nearest(sizes, span / bins)
    if values.whole and step == 1:  # each number is in the middle of a bin of its own
        begin = low if request.low is not None else low - 0.5
        end = high if request.high is not None else high + 0.5
        inner = np.arange(math.floor(low) + 0.5, math.ceil(high))
        return np.array([begin, *inner[(inner > begin) & (inner < end)], end])
    origin = high if request.low is None and request.high is not None else 0.0
    origin = low if request.low is not None else origin
    first, last = math.floor((low - origin) / step + 1e-9), math.ceil((high - origin) / step - 1e-9)
    if values.whole and request.high is None and origin + last * step <= high:
        last += 1  # a bin has the whole numbers from its start up to the next one's
    digits = max(0, 2 - math.floor(math.log10(step)))
    return np.array([round(origin + n * step, digits) for n in range(first, last + 1)])


def _round_steps(width: float, values: Values) -> list[float]:
    if values.dtype in ("duration", "time") and width > 0.5:
        days = [86_400 * size for size in _decimal_steps(max(width / 86_400, 10))]
        return [*map(float, CLOCK_STEPS), *(days if values.dtype == "duration" else ())]
    steps = _decimal_steps(width)
    return [s for s in (1.0, *steps) if s >= 1 and s == int(s)] if values.whole else steps


def _decimal_steps(width: float) -> list[float]:
    exponent = math.floor(math.log10(width))
    return [float(f"{s}e{e}") for e in range(exponent - 1, exponent + 2) for s in STEPS]


def _log_edges(low: float, high: float, bins: int, request: Histogram) -> Array:
    """Edges that are equally far from each other on a log scale, powers of ten among them."""
    is_cut = request.low is not None and request.high is not None
    begin, end = math.log10(low), math.log10(high)
    if request.bins or is_cut:
        edges = 10.0 ** np.linspace(begin, end, bins + 1)
    else:
        size = _nearest((*(1 / n for n in (1, 2, 5, 10, 20, 50, 100)), 2, 5, 10, 20, 50),
                        (end - begin) / bins)  # fmt: skip
        first, last = math.floor(begin / size + 1e-9), math.ceil(end / size - 1e-9)
        edges = np.array([_power_of_ten(n * size) for n in range(first, max(last, first + 1) + 1)])
    if request.low is not None or request.bins or is_cut:
        edges[0] = low
    if request.high is not None or request.bins or is_cut:
        edges[-1] = high
    return edges


def _power_of_ten(exponent: float) -> float:
    nearest = round(exponent)
    return float(f"1e{nearest}") if abs(exponent - nearest) < 1e-9 else 10.0**exponent


def _calendar_edges(
    low: float, high: float, bins: int, values: Values, request: Histogram
) -> Array:
    """Starts of calendar units around dates in days since 1970, cut at the limits."""
    wanted = max((high - low) / bins, 1.0 if values.whole else 0.0)
    units = [each for each in CALENDAR if each[0] >= values.whole]
    units = [each for each in units if (high - low) / each[0] < MAX_BINS - 2] or units[-1:]
    if wanted < 0.5 / 86_400 and not values.whole:  # less than a second: no calendar needed
        return np.linspace(low, high, bins + 1)
    length = _nearest((each[0] for each in units), wanted)
    unit, count = next(each[1:] for each in units if each[0] == length)
    ends = np.array([low, high]) * MICROSECONDS_PER_DAY
    places = ends.round().astype("datetime64[us]").astype(f"datetime64[{unit}]").astype(int)
    offset = {"W": 0, "Y": -30}.get(unit, 0)  # numbered from 1970; centuries begin in 2000
    first, last = ((int(place) + offset) // count for place in places)
    starts = np.arange(first, last + 2) * count - offset
    if unit == "W":  # those of datetime64 begin on Thursday
        begin, end = (math.floor((float(each) + 3) / 7) for each in (low, high))
        edges = np.arange(begin, end + 2) * 7.0 - 3
    else:
        edges = starts.astype(f"datetime64[{unit}]").astype("datetime64[us]").astype(float)
        edges = edges / MICROSECONDS_PER_DAY
    edges = np.clip(edges, -719_162.0, max(LAST_DAY, high))
    if request.low is not None:
        edges = np.array([low, *edges[edges > low]])
    if request.high is not None:
        edges = np.array([*edges[edges < high], high])
    return np.unique(edges)
