"""Query of a source's rows: filters, bins, statistics, order and limit, and their grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.values.column_text import split_items, write_column
from plots.values.scalars import read_number

STATS = {
    "count": "Count",
    "sum": "Sum",
    "mean": "Mean",
    "median": "Median",
    "min": "Minimum",
    "max": "Maximum",
    "std": "Standard deviation",  # of a sample: divided by n - 1
}
# The code of the error for rows that would hide each other; a stat makes them one.
OVERLAP = "overlapping-rows"
UNITS = ("hour", "day", "week", "month", "quarter", "year")
# Django's lookups, and the number of values that each takes; 0 for any number.
LOOKUPS = {
    "exact": 1, "in": 0, "gt": 1, "gte": 1, "lt": 1, "lte": 1, "range": 2, "isnull": 1,
    "icontains": 1,
}  # fmt: skip

_LOOKED_UP = re.compile(rf"(.+)__({'|'.join(LOOKUPS)}):(.*)", re.DOTALL)
_EQUAL = re.compile(r"([^:]+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Filter:
    """Condition on the rows of a source.

    Attributes
    ----------
    column : str
        Name of the column.
    lookup : str
        One of ``LOOKUPS``.
    values : tuple of str
        The texts that the column is compared with.
    """

    column: str
    lookup: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        values = write_column(self.values) if LOOKUPS[self.lookup] != 1 else self.values[0]
        return f"{self.column}__{self.lookup}:{values}"


@dataclass(frozen=True)
class Query:
    """How the rows of a source are filtered, grouped and ordered.

    Attributes
    ----------
    stat : str
        One of ``STATS``, computed for each group. Empty for the rows themselves.
    bin : float or str
        Width of the bins of x, or one of ``UNITS``. Empty for none.
    filter : tuple of Filter
        Conditions that rows must meet.
    order : str
        Name of the column that orders the rows, with ``-`` in front for descending order.
    limit : int or None
        The largest number of rows.
    """

    stat: str = ""
    bin: float | str = ""
    filter: tuple[Filter, ...] = ()
    order: str = ""
    limit: int | None = None


def read_filter(text: str) -> Filter:
    """Parse ``column__lookup:value`` or ``column:value``.

    Parameters
    ----------
    text : str
        A value of the parameter ``filter``. Several values are separated by commas.

    Raises
    ------
    PlotError
        If the text is no filter, or the lookup takes another number of values.

    Examples
    --------
    >>> read_filter("year__range:2010,2020")
    Filter(column='year', lookup='range', values=('2010', '2020'))
    """
    match = _LOOKED_UP.fullmatch(text)
    column, lookup, value = match.groups() if match else ("", "exact", "")
    if not match:
        equal = _EQUAL.fullmatch(text)
        if not equal:
            message = _("“%(text)s” is not a filter; write column__gte:10 or column:name.")
            raise PlotError(message % {"text": text[:40]}, "invalid-filter", "filter")
        column, value = equal.groups()
    count = LOOKUPS[lookup]
    values = (value,) if count == 1 else tuple(map(str, split_items(value, "filter")))
    if count and len(values) != count:
        message = _("%(lookup)s takes %(count)d values: %(column)s__%(lookup)s:1,2.")
        message %= {"lookup": lookup, "count": count, "column": column}
        raise PlotError(message, "invalid-filter", "filter")
    if lookup != "icontains" and not all(values):
        message = _("A value is missing after “%(begin)s”; for gaps write isnull:1.")
        message %= {"begin": f"{column}__{lookup}:"}
        raise PlotError(message, "invalid-filter", "filter")
    return Filter(column, lookup, values)


def read_bin(text: str) -> float | str:
    """Parse the parameter ``bin``: a width above 0, or one of ``UNITS``.

    Raises
    ------
    PlotError
        If it is neither.
    """
    number = read_number(text)
    if number is not None and number > 0:
        return number
    if text in UNITS:
        return text
    message = _("“%(text)s” is neither a width above 0 nor a unit of time.") % {"text": text[:40]}
    raise PlotError(message + suggestion(text, UNITS), "invalid-bin", "bin")


def check_name(
    name: str, names: Iterable[str], source: str, parameter: str, *, suggests: bool = True
) -> None:
    """Check that a source has the column ``name``.

    Parameters
    ----------
    name : str
        The name that ``parameter`` gives.
    names : iterable of str
        The columns of the source.
    source : str
        Name of the source.
    parameter : str
        Name of the parameter, for the error.
    suggests : bool, default True
        Whether the error names columns of the source.

    Raises
    ------
    PlotError
        If there is no such column, or the name ends in an unknown lookup.
    """
    names = list(names)
    if name in names:
        return
    column, __, lookup = name.rpartition("__")
    if parameter == "filter" and column in names:
        message = _("There is no lookup “%(name)s”.") % {"name": lookup}
        raise PlotError(message + suggestion(lookup, LOOKUPS), "unknown-lookup", parameter)
    message = _("The source “%(source)s” has no column “%(name)s”.")
    message %= {"source": source, "name": name[:50]}
    message += suggestion(name, names) if suggests else ""
    raise PlotError(message, "unknown-column", parameter)
