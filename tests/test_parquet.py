"""Parquet files answer as columns in memory do, and DuckDB reads nothing else."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

from plots.errors import PlotError
from plots.query import Query, read_filter
from plots.sources import memory
from plots.sources.parquet import File, opened, quoted
from plots.sources.selection import Reduction, Selected, Selection

TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP"}
NAMES = ["x", "y", 'a "b"', "x; drop table", "select", "ÿ, ß", "g", "'; --"]


def written(path: Path, columns: dict[str, list[Any]], sorts: dict[str, Any]) -> File:
    import duckdb

    names = ", ".join(f"{quoted(name)} {TYPES.get(sorts[name], 'VARCHAR')}" for name in columns)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t ({names})")
        marks = ", ".join("?" * len(columns))
        rows = [*zip(*columns.values(), strict=True)]
        if rows:
            connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return File(path, sorts)


def random_value(chance: random.Random, sort: str) -> Any:
    if chance.random() < 0.15:
        return None
    if sort == "number":
        return chance.choice([float(chance.randint(-3, 3)), round(chance.uniform(-9, 9), 2)])
    if sort == "boolean":
        return chance.random() < 0.5
    if sort == "text":
        return chance.choice(["a", "B", "b c", "ä", "中", "'; --", '"'])
    if sort == "date":
        return date(2026, 1, 1) + timedelta(days=chance.randint(-500, 500))
    return datetime(2026, 1, 1) + timedelta(minutes=chance.randint(-99_999, 99_999))


def random_filters(chance: random.Random, columns: dict[str, list[Any]], sorts: Any) -> Any:
    for name in chance.sample([*columns], chance.randint(0, 2)):
        known = [value for value in columns[name] if value is not None]
        lookups = ["exact", "gt", "gte", "lt", "lte", "in", "range", "isnull"]
        lookup = chance.choice([*lookups, "icontains"] if sorts[name] == "text" else lookups)
        if lookup == "isnull":
            yield read_filter(f"{name}__isnull:{chance.randint(0, 1)}")
        elif known:
            given = [chance.choice(known) for _ in range(2 if lookup in ("in", "range") else 1)]
            texts = [
                f"{v:d}" if isinstance(v, bool) else v.isoformat() if isinstance(v, date) else str(v)
                for v in given
            ]
            quoted_ = [t.replace('"', '""') for t in texts]
            many = ",".join(f'"{t}"' if sorts[name] == "text" else t for t in quoted_)
            yield read_filter(f"{name}__{lookup}:{many if len(texts) > 1 else texts[0]}")


def random_query(chance: random.Random, columns: Any, sorts: Any) -> tuple[Selection, Query]:
    names = [*columns]
    filters = tuple(random_filters(chance, columns, sorts))
    numbers = [name for name in names if sorts[name] in ("number", "boolean")]
    limit = chance.choice([None, None, 1, 5])
    if chance.random() < 0.4:
        keys = tuple(chance.sample(names, 3))
        order = chance.choice(["", chance.choice(names), f"-{chance.choice(names)}"])
        return Selection("s", keys, (), Query("", "", filters, order, limit)), Query()
    keys = tuple(chance.sample(names, chance.randint(1, 2)))
    stat = chance.choice(["count", "sum", "mean", "median", "min", "max", "std"])
    values = tuple(chance.sample(numbers, min(len(numbers), chance.randint(1, 2))))
    if stat == "count":
        values = tuple(chance.sample(names, chance.randint(0, 2)))
    elif not values:
        stat, values = "count", ()
    values = tuple(name for name in values if name not in keys)
    if stat != "count" and not values:
        stat = "count"
    width: Any = ""
    if chance.random() < 0.5:
        width = {"number": 2.5, "boolean": 1.0, "text": ""}.get(
            sorts[keys[0]],
            chance.choice(["hour", "day", "week", "month", "quarter", "year"]),
        )
    made = [*keys, *values] or ["count"]
    order = chance.choice(["", made[0], f"-{made[-1]}"])
    query = Query(stat, width, filters, order, limit)
    return Selection("s", keys, values, query, keys[0]), query


def answer(table: Any, asked: Selection) -> Any:
    try:
        return table.select(asked)
    except PlotError as error:
        return error.code


def same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return all(
        list(a) == list(b) and all(_alike(a[name], b[name]) for name in a)
        for a, b in ((one.keys, other.keys), (one.values, other.values))
    )


def _alike(one: Any, other: Any) -> bool:
    return len(one) == len(other) and all(
        a == b
        or (isinstance(a, float) and isinstance(b, float) and a == pytest.approx(b, abs=1e-9))
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("seed", range(50))
def test_the_same_answers_as_in_memory(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    names = chance.sample(NAMES, 5)
    given = ["number", "text", chance.choice(["date", "datetime"]), "number", "boolean"]
    sorts: Any = dict(zip(names, given, strict=True))
    count = chance.choice([1, 3, 40])
    columns = {name: [random_value(chance, sorts[name]) for _ in range(count)] for name in names}
    for name in names:  # a column of gaps alone does not say what it holds, in memory
        fill = random.Random(1)
        while columns[name][0] is None:
            columns[name][0] = random_value(fill, sorts[name])
    file, columns_ = written(tmp_path / "t.parquet", columns, sorts), memory.Columns(columns)
    for _ in range(6):
        asked, _query = random_query(chance, columns, sorts)
        wanted, got = answer(columns_, asked), answer(file, asked)
        assert same(wanted, got), (asked, wanted, got)
