"""Memory of reading: wide tables, long texts and wide JSON are ordinary uploads."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest
from django.test import override_settings

from plots.datasets.ingest import workspace
from plots.errors import PlotError
from tests.datasets.uploads import read

pytestmark = pytest.mark.django_db

WORDS = ("agree", "disagree", "do not know", "not asked")


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the usual memory, so that the files of these tests can be small."""
    monkeypatch.setattr(workspace, "MEMORY", 90)


def table(columns: int, rows: int, cell: Iterator[str]) -> bytes:
    header = ",".join(f"question_{index}" for index in range(columns))
    lines = (",".join(next(cell) for _ in range(columns)) for _row in range(rows))
    return "\n".join([header, *lines, ""]).encode()


def answers() -> Iterator[str]:
    numbers = random.Random(1)
    while True:
        yield f"{numbers.choice(WORDS)} {numbers.randrange(10**9)}"


def texts(length: int) -> Iterator[str]:
    numbers = random.Random(1)
    while True:
        words = (f"word{numbers.randrange(10**6)}" for _ in range(length // 11))
        yield " ".join(words)


@pytest.mark.parametrize(("columns", "rows"), [(96, 2100), (96, 8000), (250, 2000), (1500, 500)])
def test_wide_tables_of_text(columns: int, rows: int) -> None:
    # DuckDB may allocate more where MAX_COLUMNS is above 500.
    with override_settings(PLOTS={"MAX_COLUMNS": max(500, 2 * columns)}):
        staged, found = read(table(columns, rows, answers()))
    assert (staged.rows, len(staged.dtypes), {*staged.dtypes.values()}) == (rows, columns, {"text"})
    assert found[0][0] == next(answers())


@pytest.mark.parametrize(("length", "rows"), [(5_000, 5_000), (50_000, 500), (400_000, 60)])
def test_long_texts(length: int, rows: int) -> None:
    content = table(1, rows, texts(length)).replace(b"\n", b",x\n")
    staged, found = read(content)
    assert (staged.rows, [*staged.dtypes.values()]) == (rows, ["text", "text"])
    assert found[0][0] == next(texts(length))


@pytest.mark.parametrize("is_array", [False, True])
def test_wide_json(is_array: bool) -> None:
    years = map(str, range(1950, 2030))
    numbers = {f"y{year}": f"-{year[1:]},{year[1:]}" for year in years}
    rows = [{"name": "Individual Income Taxes"} | numbers for _row in range(600)]
    lines = [json.dumps(row) for row in rows]
    content = f"[{', '.join(lines)}]" if is_array else "\n".join(lines)
    staged, found = read(content.encode(), "budget.json")
    assert (staged.rows, len(staged.dtypes)) == (600, 81)
    assert found[1][:3] == ("Individual Income Taxes", -950_950, -951_951)


def test_memory_is_bounded_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "MEMORY", 8)
    with pytest.raises(PlotError, match="needs more than the 8 MB of memory") as error:
        read(table(96, 2100, answers()))
    assert error.value.code == "too-much"
