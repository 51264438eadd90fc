"""The types of columns in uploaded Parquet files, and the SQL that reads their values."""

from __future__ import annotations

import re

from plots.sources.parquet.sql import ColumnType

from .notations.dates import within_calendar

_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*")


def value_of(sql_type: str, column: str) -> tuple[ColumnType, str] | None:
    """Return the data type of a column of ``sql_type`` and the SQL of its values.

    Returns None for a type that cannot be drawn, such as a list.
    """
    if _NUMBERS.fullmatch(sql_type):
        number = f"CAST({column} AS DOUBLE)"
        return "number", f"CASE WHEN abs({number}) <= 1e300 THEN {number} END"
    if sql_type == "BOOLEAN":
        return "boolean", column
    if sql_type == "DATE":
        return "date", _finite(column)
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return "moment", within_calendar(column)
    if sql_type.startswith("TIMESTAMP"):
        return "datetime", _finite(f"CAST({column} AS TIMESTAMP)")
    if sql_type in ("VARCHAR", "UUID", "TIME") or sql_type.startswith("ENUM"):
        return "text", f"nullif(trim(CAST({column} AS VARCHAR)), '')"
    return None


def _finite(value: str) -> str:
    """SQL: NULL for infinity and for years before 1 and after 9999, which Python does not have."""
    return (
        f"CASE WHEN CAST({value} AS DATE) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' "
        f"THEN {value} END"
    )
