"""An upload while it is read: a folder, a connection that sees no other, and its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol

from django.utils.translation import gettext as _

from plots.conf import conf
from plots.sources.parquet.sql import ROW, ColumnType, quote_text

from . import deadline
from .decoding import Plain, refuse
from .formats import Style

MEMORY = 180  # megabytes that DuckDB may hold; it takes some more than it counts
# With a second thread, a gigabyte is read in two thirds of the time, and in three times the memory:
# what comes later in the file has to wait for what comes before.
THREADS = 1
ROW_GROUP = 122_880  # rows that are compressed together, of a narrow table
LONGEST_NAME = 100


class Tell(Protocol):
    def __call__(self, doing: str, share: float) -> None:
        """``share``, from 0 to 1, of what is being done is done."""


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """A connection that can read and write in ``folder`` and nowhere else."""
    import duckdb

    spill = folder / "spill"
    settings: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY}MB",
        "temp_directory": str(spill),
        "max_temp_directory_size": f"{conf.MAX_UNPACKED}MB",
    }
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = true")  # for Tell, not for stdout
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute(f"SET allowed_directories = [{quote_text(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    try:
        with deadline.interrupting(connection):
            yield connection
    except duckdb.InterruptException:
        raise deadline.too_late() from None
    except (duckdb.OutOfMemoryException, MemoryError):
        message = _("There is too much in one row for the memory of this site; upload less.")
        refuse(message, "too-much")
    finally:
        connection.close()


@dataclass
class Column:
    """A column while it is read: ``raw`` is what it is called meanwhile."""

    name: str
    raw: str
    style: Style | None = None
    dtype: ColumnType = "text"
    gaps: tuple[str, ...] = ()


@dataclass
class Working:
    connection: Any
    plain: Plain
    folder: Path
    tell: Tell | None = None
    columns: list[Column] = field(default_factory=list)
    delimiter: str | None = None
    skip: int = 0

    @property
    def warnings(self) -> list[str]:
        return self.plain.warnings

    def name(self, given: Sequence[str]) -> list[str]:
        """Make the columns of a header, each with a name of its own; what they are called."""
        if len(given) > conf.MAX_COLUMNS:
            message = (
                _(
                    "The table has %(count)s columns; at most %(most)s are taken. "
                    "Is it turned over? Write one row for each value instead."
                )
                if self.delimiter
                else _(
                    "The table has more than %(most)s columns, which are taken at most. "
                    "Is it turned over? Write one row for each value instead."
                )
            )
            words = {"count": f"{len(given):,}", "most": f"{conf.MAX_COLUMNS:,}"}
            refuse(message % words, "too-much")
        taken = {ROW, "place"}
        for place, name in enumerate(given, 1):
            clean = "".join(c for c in " ".join(name.split()) if c.isprintable())[:LONGEST_NAME]
            clean = clean.strip() or f"column {place}"
            unique, again = clean, 2
            while unique.casefold() in taken:
                unique, again = f"{clean} {again}", again + 1
            taken.add(unique.casefold())
            if not name.strip():
                message = _("Column %(place)d has no name; it is called “%(name)s”.")
                self.warnings.append(message % {"place": place, "name": unique})
            elif unique != name.strip():
                message = _("Column %(place)d, “%(given)s”, is called “%(name)s” here.")
                told = {"place": place, "given": name[:40], "name": unique}
                self.warnings.append(message % told)
            self.columns.append(Column(unique, f"c{place}"))
        return [column.name for column in self.columns]

    def file(self, name: str, *, numbered: bool = False) -> str:
        extra = ", file_row_number = true" if numbered else ""
        return f"read_parquet({quote_text(str(self.folder / name))}{extra})"

    def write(self, name: str, select: str, doing: str) -> Path:
        path = self.folder / name
        # Wide tables are compressed in fewer rows, or those would not fit into memory.
        rows = max(2048, min(ROW_GROUP, ROW_GROUP * 8 // len(self.columns)) // 2048 * 2048)
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}"
        self.run(f"COPY ({select}) TO {quote_text(str(path))} ({options})", doing)
        return path

    def run(self, sql: str, doing: str) -> Any:
        deadline.check()
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
