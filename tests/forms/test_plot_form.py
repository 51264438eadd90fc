"""The gate, through its first door: the query of /plot/<kind>.<format>."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django import forms
from django.test import Client, override_settings

import plots
from plots.errors import PlotError
from plots.forms.parameters_to_spec import read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.spec.plot_spec import FromSource, Inline
from plots.spec.registry import kinds, sources
from tests.helpers import ask, problems

LINE = {"x": "1,2,3", "y": "2,4,8"}


@pytest.mark.parametrize(
    ("query", "parameter", "code", "hint"),
    [
        ({"titel": "a"}, "titel", "unknown-parameter", "“title”"),
        ({"Y": "1,2,3"}, "Y", "unknown-parameter", "“y”"),
        ({"WIDTH": "300"}, "WIDTH", "unknown-parameter", "“width”"),
        ({"bins": "3"}, "bins", "unknown-parameter", "line has no parameter"),
        ({"title": ["a", "b"]}, "title", "repeated-parameter", "once"),
        ({"x": ["1,2,3", "1,2,3"]}, "x", "repeated-parameter", "once"),
        ({"w": "300", "width": "300"}, "width", "repeated-parameter", "once"),
        ({"width": "15"}, "width", "out-of-range", "16 to 4096"),
        ({"height": "4097"}, "height", "out-of-range", "16 to 4096"),
        ({"width": "wide"}, "width", "invalid", "not a number"),
        ({"width": "6_40"}, "width", "invalid", "not a number"),
        ({"width": "٣٠٠"}, "width", "invalid", "not a number"),
        ({"scale": "5"}, "scale", "out-of-range", "0.5 to 4"),
        ({"scale": "nan"}, "scale", "invalid", "number"),
        ({"width": "4000", "height": "4000"}, "width", "too-many-pixels", "16,000,000"),
        ({"width": "2000", "height": "2000", "scale": "2"}, "scale", "too-many-pixels", "9,000"),
        ({"theme": "drak"}, "theme", "invalid_choice", "“dark”"),
        ({"theme": "https://example.org/x.mplstyle"}, "theme", "invalid_choice", "no"),
        ({"grid": "maybe"}, "grid", "invalid_choice", "maybe"),
        ({"colors": "blurple"}, "colors", "invalid-color", "teal"),
        ({"colors": "12345"}, "colors", "invalid-color", "hex"),
        ({"marker": "o"}, "marker", "invalid_choice", "circle"),
        ({"alpha": "2"}, "alpha", "max_value", "1"),
        ({"x": "1,2,3,4"}, "y", "unequal-lengths", "3 values, but x has 4"),
        ({"y": "1,zwei,3"}, "y", "not-a-number", "Item 2, “zwei”"),
        ({"x": "1,b,3"}, "x", "not-a-number", "double quotes"),
        ({"y": ""}, "y", "required", "required"),
        ({"label": ["a", "b"]}, "label", "too-many-labels", "1 series"),
        ({"xmin": "5", "xmax": "5"}, "xmin", "invalid", "less than"),
        ({"xmin": "1", "xmax": "2026-01-01"}, "xmax", "invalid", "both"),
        ({"ymin": "low"}, "ymin", "invalid", "2026-01-31"),
        ({"title": "x" * 201}, "title", "too-long-text", "the limit is 200"),
        ({"title": "a\x00b"}, "title", "null_characters_not_allowed", "ull"),
        ({"title": "a\x1bb"}, "title", "invalid-text", "U+001B"),
        ({"source": "stoks"}, "source", "unknown-source", "“stocks”"),
        ({"backend": "module://os"}, "backend", "unknown-parameter", "no parameter"),
    ],
)
@pytest.mark.django_db
def test_a_bad_parameter_is_named_with_the_fix(
    client: Client, query: dict[str, Any], parameter: str, code: str, hint: str
) -> None:
    response = ask(client, "/plot/line.png", LINE | query)
    error = response.json()["errors"][0]
    assert (error["parameter"], error["code"]) == (parameter, code), error
    assert hint in error["message"]
    assert response.status_code == (404 if code == "unknown-source" else 400)


def test_all_errors_of_a_request_are_told_at_once(client: Client) -> None:
    found = problems(client, "/plot/line.png", {"y": "1,a", "width": "9", "theme": "x"})
    assert {name for name, _ in found} == {"y", "width", "theme"}


@pytest.mark.parametrize("name", ["w", "width"])
def test_names_from_other_services_are_known(client: Client, name: str) -> None:
    other = client.get("/plot/line.png", LINE | {"w": "300", "h": "200", "devicePixelRatio": "2"})
    ours = client.get("/plot/line.png", LINE | {"width": "300", "height": "200", "scale": "2"})
    assert other.status_code == 200
    assert other["ETag"] == ours["ETag"]


def test_order_and_spelling_do_not_make_another_picture(client: Client) -> None:
    first = client.get("/plot/line.png?y=2,4&x=1,2&title=&colors=red&grid=yes")
    second = client.get("/plot/line.png?x=1.0,%202&colors=%23ff0000&y=2%2C4&width=640&grid=1")
    assert first.status_code == second.status_code == 200
    assert first["ETag"] == second["ETag"]
    assert client.get("/plot/line.png?y=2,4&x=1,3&colors=red")["ETag"] != first["ETag"]


def test_a_line_break_repeats_a_parameter_as_a_text_area_sends_it(client: Client) -> None:
    area = client.get("/plot/line.png", {"y": "1,2,3\r\n4,5,6", "label": "a\r\nb"})
    twice = client.get("/plot/line.png?y=1,2,3&y=4,5,6&label=a&label=b")
    assert area.status_code == 200
    assert area["ETag"] == twice["ETag"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"y": ["1,2,3"]},
        {"x": ["2024-01-01,2024-01-02"], "y": ["1,"], "xmin": ["2023-12-31"]},
        {"x": ["2024-01-01T10:00,2024-01-01T11:30:15.5"], "y": [",1"], "title": ["a, “b” & c"]},
        {"x": ['"1","2024-01-01","a,b","c""d"," e "'], "y": ["1,2,3,4,5"], "grid": ["0"]},
        {"x": ["a,b,a"], "y": ["1,2,3", "4,5,6"], "label": ["p", "q"], "colors": ["red,0a7d6c80"]},
        {"y": ["1,2,3"], "by": ["1,2,nan"], "legend": ["upper left"], "scale": ["1.5"]},
        {"source": ["stocks"], "x": ["date"], "y": ["IBM", "AAPL"], "since": ["2000"]},
        {"y": ["nan"], "alpha": ["0.25"], "marker": ["star"], "yscale": ["symlog"]},
        {"y": ["1e300,-1.5e-300,0.1,12345678901234567890"]},
    ],
)
def test_what_is_written_is_read_as_the_same_plot(parameters: dict[str, list[str]]) -> None:
    spec = read_spec("line", parameters)
    written = write_parameters(spec)
    again = read_spec("line", written)
    assert again == spec
    assert again.digest == spec.digest
    assert write_parameters(again) == written


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
def test_every_parameter_set_to_its_default_is_not_written(kind: str) -> None:
    example = {
        name: value if isinstance(value, list) else [value]
        for name, value in kinds.get(kind).example.items()
    }
    spec = read_spec(kind, example)
    assert set(write_parameters(spec)) <= set(example)
    assert read_spec(kind, write_parameters(spec)) == spec


def test_values_are_told_apart_by_themselves() -> None:
    spec = read_spec("line", {"x": ["2024-02-29,,2024-03-01T12:00"], "y": ["1,,-2.5e1"]})
    assert isinstance(spec.data, Inline)
    assert spec.data.columns["x"] == ((datetime(2024, 2, 29), None, datetime(2024, 3, 1, 12)),)
    assert spec.data.columns["y"] == ((1.0, None, -25.0),)


def test_a_date_and_the_text_that_looks_like_it_have_different_digests() -> None:
    as_date = read_spec("line", {"x": ["2024-01-01"], "y": ["1"]})
    as_text = read_spec("line", {"x": ['"2024-01-01"'], "y": ["1"]})
    assert isinstance(as_date.data, Inline) and isinstance(as_text.data, Inline)
    assert as_date.data.columns["x"] == ((date(2024, 1, 1),),)
    assert as_text.data.columns["x"] == (("2024-01-01",),)
    assert as_date.digest != as_text.digest


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
def test_an_authors_form_needs_no_care() -> None:
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
def test_an_authors_form_is_held_to_its_word(
    client: Client, given: dict[str, str], found: list[tuple[str | None, str]]
) -> None:
    assert problems(client, "/plot/mixed.png", given) == found


@pytest.fixture
def orders():
    class OrdersOptions(forms.Form):
        year = forms.IntegerField(required=False, initial=2026)

    @plots.source("orders", options=OrdersOptions, version="1")
    def read(*, year: int) -> dict[str, list[Any]]:
        """Orders by day."""
        return {"day": ["a", "b"], "total": [year, 1], "note": ["x", "y"]}

    yield
    sources.unregister("orders")


@pytest.mark.usefixtures("orders")
def test_a_source_brings_its_options(client: Client) -> None:
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
def test_a_source_is_asked_for_what_it_has(
    client: Client, query: str, found: tuple[str, str]
) -> None:
    assert found in problems(client, f"/plot/bar.png?source=orders&{query}")


@override_settings(PLOTS={"MAX_POINTS": 100, "MAX_SERIES": 2, "MAX_SIDE": 100, "MAX_TEXT": 20})
def test_limits_are_settings_read_live(client: Client) -> None:
    size = {"width": "90", "height": "90"}
    many = client.get("/plot/line.png", size | {"y": ",".join("1" * 101)})
    assert (many.status_code, many["X-Plot-Error"][:1]) == (413, "y")
    halves = client.get("/plot/line.png", size | {"y": [",".join("1" * 60)] * 2})
    assert halves.status_code == 413
    assert problems(client, "/plot/line.png", size | {"y": ["1"] * 3}) == [("y", "too-many-series")]
    assert problems(client, "/plot/line.png", {"y": "1", "height": "90"})[0][0] == "width"
    assert problems(client, "/plot/line.png", size | {"y": "1", "title": "x" * 21}) == [
        ("title", "too-long-text")
    ]


def test_a_query_too_long_or_of_too_many_parts_is_refused(client: Client) -> None:
    long = client.get("/plot/line.png", {"y": "1," * 110_000})
    assert long.status_code == 414
    parts = client.get("/plot/line.png?" + "&".join(["y=1"] * 1001))
    assert parts.status_code == 414
    assert parts["Content-Type"] == "image/png"


def test_errors_carry_over_process_boundaries() -> None:
    import pickle

    error = PlotError.of([PlotError("a.", "b", "c"), PlotError("d.", "e")])
    again = pickle.loads(pickle.dumps(error))
    assert [each.as_dict() for each in again.all] == [each.as_dict() for each in error.all]
