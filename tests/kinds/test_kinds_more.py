"""What kinds write into their drawings, and as much as may be given to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.text import Annotation

from plots.spec.registry import kinds
from tests.measure import figure_of, layout_problems, words_apart


@pytest.mark.parametrize("kind", ["candlestick", "formula", "gauge", "polar", "radar", "timeline"])
@pytest.mark.parametrize("size", [("640", "480"), ("320", "240"), ("400", "160")])
def test_words_in_drawings_are_apart(kind: str, size: tuple[str, str]) -> None:
    figure = figure_of(kind, **kinds.get(kind).example, width=size[0], height=size[1])
    assert words_apart(figure)
    assert layout_problems(figure) == []
    assert all(isinstance(text, Annotation) for text in figure.axes[0].texts)


def test_a_legend_stands_where_the_drawing_leaves_room() -> None:
    """Beside what is round, but above it where words stand around."""
    for kind, side in (("pie", "beside"), ("radar", "above")):
        figure: Any = figure_of(kind, **kinds.get(kind).example)
        legend = figure.legends[0].get_window_extent()
        drawing = figure.axes[0].bbox
        assert (legend.x0 > drawing.x1) == (side == "beside")
        assert (legend.y0 > drawing.y1) == (side == "above")


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
def test_as_much_as_may_be_given(
    client: Client, settings: Any, kind: str, query: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    response = client.get(f"/plot/{kind}.{format}", query)
    assert response.status_code == 200, response["X-Plot-Error"]
    assert len(response.content) < 2_500_000  # as marks of their own, far more
