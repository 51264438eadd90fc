"""Reading of uploads: CSV, TSV, JSON lines or Parquet becomes a Parquet file with typed columns.

DuckDB reads and writes within limited memory. A file is read line by line only if DuckDB cannot
read it, to find the line with the error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.conf import conf
from plots.sources.parquet.failures import disk_error
from plots.sources.parquet.sql import ColumnType, quote_name, quote_text
from plots.values.csv_rows import read_rows

from .decoding import decode, refuse
from .diagnosis import diagnose_csv, diagnose_json, rows_of
from .parquet_types import value_of
from .type_inference import find_strings, infer_types
from .workspace import Column, ProgressCallback, Workspace, connect

logger = logging.getLogger("plots")

MAX_CELLS = 4_000_000_000
DELIMITERS = ",;\t|"

SQL_TYPES: dict[ColumnType, str] = {
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "moment": "TIMESTAMPTZ",
    "text": "VARCHAR",
}


@dataclass(frozen=True)
class Table:
    """An upload that was read: a Parquet file, its columns, and warnings for its owner."""

    path: Path
    dtypes: Mapping[str, ColumnType]
    rows: int
    warnings: tuple[str, ...] = ()


def read_table(
    upload: Path, name: str, folder: Path, progress: ProgressCallback | None = None
) -> Table:
    """Read an upload.

    Parameters
    ----------
    upload : Path
        The file as it was uploaded.
    name : str
        The name that its owner gave it.
    folder : Path
        An empty folder, in which the Parquet file is written.
    progress : callable, optional
        Called with the name of a step and the share of it that is done.

    Raises
    ------
    PlotError
        If the file is not a table. The message names the line and how to fix it.
    """
    decoded = decode(upload, name, folder / "decoded")
    readers = {"parquet": _read_parquet, "json": _read_json}
    with connect(folder) as connection:
        work = Workspace(connection, decoded, folder, progress)
        readers.get(decoded.format, _read_csv)(work)
        return _finish(work)


def _try(read: Callable[[], Any], format: str, diagnose: Callable[[], None]) -> None:
    """Call ``read``. If DuckDB cannot read the file, ``diagnose`` it.

    DuckDB's own message is logged only: it is in English and contains paths of the server.
    """
    import duckdb  # only uploads need it

    try:
        read()
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as error:
        if disk_error(error):
            raise
        diagnose()
        logger.warning("DuckDB cannot read an upload as %s: %s", format, error)
        message = _(
            "The file cannot be read as %(format)s. It may be damaged or incomplete, or use a "
            "feature that is not supported. Write it again, or save it as CSV."
        )
        refuse(message % {"format": format})


def _read_csv(work: Workspace) -> None:
    path = work.decoded.path
    delimiter, work.skip, header = _read_header(path, work.decoded.format)
    work.delimiter = delimiter
    if work.skip:
        message = ngettext(
            "The first line begins with # and was left out.",
            "The first %(count)d lines begin with # and were left out.",
            work.skip,
        )
        work.warnings.append(message % {"count": work.skip})
    names = work.add_columns(header)
    first = next(rows_of(path, delimiter, work.skip))[1]
    lines = work.skip + 1 + sum(value.count("\n") for value in first)
    types = ", ".join(f"'{each.raw}': 'VARCHAR'" for each in work.columns)
    source = (
        f"read_csv({quote_text(str(path))}, auto_detect = false, header = false, skip = {lines}, "
        f"delim = {quote_text(delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', "
        f"strict_mode = true, max_line_size = 2097152, buffer_size = 4194304, "
        f"columns = {{{types}}})"
    )
    values = ", ".join(f"nullif(trim({c.raw}, E' \\t'), '') AS {c.raw}" for c in work.columns)
    _try(
        lambda: work.write("raw", f"SELECT {values} FROM {source}", "Reading"),
        "CSV",
        lambda: diagnose_csv(path, delimiter, work.skip, names),
    )
    infer_types(work, {})


def _read_header(path: Path, format: str) -> tuple[str, int, list[str]]:
    """The delimiter, the number of comment lines above the header, and the header."""
    with path.open(encoding="utf-8") as file:
        skip = 0
        for line in file:
            if not line.startswith("#") and line.strip():
                break
            skip += 1
        else:
            refuse(_("The file has no header. Write the names of the columns in its first line."))
        lines = [line, *(text for _i, text in zip(range(50), file, strict=False))]
    delimiter = "\t"
    if format != "tsv":
        delimiter = max(DELIMITERS, key=lambda each: _regularity(lines, each))
    return delimiter, skip, next(read_rows(lines, delimiter, strict=False))[1]


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """The share of rows that are as long as the first one with this delimiter, and its length."""
    rows = [row for _line, row in read_rows(lines, delimiter, strict=False) if row]
    count = len(rows[0])
    if count == 1:
        return 0.0, 0
    return sum(len(row) == count for row in rows) / len(rows), count


def _read_json(work: Workspace) -> None:
    path = work.decoded.path
    _try(lambda: _extract_json(work, path), "JSON lines", lambda: diagnose_json(path))
    are_strings = find_strings(work)
    # JSON has no NaN, but Python and others write it, without quotes.
    values = ", ".join(
        f"CASE WHEN CAST({c.raw} AS VARCHAR) NOT IN ('NaN', 'Infinity', '-Infinity') "
        f"THEN nullif(trim({c.raw} ->> '$'), '') END AS {c.raw}"
        for c in work.columns
    )
    work.write("raw", f"SELECT {values} FROM {work.file('json')}", "Reading")
    infer_types(work, are_strings)


def _extract_json(work: Workspace, path: Path) -> None:
    """Write the values of all keys, in the order in which the keys first appear."""
    lines = (
        f"read_json_objects({quote_text(str(path))}, format = 'newline_delimited', "
        "maximum_object_size = 4194304)"
    )
    found = work.connection.execute(
        "SELECT k FROM (SELECT unnest(json_keys(json)) AS k, row_number() OVER () AS n, "
        f"generate_subscripts(json_keys(json), 1) AS i FROM {lines}) "
        f"GROUP BY k ORDER BY min(n * 100000 + i) LIMIT {conf.MAX_COLUMNS + 1}"
    ).fetchall()
    (others,) = work.connection.execute(
        f"SELECT count(*) FILTER (json_type(json) <> 'OBJECT') FROM {lines}"
    ).fetchone()
    if others:
        diagnose_json(path)
    keys = [key for (key,) in found]
    work.add_columns(keys)
    values = ", ".join(
        f"json_extract(json, {quote_text(_json_path(key))}) AS {column.raw}"
        for key, column in zip(keys, work.columns, strict=True)
    )
    work.write("json", f"SELECT {values} FROM {lines}", "Reading")


def _json_path(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'


def _read_parquet(work: Workspace) -> None:
    _try(lambda: _copy_parquet(work), "Parquet", lambda: None)


def _copy_parquet(work: Workspace) -> None:
    """Write the columns of supported types."""
    source = f"read_parquet({quote_text(str(work.decoded.path))})"
    found = work.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    (count,) = work.connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    work.add_columns([row[0] for row in found])
    if count * len(found) > MAX_CELLS:
        message = _("The table has %(count)s rows of %(columns)d columns. Upload a smaller one.")
        refuse(message % {"count": f"{count:,}", "columns": len(found)}, "too-much")
    columns: list[Column] = []
    values: list[str] = []
    for column, (name, sql_type, *_rest) in zip(work.columns, found, strict=True):
        if not (value := value_of(sql_type, quote_name(name))):
            message = _("“%(name)s” was left out because it holds values of type %(type)s.")
            work.warnings.append(message % {"name": column.name, "type": sql_type.lower()})
            continue
        column.dtype, sql = value
        columns.append(column)
        values.append(f"{sql} AS {column.raw}")
    work.columns = columns
    if not values:
        refuse(_("No column of this file holds numbers, dates or text."))
    work.write("raw", f"SELECT {', '.join(values)} FROM {source}", "Reading")


def _finish(work: Workspace) -> Table:
    values = ", ".join(f"{_typed(each)} AS {quote_name(each.name)}" for each in work.columns)
    path = work.write("table", f"SELECT {values} FROM {work.file('raw')}", "Writing")
    (count,) = work.connection.execute(f"SELECT count(*) FROM {work.file('table')}").fetchone()
    if not count:
        refuse(_("The file has columns but no rows. Add at least one row."))
    dtypes = {each.name: each.dtype for each in work.columns}
    return Table(path, dtypes, count, tuple(work.warnings))


def _typed(column: Column) -> str:
    """SQL: the values of a column as they are stored."""
    if column.notation:
        return column.notation.to_sql(column.raw)
    if column.gaps:
        gaps = ", ".join(map(quote_text, column.gaps))
        return f"CASE WHEN {column.raw} NOT IN ({gaps}) THEN {column.raw} END"
    return f"CAST({column.raw} AS {SQL_TYPES[column.dtype]})"
