"""Area charts."""

from __future__ import annotations

from tests.kinds.artists import areas_of, heights_at
from tests.measure import axes_of


def test_the_legend_of_areas_shows_their_lines() -> None:
    two = {"y": ["1,2", "3,4"], "label": ["a", "b"]}
    for width, shown in (("2", "Line2D"), ("0", "Area")):
        ax = axes_of("area", **two, linewidth=width)
        handles, labels = ax.get_legend_handles_labels()
        assert labels == ["a", "b"]
        assert {type(each).__name__ for each in handles} == {shown}


def test_areas_reach_their_baseline() -> None:
    ax = axes_of("area", x="0,1,2", y="3,5,4", baseline="1", linewidth="3", alpha="0.5")
    (area,) = areas_of(ax)
    assert [heights_at(area, place) for place in (0, 1, 2)] == [(1, 3), (1, 5), (1, 4)]
    (edge,) = ax.lines
    assert edge.get_xydata().tolist() == [[0, 3], [1, 5], [2, 4]]
    assert (edge.get_linewidth(), ax.collections[0].get_alpha()) == (3, 0.5)
    assert ax.get_ylim()[0] == 1


def test_areas_between_two_lines() -> None:
    ax = axes_of("area", y=["3,5", "8,9"], y2=["1,2", "6,9"])
    drawn = [[heights_at(area, place) for place in (0, 1)] for area in areas_of(ax)]
    assert drawn == [[(1, 3), (2, 5)], [(6, 8), (9, 9)]]
    assert len(ax.lines) == 4


def test_an_area_with_gaps() -> None:
    ax = axes_of("area", y="1,2,,4,,5,6")
    (area,) = areas_of(ax)
    assert [(path[:, 0].min(), path[:, 0].max()) for path in area] == [(0, 1), (3, 3), (5, 6)]
    assert (ax.lines[0].get_marker(), ax.lines[0].get_markevery()) == ("o", [3])  # to be seen
