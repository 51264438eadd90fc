"""Reading what the site's sources supply: its fact tables and matplotlib's sample data."""

import csv
import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent / "data"

Column = np.ndarray | Sequence[Any]


def read_facts(name: str) -> dict[str, Column]:
    """Return the columns of ``data/<name>.csv``, whose ``#`` lines tell its origin and licence.

    A column of numbers is a read-only array (integers stay integers; an empty item is NaN), any
    other column a list of strings with None for an empty item. Raises FileNotFoundError.
    """
    return dict(_parse(name))


@lru_cache
def facts_version(name: str) -> str:
    """Return a digest of ``data/<name>.csv``: whoever corrects a number need not bump a version."""
    return hashlib.sha256(_facts_path(name).read_bytes()).hexdigest()[:16]


@lru_cache
def sample_path(name: str) -> Path:
    """Return the path of a file among matplotlib's sample data.

    Found without importing matplotlib, which the web processes never do. Raises FileNotFoundError
    where matplotlib, or the sample data that some distributions split off, is not installed.
    """
    spec = importlib.util.find_spec("matplotlib")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder, "mpl-data", "sample_data", name)
        if path.is_file():
            return path
    raise FileNotFoundError(f"matplotlib's sample data has no {name} here.")


def sample_version(**options: Any) -> str:
    """Return the version of matplotlib's sample data, which is matplotlib's own.

    Fit to be a source's ``version``, whatever the source's options.
    """
    return _matplotlib_version()


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, its ``#`` lines left out."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def number_column(items: Sequence[str]) -> np.ndarray:
    """Return items as a read-only array: integers if all are, else floats with NaN for a gap.

    Raises ValueError for an item that is no number.
    """
    try:
        column = np.array([int(item) for item in items])
    except ValueError:
        column = np.array([float(item) if item else np.nan for item in items])
    # The parsed tables are cached and shared by threads.
    column.setflags(write=False)
    return column


@lru_cache
def _matplotlib_version() -> str:
    return importlib.metadata.version("matplotlib")


def _facts_path(name: str) -> Path:
    return DATA / f"{name}.csv"


@lru_cache
def _parse(name: str) -> dict[str, Column]:
    rows = read_rows(_facts_path(name))
    return {column: _typed([row[column] for row in rows]) for column in rows[0]}


def _typed(items: list[str]) -> Column:
    try:
        return number_column(items)
    except ValueError:
        return [item or None for item in items]
