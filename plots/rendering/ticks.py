"""Where ticks stand and what they say: few enough to read, bounded whatever the data are.

matplotlib's own locators can be made to place ten thousand ticks, and its formatters write maths.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from matplotlib.axis import Axis as MatplotlibAxis
from matplotlib.ticker import (
    FixedLocator,
    Formatter,
    FuncFormatter,
    Locator,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from ..data import Axis
from .dates import DateFormatter, DateLocator
from .text import literal

STEPS = [1, 2, 5, 10]
MOST_LABELS = 50
MINUS = "\N{MINUS SIGN}"
SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def set_ticks(
    axis: MatplotlibAxis,
    meaning: Axis,
    scale: str,
    most: int,
    shorten: Callable[[str], str] = str,
) -> None:
    """Give ``axis`` at most about ``most`` ticks that suit what its numbers mean.

    Names are shown as ``shorten`` makes them.
    """
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    if meaning.sort == "category":
        places = spread(meaning.names, most)
        axis.set_major_locator(FixedLocator(list(places)))
        labels = {place: literal(shorten(meaning.names[place])) for place in places}
        axis.set_major_formatter(FuncFormatter(lambda x, pos: labels[int(x)]))
    elif meaning.sort == "date":
        axis.set_major_locator(DateLocator(most))
        axis.set_major_formatter(DateFormatter())
    else:
        axis.set_major_locator(_number_locator(scale, most))
        axis.set_major_formatter(NumberFormatter(evenly=scale == "linear"))


def spread(names: Sequence[str], most: int) -> range:
    """The places of at most ``most`` of ``names``, evenly spaced, and never too many to draw."""
    return range(0, len(names), math.ceil(len(names) / max(1, min(most, MOST_LABELS))) or 1)


def _number_locator(scale: str, most: int) -> Locator:
    if scale == "log":
        return DecadeLocator(most)
    return SymmetricLocator(most) if scale == "symlog" else _even_locator(most)


def _even_locator(most: int) -> MaxNLocator:
    return MaxNLocator(nbins=max(1, most), steps=STEPS, min_n_ticks=min(2, most))


class SymmetricLocator(Locator):
    """Ticks of a symlog axis that is linear from -1 to 1: 0 and decades to both sides."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self) -> Sequence[float]:
        return self.tick_values(*sorted(self.axis.get_view_interval()))  # type: ignore[union-attr]

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        low, high = (math.copysign(math.log10(max(abs(v), 1)), v) for v in (vmin, vmax))
        step = max(1, math.ceil((high - low) / self.most))
        powers = [10.0**power for power in range(step if step > 1 else 0, 301, step)]
        ticks = [-power for power in reversed(powers)] + [0.0] + powers
        shown = [tick for tick in ticks if vmin <= tick <= vmax]
        if shown and high - low >= 1:
            return shown
        return _even_locator(self.most).tick_values(vmin, vmax)


class DecadeLocator(LogLocator):
    """Ticks of a logarithmic axis: decades, of few also 2 and 5, of less than one round numbers."""

    def __init__(self, most: int) -> None:
        super().__init__(base=10)
        self.most = max(2, most)

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        low, high = math.log10(vmin), math.log10(vmax)
        decades = high - low
        if decades < 1:
            return _even_locator(self.most).tick_values(vmin, vmax)
        digits = (1, 2, 5) if 3 * decades <= self.most else (1,)
        step = math.ceil(decades / self.most)
        powers = range(math.floor(low), math.ceil(high) + 1, step)
        return [digit * 10.0**power for power in powers for digit in digits]


class NumberFormatter(Formatter):
    """Plain numbers with as many decimals as tell the ticks apart: 12,000  2.5M  3×10⁻⁷."""

    def __init__(self, *, evenly: bool = True) -> None:
        self.evenly = evenly  # spaced; the ticks of other scales are each written by themselves

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        if self.evenly:
            return format_numbers(values)
        # All with commas or none: 5,000 beside 10,000.
        grouped = any(10_000 <= abs(value) < SUFFIXES[-1][0] for value in values)
        return [format_numbers([value], grouped=grouped)[0] for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        return format_numbers([x])[0]


def format_numbers(values: Sequence[float], *, grouped: bool = False) -> list[str]:
    """``values`` as a row of tick labels, alike in decimals where they are evenly spaced.

    Four digits stay together, as those of a year, unless ``grouped`` or beside five.
    """
    if not len(values):
        return []
    largest = max(abs(value) for value in values)
    ordered = sorted(set(map(float, values)))
    step = min((b - a for a, b in zip(ordered, ordered[1:], strict=False)), default=largest) or 1.0
    if largest >= 1e15 or 0 < largest < 1e-4:
        return [_scientific(value, step) for value in values]
    return [_plain(value, step, largest, grouped) for value in values]


def _plain(value: float, step: float, largest: float, grouped: bool) -> str:
    unit, suffix = next(((u, s) for u, s in SUFFIXES if largest >= u), (1.0, ""))
    decimals = _decimals(step / unit)
    if suffix and decimals > 3:
        unit, suffix, decimals = 1.0, "", _decimals(step)
    grouping = "," if grouped or largest / unit >= 10_000 else ""
    text = f"{abs(value) / unit:{grouping}.{decimals}f}"
    if value == 0 or not text.strip("0.,"):
        return "0"
    return (MINUS if value < 0 else "") + text + suffix


def _scientific(value: float, step: float) -> str:
    if value == 0:
        return "0"
    # Rounded first, so that a tick at 9.9999999999e-10 is 1 × 10⁻⁹ and not 10.
    mantissa, _, exponent = f"{abs(value):.9e}".partition("e")
    power = int(exponent)
    decimals = min(_decimals(step / 10.0**power) if abs(power) < 300 else 1, 6)
    text = f"{float(mantissa):.{decimals}f}"
    head = "" if text == "1" else f"{text}×"
    return f"{MINUS if value < 0 else ''}{head}10{str(power).translate(_SUPERSCRIPTS)}"


def _decimals(step: float) -> int:
    """The least number of decimals that writes multiples of ``step`` apart and truly."""
    for decimals in range(12):
        if abs(round(step, decimals) - step) < step * 1e-3:
            return decimals
    return 12
