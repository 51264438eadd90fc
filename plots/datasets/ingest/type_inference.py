"""What the columns of a text hold: supposed from their beginning, held against all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from plots.sources.parquet.sql import ROW, quote_text

from .decoding import refuse
from .diagnosis import line_of
from .formats import COMMA, DAY_FIRST, GAPS, GROUPED, MONTH_FIRST, NAMES, Style, candidates
from .workspace import Column, Working

SAMPLE = 200_000  # values that are looked at before a column's sort is supposed
AT_ONCE = 40  # columns that one statement checks


def settle(work: Working, spoken: Mapping[str, bool]) -> None:
    """Find the sort of each column: what all its values are written as, else text."""
    rows = max(100, SAMPLE // len(work.columns))
    guessed = {}
    for column, texts in zip(work.columns, _sampled(work, rows), strict=True):
        speaks = spoken.get(column.raw, False)
        guessed[column.raw] = candidates(texts, work.delimiter, spoken=speaks)
        formula = next((text for text in texts if text.startswith("=")), None)
        if formula:
            message = _("“%(name)s” holds formulas such as “%(text)s”: kept as text.")
            work.warnings.append(message % {"name": column.name, "text": formula[:40]})
    for begin in range(0, len(work.columns), AT_ONCE):
        _check(work, work.columns[begin : begin + AT_ONCE], guessed)
    words = {word for each in work.columns if each.style for word in each.gaps}
    for column in work.columns:
        if column.style is None and column.dtype == "text":
            column.gaps = tuple(word for word in column.gaps if word in words)
    if words:
        shown = ", ".join(f"“{word}”" for word in sorted(words))
        work.warnings.append(_("%(words)s stands for no value.") % {"words": shown})


def _sampled(work: Working, rows: int) -> list[list[str]]:
    """The first values of each column."""
    table = work.connection.execute(f"SELECT * FROM {work.file('raw')} LIMIT {rows}").fetchall()
    if not table:
        refuse(_("The file names its columns and has no rows below."))
    columns = []
    for column, values in zip(work.columns, zip(*table, strict=True), strict=True):
        texts = [*filter(None, values)]
        if not texts:  # they may begin further down
            raw = column.raw
            sql = f"SELECT {raw} FROM {work.file('raw')} WHERE {raw} IS NOT NULL LIMIT 1000"
            texts = [text for (text,) in work.connection.execute(sql).fetchall()]
        columns.append(texts)
    return columns


def _check(
    work: Working, columns: Sequence[Column], guessed: Mapping[str, Sequence[Style]]
) -> None:
    """Hold all values of ``columns`` against what they are supposed to be."""
    gaps = ", ".join(map(quote_text, GAPS))
    made = []
    for column in columns:
        raw = column.raw
        made.append(f"count({raw})")
        made.append(f"list(DISTINCT {raw}) FILTER ({raw} IN ({gaps}))")
        for style in guessed[raw]:
            misfit = f"{raw} NOT IN ({gaps}) AND NOT {style.fits(raw)}"
            made.append(f"count(*) FILTER ({misfit})")
        made.append(f"count(*) FILTER (regexp_full_match({raw}, {quote_text(NAMES)}))")
    sql = f"SELECT {', '.join(made)} FROM {work.file('raw')}"
    answers = iter(work.run(sql, "Checking").fetchone())
    for column in columns:
        known, words = next(answers), next(answers)
        styles = guessed[column.raw]
        misfits = {style.name: (style, next(answers)) for style in styles}
        names = next(answers)
        column.gaps = tuple(words or ())
        fitting = [style for style, count in misfits.values() if not count]
        if not known:
            column.dtype = "number"  # of which a gap is nothing else
            work.warnings.append(_("“%(name)s” has no values.") % {"name": column.name})
        elif DAY_FIRST in fitting and MONTH_FIRST in fitting:
            message = _(
                "“%(name)s” is text: in its dates day and month may be either; "
                "write them as 2026-01-31."
            )
            work.warnings.append(message % {"name": column.name})
        elif fitting and not (fitting[0].dtype == "number" and names):
            column.style = fitting[0]
            column.dtype = fitting[0].dtype
            _tell_style(work, column)
        elif fitting:
            message = _("“%(name)s” is text: with its leading zeros it names, not counts.")
            work.warnings.append(message % {"name": column.name})
        elif misfits:
            _tell_misfit(work, column, *min(misfits.values(), key=lambda each: each[1]), known)


def _tell_style(work: Working, column: Column) -> None:
    if column.style in (COMMA, GROUPED):
        shown = column.style.name if column.style else ""
        message = _("“%(name)s” was read as numbers written like %(example)s.")
        work.warnings.append(message % {"name": column.name, "example": shown})


def _tell_misfit(work: Working, column: Column, style: Style, count: int, known: int) -> None:
    raw, gaps = column.raw, ", ".join(map(quote_text, GAPS))
    sql = (
        f"SELECT {ROW}, {raw} FROM {work.file('raw', numbered=True)} "
        f"WHERE {raw} NOT IN ({gaps}) AND NOT {style.fits(raw)} ORDER BY {ROW} LIMIT 1"
    )
    row, text = work.connection.execute(sql).fetchone()
    skip = work.skip + 1 if work.delimiter else 0
    line = line_of(work.plain.path, row, work.delimiter, skip)
    message = _(
        "“%(name)s” is text: line %(line)d has “%(text)s”, which is not written like %(example)s. "
        "So it is with %(count)s of %(known)s values."
    )
    work.warnings.append(
        message
        % {
            "name": column.name, "line": line, "text": text[:40], "example": style.name,
            "count": f"{count:,}", "known": f"{known:,}",
        }
    )  # fmt: skip


def spoken_of(work: Working) -> dict[str, bool]:
    """Which columns of JSON hold strings; those that hold lists or objects are left out."""
    made = [
        f"count(*) FILTER (json_type({c.raw}) {fits})"
        for c in work.columns
        for fits in ("= 'VARCHAR'", "IN ('OBJECT', 'ARRAY')")
    ]
    sql = f"SELECT {', '.join(made)} FROM {work.file('spoken')}"
    counts = work.connection.execute(sql).fetchone()
    spoken, kept = {}, []
    for column, texts, nested in zip(work.columns, counts[::2], counts[1::2], strict=True):
        if nested:
            message = _("“%(name)s” was left out: it holds lists or objects.")
            work.warnings.append(message % {"name": column.name})
            continue
        kept.append(column)
        spoken[column.raw] = bool(texts)
    work.columns = kept
    if not kept:
        refuse(_("No column holds numbers, dates or text."))
    return spoken
