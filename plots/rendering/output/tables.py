"""The data of a plot as csv and json, and its description as text."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Any

from plots.data.model import Data
from plots.description.alt_text import describe, omissions
from plots.errors import PlotError
from plots.spec.plot_spec import PlotSpec
from plots.values.scalars import Value, write_value


def write_table(spec: PlotSpec, data: Data, *, is_blank: bool = False) -> bytes:
    """Return ``data`` in the format of ``spec``. See ``describe`` about ``is_blank``."""
    if spec.format == "txt":
        return "".join(f"{line}\n" for line in describe(spec, data, is_blank=is_blank)).encode()
    if not data.table:
        raise PlotError(
            f"A {spec.kind} plot has no columns to give as {spec.format}.", "no-data", "format"
        )
    return _csv(spec, data) if spec.format == "csv" else _json(spec, data)


def _csv(spec: PlotSpec, data: Data) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    # A note is the heading of an empty column: people see it, and programs can ignore it.
    note = list(filter(None, [omissions(spec, data)]))
    writer.writerow([_cell(name) for name in [*data.table, *note]])
    rows = _rows(list(data.table.values()))
    writer.writerows([*map(_cell, row), *[""] * len(note)] for row in rows)
    return out.getvalue().encode()


def _rows(columns: Sequence[Sequence[Value]]) -> zip[tuple[Value, ...]]:
    return zip(*columns, strict=True)


def _cell(value: Value) -> str:
    """Return a cell. Text that a spreadsheet would run as a formula gets a quote in front."""
    text = write_value(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else text


def _json(spec: PlotSpec, data: Data) -> bytes:
    columns = [
        {"name": name, "values": [_plain(value) for value in column]}
        for name, column in data.table.items()
    ]
    body: dict[str, Any] = {"kind": spec.kind, "title": spec.frame.title, "columns": columns}
    if note := omissions(spec, data):
        body["note"] = note
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _plain(value: Value) -> float | int | str | None:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if value is None or isinstance(value, (bool, float, str)):
        return value
    return value.isoformat() if isinstance(value, date) else write_value(value)
