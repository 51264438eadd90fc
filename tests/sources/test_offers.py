"""The columns of a source, offered in lists: told by its table, which is not read for that."""

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
SORTS = ["number", "number", "text", "date", "datetime", "boolean", "number", "date", "datetime"]


def told(rows: Any, **declared: Any) -> Any:
    plots.source("told", **declared)(rows if callable(rows) else lambda: rows)
    try:
        return columns_of(sources.get("told"), {})
    finally:
        sources.unregister("told")


def test_tables_tell_what_their_columns_hold() -> None:
    assert told(MIXED) == dict(zip(MIXED, SORTS, strict=True))
    assert told([{"a": None, "b": "x"}, {"a": 2.5, "b": "y"}]) == {"a": "number", "b": "text"}
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"n": [1, 2], "t": ["a", "b"], "at": pandas.to_datetime(["2026", "2027"])}
    )
    assert told(frame) == {"n": "number", "t": "text", "at": "datetime"}


def test_a_queryset_tells_without_a_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert told(lambda: Reading.objects.all()) == {
            "id": "number", "at": "datetime", "day": "date", "number": "number",
            "count": "number", "price": "number", "town": "text", "good": "boolean",
        }  # fmt: skip
        assert told(lambda: Reading.objects.values("town").annotate(rows=Count("id"))) == {
            "town": "text", "rows": "number"
        }  # fmt: skip


def test_what_cannot_be_told_is_not_guessed() -> None:
    read = []

    def one_by_one() -> Iterator[dict[str, int]]:
        read.append("the first")
        yield {"n": 1}

    assert told(one_by_one) is None and not read
    assert told({"n": [None, None]}) is None
    assert told({"n": (each for each in [1, 2])}) is None
    assert told({"n": Reading.objects.values_list("number", flat=True)}) is None
    assert told([]) is None
    assert told(lambda: 1 / 0) is None
    assert told({"n": [1]}, columns={"n": "number", "more": "text"}) == {
        "n": "number", "more": "text"
    }  # fmt: skip


def test_channels_choose_from_them_as_from_a_dataset_s(
    client: Client, admin_client: Client
) -> None:
    calls = []

    class Options(forms.Form):
        town = forms.CharField(required=False, initial="Ulm")

    @plots.source("asked", options=Options, version="1")
    def asked(*, town: str) -> Any:
        calls.append(town)
        return Reading.objects.filter(town=town)

    try:
        page = client.get("/plot/scatter/?source=asked").content.decode()
        form = admin_client.get("/admin/plots_presets/preset/add/?kind=scatter&source=asked")
        calls.clear()
        admin_client.get("/admin/plots_presets/preset/add/?kind=scatter&source=asked")
        assert not calls  # a form asks for the same again and again
        wrong = client.get("/plot/scatter/?source=asked&x=nowhere")
    finally:
        sources.unregister("asked")
    for html in (page, form.content.decode()):
        assert '<option value="town">town (text)</option>' in html
        assert html.count('<option value="price">price (number)</option>') >= 2
    assert b'name="x"' in wrong.content and b"nowhere" in wrong.content
