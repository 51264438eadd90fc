"""Diagnosis of files that DuckDB cannot read: the line and the cause of the first error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.values.csv_rows import read_rows
from plots.values.scalars import truncate

from . import deadline
from .decoding import refuse

ROWS_PER_CHECK = 1000  # between two checks of the deadline


def rows_of(path: Path, delimiter: str, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file and the lines in which they begin, without blank lines.

    The first ``skip`` lines are not read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = read_rows(file, delimiter, skip=skip, parameter="file")
        for count, (line, row) in enumerate(rows):
            if not count % ROWS_PER_CHECK:
                deadline.check()
            if row:
                yield line, row


def diagnose_csv(path: Path, delimiter: str, skip: int, names: Sequence[str]) -> None:
    """Raise a PlotError for the first row that does not have one value for each of ``names``."""
    for line, row in rows_of(path, delimiter, skip):
        if len(row) != len(names):
            found = ngettext(
                "Line %(line)d has %(count)d value, but the header has %(columns)d columns:",
                "Line %(line)d has %(count)d values, but the header has %(columns)d columns:",
                len(row),
            )
            hint, name = (
                (_("“%(name)s” is the first value without a column."), row[len(names)])
                if len(row) > len(names)
                else (_("“%(name)s” is missing."), names[len(row)])
            )
            values = {"line": line, "count": len(row), "columns": len(names)}
            message = f"{found} {hint} {_advice(delimiter)}"
            refuse(message % {**values, "name": truncate(name)})


def diagnose_json(path: Path) -> None:
    """Raise a PlotError for the first line that is not a JSON object."""
    with path.open(encoding="utf-8") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                found = json.loads(text.rstrip())
            except json.JSONDecodeError as error:
                message = _("Line %(line)d, column %(column)d is not valid JSON (%(error)s).")
                refuse(message % {"line": line, "column": error.colno, "error": error.msg})
            except (ValueError, RecursionError) as error:
                message = _("Line %(line)d is not valid JSON (%(error)s).")
                refuse(message % {"line": line, "error": error})
            if not isinstance(found, dict):
                message = _("Line %(line)d is not an object. Write each row as {“name”: value, …}.")
                refuse(message % {"line": line})


def line_of(path: Path, row: int, delimiter: str | None, skip: int) -> int:
    """Return the line in which a row begins. The first is row 0. No delimiter means JSON lines."""
    if delimiter:
        return next(islice(rows_of(path, delimiter, skip), row, None), (0, []))[0]
    with path.open(encoding="utf-8") as file:
        filled = (line for line, text in enumerate(file, 1) if text.strip())
        return next(islice(filled, row, None), 0)


def _advice(delimiter: str) -> str:
    return {
        ",": _("Put a value that contains a comma in double quotes."),
        ";": _("Put a value that contains a semicolon in double quotes."),
        "\t": _("Put a value that contains a tab in double quotes."),
        "|": _("Put a value that contains a bar in double quotes."),
    }[delimiter]
