"""Parquet files: the results of DuckDB are those of NumPy, and it reads no other file."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

from plots.errors import PlotError
from plots.sources import arrays, memory
from plots.sources.parquet.file import ParquetFile, connect
from plots.sources.selection import Downsampling, Histogram, Selected, Selection
from plots.spec.query import Query, read_filter
from tests.sources.rows import write_parquet

NAMES = ["x", "y", 'a "b"', "x; drop table", "select", "ÿ, ß", "g", "'; --"]


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
    time = datetime(2026, 1, 1) + timedelta(minutes=chance.randint(-99_999, 99_999))
    return time.replace(tzinfo=UTC) if sort == "moment" else time


def random_filters(chance: random.Random, columns: dict[str, list[Any]], dtypes: Any) -> Any:
    for name in chance.sample([*columns], chance.randint(0, 2)):
        known = [value for value in columns[name] if value is not None]
        lookups = ["exact", "gt", "gte", "lt", "lte", "in", "range", "isnull"]
        lookup = chance.choice([*lookups, "icontains"] if dtypes[name] == "text" else lookups)
        if lookup == "isnull":
            yield read_filter(f"{name}__isnull:{chance.randint(0, 1)}")
        elif known:
            given = [chance.choice(known) for _ in range(2 if lookup in ("in", "range") else 1)]
            texts = [
                f"{v:d}"
                if isinstance(v, bool)
                else v.isoformat()
                if isinstance(v, date)
                else str(v)
                for v in given
            ]
            quoted_ = [t.replace('"', '""') for t in texts]
            many = ",".join(f'"{t}"' if dtypes[name] == "text" else t for t in quoted_)
            yield read_filter(f"{name}__{lookup}:{many if len(texts) > 1 else texts[0]}")


def random_query(chance: random.Random, columns: Any, dtypes: Any) -> tuple[Selection, Query]:
    names = [*columns]
    filters = tuple(random_filters(chance, columns, dtypes))
    numbers = [name for name in names if dtypes[name] in ("number", "boolean")]
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
            dtypes[keys[0]],
            chance.choice(["hour", "day", "week", "month", "quarter", "year"]),
        )
    made = [*keys, *values] or ["count"]
    order = chance.choice(["", made[0], f"-{made[-1]}"])
    query = Query(stat, width, filters, order, limit)
    return Selection("s", keys, values, query, keys[0]), query


def answer(table: Any, selection: Selection) -> Any:
    try:
        return table.select(selection)
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
def test_file_and_memory_return_the_same(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    names = chance.sample(NAMES, 5)
    given = ["number", "text", chance.choice(["date", "datetime", "moment"]), "number", "boolean"]
    dtypes: Any = dict(zip(names, given, strict=True))
    count = chance.choice([1, 3, 40])
    columns = {name: [random_value(chance, dtypes[name]) for _ in range(count)] for name in names}
    for name in names:  # a column of gaps alone does not say what it holds, in memory
        fill = random.Random(1)
        while columns[name][0] is None:
            columns[name][0] = random_value(fill, dtypes[name])
    file, in_memory = (
        write_parquet(tmp_path / "t.parquet", columns, dtypes),
        memory.MemoryTable(columns),
    )
    for _ in range(6):
        selection, _query = random_query(chance, columns, dtypes)
        selection = replace(selection, zone=chance.choice(["", "Asia/Seoul", "America/St_Johns"]))
        expected, got = answer(in_memory, selection), answer(file, selection)
        assert same(expected, got), (selection, expected, got)


def line(tmp_path: Path, count: int, x: str = "x") -> tuple[ParquetFile, dict[str, Any]]:
    """A file with a long noisy line with gaps, in two groups, and the same rows in memory."""
    import duckdb

    path = tmp_path / "line.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT i::DOUBLE AS x, TIMESTAMP '2026-01-01' + to_seconds(i * 37) AS t, "
            "CASE WHEN i % 97 > 3 THEN sin(i / 50.0) * 10 + hash(i) % 1000 / 100.0 END AS y, "
            f"CASE WHEN i % 3 = 0 THEN 'b' ELSE 'a' END AS g FROM range({count}) r(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )
        table: Any = connection.execute(f"SELECT * FROM '{path}'").fetchnumpy()
    dtypes: Any = {"x": "number", "t": "datetime", "y": "number", "g": "text"}
    y = table["y"].filled(np.nan)
    return ParquetFile(path, dtypes), {**{name: table[name] for name in "xtg"}, "y": y}


@pytest.mark.parametrize("x", ["x", "t", ""])
@pytest.mark.parametrize("by", [(), ("g",)])
@pytest.mark.parametrize("part", [(None, None), (0.2, 0.8), (0.4, None), (-1.0, 2.0)])
def test_downsampled_line_has_the_same_outline(
    tmp_path: Path, x: str, by: tuple[str, ...], part: Any
) -> None:
    count, parts = 20_000, 40
    file, table = line(tmp_path, count)
    along = table["t"].astype("datetime64[us]").astype(float) / 86_400e6 if x == "t" else table["x"]
    low, high = (None if p is None else along[0] + p * (along[-1] - along[0]) for p in part)
    keys = (*filter(None, [x]), "y", *by)
    expected = Downsampling(x, ("y",), parts, low, high)
    found = file.select(Selection("s", keys, downsampling=expected))
    assert found.rows == count
    xs = arrays.as_array(found.keys[x], "x")
    xs = arrays.ranks_of(xs) / 86_400e6 if x == "t" else xs
    ys = arrays.as_array(found.keys["y"], "y")
    assert len(xs) <= (4 * parts + 2) * (2 if by else 1)
    ends = np.linspace(
        along[0] if low is None else low, along[-1] if high is None else high, parts + 1
    )
    groups = {"a", "b"} if by else {""}
    for group in groups:
        own = table["g"] == group if by else np.ones(count, bool)
        drawn = np.array([each == group for each in found.keys["g"]]) if by else xs == xs
        assert (np.diff(xs[drawn]) >= 0).all()
        for begin, end in zip(ends[:-1], ends[1:], strict=True):
            inner = end - 1e-6 * (end - begin)  # of a row on the border nobody knows the side
            all_there = table["y"][own & (along > begin + (end - inner)) & (along < inner)]
            kept = ys[drawn & (xs >= begin) & (xs <= end)]
            all_there = all_there[~np.isnan(all_there)]
            if all_there.size:
                assert np.nanmin(kept) <= all_there.min()
                assert np.nanmax(kept) >= all_there.max()
        if low is not None and part[0] > 0:
            assert (xs[drawn] < low).sum() == 1
        if high is not None and part[1] < 1:
            assert (xs[drawn] > high).sum() == 1


def test_line_with_descending_x_is_read_whole(tmp_path: Path) -> None:
    chance = random.Random(0)
    xs = [chance.uniform(0, 1) for _ in range(900)]
    columns = {"x": xs, "y": xs}
    file = write_parquet(tmp_path / "t.parquet", columns, {"x": "number", "y": "number"})
    selection = Selection("s", ("x", "y"), downsampling=Downsampling("x", ("y",), 16))
    assert len(file.select(selection).keys["x"]) == 900


@override_settings(PLOTS={"MAX_ROWS": 1000})
def test_number_of_rows_is_limited(tmp_path: Path) -> None:
    file, _ = line(tmp_path, 1001)
    with pytest.raises(PlotError, match="more than 1,000 rows") as error:
        file.select(Selection("s", ("x", "y")))
    assert error.value.status == 413
    assert len(file.select(Selection("s", ("x",), query=Query(limit=10))).keys["x"]) == 10


@override_settings(PLOTS={"TIMEOUT": 0.2})
def test_slow_statement_is_interrupted(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "wide.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1.0 AS x FROM range(10)) TO '{path}' (FORMAT parquet)")
    with pytest.raises(PlotError, match="longer than 0.2 seconds") as error, connect(path) as slow:
        slow.execute("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a != b")
    assert error.value.status == 504


def test_connection_can_open_only_its_file(tmp_path: Path) -> None:
    import duckdb

    file, _ = line(tmp_path, 10)
    other = tmp_path / "other.csv"
    other.write_text("a\nhidden\n")
    with connect(file.path) as connection:
        assert connection.execute(f"SELECT count(*) FROM '{file.path}'").fetchone() == (10,)
        for sql in (
            f"SELECT * FROM read_csv('{other}')",
            f"SELECT * FROM read_text('{other}')",
            "SELECT * FROM read_text('/etc/passwd')",
            f"SELECT * FROM glob('{tmp_path}/*')",
            f"COPY (SELECT 1) TO '{tmp_path}/new.csv'",
            f"COPY (SELECT 1) TO '{file.path}'",
            f"ATTACH '{tmp_path}/new.db'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql).fetchall()
    assert other.read_text() == "a\nhidden\n" and file.path.stat().st_size
    assert {path.name for path in tmp_path.iterdir()} == {"line.parquet", "other.csv"}


def test_deleted_file_is_a_503(tmp_path: Path) -> None:
    file = ParquetFile(tmp_path / "gone.parquet", {"x": "number"})
    with pytest.raises(PlotError, match="not available at the moment") as error:
        file.select(Selection("s", ("x",)))
    assert error.value.status == 503


@pytest.mark.parametrize("keys", [("y",), ("y", "g"), ("x", "y")])
def test_histogram_is_that_of_memory(tmp_path: Path, keys: tuple[str, ...]) -> None:
    file, table = line(tmp_path, 5000)
    xs = tuple(name for name in keys if name != "g")
    selection = Selection("s", keys, downsampling=Histogram(xs, 60))
    expected, got = memory.MemoryTable(table).select(selection), file.select(selection)
    assert expected.rows == got.rows == 5000

    def counts(found: Selected) -> Any:
        rows = zip(*(found.keys[name] for name in (*keys, "")), strict=True)
        return sorted(
            (tuple(round(v, 6) if isinstance(v, float) else str(v) for v in row) for row in rows
             if row[-1]), key=str,
        )  # fmt: skip

    assert counts(expected) == counts(got)
    # The ends are there, and count nothing.
    assert min(v for v in got.keys["y"] if v is not None) == pytest.approx(
        min(v for x in xs for v in expected.keys[x] if v is not None) if len(xs) > 1
        else float(np.nanmin(table["y"]))
    )  # fmt: skip
    assert sum(arrays.as_array(got.keys[""], "y")) == np.isfinite([table[x] for x in xs]).sum()
