"""Texts do not overlap and are not cut off."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.measure import LONG, SIZES, axes_of, figure_of, layout_problems, tick_texts

NAMES = ",".join(f"Category number {i} of them all" for i in range(30))
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "names": ("bar", {"x": NAMES, "y": ",".join(map(str, range(30))), "title": LONG}),
    "names that lie": (
        "bar",
        {"x": NAMES, "y": ",".join(map(str, range(30))), "orientation": "horizontal"},
    ),
    "no spaces": ("line", dict.fromkeys(("title", "xlabel", "ylabel"), "W" * 200) | {"y": "1,2"}),
    "other scripts": ("line", {"y": "1,2", "title": "월별 매출 " * 20, "xlabel": "年" * 100}),
    "50 series": ("line", {"y": [f"{i},{i + 1}" for i in range(50)], "title": "Many"}),
    "50 beside": ("line", {"y": [f"{i},{i + 1}" for i in range(50)], "legend": "right"}),
    "long names beside": ("line", {"y": ["1,2", "2,1"], "label": [LONG], "legend": "right"}),
    "long names above": ("bar", {"y": ["1,2", "2,1"], "label": [LONG, "W" * 200]}),
    "large": ("line", {"x": "1e15,2e15,3e15", "y": "-1e12,1e12,3"}),
    "negative": ("scatter", {"x": "-1000000,-999999.5", "y": "-0.00001,-0.00002", "ylabel": "y"}),
    "huge": ("scatter", {"x": "-1e300,1e300", "y": "1e-300,1e300", "yscale": "symlog"}),
    "log": ("line", {"x": "1,1e9", "y": "1e-9,1e9", "xscale": "log", "yscale": "log"}),
    "days": ("line", {"x": "2025-12-20,2026-01-20", "y": "1,2", "xlabel": "Day", "title": LONG}),
    "times": ("line", {"x": "2025-12-31T20:00,2026-01-01T05:30", "y": "1,2"}),
    "microseconds": (
        "scatter",
        {"x": "2026-01-01T00:00:00.000001,2026-01-01T00:00:00.000007", "y": "1,2"},
    ),
    "ages": ("line", {"x": "0001-01-01,9999-12-31", "y": "1,2"}),
    "limits": ("bar", {"y": "1,2,3", "ymin": "1", "ymax": "2.5", "title": "Cut", "xlabel": LONG}),
    "hist": ("hist", {"x": "1e6,2e6,2e6,9e6", "title": "Counts", "ylabel": LONG}),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_overlaps_or_is_cut_off(case: str) -> None:
    kind, parameters = CASES[case]
    for (width, height), scale in product(SIZES, ("1", "2")):
        size = {"width": str(width), "height": str(height), "scale": scale}
        problems = layout_problems(figure_of(kind, **parameters, **size))
        assert problems == [], f"{width} × {height} at {scale}"


def test_words_and_ticks_give_way_to_the_drawing() -> None:
    words = {"title": "Title", "xlabel": "x", "y": ["1,2", "2,1"]}
    large = axes_of("line", **words)
    assert large.figure.texts and large.figure.legends and tick_texts(large.xaxis)
    small = axes_of("line", width="80", height="40", **words)
    assert not (small.figure.texts or small.figure.legends or tick_texts(small.xaxis))
    box = small.get_position()
    assert box.width > 0.8 and box.height > 0.7


def test_description_of_an_empty_plot() -> None:
    (text,) = axes_of("line", y="nan,nan").texts
    assert text.get_text() == "No data"
    assert not axes_of("line", y="1").texts
