"""Words that stand for a missing value."""

from __future__ import annotations

from plots.sources.parquet.sql import quote_text

from .notation import Notation

# In columns of text, these are gaps if they are gaps in another column of the same file.
COMMON = (
    "NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NULL", "null", "None", "-", "inf", "-inf",
    "Inf", "-Inf",
)  # fmt: skip
# In a column of numbers, dates or booleans, these texts are gaps. At most 63: each is a bit.
GAPS = (
    *COMMON, "(null)", "<NA>", "NaT", "N.A.", "n.a.", "n.a", "n.d.", "N/D", "n/d", "none", "NONE",
    "nil", "Null", "?", "??", ".", "..", "...", ":", "--", "---", "–", "—", "−", "…", "*", "\\N",
    "missing", "Missing", "MISSING", "unknown", "Unknown", "not available", "Not available",
    "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!", "Infinity", "-Infinity",
    "+inf", "TBD", "tbd",
)  # fmt: skip
_QUOTED = ", ".join(map(quote_text, GAPS))
_LONGEST = max(len(gap.encode()) for gap in GAPS)
_BITS = " ".join(f"WHEN {quote_text(gap)} THEN {1 << bit}" for bit, gap in enumerate(GAPS))


def _may_be_gap(raw: str) -> str:
    """SQL: a fast test that most numbers, dates and long texts fail."""
    return f"strlen({raw}) <= {_LONGEST} AND NOT ({raw} >= '0' AND {raw} < ':')"


def is_gap(raw: str) -> str:
    """SQL: whether a text stands for a gap."""
    return f"(CASE WHEN {_may_be_gap(raw)} THEN {raw} IN ({_QUOTED}) ELSE false END)"


def is_mismatch(raw: str, notation: Notation) -> str:
    """SQL: whether a value is neither a gap nor in ``notation``."""
    is_fine = f"{raw} IS NULL OR {notation.is_valid(raw)}"
    return f"(CASE WHEN {is_fine} THEN false ELSE NOT {is_gap(raw)} END)"


def gap_bits(raw: str) -> str:
    """SQL: an aggregate with a bit for each of GAPS in a column.

    A list of distinct values would need some megabytes for each column.
    """
    return f"bit_or(CASE WHEN {_may_be_gap(raw)} THEN CASE {raw} {_BITS} END END)"


def gaps_of(bits: int | None) -> tuple[str, ...]:
    """Return the gaps that ``bits`` stand for."""
    return tuple(gap for bit, gap in enumerate(GAPS) if (bits or 0) >> bit & 1)
