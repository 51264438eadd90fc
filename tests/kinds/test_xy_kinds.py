"""What kinds that draw y over x have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_rgb

from plots.spec.themes import LIGHT
from tests.helpers import problems
from tests.kinds.artists import DAYS
from tests.measure import axes_of, tick_texts

KINDS = ("line", "scatter", "bar", "stem", "area", "stack", "stairs")


def color_of(handle: Any) -> tuple[float, ...]:
    """Return the colour of a legend's handle, without its opacity."""
    fill = hasattr(handle, "get_facecolor") and np.ravel(handle.get_facecolor())
    return tuple(fill[:3]) if fill is not False and fill.size else to_rgb(handle.get_color())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("y", ["nan", "nan,nan,nan", "5", ",5,", "0,0,0", "1e300,1e300,-1e300"])
def test_few_values(client: Client, kind: str, y: str) -> None:
    if kind == "stack" and "-" in y:
        assert problems(client, "/plot/stack.png", {"y": y}) == [("y", "out-of-range")]
        return
    says = [text.get_text() for text in axes_of(kind, y=y).texts]
    assert says == (["No data"] if "5" not in y and "0" not in y else [])
    assert client.get(f"/plot/{kind}.svg", {"y": y}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_dates_and_names_along_x(kind: str) -> None:
    for x, place, shown in ((f"{DAYS},2026-01-04", 20455, "2026"), ("a,b,c,d", 1, "b")):
        given = {"x": x, "y": "1,2,3" if kind == "stairs" else "1,2,3,4"}
        ax = axes_of(kind, **given)
        low, high = ax.get_xlim()
        assert low < place < high
        assert shown in " ".join(tick_texts(ax.xaxis))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("y", ["1,10,100", "1e-300,1e300,1"])
def test_log_scales(client: Client, kind: str, y: str) -> None:
    for scale in ("log", "symlog"):
        response = client.get(f"/plot/{kind}.png", {"y": y, "yscale": scale})
        assert response.status_code == 200
    ax = axes_of(kind, y="1,10,100", yscale="log")
    assert 0 < ax.get_ylim()[0] <= 1
    assert ax.get_ylim()[1] >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_needed(client: Client, kind: str) -> None:
    assert problems(client, f"/plot/{kind}.png", {"x": "1,2"}) == [("y", "required")]
    assert problems(client, f"/plot/{kind}.png", {"y": "1,b"}) == [("y", "not-a-number")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_legend_names_the_series(kind: str) -> None:
    legend = axes_of(kind, y=["1,2", "3,4"], label=["_one", "two"]).figure.legends[0]
    expected = [*zip(["_one", "two"], map(to_rgb, LIGHT.palette[:2]), strict=True)]
    texts = [text.get_text() for text in legend.get_texts()]
    drawn = [*zip(texts, map(color_of, legend.legend_handles), strict=True)]
    assert drawn == (expected[::-1] if kind == "stack" else expected)  # as stacked


def test_a_legend_is_cut_only_if_necessary() -> None:
    labels = ["a", "of four words or five", "b", "c", "d", "e"]
    ax = axes_of("bar", y=["1"] * 6, label=labels, width="320", height="240")
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert legend.get_window_extent().x1 <= 320
