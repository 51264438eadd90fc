"""As many values as a request may have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.hazards import drawn, numbers


def many(count: int, low: float = 0, high: float = 1) -> str:
    numbers = np.random.default_rng(count).uniform(low, high, count)
    return ",".join(f"{number:.3f}" for number in numbers)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("sparkline", {"y": many(100_000)}),
        ("sparkline", {"y": [many(2000)] * 50}),
        ("radar", {"x": ",".join(str(i % 100) for i in range(50_000)), "y": many(50_000)}),
        (
            "candlestick",
            {
                "open": many(24_999),
                "close": many(24_999, 0, 2),
                "high": many(24_999, 2, 3),
                "low": many(24_999, -1, 0),
            },
        ),
        ("timeline", {"start": many(33_000, 0, 5), "end": many(33_000, 5, 6), "y": many(33_000)}),
        ("timeline", dict.fromkeys(("start", "end", "y", "text"), many(25_000))),
    ],
)
def test_the_largest_requests(
    client: Client, settings: Any, kind: str, query: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    response = client.get(f"/plot/{kind}.{format}", query)
    assert response.status_code == 200, response["X-Plot-Error"]
    assert len(response.content) < 2_500_000  # as marks of their own, far more


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [(kind, {}) for kind in ("stem", "area", "stack", "stairs")]
    + [("stairs", {"fill": "1"}), ("line", {"steps": "middle"}), ("area", {"y2": ""})]
    + [("scatter", {"size": "", "color": ""}), ("bar", {"error": "", "values": "1"})],
)
def test_the_largest_number_of_points(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    channels = ["y", *(name for name, value in options.items() if not value)]
    values = {name: numbers(100_000 // len(channels)) for name in channels}
    response = drawn(client, kind, format, **options | values)
    assert len(response.content) < 1_500_000


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize("kind", ["bar", "stem", "area", "stack", "stairs"])
def test_the_largest_number_of_series(
    client: Client, settings: Any, kind: str, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    drawn(client, kind, format, y=[numbers(2000)] * 50)
