"""Databases: the results of QuerySets are those of NumPy for the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext

import plots
from plots.data.loading import load
from plots.data.model import Data
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.spec.registry import sources
from tests.sources.rows import COLUMNS, make_readings
from tests.tables.models import Reading

pytestmark = pytest.mark.django_db(databases=[*settings.DATABASES])


@pytest.fixture
def tables(database: str) -> Iterator[None]:
    """Register the same rows as the sources ``queryset``, a QuerySet, and ``rows``, dicts."""
    Reading.objects.using(database).bulk_create(make_readings(300))
    plots.source("queryset", visibility="public", version="1")(
        lambda: Reading.objects.using(database).order_by("id")
    )
    plots.source("rows", visibility="public", version="1")(
        lambda: list(Reading.objects.using(database).order_by("id").values(*COLUMNS))
    )
    yield
    sources.unregister("queryset")
    sources.unregister("rows")


def loaded(source: str, parameters: dict[str, Any], kind: str = "line") -> Data:
    return load(read_spec(kind, as_parameters({"source": source, **parameters})))


def nearly(data: Data) -> dict[str, tuple[Any, ...]]:
    """The table of ``data`` with tolerance, because databases add in another order."""
    return {
        name: tuple(pytest.approx(v, rel=1e-9) if isinstance(v, float) else v for v in column)
        for name, column in data.table.items()
    }


QUERIES: list[dict[str, Any]] = [
    {"x": "at", "y": "price"},
    {"x": "at", "y": ["price", "number"], "by": "town"},
    {"x": "day", "y": "price", "order": "-price"},
    {"x": "day", "y": "price", "order": "count", "limit": "20"},
    {"x": "at", "y": "price", "limit": "7"},
    {"x": "town", "stat": "count"},
    {"x": "town", "y": "price", "stat": "count", "order": "-price"},
    {"x": "day", "y": "number", "stat": "sum", "by": "town"},
    {"x": "town", "stat": "count", "order": "-count", "limit": "2"},
    {"x": "day", "y": "town", "stat": "count"},
    {"x": "town", "stat": "count", "order": "-town"},
    *({"x": "day", "y": "price", "stat": stat} for stat in ("mean", "median", "min", "max", "std")),
    *(
        {"x": "at", "y": ["count", "price"], "stat": "mean", "bin": unit}
        for unit in ("hour", "day", "week", "month", "quarter", "year")
    ),
    *({"x": "day", "y": "count", "stat": "sum", "bin": unit} for unit in ("week", "quarter")),
    {"x": "number", "y": "count", "stat": "sum", "bin": "2.5"},
    {"x": "price", "stat": "count", "bin": "10", "by": "good"},
    *({"x": "day", "y": "good", "stat": stat} for stat in ("mean", "sum", "max", "std")),
    {"x": "good", "y": "count", "stat": "sum", "bin": "1"},
    *(
        {"x": "at", "y": "number", "filter": each}
        for each in (
            "town:Ulm",
            "town__in:Ulm,서울",
            "town__icontains:ø",
            "town__isnull:1",
            "town__isnull:0",
            "number__gt:3.5",
            "number__gte:-1",
            "number__lt:0",
            "count__lte:5",
            "count__in:1,2,3",
            "count__range:4,9",
            "price__exact:12.34",
            "price__isnull:true",
            "good:1",
            "day__gte:2024-04-02",
            "day__range:2024-04-01,2024-04-05",
            "at__lt:2024-03-31T12:00",
            ["town:Ulm", "number__gt:0", "at__gte:2024-04-01"],
        )
    ),
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_database_and_numpy_return_the_same(tables: None, query: dict[str, Any]) -> None:
    from_queryset, from_rows = loaded("queryset", query), loaded("rows", query)
    assert from_queryset.table == nearly(from_rows)
    assert from_queryset.table, "nothing was compared"


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ({"x": "at", "y": "prise"}, "y", "Did you mean “price”?"),
        ({"x": "at", "y": "price", "filter": "tawn:Ulm"}, "filter", "Did you mean “town”?"),
        ({"x": "at", "y": "price", "filter": "town__regex:a+"}, "filter", "no lookup “regex”"),
        ({"x": "at", "y": "price", "filter": "price__gt:dear"}, "filter", "holds numbers"),
        ({"x": "at", "y": "price", "filter": "day__gt:7"}, "filter", "holds dates"),
        ({"x": "at", "y": "price", "filter": "day__gt:2024-02-31"}, "filter", "holds dates"),
        ({"x": "at", "y": "price", "filter": "count__range:1"}, "filter", "takes 2 values"),
        ({"x": "at", "y": "price", "filter": "town"}, "filter", "is not a filter"),
        ({"x": "at", "y": "price", "filter": "town__isnull:perhaps"}, "filter", "isnull:1"),
        ({"x": "at", "y": "price", "filter": "town:"}, "filter", "isnull:1"),
        ({"x": "at", "y": "price", "filter": "reading__town:Ulm"}, "filter", "no column"),
        ({"x": "at", "y": "town", "stat": "mean"}, "stat", "does not hold numbers"),
        ({"x": "at", "y": "price", "bin": "month"}, "stat", "requires a statistic of its rows"),
        ({"x": "at", "y": "price", "stat": "sum", "bin": "10"}, "bin", "such as month"),
        ({"x": "price", "y": "price", "stat": "sum", "bin": "month"}, "bin", "such as 10"),
        ({"x": "town", "y": "price", "stat": "sum", "bin": "10"}, "bin", "Only numbers and dates"),
        ({"x": "at", "y": "price", "stat": "sum", "bin": "0"}, "bin", "above 0"),
        ({"x": "at", "y": "price", "stat": "average"}, "stat", "not a choice"),
        ({"x": "town", "y": "price", "stat": "sum", "order": "day"}, "order", "town, price"),
        ({"x": "at", "y": "price", "limit": "0"}, "limit", "1"),
        ({"y": "price", "stat": "sum"}, "x", "equal values"),
    ],
    ids=str,
)
def test_errors_are_the_same_for_all_engines(
    tables: None, query: dict[str, Any], parameter: str, words: str
) -> None:
    for source in ("queryset", "rows"):
        with pytest.raises(PlotError) as caught:
            loaded(source, query)
        assert caught.value.parameter == parameter
        assert words in caught.value.message
        assert caught.value.status == 400


@pytest.mark.parametrize(
    "made",
    [
        lambda rows: rows[:100],
        lambda rows: rows.distinct(),
        lambda rows: rows.filter(count__gt=3) | rows.filter(count__lte=3),
        lambda rows: rows.filter(count__gt=9).order_by().union(rows.filter(count__lt=5).order_by()),
    ],
    ids=["slice", "distinct", "or", "union"],
)
def test_complex_querysets_are_grouped_in_memory(database: str, made: Any) -> None:
    Reading.objects.using(database).bulk_create(make_readings(200))
    rows = made(Reading.objects.using(database).order_by("id"))
    query = {"x": "town", "y": "price", "stat": "sum", "filter": "count__gte:0", "order": "-price"}
    try:
        plots.source("made", visibility="public", version="1")(lambda: rows)
        plots.source("rows", visibility="public", version="1")(lambda: list(rows.values(*COLUMNS)))
        from_queryset, from_rows = loaded("made", query), loaded("rows", query)
    finally:
        sources.unregister("made")
        sources.unregister("rows")
    assert from_queryset.table == nearly(from_rows)
    assert from_queryset.series[0].y.size == 4


def test_values_and_annotations_are_columns_but_not_relations(database: str) -> None:
    from django.db.models import Count, Sum

    Reading.objects.using(database).bulk_create(make_readings(200))
    days = Reading.objects.using(database).values("day").annotate(n=Count("id"), total=Sum("price"))
    plots.source("per-day", visibility="public", version="1")(lambda: days.order_by("day"))
    try:
        found = loaded("per-day", {"x": "day", "y": "total", "filter": "n__gte:5"})
        again = loaded("per-day", {"x": "n", "stat": "count"})
        with pytest.raises(PlotError, match="no column “price”"):
            loaded("per-day", {"x": "day", "y": "price"})
    finally:
        sources.unregister("per-day")
    assert found.series[0].y.size == sum(row["n"] >= 5 for row in days)
    assert sum(again.series[0].y) == len(days)


def test_database_returns_one_row_for_each_group(database: str) -> None:
    """What is fetched is what is drawn, however many rows there are."""
    Reading.objects.using(database).bulk_create(make_readings(300))
    plots.source("queryset", visibility="public", version="1")(
        lambda: Reading.objects.using(database).all()
    )
    try:
        with CaptureQueriesContext(connections[database]) as caught:
            loaded(
                "queryset", {"x": "town", "y": "price", "stat": "mean", "filter": "good:1"}, "bar"
            )
    finally:
        sources.unregister("queryset")
    (query,) = caught.captured_queries
    assert "GROUP BY" in query["sql"]
    assert "WHERE" in query["sql"]
