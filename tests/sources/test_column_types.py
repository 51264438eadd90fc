"""Data types of the columns of sources, inferred without reading the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django import forms
from django.db.models import Count
from django.test import Client

import plots
from plots.sources.reading import columns_of
from plots.spec.registry import sources
from tests.tables.models import Reading

pytestmark = pytest.mark.django_db


MIXED = {
    "n": [None, 1, 2],
    "price": [Decimal("1.5")],
    "town": ("Ulm",),
    "day": [date(2026, 1, 1)],
    "at": [datetime(2026, 1, 1, 12)],
    "ok": [True],
    "x": np.arange(3.0),
    "days": np.array(["2026-01-01"], "M8[D]"),
    "times": np.array(["2026-01-01"], "M8[ns]"),
}


DTYPES = ["number", "number", "text", "date", "datetime", "boolean", "number", "date", "datetime"]


def dtypes_of(rows: Any, **declared: Any) -> Any:
    plots.source("typed", visibility="public", **declared)(rows if callable(rows) else lambda: rows)
    try:
        return columns_of(sources.get("typed"), {})
    finally:
        sources.unregister("typed")


def test_types_are_inferred_from_values() -> None:
    assert dtypes_of(MIXED) == dict(zip(MIXED, DTYPES, strict=True))
    assert dtypes_of([{"a": None, "b": "x"}, {"a": 2.5, "b": "y"}]) == {"a": "number", "b": "text"}
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"n": [1, 2], "t": ["a", "b"], "at": pandas.to_datetime(["2026", "2027"])}
    )
    assert dtypes_of(frame) == {"n": "number", "t": "text", "at": "datetime"}


def test_types_of_a_queryset_need_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert dtypes_of(lambda: Reading.objects.all()) == {
            "id": "number", "at": "datetime", "day": "date", "number": "number",
            "count": "number", "price": "number", "town": "text", "good": "boolean",
        }  # fmt: skip
        assert dtypes_of(lambda: Reading.objects.values("town").annotate(rows=Count("id"))) == {
            "town": "text", "rows": "number"
        }  # fmt: skip


def test_unknown_types_are_not_guessed() -> None:
    read = []

    def one_by_one() -> Iterator[dict[str, int]]:
        read.append("the first")
        yield {"n": 1}

    assert dtypes_of(one_by_one) is None and not read
    assert dtypes_of({"n": [None, None]}) is None
    assert dtypes_of({"n": (each for each in [1, 2])}) is None
    assert dtypes_of({"n": Reading.objects.values_list("number", flat=True)}) is None
    assert dtypes_of([]) is None
    assert dtypes_of(lambda: 1 / 0) is None
    assert dtypes_of({"n": [1]}, columns={"n": "number", "more": "text"}) == {
        "n": "number", "more": "text"
    }  # fmt: skip


def test_forms_offer_columns_by_type(client: Client, admin_client: Client) -> None:
    calls = []

    class Options(forms.Form):
        town = forms.CharField(required=False, initial="Ulm")

    @plots.source("towns", visibility="public", options=Options, version="1")
    def towns(*, town: str) -> Any:
        calls.append(town)
        return Reading.objects.filter(town=town)

    try:
        page = client.get("/plot/scatter/?source=towns").content.decode()
        form = admin_client.get("/admin/plots_presets/preset/add/?kind=scatter&source=towns")
        calls.clear()
        admin_client.get("/admin/plots_presets/preset/add/?kind=scatter&source=towns")
        assert not calls  # the types are cached
        wrong = client.get("/plot/scatter/?source=towns&x=nowhere")
    finally:
        sources.unregister("towns")
    for html in (page, form.content.decode()):
        assert '<option value="town">town (text)</option>' in html
        assert html.count('<option value="price">price (number)</option>') >= 2
    assert b'name="x"' in wrong.content and b"nowhere" in wrong.content
