"""Columns that a QuerySet leaves out are not columns of its source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import models
from django.db.models import F, Value
from django.test import Client
from django.test.utils import isolate_apps

import plots
from plots.sources.orm.queryset import QuerySetTable
from plots.spec.registry import sources

pytestmark = pytest.mark.django_db
SECRET = "pbkdf2_sha256$a-secret-hash"
USERS: dict[str, Callable[[], Any]] = {
    "only": lambda: User.objects.only("username", "date_joined"),
    "only and the key": lambda: User.objects.only("pk", "username", "date_joined"),
    "defer": lambda: User.objects.defer("password", "email"),
    "only, then defer": lambda: User.objects.only("username", "password").defer("password"),
    "defer twice": lambda: User.objects.defer("email").defer("password"),
    "only and an annotation": lambda: User.objects.only("username").annotate(n=Value(1)),
    "alias": lambda: User.objects.only("username").alias(secret=F("password")),
    "slice": lambda: User.objects.only("username")[:5],
    "distinct": lambda: User.objects.only("username").distinct(),
    "union": lambda: User.objects.only("username").union(User.objects.only("username")),
    "values": lambda: User.objects.values("username", "date_joined"),
    "values_list": lambda: User.objects.values_list("username", "date_joined"),
}
# Queries that name a column in every place that takes a name.
QUERIES = (
    "y={0}", "x=username&y={0}", "x=username&stat=count&filter={0}__icontains:a",
    "x=username&stat=count&filter={0}:a", "x=username&y=username&order={0}",
    "x=username&y=username&order=-{0}", "x={0}&stat=count", "x=username&y={0}&stat=max",
    "x=username&y=username&facet={0}", "x=username&by={0}&stat=count",
)  # fmt: skip


@pytest.fixture
def register() -> Iterator[Callable[[Callable[[], Any]], Any]]:
    User.objects.create(username="ada", password=SECRET, email="ada@secret.example")
    yield lambda rows: plots.source("people", visibility="public", version="1")(rows)
    sources.unregister("people")


@pytest.mark.parametrize("rows", USERS.values(), ids=USERS)
def test_columns_that_are_left_out_do_not_exist(rows: Any, register: Any, client: Client) -> None:
    register(rows)
    shown = client.get("/plot/bar.csv?source=people&x=username&stat=count")
    assert shown.status_code == 200 and b"ada" in shown.content
    for query in QUERIES:
        for format in ("csv", "json", "png", "txt"):
            url = f"/plot/bar.{format}?source=people&{query}"
            unknown = client.get(url.format("passwort"))
            answer = client.get(url.format("password"), headers={"accept": "application/json"})
            assert (unknown.status_code, answer.status_code) == (400, 400), url
            (error,) = json.loads(answer.content)["errors"]
            assert error["code"] == "unknown-column"
            for text in (error["message"], unknown["X-Plot-Error"]):
                assert "Did you mean “passw" not in text and SECRET not in text
                assert "password," not in text and "email" not in text


@pytest.mark.parametrize("column", ["password", "id", "pk", "email"])
def test_only_leaves_out_the_key_too(column: str, register: Any, client: Client) -> None:
    register(USERS["only"])
    answer = client.get(f"/plot/bar.csv?source=people&x={column}&stat=count")
    assert answer.status_code == 400
    assert "Available: date_joined, username." in answer["X-Plot-Error"]


def test_a_kind_page_offers_only_columns_that_are_there(register: Any, client: Client) -> None:
    register(USERS["defer"])
    page = client.get("/plot/bar/?source=people&x=username&stat=count").content.decode()
    assert "last_name" in page and "password" not in page


RELATED: dict[str, Any] = {
    "select_related": (
        lambda: Permission.objects.select_related("content_type").only("content_type__model"),
        [],
    ),
    "only a relation": (lambda: Permission.objects.only("content_type"), ["content_type_id"]),
    "its attribute": (lambda: Permission.objects.only("content_type_id"), ["content_type_id"]),
    "defer of another table": (
        lambda: Permission.objects.select_related("content_type").defer("content_type__model"),
        ["id", "name", "content_type_id", "codename"],
    ),
    "values of another table": (
        lambda: Permission.objects.values("content_type__model"),
        ["content_type__model"],
    ),
    "extra": (
        lambda: Permission.objects.extra(select={"one": "1"}).values("one", "name"),
        ["name", "one"],
    ),
}


@pytest.mark.parametrize(("rows", "names"), RELATED.values(), ids=RELATED)
def test_names_of_related_columns(rows: Any, names: list[str]) -> None:
    assert QuerySetTable(rows()).names == names
    assert [*QuerySetTable(rows()).dtypes] == names


@isolate_apps("tests.tables")
def test_names_of_inherited_columns() -> None:
    class Place(models.Model):
        name = models.CharField(max_length=5)
        secret = models.CharField(max_length=5)

        class Meta:
            app_label = "tables"

        def __str__(self) -> str:
            return self.name

    class Shop(Place):  # noqa: DJ008 - inherited
        size = models.IntegerField()

        class Meta:
            app_label = "tables"

    assert "secret" not in QuerySetTable(Shop._default_manager.defer("secret")).names
    assert QuerySetTable(Shop._default_manager.only("name", "size")).names == ["name", "size"]


def test_relations_are_never_followed(register: Any, client: Client) -> None:
    register(lambda: User.objects.only("username"))
    for name in ("groups__name", "user_permissions__codename", "logentry__user__password"):
        for lookup in ("", "__icontains", "__startswith", "__in"):
            url = f"/plot/bar.csv?source=people&x=username&stat=count&filter={name}{lookup}:a"
            answer = client.get(url)
            assert answer.status_code == 400, url
            assert SECRET not in answer["X-Plot-Error"]


def test_columns_of_frames_may_begin_with_an_underscore(register: Any, client: Client) -> None:
    polars = pytest.importorskip("polars")
    register(lambda: polars.DataFrame({"_n": [1, 2], "username": ["a", "b"]}))
    answer = client.get("/plot/bar.csv?source=people&x=username&y=_n")
    assert answer.content.split() == [b"username,_n", b"a,1", b"b,2"]
