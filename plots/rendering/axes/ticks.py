"""Where ticks are and what their labels say. Their number is bounded, whatever the data are.

matplotlib's locators can place ten thousand ticks, and its formatters write maths.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

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

from plots.data.model import Axis
from plots.rendering.text.measuring import literal
from plots.values.columns import SECONDS
from plots.values.formatting import SUFFIXES, format_numbers

from .date_ticks import DateFormatter, DateLocator
from .second_ticks import SecondFormatter, SecondLocator

STEPS = [1, 2, 5, 10]
MOST_LABELS = 50


def set_ticks(
    axis: MatplotlibAxis, meaning: Axis, scale: str, most: int, *, whole: bool = False
) -> None:
    """Give ``axis`` at most about ``most`` ticks that suit ``meaning``, which has no names.

    If its values are ``whole`` numbers or days, so are the ticks, unless the limits hold none.
    """
    _remove_minor_ticks(axis)
    if meaning.dtype == "date":
        axis.set_major_locator(DateLocator(most, meaning.format, meaning.clock, whole=whole))
        axis.set_major_formatter(DateFormatter(meaning.format, meaning.clock))
    elif meaning.dtype in SECONDS:
        axis.set_major_locator(SecondLocator(most, meaning.dtype))
        axis.set_major_formatter(SecondFormatter(meaning.dtype))
    else:
        axis.set_major_locator(_number_locator(scale, most, whole))
        axis.set_major_formatter(NumberFormatter(meaning.format, evenly=scale == "linear"))


def set_ticks_at(axis: MatplotlibAxis, meaning: Axis, scale: str, places: Sequence[float]) -> None:
    """Give ``axis`` a tick at each of ``places``."""
    set_ticks(axis, meaning, scale, 1)
    axis.set_major_locator(FixedLocator(list(places)))


def set_names(axis: MatplotlibAxis, texts: Mapping[int, str]) -> None:
    """Give ``axis`` a tick with each of ``texts``, by their places."""
    _remove_minor_ticks(axis)
    labels = {place: literal(text) for place, text in texts.items()}
    axis.set_major_locator(FixedLocator(list(labels)))
    axis.set_major_formatter(FuncFormatter(lambda x, pos: labels[int(x)]))


def _remove_minor_ticks(axis: MatplotlibAxis) -> None:
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def _number_locator(scale: str, most: int, whole: bool) -> Locator:
    if scale == "log":
        return DecadeLocator(most)
    if scale == "symlog":
        return SymmetricLocator(most)
    return WholeLocator(most) if whole else _even_locator(most)


def _even_locator(most: int) -> MaxNLocator:
    return MaxNLocator(nbins=max(1, most), steps=STEPS, min_n_ticks=min(2, most))


class WholeLocator(Locator):
    """At most ``most`` ticks at whole numbers, or at others if the limits hold no whole number."""

    def __init__(self, most: int) -> None:
        self.most = max(1, most)

    def __call__(self) -> Sequence[float]:
        return self.tick_values(*sorted(self.axis.get_view_interval()))  # type: ignore[union-attr]

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        if math.floor(vmax) < math.ceil(vmin) or vmax - vmin > 1e15:
            return _even_locator(self.most).tick_values(vmin, vmax)
        if vmax - vmin < 1:
            return [math.ceil(vmin)]
        locator = MaxNLocator(nbins=self.most, steps=STEPS, integer=True, min_n_ticks=1)
        return locator.tick_values(vmin, vmax)


class SymmetricLocator(Locator):
    """Ticks of a symlog axis that is linear from -1 to 1: 0, and decades on both sides."""

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
    """Ticks of a log axis: decades; 2 and 5 of each if they are few; round numbers within one."""

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
    """Numbers with as many decimals as the ticks need: 12,000  2.5M  3×10⁻⁷."""

    def __init__(self, style: str = "auto", *, evenly: bool = True) -> None:
        self.style = style
        self.evenly = evenly  # spaced; the ticks of other scales are formatted one by one

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        if self.evenly:
            return format_numbers(values, self.style)
        # All have commas or none: 5,000 beside 10,000.
        grouped = any(10_000 <= abs(value) < SUFFIXES[-1][0] for value in values)
        return [format_numbers([value], self.style, grouped=grouped)[0] for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        return format_numbers([x], self.style)[0]
