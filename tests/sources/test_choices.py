"""Fields with choices: labels in pictures, and values or labels in filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.helpers import ask
from tests.tables.models import Job

pytestmark = pytest.mark.django_db(databases=[*settings.DATABASES])


@pytest.fixture(autouse=True)
def jobs(database: str, source: Callable[..., None]) -> None:
    for size, priority, paid in (("l", 1, True), ("s", 3, False), ("s", 2, True), ("l", 3, None)):
        Job.objects.using(database).create(size=size, priority=priority, paid=paid)
    source("jobs", lambda: Job.objects.using(database).order_by("id"))


def csv_of(client: Client, **query: Any) -> list[str]:
    answer = ask(client, "/plot/bar.csv", {"source": "jobs", **query})
    assert answer.status_code == 200, answer.content
    return answer.content.decode().split("\r\n")[1:-1]


def test_axes_and_legends_show_labels_in_the_declared_order(client: Client) -> None:
    counted = {"stat": "count"}
    assert csv_of(client, x="size", **counted) == ["Small,2", "Large,2"]
    assert csv_of(client, x="priority", **counted) == ["High,2", "Low,1", "Medium,1"]
    assert csv_of(client, x="paid", **counted) == ["false,1", "true,2", ",1"]
    query = {"source": "jobs", "x": "priority", "by": "size", **counted}
    words = client.get("/plot/bar.txt", query).content.decode()
    assert "High, Low, Medium" in words
    assert words.index("Small") < words.index("Large")


def test_numbers_stay_numbers(client: Client) -> None:
    assert csv_of(client, x="size", y="priority", stat="mean") == ["Small,2.5", "Large,2"]
    assert csv_of(client, x="priority", stat="count", bin="2") == ["0,1", "2,3"]


@pytest.mark.parametrize(
    ("filter", "rows"),
    [
        ("size:s", ["Small,2"]), ("size:Small", ["Small,2"]), ("size__in:Small,l", None),
        ("size__icontains:ARG", ["Large,2"]), ("priority:High", None), ("priority__gt:2", None),
    ],
)  # fmt: skip
def test_filters_take_values_and_labels(filter: str, rows: Any, client: Client) -> None:
    expected = ["Small,2", "Large,2"] if "in:" in filter else ["Small,1", "Large,1"]
    assert csv_of(client, x="size", stat="count", filter=filter) == (rows or expected)
