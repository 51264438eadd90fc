"""Forms that authors of kinds and sources declare."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.test import Client

import plots
from plots.forms.parameters_to_spec import read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.spec.plot_spec import FromSource
from plots.spec.registry import kinds, sources
from tests.helpers import problems


class MixedOptions(forms.Form):
    """Fields as an author writes them, without a thought for URLs."""

    flag = forms.BooleanField(initial=True, required=False)
    day = forms.DateField(required=False, initial=date(2026, 1, 2))
    tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    needed = forms.CharField(max_length=5)
    share = forms.DecimalField(required=False, initial="0.5")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("needed") == "bad":
            raise forms.ValidationError("Not this one.", code="mine")
        return cleaned


@pytest.fixture
def mixed():
    @plots.kind("mixed", options=MixedOptions)
    def draw(ax: Any, data: Any, **options: Any) -> None:
        """Draws nothing."""

    yield
    kinds.unregister("mixed")


@pytest.mark.usefixtures("mixed")
def test_any_form_can_declare_options() -> None:
    spec = read_spec("mixed", {"needed": ["x"]})
    assert spec.options["flag"] is True
    assert spec.options["day"] == date(2026, 1, 2)
    given = {"needed": ["x"], "flag": ["no"], "tags": ["a", "b"], "day": ["2026-03-04"]}
    spec = read_spec("mixed", given)
    assert spec.options["flag"] is False
    assert spec.options["tags"] == ["a", "b"]
    assert read_spec("mixed", write_parameters(spec)) == spec


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [("needed", "required")]),
        ({"needed": "x", "flag": "perhaps"}, [("flag", "invalid_choice")]),
        ({"needed": "x", "tags": "c"}, [("tags", "invalid_choice")]),
        ({"needed": "bad"}, [(None, "mine")]),
        ({"needed": "x", "share": "1_0"}, [("share", "invalid")]),
        ({"needed": "x", "y": "1,2"}, [("y", "unknown-parameter")]),
    ],
)
def test_errors_of_a_declared_form_name_their_field(
    client: Client, given: dict[str, str], found: list[tuple[str | None, str]]
) -> None:
    assert problems(client, "/plot/mixed.png", given) == found


@pytest.fixture
def orders():
    class OrdersOptions(forms.Form):
        year = forms.IntegerField(required=False, initial=2026)

    @plots.source("orders", visibility="public", options=OrdersOptions, version="1")
    def read(*, year: int) -> dict[str, list[Any]]:
        """Orders by day."""
        return {"day": ["a", "b"], "total": [year, 1], "note": ["x", "y"]}

    yield
    sources.unregister("orders")


@pytest.mark.usefixtures("orders")
def test_options_of_a_source_are_parameters(client: Client) -> None:
    spec = read_spec("bar", {"source": ["orders"], "x": ["day"], "y": ["total"], "year": ["7"]})
    assert isinstance(spec.data, FromSource)
    assert spec.data.options == {"year": 7}
    response = client.get("/plot/bar.csv?source=orders&x=day&y=total&year=7")
    assert response.content.decode().splitlines() == ["day,total", "a,7", "b,1"]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("x=day&y=totl", ("y", "unknown-column")),
        ("x=day", ("y", "required")),
        ("x=day&y=note", ("y", "not-a-number")),
        ("x=day&y=total&yera=7", ("yera", "unknown-parameter")),
        ("x=day&y=total&year=x", ("year", "invalid")),
    ],
)
def test_unknown_columns_and_options_of_a_source_are_rejected(
    client: Client, query: str, found: tuple[str, str]
) -> None:
    assert found in problems(client, f"/plot/bar.png?source=orders&{query}")
