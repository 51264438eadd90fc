"""Rows for tests of sources: in memory, in a database and in Parquet files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from plots.sources.parquet.file import ParquetFile
from plots.sources.parquet.sql import quote_name
from tests.tables.models import Reading

Numbers = np.ndarray[Any, Any]


COUNT = 60_000


def random_walk(seed: int = 0) -> dict[str, Numbers]:
    random = np.random.default_rng(seed)
    x = np.cumsum(random.exponential(size=COUNT))
    y = np.cumsum(random.normal(size=COUNT)) + random.normal(size=COUNT) * 20
    y[random.integers(0, COUNT, 300)] = np.nan
    y[20_000:23_000] = np.nan
    y[40_000] = 3000
    return {"x": x, "y": y, "by": np.array(["A", "B"])[np.arange(COUNT) % 2]}


ALL = {"limit": str(COUNT)}  # with a limit, rows are not downsampled


def create_readings(database: str) -> None:
    random = np.random.default_rng(3)
    prices = np.cumsum(random.normal(size=12_000)) + random.normal(size=12_000) * 5
    prices[7000] = 5000
    start = datetime(2024, 1, 1, tzinfo=UTC)
    Reading.objects.using(database).bulk_create(
        [
            Reading(
                at=start + timedelta(minutes=i),
                number=i * 1.5,
                count=i,
                price=round(float(price), 2) if i % 97 else None,
                town="AB"[i % 2],
            )
            for i, price in enumerate(prices)
        ],
        batch_size=2000,
    )


COLUMNS = ("at", "day", "number", "count", "price", "town", "good")


def make_readings(count: int, seed: int = 0) -> list[Reading]:
    random = Random(seed)
    start = datetime(2024, 3, 25, tzinfo=UTC)  # over the end of a month, and summer time

    def gap(value: Any) -> Any:
        return None if random.random() < 0.1 else value

    return [
        Reading(
            at=start + timedelta(minutes=97 * i + random.randint(0, 60)),
            day=gap((start + timedelta(days=i % 40)).date()),
            number=gap(round(random.uniform(-50, 50), 3)),
            count=gap(random.randint(-3, 30)),
            price=gap(random.randint(0, 10_000) / 100),
            town=gap(random.choice(["Ulm", "Køge", "서울", ""])),
            good=random.random() < 0.5,
        )
        for i in range(count)
    ]


TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP",
         "moment": "TIMESTAMPTZ", "duration": "DOUBLE", "time": "DOUBLE"}  # fmt: skip


def write_parquet(path: Path, columns: dict[str, list[Any]], dtypes: dict[str, Any]) -> ParquetFile:
    import duckdb

    names = ", ".join(
        f"{quote_name(name)} {TYPES.get(dtypes[name], 'VARCHAR')}" for name in columns
    )
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t ({names})")
        marks = ", ".join("?" * len(columns))
        rows = [*zip(*columns.values(), strict=True)]
        if rows:
            connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return ParquetFile(path, dtypes)


CLOUD_COUNT = 40_000


def cloud(seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    x = random.normal(size=CLOUD_COUNT)
    y = x / 2 + random.normal(size=CLOUD_COUNT)
    x[:100], y[100:200] = np.nan, np.nan
    x[-1], y[-1] = 9.0, -9.0  # far from all others
    by = np.array(["A", "B"], dtype=object)[random.integers(0, 2, CLOUD_COUNT)]
    return {"x": x, "y": y, "by": by, "size": np.exp(x)}


CLOUD = {"source": "cloud", "x": "x", "y": "y"}
