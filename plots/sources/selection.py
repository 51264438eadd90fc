"""Descriptions of what is read from a source: columns, a query, and how rows are downsampled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

HISTOGRAM_BINS = 5040  # if no number is requested: many numbers of bars divide it
MAX_MARKERS = 20_000  # above it, most markers cover each other, and rows are counted instead


def max_groups() -> int:
    """The number of groups of rows that one picture can draw: its series in all its panels."""
    return conf.MAX_SERIES * MOST_PANELS


def too_many_groups() -> PlotError:
    """Make the error for a column with more names than a picture can have series."""
    message = _("There are more than %(count)d series; at most %(most)d can be distinguished.")
    message %= {"count": max_groups(), "most": conf.MAX_SERIES}
    return PlotError(message, "too-many-series", "by")


def too_many_rows() -> PlotError:
    """Make the error for more rows than are read without downsampling."""
    message = _(
        "There are more than %(most)s rows. Filter them, set a limit, or summarise them with stat."
    )
    return PlotError(message % {"most": f"{conf.MAX_ROWS:,}"}, "too-much", "source")


@dataclass(frozen=True)
class Downsampling:
    """Downsampling of lines by M4 (Jugel et al., VLDB 2014).

    The x axis is cut into ``bins`` of equal width, one for each pixel column. Of each group of
    rows, the first, the last, the smallest and the largest row of each bin are kept. Joined by
    lines, they fill the same pixels as all rows. Rows outside the limits form two more bins.

    Parameters
    ----------
    x : str
        The name of the x column. Empty if x is the number of the row.
    y : tuple of str
        The names of the y columns.
    bins : int
        The number of bins.
    low, high : float, optional
        The limits of the x axis, as numbers or days since 1970. Default: those of the data.
    """

    x: str
    y: tuple[str, ...]
    bins: int
    low: float | None = None
    high: float | None = None

    @property
    def threshold(self) -> int:
        """Groups of at most this many rows are not downsampled."""
        return 4 * self.bins


@dataclass(frozen=True)
class Histogram:
    """Counting of rows in the bins of a histogram over all numbers or dates of the columns ``x``.

    The rows of a bin are replaced by one row in it. The smallest and the largest number are added
    as rows with a count of 0, so that the range of the data is known.

    Parameters
    ----------
    x : tuple of str
        The names of the x columns.
    bins : int, optional
        The number of bins, of dates about that many. Default: one that suits the data.
    low, high : float, optional
        The limits of the x axis, as in ``Downsampling``.
    scale : {"linear", "log", "symlog"}
    dtype : str
        The data type of the columns, where an engine reads them as other numbers.
    """

    x: tuple[str, ...]
    bins: int | None = None
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    dtype: str = ""

    @property
    def threshold(self) -> int:
        """At most this many rows are not counted but drawn."""
        return 2 * (self.bins or HISTOGRAM_BINS)


@dataclass(frozen=True)
class AxisBinning:
    """Binning of one axis: ``bins`` of equal length on its scale, between its limits.

    Parameters
    ----------
    axis : {"x", "y"}
    bins : int
        The number of bins between the limits.
    low, high : float, optional
        The limits, as in ``Downsampling``.
    scale : {"linear", "log", "symlog"}
    """

    axis: str
    bins: int
    low: float | None = None
    high: float | None = None
    scale: str = "linear"


@dataclass(frozen=True)
class Bins:
    """Counting of rows in the cells of a grid over x and each of ``y``, for each group.

    The rows of a cell are replaced by one row at its centre. Rows outside the limits are counted
    in cells that reach from the limit to the end of the data.

    Parameters
    ----------
    x : str
        The name of the x column. Text is not binned: each value has cells of its own. Empty if x is
        the number of the row.
    y : tuple of str
        The names of the y columns.
    groups : tuple of str
        The names of the columns whose equal values form a group.
    x_axis, y_axis : AxisBinning
        The binning of both axes.
    """

    x: str
    y: tuple[str, ...]
    groups: tuple[str, ...]
    x_axis: AxisBinning
    y_axis: AxisBinning

    @property
    def threshold(self) -> int:
        """At most this many rows are drawn as markers."""
        return MAX_MARKERS

    @property
    def groups_and_x(self) -> tuple[str, ...]:
        """The columns that form groups if x holds text."""
        return tuple(dict.fromkeys((*self.groups, self.x)))


@dataclass(frozen=True)
class Selection:
    """The columns that are read from a source, and how.

    Parameters
    ----------
    source : str
        The name of the source.
    keys : tuple of str
        The columns that a stat groups by. Without a stat, all columns that are read.
    values : tuple of str
        The columns that a stat summarises.
    query : Query
        Filters, stat, order and limit.
    binned : str
        The key to which the query's ``bin`` applies.
    parameters : mapping
        The parameter that named each column, for error messages.
    downsampling : Downsampling, Histogram or Bins, optional
        Applied only without a stat and without an order.
    zone : str
        The time zone of the plot. Empty for the project's default.
    colored : tuple of str
        The columns all of whose names are to be known, also those that the query leaves out.
    named : tuple of str
        The keys that are drawn as names where their field has choices.
    """

    source: str
    keys: tuple[str, ...]
    values: tuple[str, ...] = ()
    query: Query = Query()
    binned: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    downsampling: Downsampling | Histogram | Bins | None = None
    zone: str = ""
    colored: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def tzinfo(self) -> tzinfo:
        """The time zone in which days begin."""
        return ZoneInfo(self.zone) if self.zone else timezone.get_default_timezone()

    @property
    def order(self) -> str:
        """The column by which rows are ordered."""
        return self.query.order.removeprefix("-")

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        names = [*self.keys, *self.values, *(each.column for each in self.query.filter)]
        if self.order and not self.query.stat:
            names.append(self.order)
        return tuple(dict.fromkeys(names))

    def renamed(self, names: Mapping[str, str]) -> Selection:
        """Return a copy that reads other columns, by the names of those that it reads now."""

        def rename(given: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(names.get(name, name) for name in given)

        order = names.get(self.order, self.order)
        query = replace(self.query, order=f"-{order}" if self.query.order[:1] == "-" else order)
        request = self.downsampling
        if isinstance(request, Histogram):
            request = replace(request, x=rename(request.x))
        elif request:
            x = names.get(request.x, request.x)
            request = replace(request, x=x, y=rename(request.y))
            if isinstance(request, Bins):
                request = replace(request, groups=rename(request.groups))
        return replace(
            self,
            keys=rename(self.keys),
            values=rename(self.values),
            query=query,
            binned=names.get(self.binned, self.binned),
            parameters={names.get(name, name): each for name, each in self.parameters.items()},
            downsampling=request,
        )

    def parameter(self, column: str) -> str:
        """The parameter that named ``column``."""
        if any(each.column == column for each in self.query.filter):
            return self.parameters.get(column, "filter")
        return self.parameters.get(column, "order" if column == self.order else "source")


@dataclass(frozen=True)
class Selected:
    """The columns that were read.

    Parameters
    ----------
    keys : mapping
        Columns by name. After downsampling, the key ``""`` is the number of each row, if x is the
        number of the row, or the number of rows in each bin of a histogram.
    values : mapping
        The results of a stat by name. The name of a count of rows is ``""``.
    rows : int, optional
        The number of rows before downsampling. None if there was none.
    edges : mapping
        The edges of the cells in which rows were counted, by channel, as numbers or days since
        1970, within the limits. A channel with text has none.
    names : mapping
        The values of the columns ``Selection.colored``, each at least once.
    numbers : tuple of str
        The columns of the source that hold numbers, in order.
    """

    keys: Mapping[str, Column]
    values: Mapping[str, Column] = field(default_factory=dict)
    rows: int | None = None
    edges: Mapping[str, Array] = field(default_factory=dict)
    names: Mapping[str, Column] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> Selected:
        """Return a copy of what a ``Selection`` returned that was renamed by ``names``."""
        before = {new: name for name, new in names.items()}
        keys = {before.get(name, name): each for name, each in self.keys.items()}
        values = {before.get(name, name): each for name, each in self.values.items()}
        return replace(self, keys=keys, values=values)
