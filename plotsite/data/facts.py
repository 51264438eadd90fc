"""Read the data of the site's sources: CSV files and matplotlib's sample data."""

import csv
import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent

Column = np.ndarray | Sequence[Any]


def read_facts(name: str) -> dict[str, Column]:
    """Return the columns of ``data/<name>.csv``, whose ``#`` lines name its origin and licence.

    Columns of numbers are read-only arrays; integers stay integers, and empty items are NaN. Other
    columns are lists of strings with None for empty items. Raises FileNotFoundError.
    """
    return dict(_parse(name))


@lru_cache
def facts_version(name: str) -> str:
    """Return a digest of ``data/<name>.csv``, so that corrected data gets a new version."""
    return hashlib.sha256(_facts_path(name).read_bytes()).hexdigest()[:16]


@lru_cache
def sample_path(name: str) -> Path:
    """Return the path of a file among matplotlib's sample data.

    This does not import matplotlib, which web processes must not load. Raises FileNotFoundError if
    matplotlib or its sample data, which some distributions package separately, is not installed.
    """
    spec = importlib.util.find_spec("matplotlib")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder, "mpl-data", "sample_data", name)
        if path.is_file():
            return path
    raise FileNotFoundError(f"matplotlib's sample data file {name} is not installed")


def sample_version(**options: Any) -> str:
    """Return the version of matplotlib's sample data, for any source and any options."""
    return _matplotlib_version()


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file without its ``#`` lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def number_column(items: Sequence[str]) -> np.ndarray:
    """Return ``items`` as a read-only array of integers, or of floats with NaN for gaps.

    Raises ValueError if an item is not a number.
    """
    try:
        column = np.array([int(item) for item in items])
    except ValueError:
        column = np.array([float(item) if item else np.nan for item in items])
    # Parsed tables are cached and shared by threads.
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
