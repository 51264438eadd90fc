"""Parameters of a URL: their validation, aliases and limits."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings

from plots.errors import PlotError
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
def test_an_invalid_parameter_is_named_with_the_fix(
    client: Client, query: dict[str, Any], parameter: str, code: str, hint: str
) -> None:
    response = ask(client, "/plot/line.png", LINE | query)
    error = response.json()["errors"][0]
    assert (error["parameter"], error["code"]) == (parameter, code), error
    assert hint in error["message"]
    assert response.status_code == (404 if code == "unknown-source" else 400)


def test_all_errors_of_a_request_are_reported_at_once(client: Client) -> None:
    found = problems(client, "/plot/line.png", {"y": "1,a", "width": "9", "theme": "x"})
    assert {name for name, _ in found} == {"y", "width", "theme"}


@pytest.mark.parametrize("name", ["w", "width"])
def test_aliases_of_other_services_are_accepted(client: Client, name: str) -> None:
    other = client.get("/plot/line.png", LINE | {"w": "300", "h": "200", "devicePixelRatio": "2"})
    ours = client.get("/plot/line.png", LINE | {"width": "300", "height": "200", "scale": "2"})
    assert other.status_code == 200
    assert other["ETag"] == ours["ETag"]


def test_order_and_spelling_of_parameters_do_not_change_the_etag(client: Client) -> None:
    first = client.get("/plot/line.png?y=2,4&x=1,2&title=&colors=red&grid=yes")
    second = client.get("/plot/line.png?x=1.0,%202&colors=%23ff0000&y=2%2C4&width=640&grid=1")
    assert first.status_code == second.status_code == 200
    assert first["ETag"] == second["ETag"]
    assert client.get("/plot/line.png?y=2,4&x=1,3&colors=red")["ETag"] != first["ETag"]


def test_a_line_break_repeats_a_parameter(client: Client) -> None:
    area = client.get("/plot/line.png", {"y": "1,2,3\r\n4,5,6", "label": "a\r\nb"})
    twice = client.get("/plot/line.png?y=1,2,3&y=4,5,6&label=a&label=b")
    assert area.status_code == 200
    assert area["ETag"] == twice["ETag"]


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


def test_a_query_that_is_too_long_or_has_too_many_parts_is_rejected(client: Client) -> None:
    long = client.get("/plot/line.png", {"y": "1," * 110_000})
    assert long.status_code == 414
    parts = client.get("/plot/line.png?" + "&".join(["y=1"] * 1001))
    assert parts.status_code == 414
    assert parts["Content-Type"] == "image/png"


def test_an_error_survives_pickling() -> None:
    import pickle

    error = PlotError.of([PlotError("a.", "b", "c"), PlotError("d.", "e")])
    again = pickle.loads(pickle.dumps(error))
    assert [each.as_dict() for each in again.all] == [each.as_dict() for each in error.all]
