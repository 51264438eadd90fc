"""Diagnosis of files that DuckDB cannot read: the line and the cause of the first error."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.values.csv_rows import read_rows
from plots.values.scalars import truncate

from . import deadline
from .decoding import refuse

MAX_JSON = 20_000_000  # bytes that are read at once to find an error
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
                _refuse_large_object(path)
                _refuse_json(line, error.colno, error.msg)
            except (ValueError, RecursionError) as error:
                message = _("Line %(line)d is not valid JSON (%(error)s).")
                refuse(message % {"line": line, "error": error})
            if not isinstance(found, dict):
                message = _("Line %(line)d is not an object. Write each row as {“name”: value, …}.")
                refuse(message % {"line": line})


def _refuse_json(line: int, column: int, error: str) -> NoReturn:
    message = _("Line %(line)d, column %(column)d is not valid JSON (%(error)s).")
    refuse(message % {"line": line, "column": column, "error": error})


def _refuse_large_object(path: Path) -> None:
    """Raise a PlotError if the file is a single JSON object of several lines."""
    with suppress(ValueError):
        if isinstance(_load_json(path), dict):
            message = _(
                "The file is one JSON object that takes several lines, not a table. Upload the "
                "list of rows in it: [{“name”: value, …}, …], or one object on each line."
            )
            refuse(message)


def diagnose_json_array(path: Path) -> None:
    """Raise a PlotError for the first element of a JSON array that is not an object."""
    try:
        found = _load_json(path)
    except json.JSONDecodeError as error:
        _refuse_json(error.lineno, error.colno, error.msg)
    if found == []:
        refuse(_("The JSON array is empty. Add at least one row."))
    for number, each in enumerate(found or (), 1):
        if not isinstance(each, dict):
            message = _(
                "Element %(number)d of the JSON array is not an object. "
                "Write each row as {“name”: value, …}."
            )
            refuse(message % {"number": number})


def _load_json(path: Path) -> Any:
    """What a JSON file holds, or None if it is too large to be read at once."""
    if path.stat().st_size > MAX_JSON:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        return None


def lines_of(path: Path, rows: Collection[int], delimiter: str | None, skip: int) -> dict[int, int]:
    """Return the lines in which ``rows`` begin, by row. The first row is 0.

    No delimiter means JSON, with an object on each line.
    """
    found: dict[int, int] = {}
    with path.open(encoding="utf-8") as file:
        filled = (line for line, text in enumerate(file, 1) if text.strip())
        begins = (line for line, _row in rows_of(path, delimiter, skip)) if delimiter else filled
        for row, line in zip(range(max(rows, default=-1) + 1), begins, strict=False):
            if row in rows:
                found[row] = line
    return found


def _advice(delimiter: str) -> str:
    return {
        ",": _("Put a value that contains a comma in double quotes."),
        ";": _("Put a value that contains a semicolon in double quotes."),
        "\t": _("Put a value that contains a tab in double quotes."),
        "|": _("Put a value that contains a bar in double quotes."),
        ":": _("Put a value that contains a colon in double quotes."),
    }[delimiter]
