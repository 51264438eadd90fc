"""Where a file is wrong, line and column: asked only once DuckDB has stumbled over it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from .plain import refuse

csv.field_size_limit(2**24)


def rows_of(path: Path, delimiter: str, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the lines that they begin in, blank ones left out."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(islice(file, skip, None), delimiter=delimiter, strict=True)
        begin = skip + 1
        try:
            for row in reader:
                if row:
                    yield begin, row
                begin = skip + reader.line_num + 1
        except csv.Error:
            refuse(
                f"Line {begin}: a double quote is in the wrong place, or never closed. "
                "Write a quote inside a quoted value twice."
            )


def blame_csv(path: Path, delimiter: str, skip: int, names: Sequence[str]) -> None:
    """Refuse the first row of ``path`` that has more or fewer values than there are ``names``."""
    for line, row in rows_of(path, delimiter, skip):
        if len(row) != len(names):
            values = "value" if len(row) == 1 else "values"
            hint = (
                f"the first without a name is “{_short(row[len(names)])}”"
                if len(row) > len(names)
                else f"“{_short(names[len(row)])}” is missing"
            )
            refuse(
                f"Line {line} has {len(row)} {values}, and the header names {len(names)} columns: "
                f"{hint}. Put a value that contains {_named(delimiter)} in double quotes."
            )


def blame_json(path: Path) -> None:
    """Refuse the first line of ``path`` that is no JSON object."""
    with path.open(encoding="utf-8") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                found = json.loads(text.rstrip())
            except json.JSONDecodeError as error:
                refuse(f"Line {line}, column {error.colno}: this is no JSON ({error.msg}).")
            except (ValueError, RecursionError) as error:
                refuse(f"Line {line}: this is no JSON ({error}).")
            if not isinstance(found, dict):
                refuse(f"Line {line} is no object: write each row as {{“name”: value, …}}.")


def line_of(path: Path, row: int, delimiter: str | None, skip: int) -> int:
    """The line in which a row begins; the first is row 0. Without a delimiter, of JSON lines."""
    if delimiter:
        return next(islice(rows_of(path, delimiter, skip), row, None), (0, []))[0]
    with path.open(encoding="utf-8") as file:
        filled = (line for line, text in enumerate(file, 1) if text.strip())
        return next(islice(filled, row, None), 0)


def _named(delimiter: str) -> str:
    return {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}[delimiter]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
