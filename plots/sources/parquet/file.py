"""Parquet files: their rows are filtered, grouped, ordered and downsampled by DuckDB.

DuckDB can open no other file. All SQL is made in this package: names are quoted, values are bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.sources.data_types import in_seconds, restore
from plots.sources.selection import Selected, Selection
from plots.values.columns import SECONDS, from_seconds

from .failures import disk_error, file_unavailable, file_unreadable
from .select import select
from .sql import (
    ColumnType,
    ParquetQuery,
    as_drawn_types,
    at_time_zone,
    quote_name,
    quote_text,
)

THREADS = 2
MEMORY = 256  # megabytes for one connection
HEAD_COLUMNS = 100  # columns of which the first rows are read at once
TIMEOUT_SHARE = 0.9  # of TIMEOUT, because the plot has to be drawn within it too


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file whose gaps are NULL: without infinite numbers and without empty texts.

    Parameters
    ----------
    path : Path
    types : mapping
        The type of each column, in order.
    """

    path: Path
    types: Mapping[str, ColumnType]

    @property
    def names(self) -> list[str]:
        return list(self.types)

    @property
    def dtypes(self) -> Mapping[str, ColumnType]:
        return as_drawn_types(self.types)

    def select(self, selection: Selection) -> Selected:
        selection = in_seconds(selection, self.types)
        with connect(self.path) as connection:
            selected = select(ParquetQuery(self.path, self.types, selection, connection))
        return restore(selected, self.types, selection.query.stat)

    def head(self, count: int) -> list[tuple[Any, ...]]:
        """Return the first ``count`` rows."""
        zone = timezone.get_default_timezone()
        names = [
            at_time_zone(quote_name(name), zone) if dtype == "moment" else quote_name(name)
            for name, dtype in self.types.items()
        ]
        rows: list[tuple[Any, ...]] = []
        with connect(self.path) as connection:
            for begin in range(0, len(names), HEAD_COLUMNS):  # all columns need too much memory
                selected = ", ".join(names[begin : begin + HEAD_COLUMNS])
                sql = f"SELECT {selected} FROM read_parquet($1) LIMIT $2"
                found = connection.execute(sql, [str(self.path), count]).fetchall()
                rows = [a + b for a, b in zip(rows, found, strict=True)] if rows else found
        dtypes = self.types.values()
        return [tuple(map(_restore, row, dtypes)) for row in rows]


def _restore(value: Any, dtype: ColumnType) -> Any:
    """The duration or time of day that seconds stand for; other values unchanged."""
    return from_seconds(value, dtype, "") if value is not None and dtype in SECONDS else value


@contextmanager
def connect(path: Path) -> Iterator[Any]:
    """Open a connection that can read only ``path``, and is interrupted before the timeout.

    Raises
    ------
    PlotError
        If reading takes too long or needs too much memory, a number is too large, or the file
        cannot be read.
    """
    import duckdb  # optional: only datasets need it

    settings: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY}MB",
        "temp_directory": "",
    }
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = false")  # it would write to stdout
    connection.execute(f"SET allowed_paths = [{quote_text(str(path))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    deadline = Timer(TIMEOUT_SHARE * conf.TIMEOUT, connection.interrupt)
    deadline.daemon = True
    deadline.start()
    try:
        yield connection
    except duckdb.InterruptException:
        message = _("Reading the data takes longer than %(seconds)s seconds. Select fewer rows.")
        message %= {"seconds": f"{conf.TIMEOUT:g}"}
        raise PlotError(message, "timed-out") from None
    except duckdb.OutOfMemoryException:
        message = _("The data do not fit into memory. Filter them or set a limit.")
        raise PlotError(message, "too-much-memory") from None
    except duckdb.OutOfRangeException:
        message = _("The numbers are too large for this stat. Use another one.")
        raise PlotError(message, "out-of-range", "stat") from None
    except duckdb.Error as error:
        if disk_error(error) or not path.is_file():
            raise file_unavailable(path, error) from error
        raise file_unreadable(path, error) from error
    finally:
        deadline.cancel()
        connection.close()
