"""The values of a plot in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.data.model import Axis, Data, Numbers, Series
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds

from . import numbers
from .phrases import join_facts, quote_if_listed

# Columns that are drawn along another channel's axis, and have its format.
_ALONG = {
    **dict.fromkeys(("start", "end"), "x"),
    **dict.fromkeys(
        ("y2", "own", "error", "base", "open", "high", "low", "close", "median", "first", "third"),
        "y",
    ),
}
_LENGTHS = frozenset(("error", "base", "own", "amount"))  # that are no positions on their axis


class Wording:
    """Writes the values of a plot's channels, in the format and the precision of their axes.

    Parameters
    ----------
    data : Data
        What is drawn, or a panel of it.
    spec : PlotSpec, optional
        The plot. With it, rows outside the limits of the axes are known.
    others : tuple of Series, optional
        Further values that are written beside those of ``data``.

    Examples
    --------
    >>> data = Data((Series("", {"y": np.array([169.595, 169.621])}),), {"y": Axis()})
    >>> Wording(data).value("y", 169.595)
    '169.595'
    """

    def __init__(
        self, data: Data, spec: PlotSpec | None = None, others: tuple[Series, ...] = ()
    ) -> None:
        self.data, self.spec, self._others = data, spec, others
        self._steps: dict[str, float] = {}

    def axis(self, channel: str) -> Axis:
        """Return what the numbers of a column mean, or those of the axis it is drawn along."""
        along = self._along(channel)
        axis = self.data.axis(along)
        if axis.dtype != "number" or axis.format != "auto":
            return axis
        # A source may have a format for a column that is drawn along the axis.
        others = (each for name, each in self.data.axes.items() if self._along(name) == along)
        return next((each for each in others if each.format != "auto"), axis)

    def value(self, channel: str, value: float) -> str:
        """Write what ``value`` means on the axis of ``channel``: a number, a date or a name."""
        axis = self.axis(channel)
        dtype: str = axis.dtype
        if dtype == "category":
            return axis.names[int(value)] if 0 <= int(value) < len(axis.names) else ""
        step = self._step(self._along(channel))
        if channel == "share":
            return numbers.percent(value, step)
        if dtype == "date":
            return numbers.write_moment(value, axis, int(step))
        if dtype in ("duration", "time"):
            return numbers.write_clock(value, step, is_time=dtype == "time")
        return numbers.write_number(value, axis.format, step)

    def range(self, channel: str, low: float, high: float) -> str:
        """Write a phrase such as “from 3 to 5”, or “3” if both ends read the same."""
        first, last = self.value(channel, low), self.value(channel, high)
        return first if first == last else _("from %(first)s to %(last)s") % {
            "first": first, "last": last
        }  # fmt: skip

    def place(self, **values: float) -> str:
        """Write the position of a row, such as x and y. A name that has a comma is quoted."""
        written = [self._quoted(channel, value) for channel, value in values.items()]
        return written[0] if len(written) == 1 else f"({join_facts(written)})"

    def _quoted(self, channel: str, value: float) -> str:
        text = self.value(channel, value)
        return quote_if_listed(text) if self.axis(channel).dtype == "category" else text

    def drawn(self, series: Series) -> Any:
        """Return which rows of ``series`` are drawn and within the limits of the axes."""
        return self.complete(series) & ~self.outside(series)

    def complete(self, series: Series) -> Any:
        """Return which rows of ``series`` have no gap in a required column."""
        columns = [each for name, each in series.columns.items() if name in self._required]
        return np.logical_and.reduce([np.isfinite(each) for each in columns])

    def outside(self, series: Series) -> Any:
        """Return which rows of ``series`` are outside the limits of the axes."""
        rows = np.zeros(self.complete(series).shape, dtype=bool)
        for channel, (low, high) in self.limits.items():
            first, last = (series.columns.get(name) for name in _ends_of(series, channel))
            if first is not None and last is not None:
                rows |= (last < low) | (first > high)
        return rows

    @cached_property
    def limits(self) -> dict[str, tuple[float, float]]:
        """The limits of the axes by channel, NaN for none."""
        if self.spec is None or kinds.get(self.spec.kind).no_axes:
            return {}
        frame, found = vars(self.spec.frame), {}
        channels = kinds.get(self.spec.kind).axis_channels(self.spec.options)
        for axis, channel in zip("xy", channels, strict=True):
            ends = [frame[f"{axis}{end}"] for end in ("min", "max")]
            if any(each is not None for each in ends):
                place = self.axis(channel).place
                low, high = (np.nan if each is None else place(each) for each in ends)
                found[channel] = low, high
        return found

    @property
    def scales(self) -> tuple[str, str]:
        """The scales of the axes along the channels x and y."""
        if self.spec is None:
            return "linear", "linear"
        frame, options = self.spec.frame, self.spec.options
        is_transposed = kinds.get(self.spec.kind).is_transposed(options)
        scales = frame.xscale, frame.yscale
        return (scales[1], scales[0]) if is_transposed else scales

    def ends(self, channel: str) -> tuple[float, float] | None:
        """Return the lowest and the highest value along the axis of ``channel``, if it has any."""
        if (edges := self.data.edges.get(channel)) is not None:
            return float(edges[0]), float(edges[-1])  # columns hold the middles of cells
        found = [each for name, each in self._columns(channel) if name not in _LENGTHS]
        values = np.concatenate([*found, np.empty(0)])
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if values.size else None

    @cached_property
    def _required(self) -> set[str]:
        if self.spec is None:
            return {"x", "y"}
        channels = kinds.get(self.spec.kind).channels
        return {channel.name for channel in channels if channel.required} | {"x", "y", "own"}

    def _along(self, channel: str) -> str:
        """Return the channel whose axis the numbers of ``channel`` are drawn along."""
        along, axes = _ALONG.get(channel, ""), dict(self.data.axes)
        if not along or (channel in axes and axes[channel].dtype != self.data.axis(along).dtype):
            return channel
        return along

    def _columns(self, along: str) -> Iterator[tuple[str, Numbers]]:
        for series in (*self.data.all_series, *self._others):
            for name, column in series.columns.items():
                if self._along(name) == along:
                    yield name, column

    def _step(self, along: str) -> float:
        """Return what values along an axis are written with: of a date in microseconds."""
        if along not in self._steps:
            edges = self.data.edges.get(along)
            found = [edges[:2]] if edges is not None else [c for _, c in self._columns(along)]
            values = np.concatenate([*found, np.empty(0)])
            is_date = self.data.axis(along).dtype == "date"
            if is_date and edges is not None:
                width = abs(float(np.diff(values).min(initial=np.inf))) * numbers.DAY
                units = (numbers.DAY, numbers.MINUTE)
                step: float = next((u for u in units if width >= u), numbers.SECOND)
            else:
                step = numbers.finest_unit(values) if is_date else self._number_step(values, along)
            self._steps[along] = step
        return self._steps[along]

    def _number_step(self, values: Numbers, along: str) -> float:
        dtype: str = self.data.axis(along).dtype
        if dtype in ("duration", "time"):
            return numbers.clock_unit(values)
        is_generated = bool(self.spec and kinds.get(self.spec.kind).generate)
        is_speed = along == "z" and "dx" in dict(self.data.axes)
        return numbers.smallest_step(values, is_computed=is_generated or is_speed)


def _ends_of(series: Series, channel: str) -> tuple[str, str]:
    """Return the columns in which the marks of ``series`` begin and end along ``channel``."""
    if channel == "x" and {"start", "end"} <= series.columns.keys():
        return "start", "end"
    if channel == "y" and {"open", "low", "high", "close"} <= series.columns.keys():
        return "low", "high"
    return channel, channel
