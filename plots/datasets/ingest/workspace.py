"""The workspace of an upload: a folder, a DuckDB connection restricted to it, and the columns."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, NoReturn, Protocol

from django.utils.translation import gettext as _

from plots.conf import conf
from plots.sources.parquet.sql import ROW, ColumnType, quote_text

from . import deadline
from .decoding import MEGABYTE, DecodedFile, refuse
from .notations.notation import Notation

# Megabytes that DuckDB may allocate for a table of up to 500 columns, and more for more columns: it
# holds 2,048 values of each several times. It needs some more than it counts.
MEMORY = 180
MEMORY_COLUMNS = 500
# With a second thread, a gigabyte is read in two thirds of the time but needs three times the
# memory, because later parts of the file wait for earlier ones.
THREADS = 1
ROW_GROUP = 122_880  # rows that are compressed together in a narrow table
# Characters that are compressed together. DuckDB holds a row group in memory several times.
GROUP_BYTES = 8 * 2**20
MAX_NAME = 100


class ProgressCallback(Protocol):
    def __call__(self, step: str, share: float) -> None:
        """Report that ``share``, from 0 to 1, of ``step`` is done."""


def memory_limit() -> int:
    """The megabytes that DuckDB may allocate for a table of ``MAX_COLUMNS`` columns."""
    return max(MEMORY, MEMORY * conf.MAX_COLUMNS // MEMORY_COLUMNS)


@contextmanager
def connect(folder: Path) -> Iterator[Any]:
    """Open a connection that can read and write only in ``folder``.

    Raises
    ------
    PlotError
        If reading takes too long or needs too much memory.
    OSError
        If the disk is full.
    """
    import duckdb  # only uploads need it

    settings: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{memory_limit()}MB",
        "temp_directory": str(folder / "spill"),
        "max_temp_directory_size": f"{conf.MAX_UNPACKED}MB",
    }
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = true")  # for query_progress, not for stdout
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute(f"SET allowed_directories = [{quote_text(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    try:
        with deadline.interrupting(connection):
            yield connection
    except duckdb.InterruptException:
        raise deadline.timed_out() from None
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        _refuse_size(error, folder)
    finally:
        connection.close()


def _refuse_size(error: Exception, folder: Path) -> NoReturn:
    """Raise a PlotError for a file that needs too much memory; an OSError if the disk is full."""
    if "offload" not in str(error):
        message = _(
            "Reading the file needs more than the %(most)s MB of memory that this site allows for "
            "an upload. Leave out columns or shorten long texts."
        )
        refuse(message % {"most": memory_limit()}, "too-much")
    # DuckDB limits its temporary files to the setting, or to the free space if that is less.
    if shutil.disk_usage(folder).free < conf.MAX_UNPACKED * MEGABYTE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
    message = _("Reading the file needs more than %(most)s MB on the disk. Upload a smaller one.")
    refuse(message % {"most": f"{conf.MAX_UNPACKED:,}"}, "too-much")


@dataclass(eq=False)
class Column:
    """A column of an upload.

    Parameters
    ----------
    name : str
        Its name in the dataset.
    raw : str
        Its name in the files of the workspace.
    notation : Notation, optional
        The notation of all its values. None for text.
    gaps : tuple of str
        The texts in it that stand for gaps in columns of numbers or dates.
    is_quoted : bool
        Whether it holds strings of JSON.
    """

    name: str
    raw: str
    notation: Notation | None = None
    dtype: ColumnType = "text"
    gaps: tuple[str, ...] = ()
    is_quoted: bool = False


@dataclass
class Findings:
    """Statistics of a column, from which its data type is inferred.

    Parameters
    ----------
    texts : list of str
        Some of its values.
    likely : list of Notation
        The notations that most of these match.
    values, zeros, long : int
        The number of values; of those with leading zeros; and of those with more digits than a
        number holds.
    formula : str or None
        A value that begins with an equals sign.
    mismatches : dict of str to int
        The number of values that do not match a notation, by its example.
    """

    texts: list[str]
    likely: list[Notation]
    values: int = 0
    zeros: int = 0
    long: int = 0
    formula: str | None = None
    mismatches: dict[str, int] = field(default_factory=dict)

    @property
    def matching(self) -> list[Notation]:
        return [each for each in self.likely if self.mismatches.get(each.example) == 0]

    @property
    def rivals(self) -> list[Notation]:
        """The most likely notation, and those that differ from it in the order of numbers."""
        return [each for each in self.likely if each.pattern == self.likely[0].pattern]


@dataclass
class Workspace:
    """An upload while it is read."""

    connection: Any
    decoded: DecodedFile
    folder: Path
    progress: ProgressCallback | None = None
    columns: list[Column] = field(default_factory=list)
    delimiter: str | None = None
    skip: int = 0

    @property
    def warnings(self) -> list[str]:
        return self.decoded.warnings

    def add_columns(self, header: Sequence[str]) -> list[str]:
        """Add the columns of a header under unique names. Returns the names."""
        if len(header) > conf.MAX_COLUMNS:
            self._refuse_width(len(header))
        used = {ROW, "place"}
        for number, name in enumerate(header, 1):
            clean = "".join(c for c in " ".join(name.split()) if c.isprintable())[:MAX_NAME]
            clean = clean.strip() or f"column {number}"
            unique, suffix = clean, 2
            while unique.casefold() in used:
                unique, suffix = f"{clean} {suffix}", suffix + 1
            used.add(unique.casefold())
            if not name.strip():
                message = _("Column %(number)d has no name. It is called “%(name)s”.")
                self.warnings.append(message % {"number": number, "name": unique})
            elif unique != name.strip():
                message = _("Column %(number)d, “%(given)s”, is called “%(name)s” here.")
                message %= {"number": number, "given": name[:40], "name": unique}
                self.warnings.append(message)
            self.columns.append(Column(unique, f"c{number}"))
        return [column.name for column in self.columns]

    def _refuse_width(self, count: int) -> None:
        advice = _("If rows and columns are swapped, write one row for each value instead.")
        if self.delimiter:
            message = _("The table has %(count)s columns; at most %(most)s are allowed.")
        else:  # no more are read of JSON
            message = _("The table has more than %(most)s columns.")
        message %= {"count": f"{count:,}", "most": f"{conf.MAX_COLUMNS:,}"}
        refuse(f"{message} {advice}", "too-much")

    def file(self, name: str, *, numbered: bool = False) -> str:
        """SQL: the rows of a file of the workspace."""
        options = ", file_row_number = true" if numbered else ""
        return f"read_parquet({quote_text(str(self.folder / name))}{options})"

    def write(self, name: str, select: str, step: str) -> Path:
        """Write the result of a statement to a Parquet file of the workspace."""
        path = self.folder / name
        # Long rows are compressed in shorter groups. Otherwise they would not fit into memory.
        row = max(self.decoded.row_bytes, 8 * len(self.columns))
        rows = max(1, min(ROW_GROUP, GROUP_BYTES // row))
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}"
        self.run(f"COPY ({select}) TO {quote_text(str(path))} ({options})", step)
        return path

    def run(self, sql: str, step: str) -> Any:
        """Run a statement and report its progress."""
        deadline.check()
        if self.progress is None:
            return self.connection.execute(sql)
        done = Event()
        reporter = Thread(target=self._report, args=(self.progress, step, done), daemon=True)
        reporter.start()
        try:
            return self.connection.execute(sql)
        finally:
            done.set()
            reporter.join()
            self.progress(step, 1.0)

    def _report(self, progress: ProgressCallback, step: str, done: Event) -> None:
        while not done.wait(0.1):
            share = self.connection.query_progress() / 100
            progress(step, min(max(share, 0.0), 1.0))
