"""Queries that nobody can answer: help, and never an error of the server, in every engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.helpers import ask
from tests.sources.rows import write_parquet
from tests.tables.models import Job, Reading

pytestmark = pytest.mark.django_db(databases=[*settings.DATABASES])

Register = Callable[..., None]
KEY = uuid.UUID("6f1c2a34-0000-4000-8000-00000000abcd")
COMMON = ("id", "key", "took", "begins", "size", "priority", "paid")


@pytest.fixture
def jobs(database: str, source: Register, tmp_path: Path) -> None:
    reading = Reading.objects.using(database).create(at="2026-01-01T00:00Z", town="Ulm")
    for place in range(3):
        Job.objects.using(database).create(
            key=KEY if place else None, took=timedelta(minutes=place), begins=time(8 + place),
            size="ls"[place % 2], priority=3 - place, paid=[True, False, None][place],
            notes={"a": place}, picture=b"x", reading=reading,
        )  # fmt: skip
    rows = Job.objects.using(database).order_by("id")
    source("queryset", lambda: rows.all())
    source("rows", lambda: list(rows))
    dtypes = dict(zip(COMMON, ("number", "text", "duration", "time", "text", "number", "boolean"),
                      strict=True))  # fmt: skip
    columns: dict[str, list[Any]] = {name: [getattr(job, name) for job in rows] for name in COMMON}
    columns["key"] = [each and str(each) for each in columns["key"]]
    columns["took"] = [each.total_seconds() for each in columns["took"]]
    columns["begins"] = [each.hour * 3600.0 for each in columns["begins"]]
    file = write_parquet(tmp_path / "t.parquet", columns, dtypes)
    source("file", lambda: file)


EVERYWHERE: list[dict[str, Any]] = [
    *({"order": each} for each in ("-", "", "--id", "-nothing", "id,key", " -id", "-took", "?")),
    *(
        {"filter": each}
        for each in (
            ":", "::", "=", "__gt:1", "id", "id:", "id__gt", "id__gt:", "id__in:", "id__in:,",
            "id__in:1,,2", "id__range:3,1", "id__range:1", "id__range:1,2,3", "id__range:a,b",
            "id__icontains:1", "id__icontains:", "id__exact:1e400", "id:99999999999999999999",
            "id__gt:-1e300", "id:1.5", "id__isnull:maybe", "id__isnull:", "id__isnull:True",
            "key:x", f"key:{KEY}", f"key:{str(KEY).upper()}", "key__icontains:6F1C", "key__gt:0",
            "key__isnull:0", "took__icontains:1", "took:99999999999999:00:00", "took:1e30",
            "took__in:00:10:00,x", "begins:24:00", "begins__range:10:00,09:00", "paid:yes",
            "paid__icontains:t", "paid__range:false,true", "size__gt:a", "size__in:l,s",
            "nothing:1", "pk:1", "id__id:1", "size__\x00:1", 'id__in:"1,2',
        )
    ),
    *({"stat": each} for each in ("count", "sum", "median", "std", "nothing")),
    *({"stat": "count", "bin": each} for each in ("0", "-1", "1e-300", "1e300", "month", "nan")),
    *({"limit": each} for each in ("0", "-1", "1e3", "99999999999999999999", "x")),
]  # fmt: skip
OF_MODELS: list[dict[str, Any]] = [
    {"filter": each}
    for each in (
        "reading_id__icontains:1", "reading_id:1", "reading_id__gt:0", "reading_id__in:1,2",
        "reading_id:Ulm", "reading_id__isnull:1", "reading:1", "reading__town:Ulm",
        "notes:1", "notes__icontains:a", "notes__a:1", "notes__gt:1", "notes__isnull:0",
        "notes__in:1,2", "picture:x", "picture__icontains:x", "picture__gt:1", "picture__isnull:1",
    )
]  # fmt: skip
OF_MODELS += [{"x": "notes"}, {"x": "picture"}, {"x": "reading"}, {"x": "reading_id"}]
OF_MODELS += [{"x": "notes", "stat": "count"}, {"x": "picture", "stat": "count"}]


@pytest.mark.parametrize("query", EVERYWHERE, ids=str)
def test_every_engine_answers_or_helps(jobs: None, query: dict[str, Any], client: Client) -> None:
    answers: dict[str, dict[str, Any]] = {}
    for name in ("queryset", "rows", "file"):
        for y in ("id", "took"):
            full = {"source": name, "x": "id", "y": y, **query}
            answer = ask(client, "/plot/bar.csv", full)
            assert answer.status_code in (200, 400), (name, y, answer.content)
            if answer.status_code == 400:
                for error in answer.json()["errors"]:
                    assert error["message"].endswith((".", "?")), error
                found: Any = {(each["parameter"], each["code"]) for each in answer.json()["errors"]}
            else:
                found = answer.content
            answers.setdefault(y, {})[name] = found
    for found in answers.values():
        assert found["queryset"] == found["rows"]
        if not query.get("filter", "").startswith("key"):  # a text in files
            assert found["queryset"] == found["file"]


@pytest.mark.parametrize("query", OF_MODELS, ids=str)
def test_fields_that_cannot_be_compared(jobs: None, query: dict[str, Any], client: Client) -> None:
    answer = ask(client, "/plot/bar.csv", {"source": "queryset", "x": "id", "y": "id", **query})
    assert answer.status_code in (200, 400), answer.content
    if answer.status_code == 400:
        assert all(each["message"].endswith((".", "?")) for each in answer.json()["errors"])
