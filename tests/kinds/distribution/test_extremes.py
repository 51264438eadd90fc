"""Distributions of few, many and extreme values."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.hazards import drawn, numbers
from tests.helpers import problems
from tests.kinds.artists import TWO
from tests.measure import axes_of

REQUIRED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("box", "violin", "errorbar", "pie", "doughnut"), ("y",)),
    **dict.fromkeys(TWO, ("x", "y")),
    **dict.fromkeys(("event", "ecdf"), ("x",)),
}


@pytest.mark.parametrize("kind", REQUIRED)
@pytest.mark.parametrize(
    "values",
    ["nan", "nan,nan", "5", ",5,", "7,7,7", "1e300,1e300", "0,1e300,2", "5e-324,0", "1e20,1,2"],
)
def test_few_values(client: Client, kind: str, values: str) -> None:
    given = dict.fromkeys(REQUIRED[kind], values)
    for scale in ("linear", "symlog", "log"):
        scales = {f"{name}scale": scale for name in REQUIRED[kind]}
        scales = {} if kind in ("pie", "doughnut") else scales
        answer = client.get(f"/plot/{kind}.svg", {**given, **scales})
        reason = answer.get("X-Plot-Error", "")
        assert answer.status_code == 200 or "scale" in reason, reason
    says = [text.get_text() for text in axes_of(kind, **given).texts]
    assert ("No data" in says) == (set(values) <= set("nan,"))


@pytest.mark.parametrize("kind", ["box", "violin", "errorbar", "ecdf", "hist2d", "hexbin"])
def test_spans_from_end_to_end(client: Client, kind: str) -> None:
    given = dict.fromkeys(REQUIRED[kind], "-1e300,1e300,0")
    assert client.get(f"/plot/{kind}.png", given).status_code == 200


@pytest.mark.parametrize("kind", REQUIRED)
def test_required_channels(client: Client, kind: str) -> None:
    path, needed = f"/plot/{kind}.png", REQUIRED[kind]
    given = dict.fromkeys(needed, "1,2")
    for name in needed:
        left = {other: value for other, value in given.items() if other != name} | {"title": "a"}
        assert (name, "required") in problems(client, path, left)
    if kind not in ("event", *TWO):
        assert problems(client, path, given | {needed[-1]: "a,b"}) == [(needed[-1], "not-a-number")]


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [(kind, {}) for kind in REQUIRED]
    + [("hist2d", {"bins": "500"}), ("hexbin", {"gridsize": "200"})]
    + [("errorbar", {"error": ""}), ("box", {"x": ""}), ("pie", {"x": ""})],
)
def test_the_largest_number_of_points(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    filled = [name for name, value in options.items() if not value]
    channels = (*REQUIRED[kind], *filled)
    values = {name: numbers(100_000 // len(channels)) for name in channels}
    if kind == "box" and filled:
        values["x"] = ",".join(str(place % 400) for place in range(50_000))
    response = drawn(client, kind, format, **options | values)
    assert len(response.content) < 1_500_000


@pytest.mark.parametrize("kind", ["box", "violin", "errorbar", "event", "ecdf"])
def test_the_largest_number_of_series(client: Client, settings: Any, kind: str) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    query: Any = {REQUIRED[kind][0]: [numbers(2000)] * 50}
    drawn(client, kind, **query)
