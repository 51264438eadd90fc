"""Type inference: guessed from the first values of a column, then checked against all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plots.sources.parquet.sql import ROW, quote_text

from .decoding import refuse
from .diagnosis import line_of
from .formats import CODES, COMMA, DAY_FIRST, GAPS, GROUPED, MONTH_FIRST, Notation, candidates
from .workspace import Column, Workspace

SAMPLE = 200_000  # values of the table from which data types are guessed
COLUMNS_PER_STATEMENT = 40
_GAPS = ", ".join(map(quote_text, GAPS))


def infer_types(work: Workspace, are_strings: Mapping[str, bool]) -> None:
    """Set the data type of each column: the notation that all its values match, else text.

    ``are_strings`` says for columns of JSON whether they hold strings.
    """
    rows = max(100, SAMPLE // len(work.columns))
    guesses = {}
    for column, texts in zip(work.columns, _sample(work, rows), strict=True):
        guesses[column.raw] = candidates(
            texts, work.delimiter, are_strings=are_strings.get(column.raw, False)
        )
        if formula := next((text for text in texts if text.startswith("=")), None):
            message = _("“%(name)s” holds formulas such as “%(text)s”. They are stored as text.")
            work.warnings.append(message % {"name": column.name, "text": formula[:40]})
    for begin in range(0, len(work.columns), COLUMNS_PER_STATEMENT):
        _check(work, work.columns[begin : begin + COLUMNS_PER_STATEMENT], guesses)
    gaps = {gap for each in work.columns if each.notation for gap in each.gaps}
    for column in work.columns:
        if column.notation is None and column.dtype == "text":
            column.gaps = tuple(gap for gap in column.gaps if gap in gaps)
    if gaps:
        quoted = ", ".join(f"“{gap}”" for gap in sorted(gaps))
        work.warnings.append(_("%(texts)s means that there is no value.") % {"texts": quoted})


def _sample(work: Workspace, rows: int) -> list[list[str]]:
    """The first values of each column."""
    table = work.connection.execute(f"SELECT * FROM {work.file('raw')} LIMIT {rows}").fetchall()
    if not table:
        refuse(_("The file has a header but no rows. Add at least one row."))
    columns = []
    for column, values in zip(work.columns, zip(*table, strict=True), strict=True):
        texts = [*filter(None, values)]
        if not texts:  # the first value may be further down
            raw = column.raw
            sql = f"SELECT {raw} FROM {work.file('raw')} WHERE {raw} IS NOT NULL LIMIT 1000"
            texts = [text for (text,) in work.connection.execute(sql).fetchall()]
        columns.append(texts)
    return columns


@dataclass(frozen=True)
class _Counts:
    """What a column holds: values, codes, and the values that do not match each notation."""

    values: int
    codes: int
    mismatches: Sequence[tuple[Notation, int]]


def _check(
    work: Workspace, columns: Sequence[Column], guesses: Mapping[str, Sequence[Notation]]
) -> None:
    """Check all values of ``columns`` against the guesses."""
    expressions = []
    for column in columns:
        raw = column.raw
        expressions.append(f"count({raw})")
        expressions.append(f"list(DISTINCT {raw}) FILTER ({raw} IN ({_GAPS}))")
        expressions.append(f"count(*) FILTER (regexp_full_match({raw}, {quote_text(CODES)}))")
        expressions += [f"count(*) FILTER ({_mismatch(raw, each)})" for each in guesses[raw]]
    sql = f"SELECT {', '.join(expressions)} FROM {work.file('raw')}"
    results = iter(work.run(sql, "Checking").fetchone())
    for column in columns:
        values, gaps, codes = next(results), next(results), next(results)
        column.gaps = tuple(gaps or ())
        mismatches = [(each, next(results)) for each in guesses[column.raw]]
        _set_type(work, column, _Counts(values, codes, mismatches))


def _mismatch(raw: str, notation: Notation) -> str:
    """SQL: whether a value is neither a gap nor in this notation."""
    return f"{raw} NOT IN ({_GAPS}) AND NOT {notation.is_valid(raw)}"


def _set_type(work: Workspace, column: Column, counts: _Counts) -> None:
    matching = [notation for notation, count in counts.mismatches if not count]
    name = {"name": column.name}
    if not counts.values:
        column.dtype = "number"
        work.warnings.append(_("“%(name)s” has no values.") % name)
    elif DAY_FIRST in matching and MONTH_FIRST in matching:
        message = _(
            "“%(name)s” is text, because day and month of its dates cannot be distinguished. "
            "Write them as 2026-01-31."
        )
        work.warnings.append(message % name)
    elif matching and matching[0].dtype == "number" and counts.codes:
        message = _(
            "“%(name)s” is text, because it has leading zeros or more digits than a number holds."
        )
        work.warnings.append(message % name)
    elif matching:
        column.notation = matching[0]
        column.dtype = matching[0].dtype
        if column.notation in (COMMA, GROUPED):
            message = _("“%(name)s” was read as numbers written like %(example)s.")
            work.warnings.append(message % {**name, "example": column.notation.example})
    elif counts.mismatches:
        _warn_of_mismatch(work, column, counts)


def _warn_of_mismatch(work: Workspace, column: Column, counts: _Counts) -> None:
    """Name the first value that does not match the most likely notation."""
    notation, count = min(counts.mismatches, key=lambda each: each[1])
    sql = (
        f"SELECT {ROW}, {column.raw} FROM {work.file('raw', numbered=True)} "
        f"WHERE {_mismatch(column.raw, notation)} ORDER BY {ROW} LIMIT 1"
    )
    row, text = work.connection.execute(sql).fetchone()
    skip = work.skip + 1 if work.delimiter else 0
    message = _(
        "“%(name)s” is text: line %(line)d has “%(text)s”, which is not written like %(example)s. "
        "This applies to %(count)s of %(values)s values."
    )
    message %= {
        "name": column.name,
        "text": text[:40],
        "line": line_of(work.decoded.path, row, work.delimiter, skip),
        "example": notation.example,
        "count": f"{count:,}",
        "values": f"{counts.values:,}",
    }
    work.warnings.append(message)


def find_strings(work: Workspace) -> dict[str, bool]:
    """Return which columns of JSON hold strings. Columns of lists or objects are removed."""
    expressions = [
        f"count(*) FILTER (json_type({column.raw}) {types})"
        for column in work.columns
        for types in ("= 'VARCHAR'", "IN ('OBJECT', 'ARRAY')")
    ]
    sql = f"SELECT {', '.join(expressions)} FROM {work.file('json')}"
    counts = work.connection.execute(sql).fetchone()
    are_strings, columns = {}, []
    for column, strings, nested in zip(work.columns, counts[::2], counts[1::2], strict=True):
        if nested:
            message = _("“%(name)s” was left out because it holds lists or objects.")
            work.warnings.append(message % {"name": column.name})
            continue
        columns.append(column)
        are_strings[column.raw] = bool(strings)
    work.columns = columns
    if not columns:
        refuse(_("No column holds numbers, dates or text."))
    return are_strings
