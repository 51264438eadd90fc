"""The data that a kind draws: axes, series and panels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Literal

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from plots.values.columns import SECONDS, Column, dtype_of_column, to_number
from plots.values.formatting import DATE_FORMATS, NUMBER_FORMATS
from plots.values.scalars import Value
from plots.values.timezones import Clock

Numbers = NDArray[np.float64]

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Axis:
    """What the numbers of a channel mean.

    Attributes
    ----------
    dtype : {"number", "date", "duration", "time", "category"}
        ``"date"`` numbers are days since 1970-01-01, with a fraction for the time of day;
        ``"duration"`` numbers are seconds, ``"time"`` numbers seconds since midnight;
        ``"category"`` numbers are indices into ``names``.
    names : tuple of str
        The names of a category axis, in the order in which they are drawn.
    format : str
        How values are written: ``"auto"``, or a name from ``plots.values.formatting``.
    clock : Clock, optional
        Of a date axis with times in an hour that comes twice, because clocks are put back: its
        numbers are elapsed time, which the clock converts to local time.

    Examples
    --------
    >>> Axis("category", ("Monday", "Tuesday")).names[1]
    'Tuesday'
    """

    dtype: Literal["number", "date", "duration", "time", "category"] = "number"
    names: tuple[str, ...] = ()
    format: str = "auto"
    clock: Clock | None = None

    def local(self, days: float) -> tuple[float, str]:
        """Return a date as days since 1970 in local time, and its UTC offset where it is needed."""
        return self.clock.local_days(days) if self.clock else (days, "")

    def place(self, value: Value) -> float:
        """Return the number of a limit or a reference that is no name."""
        if self.clock and isinstance(value, date):
            value = self.clock.position(value)
        return to_number(value or 0.0)

    @property
    def shows(self) -> str:
        """A description of the values, for a message."""
        return {
            "number": _("numbers"),
            "date": _("dates"),
            "duration": _("durations"),
            "time": _("times of day"),
            "category": _("names, counted from 0"),
        }[self.dtype]

    def has_place_for(self, value: Value) -> bool:
        """Whether ``value``, a limit or a reference that is no name, is a place on this axis.

        A number is seconds on an axis of durations, and 24:00:00 is the end of a day.
        """
        dtype = dtype_of_column((value,))
        if self.dtype == "time":
            return dtype in SECONDS and 0 <= to_number(value) <= SECONDS_PER_DAY
        return dtype == {"category": "number"}.get(self.dtype, self.dtype) or (
            (self.dtype, dtype) == ("duration", "number")
        )

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats in which the values can be written."""
        return {"number": NUMBER_FORMATS, "date": tuple(DATE_FORMATS)}.get(self.dtype, ())


@dataclass(frozen=True)
class Series:
    """The rows that are drawn in one colour.

    Attributes
    ----------
    label : str
        The name in the legend; empty if there is only one series.
    columns : mapping of str to array of float64, shape (rows,)
        The numbers of each channel, all of one length. NaN is a gap. ``Data.axis`` tells what they
        mean. Each column is an attribute, too: ``series.x`` is ``series.columns["x"]``. A kind gets
        read-only arrays; copy one to change it.
    name : str
        The name that its colour belongs to, if that is not the label.

    Examples
    --------
    >>> series = Series("Orders", {"x": np.array([0.0, 1.0]), "y": np.array([3.0, np.nan])})
    >>> series.y.tolist()
    [3.0, nan]
    """

    label: str
    columns: Mapping[str, Numbers]
    name: str = ""

    @property
    def numbers(self) -> Mapping[str, Numbers]:
        """The columns without the links, which a row may lack."""
        return {name: column for name, column in self.columns.items() if name != "link"}

    def __getattr__(self, name: str) -> Numbers:
        # Only called for names that are not fields.
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(f"this series has no channel {name!r}") from None

    @property
    def is_gap(self) -> bool:
        """Whether all numbers are gaps, as in a panel without rows of this series."""
        return all(bool(np.isnan(column).all()) for column in self.numbers.values())


@dataclass(frozen=True)
class Data:
    """What a kind draws.

    Attributes
    ----------
    series : tuple of Series
        The series, in the order of the legend. In a figure with panels, those of one panel.
    axes : mapping of str to Axis
        What the numbers of each channel mean. A channel that has no data is missing.
    table : mapping of str to Column
        The values as they were given, by heading, for csv and json.
    notes : tuple of str
        Sentences about what the picture merges or leaves out.
    panels : mapping of str to tuple of Series
        The series of each panel, by title; empty for a figure without panels. All panels have the
        same series. Where a panel has no rows of a series, that is a single gap.
    rows : int or None
        The number of rows before downsampling, if it is larger than the number of rows in
        ``series``.
    is_raw : bool
        Whether the rows are those of a source, which a stat can summarise but does not.
    edges : mapping of str to array of float64, shape (bins + 1,)
        If rows were counted in bins: the edges along each channel, within the limits of the axes.
        A category channel has none.
    places : mapping of str to int
        The place of each name of series in the palette, where it is the same in all pictures of a
        source. Other series have the colours that are left.
    stacked : bool
        Whether the series are drawn on top of each other, the first at the bottom. Legends and
        descriptions then begin at the top.
    bin_edges : array of float64, shape (bins + 1,), or None
        The edges of the bins of a histogram along x, if the kind counts rows.

    Examples
    --------
    >>> data = Data((Series("", {"y": np.array([1.0, 2.0])}),), {"y": Axis("number")})
    >>> [float(series.y.max()) for series in data.series]
    [2.0]
    """

    series: tuple[Series, ...] = ()
    axes: Mapping[str, Axis] = field(default_factory=dict)
    table: Mapping[str, Column] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    panels: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    rows: int | None = None
    is_raw: bool = False
    edges: Mapping[str, Numbers] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    stacked: bool = False
    bin_edges: Numbers | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there are rows of gaps alone: kinds are not asked to draw them."""
        return bool(self.series) and all(
            not np.isfinite(column).any()
            for series in self.all_series
            for column in series.columns.values()
        )

    @property
    def drawn_rows(self) -> int:
        """The number of rows in ``table``."""
        return max((len(column) for column in self.table.values()), default=0)

    def axis(self, channel: str) -> Axis:
        """Return what the numbers of ``channel`` mean: numbers, if it has no data."""
        return dict(self.axes).get(channel, Axis())

    def with_notes(self, *notes: str) -> Data:
        """Return a copy with further ``notes``, without empty and repeated ones."""
        new = [note for note in dict.fromkeys(notes) if note and note not in self.notes]
        return replace(self, notes=(*self.notes, *new))

    def iter_panels(self) -> Iterator[Data]:
        """Yield the data of each panel, or this if there are no panels."""
        if self.panels:
            yield from (replace(self, series=series) for series in self.panels.values())
        else:
            yield self

    def from_top(self) -> Data:
        """Return a copy with the series as they are read: those of a stack from the top."""
        return replace(self, series=self.series[::-1]) if self.stacked else self

    @property
    def all_series(self) -> tuple[Series, ...]:
        """The series of all panels, for what panels have in common, such as bins."""
        return tuple(chain(*self.panels.values())) or self.series

    def concat(self, channel: str) -> Numbers:
        """Return the numbers of ``channel`` of all series of all panels, shape (n,)."""
        columns = [series.columns.get(channel) for series in self.all_series]
        return np.concatenate([each for each in columns if each is not None] or [np.empty(0)])
