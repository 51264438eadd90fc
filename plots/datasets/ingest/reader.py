"""From an uploaded file to the Parquet file that is kept: every column of one sort, gaps as gaps.

DuckDB reads and writes within a bounded memory. Only where it stumbles is the file looked at line
by line, to say where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.conf import conf
from plots.sources.parquet.sql import ColumnType, quote_name, quote_text
from plots.values.csv_rows import read_rows

from .decoding import make_plain, refuse
from .diagnosis import blame_csv, blame_json, rows_of
from .formats import within_every_calendar
from .type_inference import settle, spoken_of
from .workspace import Column, Tell, Working, opened

MOST_CELLS = 4_000_000_000
DELIMITERS = ",;\t|"

TYPES: dict[ColumnType, str] = {
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "moment": "TIMESTAMPTZ",
    "text": "VARCHAR",
}
_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*")


@dataclass(frozen=True)
class Table:
    """A file that may be kept: what is in it, and what its owner should know about it."""

    path: Path
    dtypes: Mapping[str, ColumnType]
    rows: int
    warnings: tuple[str, ...] = ()


def read_table(upload: Path, name: str, folder: Path, tell: Tell | None = None) -> Table:
    """``upload``, which its owner calls ``name``, as Parquet in ``folder``, an empty one.

    Raises PlotError for a file that is no table, with the line and what to do about it.
    """
    plain = make_plain(upload, name, folder / "plain")
    read = {"parquet": _of_parquet, "json": _of_json}.get(plain.dtype, _of_csv)
    with opened(folder) as connection:
        return read(Working(connection, plain, folder, tell))


def _of_csv(work: Working) -> Table:
    import duckdb

    path = work.plain.path
    work.delimiter, work.skip, header = _header(path, work.plain.dtype)
    if work.skip:
        message = ngettext(
            "The first line begins with # and was left out.",
            "The first %(count)d lines begin with # and were left out.",
            work.skip,
        )
        work.warnings.append(message % {"count": work.skip})
    named = work.name(header)
    below = next(rows_of(path, work.delimiter, work.skip))[1]
    lines = work.skip + 1 + sum(value.count("\n") for value in below)
    names = ", ".join(f"'{each.raw}': 'VARCHAR'" for each in work.columns)
    source = (
        f"read_csv({quote_text(str(path))}, auto_detect = false, header = false, skip = {lines}, "
        f"delim = {quote_text(work.delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', "
        f"strict_mode = true, max_line_size = 2097152, buffer_size = 4194304, "
        f"columns = {{{names}}})"
    )
    made = ", ".join(f"nullif(trim({c.raw}, E' \\t'), '') AS {c.raw}" for c in work.columns)
    try:
        work.write("raw", f"SELECT {made} FROM {source}", "Reading")
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as error:
        blame_csv(path, work.delimiter, work.skip, named)
        refuse(_("This could not be read as CSV: %(error)s") % {"error": _first_line(error)})
    settle(work, {})
    return _finish(work)


def _of_json(work: Working) -> Table:
    import duckdb

    path = quote_text(str(work.plain.path))
    lines = (
        f"read_json_objects({path}, format = 'newline_delimited', maximum_object_size = 4194304)"
    )
    most = conf.MAX_COLUMNS + 1
    try:
        keys = work.connection.execute(
            "SELECT k FROM (SELECT unnest(json_keys(json)) AS k, row_number() OVER () AS n, "
            f"generate_subscripts(json_keys(json), 1) AS i FROM {lines}) "
            f"GROUP BY k ORDER BY min(n * 100000 + i) LIMIT {most}"
        ).fetchall()
        (odd,) = work.connection.execute(
            f"SELECT count(*) FILTER (json_type(json) <> 'OBJECT') FROM {lines}"
        ).fetchone()
        if odd:
            blame_json(work.plain.path)
        work.name([key for (key,) in keys])
        by_key = dict(zip([key for (key,) in keys], work.columns, strict=True))
        made = ", ".join(
            f"json_extract(json, {quote_text(_path_to(key))}) AS {each.raw}"
            for key, each in by_key.items()
        )
        work.write("spoken", f"SELECT {made} FROM {lines}", "Reading")
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as error:
        blame_json(work.plain.path)
        refuse(_("This could not be read as JSON lines: %(error)s") % {"error": _first_line(error)})
    spoken = spoken_of(work)
    # JSON has no NaN, but Python and others write it, outside of quotes.
    made = ", ".join(
        f"CASE WHEN CAST({c.raw} AS VARCHAR) NOT IN ('NaN', 'Infinity', '-Infinity') "
        f"THEN nullif(trim({c.raw} ->> '$'), '') END AS {c.raw}"
        for c in work.columns
    )
    work.write("raw", f"SELECT {made} FROM {work.file('spoken')}", "Reading")
    settle(work, spoken)
    return _finish(work)


def _of_parquet(work: Working) -> Table:
    import duckdb

    source = f"read_parquet({quote_text(str(work.plain.path))})"
    try:
        found = work.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        (count,) = work.connection.execute(f"SELECT count(*) FROM {source}").fetchone()
        work.name([row[0] for row in found])
        if count * len(found) > MOST_CELLS:
            message = _("%(count)s rows of %(columns)d columns are too much.")
            refuse(message % {"count": f"{count:,}", "columns": len(found)}, "too-much")
        columns: list[Column] = []
        made: list[str] = []
        for column, (name, kind, *_rest) in zip(work.columns, found, strict=True):
            if not (value := _of_type(kind, quote_name(name))):
                message = _("“%(name)s” was left out: it holds %(kind)s.")
                work.warnings.append(message % {"name": column.name, "kind": kind.lower()})
                continue
            column.dtype, sql = value
            columns.append(column)
            made.append(f"{sql} AS {column.raw}")
        work.columns = columns
        if not made:
            refuse(_("No column of this file holds numbers, dates or text."))
        work.write("raw", f"SELECT {', '.join(made)} FROM {source}", "Reading")
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as error:
        refuse(_("This could not be read as Parquet: %(error)s") % {"error": _first_line(error)})
    return _finish(work)


def _finish(work: Working) -> Table:
    made = ", ".join(f"{_final(each)} AS {quote_name(each.name)}" for each in work.columns)
    path = work.write("table", f"SELECT {made} FROM {work.file('raw')}", "Writing")
    (count,) = work.connection.execute(f"SELECT count(*) FROM {work.file('table')}").fetchone()
    if not count:
        refuse(_("The file has columns and no rows."))
    sorts = {each.name: each.dtype for each in work.columns}
    return Table(path, sorts, count, tuple(work.warnings))


def _header(path: Path, sort: str) -> tuple[str, int, list[str]]:
    """What parts values, how many lines of remarks stand above, and the header itself."""
    with path.open(encoding="utf-8") as file:
        skip = 0
        for line in file:
            if not line.startswith("#") and line.strip():
                break
            skip += 1
        else:
            refuse(_("The file has no header: its first line names the columns."))
        lines = [line, *(text for _i, text in zip(range(50), file, strict=False))]
    if sort == "tsv":
        return "\t", skip, _first_row(lines, "\t")
    best = max(DELIMITERS, key=lambda each: _alike(lines, each))
    return best, skip, _first_row(lines, best)


def _first_row(lines: Sequence[str], delimiter: str) -> list[str]:
    return next(read_rows(lines, delimiter, strict=False))[1]


def _alike(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """How well ``delimiter`` parts ``lines`` into rows of one length."""
    rows = [row for _line, row in read_rows(lines, delimiter, strict=False) if row]
    count = len(rows[0])
    if count == 1:
        return 0.0, 0
    return sum(len(row) == count for row in rows) / len(rows), count


def _final(column: Column) -> str:
    """The SQL of a column's values as they are kept."""
    if column.style:
        return column.style.read(column.raw)
    if column.gaps:
        words = ", ".join(map(quote_text, column.gaps))
        return f"CASE WHEN {column.raw} NOT IN ({words}) THEN {column.raw} END"
    return f"CAST({column.raw} AS {TYPES[column.dtype]})"


def _of_type(kind: str, column: str) -> tuple[ColumnType, str] | None:
    """What a Parquet column of DuckDB's type ``kind`` holds, and the SQL of its values."""
    if _NUMBERS.fullmatch(kind):
        number = f"CAST({column} AS DOUBLE)"
        return "number", f"CASE WHEN abs({number}) <= 1e300 THEN {number} END"
    if kind in ("BOOLEAN", "DATE"):
        return ("boolean", column) if kind == "BOOLEAN" else ("date", _finite(column, "DATE"))
    if kind == "TIMESTAMP WITH TIME ZONE":
        return "moment", within_every_calendar(column)
    if kind.startswith("TIMESTAMP"):
        return "datetime", _finite(f"CAST({column} AS TIMESTAMP)", "TIMESTAMP")
    if kind in ("VARCHAR", "UUID", "TIME") or kind.startswith("ENUM"):
        return "text", f"nullif(trim(CAST({column} AS VARCHAR)), '')"
    return None


def _finite(value: str, kind: str) -> str:
    """Without what no calendar has: years before 1 and after 9999, and infinity."""
    first, end = f"{kind} '0001-01-01'", f"{kind} '9999-12-31'"
    return f"CASE WHEN {value} BETWEEN {first} AND {end} THEN {value} END"


def _path_to(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
