"""A notation of values in text, and the SQL that reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from plots.sources.parquet.sql import ColumnType, quote_text


@dataclass(frozen=True)
class Notation:
    """A notation of values of one data type.

    Parameters
    ----------
    example : str
        A value in this notation, which identifies it.
    dtype : ColumnType
    pattern : str
        A regular expression that all values match. It takes any digit where it takes one.
    to_sql : callable
        Takes the SQL of a text and returns the SQL of its value, NULL if it has none.
    format : str
        The number format of an axis that shows the values, from ``plots.values.formatting``.
    unit : str
        The unit that is written beside each number.
    """

    example: str
    dtype: ColumnType
    pattern: str
    to_sql: Callable[[str], str]
    format: str = ""
    unit: str = ""

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def matches(self, text: str) -> bool:
        """Whether ``text`` is written in this notation."""
        return self._compiled.fullmatch(text) is not None

    def is_valid(self, text: str) -> str:
        """SQL: whether ``text`` is written in this notation and has a value."""
        matches = f"regexp_full_match({text}, {quote_text(self.pattern)})"
        return f"(CASE WHEN {matches} THEN {self.to_sql(text)} IS NOT NULL ELSE false END)"
