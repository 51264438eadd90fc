"""Which of a source's columns are drawn, as what, and how much of them a picture can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.channels import MOST_PANELS
from plots.spec.query import Query
from plots.values.columns import Column

from .arrays import Array


def most_lines() -> int:
    """How many groups of rows may be lines, or bars, of a picture: its series in all its panels."""
    return conf.MAX_SERIES * MOST_PANELS


def too_many_lines() -> PlotError:
    """The error of a column with more names than there may be lines."""
    message = _("There are more than %(count)d series; at most %(most)d can be told apart.")
    message %= {"count": most_lines(), "most": conf.MAX_SERIES}
    return PlotError(message, "too-many-series", "by")


def too_many_rows() -> PlotError:
    """The error of more rows than are read as they are."""
    message = _(
        "These are more than %(most)s rows; filter them, limit them, or make a stat of them."
    )
    return PlotError(message % {"most": f"{conf.MAX_ROWS:,}"}, "too-much", "source")


@dataclass(frozen=True)
class Downsampling:
    """For each of ``parts`` equal parts of x, of each group: the first, last, least and greatest.

    That is M4 (Jugel et al., VLDB 2014): joined by lines, these rows fill the same pixels as all.
    ``x`` and ``y`` name columns, an empty ``x`` counts the rows; ``low`` and ``high`` are the ends
    of x that are seen, as numbers or days since 1970, or None for those of the data. The rows
    beyond either are a part as well.
    """

    x: str
    y: tuple[str, ...]
    parts: int
    low: float | None = None
    high: float | None = None

    @property
    def most(self) -> int:
        """Rows of a group that are not worth reducing."""
        return 4 * self.parts


# Parts of a tally of which nobody says the number: many numbers of bins divide it.
PARTS = 5040


@dataclass(frozen=True)
class Histogram:
    """How many rows of each group are in each of ``parts`` equal parts of all numbers of ``x``.

    A part's rows stand as one in its middle; the least and the greatest of all stand there as well,
    and count nothing.
    """

    x: tuple[str, ...]
    parts: int = PARTS

    @property
    def most(self) -> int:
        """Rows that are not worth counting."""
        return 2 * self.parts


@dataclass(frozen=True)
class AxisBinning:
    """How an axis is to be cut: ``parts`` of equal length on its scale fill what is seen of it.

    ``low`` and ``high`` are its limits as ``Reduction`` has them; ``axis`` is x or y.
    """

    axis: str
    parts: int
    low: float | None = None
    high: float | None = None
    scale: str = "linear"


@dataclass(frozen=True)
class Bins:
    """How many rows of each group are in each cell of a grid over x and each of ``y``.

    A cell's rows stand as one in its middle. An ``x`` of names is not cut: each has cells of its
    own; an empty ``x`` counts the rows. ``groups`` name the columns whose equal values are one
    group. What is beyond a limit is in cells that reach from there to the end of the data.
    """

    x: str
    y: tuple[str, ...]
    groups: tuple[str, ...]
    across: AxisBinning
    up: AxisBinning

    @property
    def most(self) -> int:
        """Rows that are drawn one by one."""
        return MOST_MARKERS

    @property
    def named(self) -> tuple[str, ...]:
        """The columns whose values are counted as they are, if that of x holds names."""
        return tuple(dict.fromkeys((*self.groups, self.x)))


# Of more, most cover each other: then it is told how many are where, not where each is.
MOST_MARKERS = 20_000


@dataclass(frozen=True)
class Selection:
    """Names of columns of ``source``: ``keys`` are what a stat groups by, or all without one.

    ``binned`` is the key that bins; ``parameters`` says which parameter named a column. A
    ``reduction`` is asked for where there is no stat and no order.
    """

    source: str
    keys: tuple[str, ...]
    values: tuple[str, ...] = ()
    query: Query = Query()
    binned: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    downsampling: Downsampling | Histogram | Bins | None = None
    zone: str = ""

    @property
    def tzinfo(self) -> tzinfo:
        """Where its days begin: in the plot's ``zone``, or the project's own."""
        return ZoneInfo(self.zone) if self.zone else timezone.get_default_timezone()

    @property
    def order(self) -> str:
        """The column that orders the rows."""
        return self.query.order.removeprefix("-")

    @property
    def columns(self) -> tuple[str, ...]:
        """All that are read."""
        named = [*self.keys, *self.values, *(each.column for each in self.query.filter)]
        if self.order and not self.query.stat:
            named.append(self.order)
        return tuple(dict.fromkeys(named))

    def parameter(self, column: str) -> str:
        if any(each.column == column for each in self.query.filter):
            return self.parameters.get(column, "filter")
        return self.parameters.get(column, "order" if column == self.order else "source")


@dataclass(frozen=True)
class Selected:
    """Columns by name: the ``keys``, and what a stat made of the ``values`` ("" counts rows).

    ``rows`` is how many there were, where the columns were reduced; then key "" is the number of
    each row, if nothing else is x, or how many rows were counted. ``edges`` are those of the cells
    that they were counted in, by channel, as numbers or days since 1970, within the limits that
    were asked for; names have none.
    """

    keys: Mapping[str, Column]
    values: Mapping[str, Column] = field(default_factory=dict)
    rows: int | None = None
    edges: Mapping[str, Array] = field(default_factory=dict)
