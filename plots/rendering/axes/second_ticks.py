"""Ticks of durations and times of day, whose numbers are seconds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.ticker import Formatter, Locator

from plots.values.formatting import format_seconds

DAY = 86_400.0
# Steps that divide a minute, an hour or a day.
STEPS = (
    *(part * 10.0**power for power in range(-9, 0) for part in (1, 2, 5)),
    *(float(seconds) for seconds in (1, 2, 5, 10, 15, 30)),
    *(60.0 * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(3600.0 * hours for hours in (1, 2, 3, 6, 12)),
)


class SecondLocator(Locator):
    """At most ``most`` ticks, at the smallest round step that allows it."""

    def __init__(self, most: int, dtype: str) -> None:
        self.most = max(1, most)
        self.ends = (0.0, DAY) if dtype == "time" else (-math.inf, math.inf)

    def __call__(self) -> Sequence[float]:
        return self.tick_values(*sorted(self.axis.get_view_interval()))  # type: ignore[union-attr]

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        low, high = max(vmin, self.ends[0]), min(vmax, self.ends[1])
        for step in _steps():
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first < self.most:
                break
        if last < first:  # a step is longer than the axis
            return [low]
        return [float(place) for place in np.arange(first, last + 1) * step]


def _steps() -> Iterator[float]:
    yield from STEPS
    for power in range(300):
        yield from (part * 10.0**power * DAY for part in (1, 2, 5))


class SecondFormatter(Formatter):
    """Durations and times of day, in one notation for the axis."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        return format_seconds(values, self.dtype)

    def __call__(self, x: float, pos: int | None = None) -> str:
        return format_seconds([x], self.dtype)[0]
