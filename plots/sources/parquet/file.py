"""A Parquet file's rows: filtered, grouped, ordered and reduced by DuckDB, which sees no other.

All SQL is made here: names are quoted, values are bound.
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
from plots.sources.selection import Selected, Selection

from .reading import ColumnType, Reading, literal, on_clocks, quoted
from .select import selected

THREADS = 2
MEMORY = 256  # megabytes of one reading
PATIENCE = 0.9  # of TIMEOUT: drawing has to be done within it too


@dataclass(frozen=True)
class File:
    """A Parquet file that has no infinite numbers and no empty texts in it: those are gaps."""

    path: Path
    dtypes: Mapping[str, ColumnType]

    @property
    def names(self) -> list[str]:
        return list(self.dtypes)

    def select(self, asked: Selection) -> Selected:
        with opened(self.path) as connection:
            return selected(Reading(self.path, self.dtypes, asked, connection))

    def head(self, count: int) -> list[tuple[Any, ...]]:
        """The first rows, whatever is in them."""
        zone = timezone.get_default_timezone()
        names = ", ".join(
            on_clocks(quoted(name), zone) if sort == "moment" else quoted(name)
            for name, sort in self.dtypes.items()
        )
        with opened(self.path) as connection:
            sql = f"SELECT {names} FROM read_parquet($1) LIMIT $2"
            rows: list[tuple[Any, ...]] = connection.execute(
                sql, [str(self.path), count]
            ).fetchall()
        return rows


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A connection that can read ``path`` and nothing else, for as long as a picture may take."""
    import duckdb

    settings: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY}MB",
        "temp_directory": "",
    }
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = false")  # it would write to stdout
    connection.execute(f"SET allowed_paths = [{literal(str(path))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    deadline = Timer(PATIENCE * conf.TIMEOUT, connection.interrupt)
    deadline.daemon = True
    deadline.start()
    try:
        yield connection
    except duckdb.InterruptException:
        message = _("Reading this takes longer than %(seconds)s seconds; ask for less at once.")
        message %= {"seconds": f"{conf.TIMEOUT:g}"}
        raise PlotError(message, "timed-out") from None
    except duckdb.OutOfMemoryException:
        message = _("There is too much of this to be read at once; filter it, or limit its rows.")
        raise PlotError(message, "too-much-memory") from None
    except duckdb.OutOfRangeException:
        message = _("These numbers are too large to make that of them.")
        raise PlotError(message, "out-of-range", "stat") from None
    except (duckdb.IOException, duckdb.PermissionException):
        if path.exists():
            raise
        message = _("The data have been replaced just now; ask again.")
        raise PlotError(message, "busy", "source") from None
    finally:
        deadline.cancel()
        connection.close()
