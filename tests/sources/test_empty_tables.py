"""Tables without rows: a picture that says that there are no data, or help, in every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from plots.spec.formats import FORMATS
from plots.spec.registry import kinds
from tests.helpers import ask
from tests.sources.rows import write_parquet
from tests.tables.models import Reading

pytestmark = pytest.mark.django_db

Register = Callable[..., None]
COLUMNS = ("at", "day", "number", "count", "price", "town", "good")


@pytest.fixture
def empty(source: Register, tmp_path: Path) -> list[str]:
    """Register tables with columns but without rows; return their names."""
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    dtypes = {
        "at": "datetime", "day": "date", "number": "number", "count": "number", "price": "number",
        "town": "text", "good": "boolean",
    }  # fmt: skip
    file = write_parquet(tmp_path / "t.parquet", {name: [] for name in COLUMNS}, dtypes)
    made: dict[str, Any] = {
        "queryset": lambda: Reading.objects.all(),
        "nothing": lambda: Reading.objects.none(),
        "lists": lambda: {name: [] for name in COLUMNS},
        "pandas": lambda: pandas.DataFrame({name: [] for name in COLUMNS}),
        "polars": lambda: polars.DataFrame({name: [] for name in COLUMNS}),
        "file": lambda: file,
        "rows": list,
        "generator": lambda: (row for row in list[Any]()),
    }
    for name, rows in made.items():
        source(name, rows)
    return [*made]


def columns_for(kind: Any) -> dict[str, Any]:
    """A column for each channel that the kind requires."""
    names = {
        "any": "day",
        "ordered": "day",
        "number": "number",
        "grid": "number",
        "category": "town",
        "link": "town",
    }
    return {
        channel.name: names[channel.dtype]
        for channel in kind.channels or ()
        if channel.required or channel.name == "x"
    } or {"x": "day", "y": "number"}


@pytest.mark.parametrize("kind", [each.name for each in kinds if not each.generate])
def test_no_kind_fails_on_an_empty_table(kind: str, empty: list[str], client: Client) -> None:
    entry = kinds.get(kind)
    columns = columns_for(entry)
    queries = [("queryset", "png", columns), *((name, "txt", columns) for name in empty)]
    more: list[dict[str, Any]] = [{"facet": "town"}, {"stat": "count"}, {"stat": "median"}]
    more += [{"by": "town"}] * any(c.name == "by" for c in entry.channels or ())
    queries += [("lists", "png", columns | each) for each in more]
    for name, format, query in queries:
        answer = ask(client, f"/plot/{kind}.{format}", {"source": name, **query})
        assert answer.status_code in (200, 400), (name, query, answer.content[:500])
        if answer.status_code == 400:
            for error in answer.json()["errors"]:
                assert error["message"].endswith((".", "?")) and error["parameter"]
        elif format == "txt":
            assert "No data" in answer.content.decode()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_of_an_empty_table(format: str, empty: list[str], client: Client) -> None:
    limits = {"xmin": "2026-01-01", "xmax": "2026-02-01", "xformat": "month", "vline": "2026-01-05"}
    query = {"source": "queryset", "x": "day", "y": "number", **limits}
    answer = ask(client, f"/plot/line.{format}", query)
    assert answer.status_code == 200
    if format == "csv":
        assert answer.content.decode() == "day,number\r\n"
    if format == "json":
        columns = [{"name": "day", "values": []}, {"name": "number", "values": []}]
        assert answer.json()["columns"] == columns
