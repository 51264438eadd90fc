"""Which of a source's columns are drawn, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..columns import Column
from ..query import Query

# Columns by name: those that stay as they are, and those a stat is made of ("" counts rows).
Selected = tuple[dict[str, Column], dict[str, Column]]


@dataclass(frozen=True)
class Selection:
    """Names of columns of ``source``: ``keys`` are what a stat groups by, or all without one.

    ``binned`` is the key that bins; ``parameters`` says which parameter named a column.
    """

    source: str
    keys: tuple[str, ...]
    values: tuple[str, ...] = ()
    query: Query = Query()
    binned: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

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
