"""What legends list: sizes, and stacks from the top."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.measure import axes_of, figure_of, layout_problems

SIZED = {"x": "1,2,3,4,5,6", "y": "1,2,3,3,2,1", "size": "1400,100,9,700,1,0"}
STACKED = {"x": "1,2,3", "y": ["1,2,3", "2,3,4", "1,1,1"], "label": ["low", "middle", "high"]}


def texts_of(legend: Any) -> list[str]:
    return [text.get_text() for text in legend.get_texts()]


def test_a_legend_of_three_round_sizes() -> None:
    ax = axes_of("scatter", **SIZED)
    (legend,) = ax.figure.legends
    assert texts_of(legend) == ["50", "200", "1000"]
    areas = ax.collections[0].get_sizes()
    shown = [handle.get_markersize() ** 2 for handle in legend.legend_handles]
    assert np.allclose(shown, [areas.max() * size / 1400 for size in (50, 200, 1000)])


@pytest.mark.parametrize(
    ("sizes", "texts"),
    [("0.4,0.1", ["0.02", "0.1", "0.2"]), ("1e-7,5e-8", None), ("2e9,1", None), ("7,7", None)],
)
def test_round_sizes_of_any_magnitude(sizes: str, texts: list[str] | None) -> None:
    (legend,) = axes_of("scatter", y="1,2", size=sizes).figure.legends
    assert texts is None or len(texts_of(legend)) == len(texts)
    assert len(set(texts_of(legend))) == 3


@pytest.mark.parametrize("sizes", ["0,0", ",", "nan,"])
def test_no_legend_without_a_size(sizes: str) -> None:
    assert axes_of("scatter", y="1,2", size=sizes).figure.legends == []


def test_no_legend_of_sizes_where_there_is_to_be_none() -> None:
    assert axes_of("scatter", **SIZED, legend="none").figure.legends == []
    assert axes_of("scatter", **SIZED, width=160, height=60).figure.legends == []


def test_series_of_sized_markers_have_entries_of_one_size() -> None:
    ax = axes_of("scatter", **SIZED, by="A,A,B,B,C,C")
    sizes, series = ax.figure.legends
    assert texts_of(series) == ["A", "B", "C"]
    assert len({handle.get_sizes()[0] for handle in series.legend_handles}) == 1
    assert len(texts_of(sizes)) == 3


@pytest.mark.parametrize("legend", ["auto", "right", "bottom", "inside", "upper left"])
@pytest.mark.parametrize(("width", "height"), [(240, 150), (320, 240), (640, 480), (1600, 300)])
def test_a_legend_of_sizes_overlaps_nothing(legend: str, width: int, height: int) -> None:
    size = {"width": width, "height": height, "legend": legend}
    assert not layout_problems(figure_of("scatter", **SIZED, by="A,A,B,B,C,C", **size))
    facets = {"facet": "A,A,B,B,C,C", "title": "Title", "xlabel": "x"}
    assert not layout_problems(figure_of("scatter", **SIZED, **facets, **size))


STACKS = [
    ("stack", {}),
    ("stack", {"baseline": "wiggle"}),
    ("bar", {"mode": "stacked"}),
    ("bar", {"mode": "percent"}),
]


@pytest.mark.parametrize("legend", ["auto", "right", "bottom"])
@pytest.mark.parametrize(("kind", "options"), STACKS)
def test_the_legend_of_a_stack_begins_at_its_top(
    kind: str, options: dict[str, str], legend: str
) -> None:
    (found,) = axes_of(kind, **STACKED, **options, legend=legend).figure.legends
    assert texts_of(found) == ["high", "middle", "low"]
    panels = {"x": "1,2,1,2", "y": "1,2,3,4", "by": "low,high,low,high", "facet": "A,A,B,B"}
    (found,) = axes_of(kind, **panels, **options, legend=legend).figure.legends
    assert texts_of(found) == ["high", "low"]


def test_others_keep_their_order() -> None:
    for kind, options in (
        ("bar", {}),
        ("bar", {"mode": "stacked", "orientation": "horizontal"}),
        ("line", {}),
    ):
        (legend,) = axes_of(kind, **STACKED, **options).figure.legends
        assert texts_of(legend) == ["low", "middle", "high"]
    names = {"x": ["1,2", "2,3"], "label": ["low", "high"]}
    (legend,) = axes_of("hist", **names, mode="stacked").figure.legends
    assert texts_of(legend) == ["high", "low"]
    (legend,) = axes_of("hist", **names).figure.legends
    assert texts_of(legend) == ["low", "high"]


@pytest.mark.parametrize(("kind", "options"), STACKS)
def test_so_do_the_words(client: Client, kind: str, options: dict[str, str]) -> None:
    said = client.get(f"/plot/{kind}.txt", {**STACKED, **options}).content.decode()
    places = [said.rindex(f"{name}: ") for name in ("high", "middle", "low")]
    assert places == sorted(places)
