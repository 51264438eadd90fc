"""The data that a kind draws: axes, series and panels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from plots.values.columns import Column
from plots.values.formatting import DATE_FORMATS, NUMBER_FORMATS

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """What the numbers of a channel stand for.

    ``date`` numbers count days since 1970-01-01, ``category`` numbers index into ``names``.
    ``format`` is how they are written: auto, or one of numerals.py's.
    """

    dtype: Literal["number", "date", "category"] = "number"
    names: tuple[str, ...] = ()
    format: str = "auto"

    @property
    def shows(self) -> str:
        """What stands on it, for a message."""
        shown = {"number": _("numbers"), "date": _("dates"), "category": _("names, counted from 0")}
        return shown[self.dtype]

    @property
    def formats(self) -> tuple[str, ...]:
        """How what stands on it may be written."""
        return {"number": NUMBER_FORMATS, "date": tuple(DATE_FORMATS)}.get(self.dtype, ())


@dataclass(frozen=True)
class Series:
    """One drawn group: its label and, by channel, float64 arrays of one length. Gaps are NaN."""

    label: str
    columns: Mapping[str, Numbers]

    @property
    def numbers(self) -> Mapping[str, Numbers]:
        """The columns that are drawn: without the links, which a row may lack."""
        return {name: column for name, column in self.columns.items() if name != "link"}

    def __getattr__(self, name: str) -> Numbers:
        # Only called for what is not a field: series.x is series.columns["x"].
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(f"this series has no channel {name!r}") from None

    @property
    def is_gap(self) -> bool:
        """Whether there is no number: a panel may have no row of it."""
        return all(bool(np.isnan(column).all()) for column in self.numbers.values())


@dataclass(frozen=True)
class Data:
    """All that is drawn. ``table`` keeps the values as given, by heading, for csv and json.

    ``notes`` are sentences about what the picture merges or leaves out of them. ``rows`` is how
    many there are, where fewer are enough for the picture. ``edges`` are those of the cells that
    they were counted in, by channel, within the limits of the axes; names have none.

    Of small multiples, ``panels`` has by title the series of each, all panels the same ones; where
    a panel has no row of a series, that is a lone gap. A kind gets the ``series`` of one panel.
    """

    series: tuple[Series, ...] = ()
    axes: Mapping[str, Axis] = ()  # type: ignore[assignment]  # an empty mapping for those without
    table: Mapping[str, Column] = ()  # type: ignore[assignment]
    notes: tuple[str, ...] = ()
    panels: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    rows: int | None = None
    edges: Mapping[str, Numbers] = field(default_factory=dict)

    @property
    def drawn_rows(self) -> int:
        return max((len(column) for column in self.table.values()), default=0)

    def axis(self, channel: str) -> Axis:
        return dict(self.axes).get(channel, Axis())

    def with_notes(self, *notes: str) -> Data:
        """This, with further ``notes``; empty ones, and those it has, are none."""
        new = [note for note in dict.fromkeys(notes) if note and note not in self.notes]
        return replace(self, notes=(*self.notes, *new))

    def iter_panels(self) -> Iterator[Data]:
        """What each panel draws; of a plot without panels all."""
        if self.panels:
            yield from (replace(self, series=series) for series in self.panels.values())
        else:
            yield self

    @property
    def all_series(self) -> tuple[Series, ...]:
        """The series of all panels: what they have in common, such as bins, is made of these."""
        return tuple(chain(*self.panels.values())) or self.series

    def concat(self, channel: str) -> Numbers:
        """The numbers of ``channel`` in every series of every panel."""
        columns = [series.columns.get(channel) for series in self.all_series]
        return np.concatenate([each for each in columns if each is not None] or [np.empty(0)])
