"""Large amounts of data: drawn in time or refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.hazards import drawn, numbers, refused
from tests.helpers import ask

pytestmark = pytest.mark.usefixtures("still_served")


@pytest.mark.parametrize("mode", ["overlay", "stacked"])
@pytest.mark.parametrize("bins", ["", "500"])
def test_skewed_data_has_few_bins(client: Client, bins: str, mode: str) -> None:
    skewed = ",".join(["1e20", *(str(i / 1000) for i in range(1000))])
    drawn(client, "hist", x=skewed, bins=bins, mode=mode)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("line", {}), ("line", {"marker": "star"}), ("line", {"linestyle": "dotted"})]
    + [("scatter", {}), ("bar", {}), ("bar", {"orientation": "horizontal"}), ("hist", {})],
)
def test_as_many_points_as_may_be_given(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    points = numbers(100_000)
    query = {"x" if kind == "hist" else "y": points, **options}
    response = drawn(client, kind, format, **query)
    assert len(response.content) < 1_500_000  # as marks of their own, 11 MB


def test_noise_on_a_large_picture(client: Client, settings: Any) -> None:
    """Agg holds 16 million cells of a path; a line this long and tall has hundreds of them."""
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    drawn(client, "line", y=numbers(60_000), width=1400, height=1400)


def test_too_many_points(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    told = ask(client, "/plot/line.png", {"y": "1," * 100_000 + "1"})
    assert (told.status_code, told.json()["errors"][0]["parameter"]) == (413, "y")


def test_too_many_series(client: Client) -> None:
    names = ",".join(map(str, range(3000)))
    refused(client, "line", "by", "too-many-series", x=names, y=names, by=names)
    refused(client, "line", "y", "too-many-series", y=["1,2"] * 51)
    drawn(client, "line", y=["1,2"] * 50)


def test_a_query_too_long(client: Client) -> None:
    told = ask(client, "/plot/line.png", {"y": "1," * 150_000})
    assert told.status_code == 414
