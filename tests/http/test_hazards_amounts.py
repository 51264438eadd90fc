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
def test_number_of_bins_of_skewed_data(client: Client, bins: str, mode: str) -> None:
    skewed = ",".join(["1e20", *(str(i / 1000) for i in range(1000))])
    drawn(client, "hist", x=skewed, bins=bins, mode=mode)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("line", {}), ("line", {"marker": "star"}), ("line", {"linestyle": "dotted"})]
    + [("scatter", {}), ("bar", {}), ("bar", {"orientation": "horizontal"}), ("hist", {})],
)
def test_maximum_number_of_points(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    points = numbers(100_000)
    query = {"x" if kind == "hist" else "y": points, **options}
    response = drawn(client, kind, format, **query)
    assert len(response.content) < 1_500_000  # 11 MB if each point were an element


def test_noise_on_a_large_image(client: Client, settings: Any) -> None:
    """Agg supports 16 million cells in one path; this line would need hundreds of millions."""
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    drawn(client, "line", y=numbers(60_000), width=1400, height=1400)


def test_too_many_points_are_refused(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    told = ask(client, "/plot/line.png", {"y": "1," * 100_000 + "1"})
    assert (told.status_code, told.json()["errors"][0]["parameter"]) == (413, "y")


def test_too_many_series_are_refused(client: Client) -> None:
    names = ",".join(map(str, range(3000)))
    refused(client, "line", "by", "too-many-series", x=names, y=names, by=names)
    refused(client, "line", "y", "too-many-series", y=["1,2"] * 51)
    drawn(client, "line", y=["1,2"] * 50)


def test_long_query_is_refused(client: Client) -> None:
    told = ask(client, "/plot/line.png", {"y": "1," * 150_000})
    assert told.status_code == 414
