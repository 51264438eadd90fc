"""What is asked of a source's rows before they are drawn: which, grouped how, in what order."""

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
    "min": "Least",
    "max": "Greatest",
    "std": "Standard deviation",  # of a sample: divided by n - 1
}
UNITS = ("hour", "day", "week", "month", "quarter", "year")
# Django's words, and how many values each takes: any number is 0.
LOOKUPS = {
    "exact": 1, "in": 0, "gt": 1, "gte": 1, "lt": 1, "lte": 1, "range": 2, "isnull": 1,
    "icontains": 1,
}  # fmt: skip

_LOOKED_UP = re.compile(rf"(.+)__({'|'.join(LOOKUPS)}):(.*)", re.DOTALL)
_EQUAL = re.compile(r"([^:]+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Filter:
    """The rows whose ``column`` fits: a lookup of Django's and the texts to compare with."""

    column: str
    lookup: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        values = write_column(self.values) if LOOKUPS[self.lookup] != 1 else self.values[0]
        return f"{self.column}__{self.lookup}:{values}"


@dataclass(frozen=True)
class Query:
    """All that is asked. ``bin`` is a width, or one of ``UNITS``; ``order`` may begin with -."""

    stat: str = ""
    bin: float | str = ""
    filter: tuple[Filter, ...] = ()
    order: str = ""
    limit: int | None = None


def read_filter(text: str) -> Filter:
    """The filter that ``column__lookup:value`` or ``column:value`` spells."""
    match = _LOOKED_UP.fullmatch(text)
    column, lookup, value = match.groups() if match else ("", "exact", "")
    if not match:
        equal = _EQUAL.fullmatch(text)
        if not equal:
            message = _("“%(text)s” is no filter; write it as column__gte:10 or column:name.")
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
    """The width of a bin, or its unit of time."""
    number = read_number(text)
    if number is not None and number > 0:
        return number
    if text in UNITS:
        return text
    message = _("“%(text)s” is neither a width above 0 nor a unit of time.") % {"text": text[:40]}
    raise PlotError(message + suggestion(text, UNITS), "invalid-bin", "bin")


def check_name(name: str, names: Iterable[str], source: str, parameter: str) -> None:
    """Raise the PlotError of a column that a source does not have."""
    names = list(names)
    if name in names:
        return
    column, __, lookup = name.rpartition("__")
    if parameter == "filter" and column in names:
        message = _("There is no lookup “%(name)s”.") % {"name": lookup}
        raise PlotError(message + suggestion(lookup, LOOKUPS), "unknown-lookup", parameter)
    message = _("The source “%(source)s” has no column “%(name)s”.")
    message = message % {"source": source, "name": name[:50]} + suggestion(name, names)
    raise PlotError(message, "unknown-column", parameter)
