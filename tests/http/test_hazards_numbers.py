"""Hostile numbers, sizes and options: drawn or refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from plots.spec.formats import FORMATS
from tests.hazards import deadline, drawn, refused
from tests.helpers import ask, pixels

pytestmark = pytest.mark.usefixtures("still_served")


PICTURES = [name for name, format in FORMATS.items() if format.is_picture]


@pytest.mark.parametrize(
    "number",
    ["1_000", "\u0661\u0662", "0x10", "1e", "1e9999", "1" * 400, "１２", "1,5;2", "1e309", "1 2"]
    + ["--1", "1j", "True"],
)
def test_invalid_numbers_are_refused(client: Client, number: str) -> None:
    told = ask(client, "/plot/line.png", {"y": f"1,{number}"})
    assert told.status_code == 400
    assert told.json()["errors"][0]["parameter"] == "y"
    assert told.json()["errors"][0]["code"] in ("not-a-number", "out-of-range")


@pytest.mark.parametrize("number", ["1e301", "-1e301", "1e308", "-1e308", "9e999"])
def test_too_large_numbers_are_refused(client: Client, number: str) -> None:
    refused(client, "line", "y", "out-of-range", y=f"1,{number}")
    refused(client, "hist", "x", "out-of-range", x=f"1,{number}")


@pytest.mark.parametrize("gap", ["inf", "-inf", "nan", "Infinity", ""])
def test_non_finite_numbers_are_gaps(client: Client, gap: str) -> None:
    drawn(client, "line", y=f"1,{gap},3")
    assert b"null" in client.get("/plot/line.json", {"y": f"1,{gap},3"}).content


@pytest.mark.parametrize("kind", ["line", "scatter", "bar", "hist"])
@pytest.mark.parametrize(
    "values",
    ["-1e300,1e300", "1e-300,2e-300", "0,1e-300", "1e300,1e300", "1e20,1e20", "-1e20", "nan", "7"]
    + ["1,1.0000000000000002", "1e-323,1", "0,0", "1e15,1e15"],
)
def test_extreme_spans(client: Client, kind: str, values: str) -> None:
    channel = "x" if kind == "hist" else "y"
    for format in ("png", "svg"):
        drawn(client, kind, format, **{channel: values})
    for scale in ("log", "symlog"):
        response = client.get(f"/plot/{kind}.png", {channel: values, f"{channel}scale": scale})
        assert response.status_code in (200, 400)


@pytest.mark.parametrize("scale", ["linear", "symlog", "log"])
@pytest.mark.parametrize(
    ("low", "high"),
    [("-1e300", "1e300"), ("1e-300", "2e-300"), ("1", "1.0000000000000002"), ("1e9", "1e300")]
    + [("", "1e-300"), ("1e300", ""), ("", "-1e300"), ("-1e300", "")],
)
def test_extreme_limits(client: Client, scale: str, low: str, high: str) -> None:
    for name in "xy":
        query = {f"{name}min": low, f"{name}max": high, f"{name}scale": scale}
        if scale == "log" and "-" in (low[:1], high[:1]):
            end = f"{name}min" if low.startswith("-") else f"{name}max"
            refused(client, "line", end, "out-of-range", x="1,2", y="1,2", **query)
        else:
            drawn(client, "line", x="1,2", y="1,2", **query)


@pytest.mark.parametrize("format", PICTURES)
@pytest.mark.parametrize(
    ("size", "parameter", "code"),
    [
        ({"width": 0, "height": 0}, "width", "out-of-range"),
        ({"height": 15}, "height", "out-of-range"),
        ({"width": 10_000, "height": 10_000}, "width", "out-of-range"),
        ({"width": 65_535}, "width", "out-of-range"),
        ({"width": 4096, "height": 4096}, "width", "too-many-pixels"),
        ({"width": 2000, "height": 2000, "scale": 2}, "scale", "too-many-pixels"),
        ({"scale": 5}, "scale", "out-of-range"),
        ({"scale": 0}, "scale", "out-of-range"),
        ({"width": 4096, "height": 16, "scale": 400}, "scale", "out-of-range"),
        ({"width": "-5"}, "width", "out-of-range"),
        ({"width": "1e3"}, "width", "invalid"),
    ],
)
def test_invalid_sizes_are_refused(
    client: Client, format: str, size: Any, parameter: str, code: str
) -> None:
    with deadline():
        told = ask(client, f"/plot/line.{format}", {"y": "1,2", **size})
    assert told.status_code == 400
    assert (parameter, code) in [(e["parameter"], e["code"]) for e in told.json()["errors"]]


def test_maximum_size_of_webp(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_SCALE": 8}
    query: Any = {"y": "1,2", "width": 4096, "height": 16, "scale": 4.5}
    assert ask(client, "/plot/line.webp", query).json()["errors"][0]["parameter"] == "scale"
    assert pixels(drawn(client, "line", **query)).size == (18432, 72)


@pytest.mark.parametrize("format", PICTURES)
def test_largest_image(client: Client, format: str) -> None:
    drawn(client, "line", format, y="1,3,2", width=4096, height=2197)


@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [("line", "linewidth", "1e5"), ("line", "linewidth", "0"), ("line", "markersize", "1e5")]
    + [("scatter", "markersize", "1e5"), ("scatter", "alpha", "1.5"), ("normal", "n", "1000000")]
    + [("line", "alpha", "-1"), ("line", "markersize", "nan"), ("hist", "bins", "100000")]
    + [("hist", "bins", "0"), ("hist", "bins", "fd"), ("normal", "seed", "1" * 40)]
    + [("normal", "variance", "-1"), ("normal", "mean", "1e300"), ("line", "linestyle", "(0,(1))")],
)
def test_options_out_of_bounds_are_refused(
    client: Client, kind: str, option: str, value: str
) -> None:
    data = {"hist": {"x": "1,2"}, "normal": {}}.get(kind, {"y": "1,2"})
    told = ask(client, f"/plot/{kind}.png", {option: value, **data})
    assert told.status_code == 400
    assert told.json()["errors"][0]["parameter"] == option
