"""Type inference: guessed from some values of a column, then checked against all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from plots.sources.parquet.sql import ROW, quote_text

from . import remarks
from .decoding import refuse
from .notations.candidates import candidates
from .notations.dates import is_ambiguous, order_of
from .notations.gaps import COMMON, GAPS, gap_bits, gaps_of, is_gap, is_mismatch
from .notations.notation import Notation
from .notations.numbers import COMMA_STYLE, LONG, PLAIN, ZEROS
from .workspace import Column, Findings, Workspace

SAMPLE = 100_000  # values of the table from which data types are guessed
BLOCKS = 3  # at the begin, in the middle and at the end
BLOCK_ROWS = (40, 400)
MAX_TEXT = 100  # characters; longer texts are only text
COLUMNS_PER_STATEMENT = 40
_GAPS = frozenset(GAPS)


def infer_types(work: Workspace) -> None:
    """Set the data type of each column: the notation that all its values match, else text."""
    found = {
        column.raw: Findings(texts, candidates(texts, work.delimiter, column.name))
        for column, texts in zip(work.columns, _sample(work), strict=True)
    }
    for begin in range(0, len(work.columns), COLUMNS_PER_STATEMENT):
        _count(work, work.columns[begin : begin + COLUMNS_PER_STATEMENT], found)
    for column in work.columns:
        of = found[column.raw]
        if of.likely and not of.matching:  # the other notations are rarely needed
            _count_others(work, column, of)
    _compare_columns(work, found)
    for column in work.columns:
        _set_type(work, column, found[column.raw])
    remarks.remark_mismatches(work, found)
    gaps = {gap for each in work.columns if each.notation for gap in each.gaps}
    for column in work.columns:
        if column.notation is None and column.dtype == "text":
            column.gaps = tuple(gap for gap in column.gaps if gap in gaps and gap in COMMON)
    remarks.remark_gaps(work, sorted(gaps))
    remarks.remark_strings(work)
    remarks.remark_wide_years(work)


def _sample(work: Workspace) -> list[list[str]]:
    """Values of each column from the begin, the middle and the end of the table."""
    fewest, most = BLOCK_ROWS
    size = max(fewest, min(most, SAMPLE // len(work.columns) // BLOCKS))
    (rows,) = work.connection.execute(f"SELECT count(*) FROM {work.file('raw')}").fetchone()
    if not rows:
        refuse(_("The file has a header but no rows. Add at least one row."))
    last = max(0, rows - size)
    begins = sorted({0, max(min(size, last), last // 2), last})
    values = ", ".join(f"left({each.raw}, {MAX_TEXT}) AS {each.raw}" for each in work.columns)
    table: list[tuple[str | None, ...]] = []
    for begin in begins:
        where = f"{ROW} >= {max(begin, len(table))} AND {ROW} < {begin + size}"
        sql = f"SELECT {values} FROM {work.file('raw', numbered=True)} WHERE {where}"
        table += work.connection.execute(sql).fetchall()
    columns = []
    for column, found in zip(work.columns, zip(*table, strict=True), strict=True):
        texts = [text for text in found if text is not None]
        given = [text for text in texts if text not in _GAPS]
        columns.append(given or _first_values(work, column.raw))
    return columns


def _first_values(work: Workspace, raw: str) -> list[str]:
    """The first values of a column whose sample has only gaps."""
    sql = (
        f"SELECT left({raw}, {MAX_TEXT}) FROM {work.file('raw')} "
        f"WHERE {raw} IS NOT NULL AND NOT {is_gap(raw)} LIMIT 1000"
    )
    return [text for (text,) in work.connection.execute(sql).fetchall()]


def _count(work: Workspace, columns: Sequence[Column], found: Mapping[str, Findings]) -> None:
    """Count the values of ``columns``, and those that the most likely notation does not match."""
    expressions = []
    for column in columns:
        raw, likely = column.raw, found[column.raw].likely
        expressions += [f"count({raw})", gap_bits(raw)]
        if likely and likely[0].dtype == "number":
            expressions += [
                f"count(*) FILTER (regexp_full_match({raw}, {quote_text(each)}))"
                for each in (ZEROS, LONG)
            ]
        else:
            expressions += ["0", "0"]
        expressions.append(f"any_value(left({raw}, 40)) FILTER (starts_with({raw}, '='))")
        expressions += [_mismatches(raw, each) for each in found[raw].rivals]
    sql = f"SELECT {', '.join(expressions)} FROM {work.file('raw')}"
    results = iter(work.run(sql, "Checking").fetchone())
    for column in columns:
        of = found[column.raw]
        of.values, bits = next(results), next(results)
        column.gaps = gaps_of(bits)
        of.zeros, of.long, of.formula = next(results), next(results), next(results)
        of.mismatches = {each.example: next(results) for each in of.rivals}


def _count_others(work: Workspace, column: Column, found: Findings) -> None:
    """Count the values that do not match the less likely notations."""
    others = [each for each in found.likely if each.example not in found.mismatches]
    counts = ", ".join(_mismatches(column.raw, each) for each in others)
    if counts:
        results = work.connection.execute(f"SELECT {counts} FROM {work.file('raw')}").fetchone()
        examples = (each.example for each in others)
        found.mismatches |= dict(zip(examples, results, strict=True))


def _compare_columns(work: Workspace, found: Mapping[str, Findings]) -> None:
    """Decide what the values of one column leave open as other columns of the file are written."""
    matching = [of.matching for of in found.values() if of.matching]
    orders = {order_of(each[0]) for each in matching if not is_ambiguous(each[0], each)} - {""}
    has_comma = any(COMMA_STYLE.example in each[0].example for each in matching)
    for column in work.columns:
        of = found[column.raw]
        if of.matching and is_ambiguous(of.matching[0], of.matching) and len(orders) == 1:
            of.likely = [each for each in of.matching if order_of(each) in orders] or of.likely
            message = _(
                "“%(name)s” was read as dates written like %(example)s, as in other columns."
            )
            values = {"name": column.name, "example": of.likely[0].example}
            work.warnings.append(message % values)
        elif has_comma and of.matching[:1] == [PLAIN] and _has_grouping_dots(of.texts):
            _count_others(work, column, of)
            commas = [each for each in of.matching if each.example == COMMA_STYLE.example]
            of.likely = commas or of.likely


def _has_grouping_dots(texts: Sequence[str]) -> bool:
    """Whether the dots in numbers such as 1.200 may be between thousands."""
    dotted = [text for text in texts if "." in text]
    return bool(dotted) and all(re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", each) for each in dotted)


def _mismatches(raw: str, notation: Notation) -> str:
    return f"count(*) FILTER ({is_mismatch(raw, notation)})"


def _set_type(work: Workspace, column: Column, found: Findings) -> None:
    matching = found.matching
    if not found.texts:  # only gaps
        column.dtype, column.notation = "number", PLAIN
        remarks.warn_of_no_values(work, column)
    elif reason := remarks.why_text(column, found):
        work.warnings.append(reason)
    elif matching:
        column.notation = matching[0]
        column.dtype = matching[0].dtype
        remarks.remark_reading(work, column, found)
    if found.formula and column.dtype == "text":
        message = _("“%(name)s” holds formulas such as “%(text)s”. They are stored as text.")
        work.warnings.append(message % {"name": column.name, "text": found.formula})
