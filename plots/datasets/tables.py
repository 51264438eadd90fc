"""From an uploaded file to the Parquet file that is kept: every column of one sort, gaps as gaps.

DuckDB reads and writes within a bounded memory. Only where it stumbles is the file looked at line
by line, to say where.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol

from ..conf import conf
from ..sources.parquet import ROW, Sort, literal, quoted
from .plain import Plain, make_plain, refuse
from .slips import blame_csv, blame_json, line_of, rows_of
from .styles import COMMA, DAY_FIRST, GAPS, GROUPED, MONTH_FIRST, Style, candidates

MEMORY = 180  # megabytes that DuckDB may hold; it takes some more than it counts
# With a second thread, a gigabyte is read in two thirds of the time, and in three times the memory:
# what comes later in the file has to wait for what comes before.
THREADS = 1
ROW_GROUP = 122_880  # rows that are compressed together, of a narrow table
SAMPLE = 200_000  # values that are looked at before a column's sort is supposed
AT_ONCE = 40  # columns that one statement checks
LONGEST_NAME = 100
MOST_CELLS = 4_000_000_000
DELIMITERS = ",;\t|"

TYPES: dict[Sort, str] = {
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "text": "VARCHAR",
}
_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*")


class Tell(Protocol):
    def __call__(self, doing: str, share: float) -> None:
        """``share``, from 0 to 1, of what is being done is done."""


@dataclass(frozen=True)
class Table:
    """A file that may be kept: what is in it, and what its owner should know about it."""

    path: Path
    sorts: Mapping[str, Sort]
    rows: int
    warnings: tuple[str, ...] = ()


def read_table(upload: Path, name: str, folder: Path, tell: Tell | None = None) -> Table:
    """``upload``, which its owner calls ``name``, as Parquet in ``folder``, an empty one.

    Raises PlotError for a file that is no table, with the line and what to do about it.
    """
    plain = make_plain(upload, name, folder / "plain")
    with opened(folder) as connection:
        reading = _Reading(connection, plain, folder, tell)
        read = {"parquet": reading.of_parquet, "json": reading.of_json}
        return read.get(plain.sort, reading.of_csv)()


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """A connection that can read and write in ``folder`` and nowhere else."""
    import duckdb

    spill = folder / "spill"
    settings = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY}MB",
        "temp_directory": str(spill),
        "max_temp_directory_size": f"{conf.MAX_UNPACKED}MB",
    }
    connection = duckdb.connect(config=settings)
    connection.execute(f"SET allowed_directories = [{literal(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    try:
        yield connection
    except (duckdb.OutOfMemoryException, MemoryError):
        refuse("There is too much in one row for the memory of this site; upload less.", "too-much")
    finally:
        connection.close()


@dataclass
class _Column:
    """A column while it is read: ``raw`` is what it is called meanwhile."""

    name: str
    raw: str
    style: Style | None = None
    sort: Sort = "text"
    gaps: tuple[str, ...] = ()


@dataclass
class _Reading:
    connection: Any
    plain: Plain
    folder: Path
    tell: Tell | None = None
    columns: list[_Column] = field(default_factory=list)
    delimiter: str | None = None
    skip: int = 0

    @property
    def warnings(self) -> list[str]:
        return self.plain.warnings

    def of_csv(self) -> Table:
        import duckdb

        path = self.plain.path
        self.delimiter, self.skip, header = _header(path, self.plain.sort)
        if self.skip:
            self.warnings.append(f"The first {self.skip} lines begin with # and were left out.")
        named = self._name(header)
        below = next(rows_of(path, self.delimiter, self.skip))[1]
        lines = self.skip + 1 + sum(value.count("\n") for value in below)
        names = ", ".join(f"'{each.raw}': 'VARCHAR'" for each in self.columns)
        source = (
            f"read_csv({literal(str(path))}, auto_detect = false, header = false, skip = {lines}, "
            f"delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', "
            f"strict_mode = true, max_line_size = 2097152, buffer_size = 4194304, "
            f"columns = {{{names}}})"
        )
        made = ", ".join(f"nullif(trim({c.raw}, E' \\t'), '') AS {c.raw}" for c in self.columns)
        try:
            self._write("raw", f"SELECT {made} FROM {source}", "Reading")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            blame_csv(path, self.delimiter, self.skip, named)
            refuse(f"This could not be read as CSV: {_first_line(error)}")
        self._settle({})
        return self._finish()

    def of_json(self) -> Table:
        import duckdb

        path = literal(str(self.plain.path))
        lines = (
            f"read_json_objects({path}, format = 'newline_delimited', "
            "maximum_object_size = 4194304)"
        )
        most = conf.MAX_COLUMNS + 1
        try:
            keys = self.connection.execute(
                "SELECT k FROM (SELECT unnest(json_keys(json)) AS k, row_number() OVER () AS n, "
                f"generate_subscripts(json_keys(json), 1) AS i FROM {lines}) "
                f"GROUP BY k ORDER BY min(n * 100000 + i) LIMIT {most}"
            ).fetchall()
            (odd,) = self.connection.execute(
                f"SELECT count(*) FILTER (json_type(json) <> 'OBJECT') FROM {lines}"
            ).fetchone()
            if odd:
                blame_json(self.plain.path)
            self._name([key for (key,) in keys])
            by_key = dict(zip([key for (key,) in keys], self.columns, strict=True))
            made = ", ".join(
                f"json_extract(json, {literal(_path_to(key))}) AS {each.raw}"
                for key, each in by_key.items()
            )
            self._write("spoken", f"SELECT {made} FROM {lines}", "Reading")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            blame_json(self.plain.path)
            refuse(f"This could not be read as JSON lines: {_first_line(error)}")
        spoken = self._spoken()
        # JSON has no NaN, but Python and others write it, outside of quotes.
        made = ", ".join(
            f"CASE WHEN CAST({c.raw} AS VARCHAR) NOT IN ('NaN', 'Infinity', '-Infinity') "
            f"THEN nullif(trim({c.raw} ->> '$'), '') END AS {c.raw}"
            for c in self.columns
        )
        self._write("raw", f"SELECT {made} FROM {self._file('spoken')}", "Reading")
        self._settle(spoken)
        return self._finish()

    def of_parquet(self) -> Table:
        import duckdb

        source = f"read_parquet({literal(str(self.plain.path))})"
        try:
            found = self.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            (count,) = self.connection.execute(f"SELECT count(*) FROM {source}").fetchone()
            self._name([row[0] for row in found])
            if count * len(found) > MOST_CELLS:
                refuse(f"{count:,} rows of {len(found)} columns are too much.", "too-much")
            columns: list[_Column] = []
            made: list[str] = []
            for column, (name, kind, *_) in zip(self.columns, found, strict=True):
                if not (value := _of_type(kind, quoted(name))):
                    self.warnings.append(f"“{column.name}” was left out: it holds {kind.lower()}.")
                    continue
                column.sort, sql = value
                columns.append(column)
                made.append(f"{sql} AS {column.raw}")
            self.columns = columns
            if not made:
                refuse("No column of this file holds numbers, dates or text.")
            self._write("raw", f"SELECT {', '.join(made)} FROM {source}", "Reading")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            refuse(f"This could not be read as Parquet: {_first_line(error)}")
        return self._finish()

    def _name(self, given: Sequence[str]) -> list[str]:
        """Make the columns of a header, each with a name of its own; what they are called."""
        if len(given) > conf.MAX_COLUMNS:
            much = f"{len(given):,}" if self.delimiter else f"more than {conf.MAX_COLUMNS:,}"
            refuse(
                f"The table has {much} columns; at most {conf.MAX_COLUMNS:,} are taken. "
                "Is it turned over? Write one row for each value instead.",
                "too-much",
            )
        taken = {ROW, "place"}
        for place, name in enumerate(given, 1):
            clean = "".join(c for c in " ".join(name.split()) if c.isprintable())[:LONGEST_NAME]
            clean = clean.strip() or f"column {place}"
            unique, again = clean, 2
            while unique.casefold() in taken:
                unique, again = f"{clean} {again}", again + 1
            taken.add(unique.casefold())
            if not name.strip():
                self.warnings.append(f"Column {place} has no name; it is called “{unique}”.")
            elif unique != name.strip():
                self.warnings.append(f"Column {place}, “{name[:40]}”, is called “{unique}” here.")
            self.columns.append(_Column(unique, f"c{place}"))
        return [column.name for column in self.columns]

    def _settle(self, spoken: Mapping[str, bool]) -> None:
        """Find the sort of each column: what all its values are written as, else text."""
        rows = max(100, SAMPLE // len(self.columns))
        guessed = {}
        for column, texts in self._sampled(rows).items():
            column_ = self.columns[column]
            speaks = spoken.get(column_.raw, False)
            guessed[column_.raw] = candidates(texts, self.delimiter, spoken=speaks)
            formula = next((text for text in texts if text and text.startswith("=")), None)
            if formula:
                message = f"“{column_.name}” holds formulas such as “{formula[:40]}”: kept as text."
                self.warnings.append(message)
        for begin in range(0, len(self.columns), AT_ONCE):
            self._check(self.columns[begin : begin + AT_ONCE], guessed)
        words = {word for each in self.columns if each.style for word in each.gaps}
        for column in self.columns:
            if column.style is None and column.sort == "text":
                column.gaps = tuple(word for word in column.gaps if word in words)
        if words:
            shown = ", ".join(f"“{word}”" for word in sorted(words))
            self.warnings.append(f"{shown} stands for no value.")

    def _sampled(self, rows: int) -> dict[int, list[str | None]]:
        found = self.connection.execute(f"SELECT * FROM {self._file('raw')} LIMIT {rows}")
        table = found.fetchall()
        if not table:
            refuse("The file names its columns and has no rows below.")
        columns: dict[int, list[str | None]] = {}
        for place, texts in enumerate(zip(*table, strict=True)):
            columns[place] = [*texts]
            if not any(texts):
                raw = self.columns[place].raw
                sql = f"SELECT {raw} FROM {self._file('raw')} WHERE {raw} IS NOT NULL LIMIT 1000"
                columns[place] = [text for (text,) in self.connection.execute(sql).fetchall()]
        return columns

    def _check(self, columns: Sequence[_Column], guessed: Mapping[str, Sequence[Style]]) -> None:
        """Hold all values of ``columns`` against what they are supposed to be."""
        gaps = ", ".join(map(literal, GAPS))
        made = []
        for column in columns:
            raw = column.raw
            made.append(f"count({raw})")
            made.append(f"list(DISTINCT {raw}) FILTER ({raw} IN ({gaps}))")
            for style in guessed[raw]:
                misfit = f"{raw} NOT IN ({gaps}) AND NOT {style.fits(raw)}"
                made.append(f"count(*) FILTER ({misfit})")
            made.append(f"count(*) FILTER (regexp_full_match({raw}, {literal(NAMES_OR_NONE)}))")
        sql = f"SELECT {', '.join(made)} FROM {self._file('raw')}"
        answers = iter(self._run(sql, "Checking").fetchone())
        for column in columns:
            known, words = next(answers), next(answers)
            styles = guessed[column.raw]
            misfits = {style.name: (style, next(answers)) for style in styles}
            names = next(answers)
            column.gaps = tuple(words or ())
            fitting = [style for style, count in misfits.values() if not count]
            if not known:
                column.sort = "number"  # of which a gap is nothing else
                self.warnings.append(f"“{column.name}” has no values.")
            elif DAY_FIRST in fitting and MONTH_FIRST in fitting:
                self.warnings.append(
                    f"“{column.name}” is text: in its dates day and month may be either; "
                    "write them as 2026-01-31."
                )
            elif fitting and not (fitting[0].sort == "number" and names):
                column.style = fitting[0]
                column.sort = fitting[0].sort
                self._tell_style(column)
            elif fitting:
                message = f"“{column.name}” is text: with its leading zeros it names, not counts."
                self.warnings.append(message)
            elif misfits:
                self._tell_misfit(column, *min(misfits.values(), key=lambda each: each[1]), known)

    def _tell_style(self, column: _Column) -> None:
        if column.style in (COMMA, GROUPED):
            shown = column.style.name if column.style else ""
            message = f"“{column.name}” was read as numbers written like {shown}."
            self.warnings.append(message)

    def _tell_misfit(self, column: _Column, style: Style, count: int, known: int) -> None:
        raw, gaps = column.raw, ", ".join(map(literal, GAPS))
        sql = (
            f"SELECT {ROW}, {raw} FROM {self._file('raw', numbered=True)} "
            f"WHERE {raw} NOT IN ({gaps}) AND NOT {style.fits(raw)} ORDER BY {ROW} LIMIT 1"
        )
        row, text = self.connection.execute(sql).fetchone()
        skip = self.skip + 1 if self.delimiter else 0
        line = line_of(self.plain.path, row, self.delimiter, skip)
        self.warnings.append(
            f"“{column.name}” is text: line {line} has “{text[:40]}”, which is not written like "
            f"{style.name}. So it is with {count:,} of {known:,} values."
        )

    def _spoken(self) -> dict[str, bool]:
        """Which columns of JSON hold strings; those that hold lists or objects are left out."""
        made = [
            f"count(*) FILTER (json_type({c.raw}) {fits})"
            for c in self.columns
            for fits in ("= 'VARCHAR'", "IN ('OBJECT', 'ARRAY')")
        ]
        sql = f"SELECT {', '.join(made)} FROM {self._file('spoken')}"
        counts = self.connection.execute(sql).fetchone()
        spoken, kept = {}, []
        for column, texts, nested in zip(self.columns, counts[::2], counts[1::2], strict=True):
            if nested:
                message = f"“{column.name}” was left out: it holds lists or objects."
                self.warnings.append(message)
                continue
            kept.append(column)
            spoken[column.raw] = bool(texts)
        self.columns = kept
        if not kept:
            refuse("No column holds numbers, dates or text.")
        return spoken

    def _finish(self) -> Table:
        made = ", ".join(f"{_final(each)} AS {quoted(each.name)}" for each in self.columns)
        path = self._write("table", f"SELECT {made} FROM {self._file('raw')}", "Writing")
        (count,) = self.connection.execute(f"SELECT count(*) FROM {self._file('table')}").fetchone()
        if not count:
            refuse("The file has columns and no rows.")
        sorts = {each.name: each.sort for each in self.columns}
        return Table(path, sorts, count, tuple(self.warnings))

    def _file(self, name: str, *, numbered: bool = False) -> str:
        extra = ", file_row_number = true" if numbered else ""
        return f"read_parquet({literal(str(self.folder / name))}{extra})"

    def _write(self, name: str, select: str, doing: str) -> Path:
        path = self.folder / name
        # Wide tables are compressed in fewer rows, or those would not fit into memory.
        rows = max(2048, min(ROW_GROUP, ROW_GROUP * 8 // len(self.columns)) // 2048 * 2048)
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}"
        self._run(f"COPY ({select}) TO {literal(str(path))} ({options})", doing)
        return path

    def _run(self, sql: str, doing: str) -> Any:
        if self.tell is None:
            return self.connection.execute(sql)
        done = Event()
        watcher = Thread(target=self._watch, args=(self.tell, doing, done), daemon=True)
        watcher.start()
        try:
            return self.connection.execute(sql)
        finally:
            done.set()
            watcher.join()
            self.tell(doing, 1.0)

    def _watch(self, tell: Tell, doing: str, done: Event) -> None:
        while not done.wait(0.1):
            share = self.connection.query_progress() / 100
            tell(doing, min(max(share, 0.0), 1.0))


NAMES_OR_NONE = r"[+-]?0\d+|\d{16,}"


def _header(path: Path, sort: str) -> tuple[str, int, list[str]]:
    """What parts values, how many lines of remarks stand above, and the header itself."""
    with path.open(encoding="utf-8") as file:
        skip = 0
        for line in file:
            if not line.startswith("#") and line.strip():
                break
            skip += 1
        else:
            refuse("The file has no header: its first line names the columns.")
        lines = [line, *(text for _, text in zip(range(50), file, strict=False))]
    if sort == "tsv":
        return "\t", skip, next(csv.reader(lines, delimiter="\t"))
    best = max(DELIMITERS, key=lambda each: _alike(lines, each))
    return best, skip, next(csv.reader(lines, delimiter=best))


def _alike(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """How well ``delimiter`` parts ``lines`` into rows of one length."""
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    count = len(rows[0])
    if count == 1:
        return 0.0, 0
    return sum(len(row) == count for row in rows) / len(rows), count


def _final(column: _Column) -> str:
    """The SQL of a column's values as they are kept."""
    if column.style:
        return column.style.read(column.raw)
    if column.gaps:
        words = ", ".join(map(literal, column.gaps))
        return f"CASE WHEN {column.raw} NOT IN ({words}) THEN {column.raw} END"
    return f"CAST({column.raw} AS {TYPES[column.sort]})"


def _of_type(kind: str, column: str) -> tuple[Sort, str] | None:
    """What a Parquet column of DuckDB's type ``kind`` holds, and the SQL of its values."""
    from django.utils import timezone

    if _NUMBERS.fullmatch(kind):
        number = f"CAST({column} AS DOUBLE)"
        return "number", f"CASE WHEN abs({number}) <= 1e300 THEN {number} END"
    if kind in ("BOOLEAN", "DATE"):
        return ("boolean", column) if kind == "BOOLEAN" else ("date", _finite(column, "DATE"))
    if kind == "TIMESTAMP WITH TIME ZONE":
        zone = literal(timezone.get_default_timezone_name())
        return "datetime", _finite(f"({column} AT TIME ZONE {zone})", "TIMESTAMP")
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
