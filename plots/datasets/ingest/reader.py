"""Reading of uploads: CSV, TSV, JSON or Parquet becomes a Parquet file with typed columns.

DuckDB reads and writes within limited memory. A file is read line by line only if DuckDB cannot
read it, to find the line with the error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from plots.conf import conf
from plots.sources.parquet.failures import disk_error
from plots.sources.parquet.sql import ColumnType, quote_name, quote_text

from .decoding import decode, refuse
from .diagnosis import diagnose_csv, diagnose_json, diagnose_json_array
from .layout import read_layout
from .parquet_types import value_of
from .type_inference import infer_types
from .workspace import Column, ProgressCallback, Workspace, connect

logger = logging.getLogger("plots")

MAX_CELLS = 4_000_000_000
# Spaces of all kinds, which are no part of a value at its ends.
_BLANKS = "E' \\t\u00a0\u202f'"

SQL_TYPES: dict[ColumnType, str] = {
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "moment": "TIMESTAMPTZ",
    "text": "VARCHAR",
    "duration": "DOUBLE",
    "time": "DOUBLE",
}


@dataclass(frozen=True)
class Table:
    """An upload that was read: a Parquet file, its columns, and warnings for its owner.

    ``formats`` are the number formats of columns of money or shares.
    """

    path: Path
    dtypes: Mapping[str, ColumnType]
    formats: Mapping[str, str]
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
    readers = {"parquet": _read_parquet, "json": _read_json, "array": _read_json}
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
    layout = read_layout(path, work.decoded.format)
    work.delimiter, work.skip = layout.delimiter, layout.skip
    work.warnings.extend(layout.warnings)
    names = work.add_columns(layout.header)
    types = ", ".join(f"'{each.raw}': 'VARCHAR'" for each in work.columns)
    source = (
        f"read_csv({quote_text(str(path))}, auto_detect = false, header = false, "
        f"skip = {layout.skip}, delim = {quote_text(layout.delimiter)}, quote = '\"', "
        f"escape = '\"', new_line = '\\n', strict_mode = true, max_line_size = 2097152, "
        f"buffer_size = 4194304, columns = {{{types}}})"
    )
    values = ", ".join(f"nullif(trim({c.raw}, {_BLANKS}), '') AS {c.raw}" for c in work.columns)
    _try(
        lambda: work.write("raw", f"SELECT {values} FROM {source}", "Reading"),
        "CSV",
        lambda: diagnose_csv(path, layout.delimiter, layout.skip, names),
    )
    infer_types(work)


def _read_json(work: Workspace) -> None:
    path = work.decoded.path
    diagnose = diagnose_json_array if work.decoded.format == "array" else diagnose_json
    _try(lambda: _extract_json(work, path), "JSON", lambda: diagnose(path))
    _drop_nested(work)
    # JSON has no NaN, but Python and others write it, without quotes.
    values = ", ".join(
        f"CASE WHEN CAST({c.raw} AS VARCHAR) NOT IN ('NaN', 'Infinity', '-Infinity') "
        f"THEN nullif(trim({c.raw} ->> '$'), '') END AS {c.raw}"
        for c in work.columns
    )
    work.write("raw", f"SELECT {values} FROM {work.file('json')}", "Reading")
    infer_types(work)


def _extract_json(work: Workspace, path: Path) -> None:
    """Write the values of all keys, in the order in which the keys first appear."""
    is_array = work.decoded.format == "array"
    diagnose = diagnose_json_array if is_array else diagnose_json
    layout = "array" if is_array else "newline_delimited"
    objects = (
        f"read_json_objects({quote_text(str(path))}, format = '{layout}', "
        "maximum_object_size = 4194304)"
    )
    found = work.connection.execute(
        "SELECT k FROM (SELECT unnest(json_keys(json)) AS k, row_number() OVER () AS n, "
        f"generate_subscripts(json_keys(json), 1) AS i FROM {objects}) "
        f"GROUP BY k ORDER BY min(n * 100000 + i) LIMIT {conf.MAX_COLUMNS + 1}"
    ).fetchall()
    others, size = work.connection.execute(
        f"SELECT count(*) FILTER (json_type(json) <> 'OBJECT'), avg(strlen(json)) FROM {objects}"
    ).fetchone()
    if others or size is None:
        diagnose(path)
    if is_array:  # its lines are not its rows
        work.decoded.row_bytes = round(size)
    keys = [key for (key,) in found]
    work.add_columns(keys)
    # All paths at once: DuckDB parses an object for each call, and keeps all that it parsed.
    paths = ", ".join(quote_text(_json_path(key)) for key in keys)
    values = ", ".join(f"v[{index}] AS {each.raw}" for index, each in enumerate(work.columns, 1))
    select = f"SELECT json_extract(json, [{paths}]) AS v FROM {objects}"
    work.write("json", f"SELECT {values} FROM ({select})", "Reading")


def _drop_nested(work: Workspace) -> None:
    """Remove columns of lists or objects, and find those that hold strings."""
    expressions = [
        f"count(*) FILTER (json_type({column.raw}) {types})"
        for column in work.columns
        for types in ("= 'VARCHAR'", "IN ('OBJECT', 'ARRAY')")
    ]
    sql = f"SELECT {', '.join(expressions)} FROM {work.file('json')}"
    counts = work.connection.execute(sql).fetchone()
    columns = []
    for column, strings, nested in zip(work.columns, counts[::2], counts[1::2], strict=True):
        if nested:
            message = _("“%(name)s” was left out because it holds lists or objects.")
            work.warnings.append(message % {"name": column.name})
            continue
        columns.append(column)
        column.is_quoted = bool(strings)
    work.columns = columns
    if not columns:
        refuse(_("No column holds numbers, dates or text."))


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
    select = f"SELECT {values} FROM {work.file('raw')}"
    if work.delimiter:  # spreadsheets write rows of delimiters only
        raw = ", ".join(each.raw for each in work.columns)
        select += f" WHERE coalesce({raw}, NULL) IS NOT NULL"
    path = work.write("table", select, "Writing")
    (count,) = work.connection.execute(f"SELECT count(*) FROM {work.file('table')}").fetchone()
    if not count:
        refuse(_("The file has columns but no rows. Add at least one row."))
    dtypes = {each.name: each.dtype for each in work.columns}
    formats = {c.name: c.notation.format for c in work.columns if c.notation and c.notation.format}
    return Table(path, dtypes, formats, count, tuple(work.warnings))


def _typed(column: Column) -> str:
    """SQL: the values of a column as they are stored."""
    if column.notation:
        return column.notation.to_sql(column.raw)
    if column.gaps:
        gaps = ", ".join(map(quote_text, column.gaps))
        return f"CASE WHEN {column.raw} NOT IN ({gaps}) THEN {column.raw} END"
    return f"CAST({column.raw} AS {SQL_TYPES[column.dtype]})"
