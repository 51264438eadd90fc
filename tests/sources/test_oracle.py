"""Random queries of random rows: every engine answers what a plain Python program does."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from plots.values.scalars import write_value
from tests.sources.conftest import require_database
from tests.sources.oracle import NAMES, answer, random_query, random_rows
from tests.sources.rows import write_parquet
from tests.tables.models import Reading

QUERIES = 600 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 40
ENGINES = ("memory", "parquet", "default", "postgresql", "mariadb")
TYPES = {
    "at": "moment", "day": "date", "number": "number", "count": "number", "price": "number",
    "town": "text", "good": "boolean",
}  # fmt: skip
BOOLEANS = {"true": "1", "false": "0"}


def serve(engine: str, source: Callable[..., None], rows: list[dict[str, Any]], file: Path) -> None:
    """Register ``rows`` as the source ``random``, held by an engine."""
    if engine == "memory":
        source("random", rows)
    elif engine == "parquet":
        columns = {name: [row[name] or None for row in rows] for name in ("town",)}
        columns |= {name: [row[name] for row in rows] for name in NAMES if name != "town"}
        source("random", write_parquet(file, columns, {name: TYPES[name] for name in columns}))
    else:
        require_database(engine)
        Reading.objects.using(engine).bulk_create(
            Reading(**{**row, "price": row["price"] and Decimal(str(row["price"]))}) for row in rows
        )
        source("random", lambda: Reading.objects.using(engine).order_by("id"))


def same(found: str, expected: Any) -> bool:
    if isinstance(expected, float):
        close = pytest.approx(expected, rel=1e-9, abs=1e-9 * abs(expected) or 1e-12)
        return bool(found) and float(BOOLEANS.get(found, found)) == close
    return found == write_value(expected)


def differences(client: Client, query: dict[str, Any], expected: Sequence[Sequence[Any]]) -> str:
    response = client.get("/plot/line.csv", {"source": "random", **query})
    if response.status_code != 200:
        return response.get("X-Plot-Error") or str(response.content[:500])
    _, *found = csv.reader(response.content.decode().splitlines())
    if len(found) != len(expected):
        return f"{len(found)} rows, not {len(expected)}: {found[:3]}, not {expected[:3]}"
    for number, (one, other) in enumerate(zip(found, expected, strict=True)):
        if len(one) != len(other) or not all(map(same, one, other)):
            return f"row {number}: {one}, not {other}"
    return ""


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(6))
def test_engines_answer_as_plain_python(
    client: Client, source: Any, tmp_path: Path, engine: str, seed: int
) -> None:
    random = Random(seed)
    rows = random_rows(random)
    serve(engine, source, rows, tmp_path / "t.parquet")
    wrong = {}
    for _ in range(QUERIES):
        query = random_query(random, rows)
        if difference := differences(client, query, answer(rows, query)):
            wrong[str(query)] = difference
    assert not wrong, "\n".join(f"{query}\n    {text}" for query, text in [*wrong.items()][:10])
