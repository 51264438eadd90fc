"""A missing value is a gap: no kind that draws y over x draws across it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.measure import figure_of

PLACES = {
    "numbers": "0,1,2,3,4",
    "dates": "2026-01-01,2026-01-02,2026-01-03,2026-01-04,2026-01-05",
    "names": "a,b,c,d,e",
}
KINDS = ("line", "scatter", "bar", "stem", "area", "stack", "stairs", "errorbar")


def has_ink(figure: Any, place: float) -> bool:
    """Return whether anything is drawn above ``place`` along x."""
    ax = figure.axes[0]
    ax.grid(False)
    figure.canvas.draw()
    first = 20454 if ax.get_xlim()[0] > 20000 else 0
    x, y = ax.transData.transform((first + place, 5.5))
    top = ax.bbox.y1
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1][:, round(x) - 1 : round(x) + 2]
    floor = ax.bbox.y0 + 0.15 * ax.bbox.height  # baselines are no data
    return bool((pixels[round(floor) : round(top), :, :3].min(axis=(1, 2)) < 250).any())


@pytest.mark.parametrize("gap", ["", "nan", "null", "inf"])
@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_across_a_gap(kind: str, places: str, gap: str) -> None:
    # Where a value would be, and for what joins values the ways to its neighbours.
    spans = {"line": (1.2, 2.0, 2.8), "area": (1.2, 2, 2.8), "stack": (1.2, 2, 2.8)}
    given: dict[str, Any] = {"y": f"5,6,{gap},6,5"}
    if kind == "stairs":
        spans = {"stairs": (2.1, 2.5, 2.9)}
        seen = 1.5
        x = {"numbers": "0,1,2,3,4,5", "names": "a,b,c,d,e,f"}.get(places)
        given["x"] = x or PLACES["dates"] + ",2026-01-06"
    else:
        seen = 1.0
        given["x"] = PLACES[places]
    if kind == "errorbar":
        given["error"] = "1,1,1,1,1"
    assert has_ink(figure_of(kind, **given), seen)
    for place in spans.get(kind, (2,)):
        assert not has_ink(figure_of(kind, **given), place), place


@pytest.mark.parametrize("kind", KINDS)
def test_values_without_gaps_are_drawn(kind: str) -> None:
    given = {"y": "5,6,6,6,5", "error": "1,1,1,1,1"} if kind == "errorbar" else {"y": "5,6,6,6,5"}
    assert has_ink(figure_of(kind, **given), 2)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "stack"])
def test_gaps_on_a_log_scale(kind: str) -> None:
    given = {"y": "5,6,,6,5", "yscale": "log", "ymin": "1"}
    given |= {"error": "1,1,1,1,1"} if kind == "errorbar" else {}
    assert not has_ink(figure_of(kind, **given), 2.5 if kind == "stairs" else 2)
