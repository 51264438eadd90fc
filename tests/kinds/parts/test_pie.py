"""Pie and doughnut charts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from matplotlib.patches import Wedge

from plots.rendering.figure import notes_of
from tests.helpers import problems
from tests.kinds.artists import annotations_of
from tests.measure import axes_of, figure_of


def slices_of(ax: Any) -> dict[str, float]:
    """Return the share of each slice, by name."""
    return {each.get_label(): (each.theta2 - each.theta1) / 360 for each in wedges_of(ax)}


def wedges_of(ax: Any) -> list[Any]:
    return [each for each in ax.patches if isinstance(each, Wedge)]


def test_slices_are_shares_from_the_top() -> None:
    ax = axes_of("pie", x="a,b,c,d,e", y="1,3,,4,0")
    assert slices_of(ax) == pytest.approx({"a": 0.125, "b": 0.375, "d": 0.5, "e": 0})
    assert [each.theta2 % 360 for each in wedges_of(ax)] == pytest.approx([90, 45, 270, 90])
    assert annotations_of(ax) == ["12%", "38%", "50%"]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["a", "b", "d", "e"]
    assert [each.width for each in wedges_of(ax)] == [1] * 4


def test_names_of_slices_are_beside_them() -> None:
    wide, high = (axes_of("pie", x="a,b", y="1,2", width=w, height="300") for w in ("400", "300"))
    assert wide.figure.legends[0].get_window_extent().x0 > wide.get_position().x1 * 400
    assert high.figure.legends[0].get_window_extent().y0 > high.get_position().y1 * 300


def test_doughnuts_have_a_hole() -> None:
    assert {each.width for each in wedges_of(axes_of("doughnut", y="1,2"))} == {0.4}
    assert {each.width for each in wedges_of(axes_of("pie", y="1,2", hole="0.25"))} == {0.75}


def test_options_of_pies() -> None:
    assert annotations_of(axes_of("pie", y="1000,250", values="number")) == ["1,000", "250"]
    assert annotations_of(axes_of("pie", y="1000,250", values="none")) == []
    assert wedges_of(axes_of("pie", y="1", alpha="0.5"))[0].get_alpha() == 0.5
    assert annotations_of(axes_of("pie", y="5")) == ["100%"]
    thin = axes_of("doughnut", y="1,2", hole="0.95")
    assert annotations_of(thin) == ["33%", "67%"]  # beside the ring, where there is room
    assert [abs(text.get_position()[0]) > 0.5 for text in thin.texts] == [True, True]


def test_rows_of_one_name_are_one_slice() -> None:
    assert slices_of(axes_of("pie", x="a,b,a", y="1,2,1")) == {"a": 0.5, "b": 0.5}
    for moments, names in (
        ("2026-01-01,2026-01-02", ["2026-01-01", "2026-01-02"]),
        ("2026-01-01,2026-01-02T12:30", ["2026-01-01 00:00", "2026-01-02 12:30"]),
        ("2026-01-02T12:30,2026-01-02T12:30:01", ["2026-01-02 12:30:00", "2026-01-02 12:30:01"]),
    ):
        assert [*slices_of(axes_of("pie", x=moments, y="1,1"))] == names
    assert [*slices_of(axes_of("pie", x="1.5,2,", y="1,1,1"))] == ["1.5", "2", "(none)"]


def test_the_smallest_slices_become_one(client: Client) -> None:
    names = ",".join(f"n{place}" for place in range(40))
    values = ",".join(str(1 + (place * 7) % 40) for place in range(40))
    found = slices_of(axes_of("pie", x=names, y=values))
    assert len(found) == 24
    assert [*found][-1] == "Other (17)"
    assert found["Other (17)"] == pytest.approx(sum(range(1, 18)) / 820)
    assert client.get("/plot/pie.csv", {"x": names, "y": values}).content.count(b"\n") == 41
    assert len(wedges_of(axes_of("pie", x=names, y=values))) == 24


def test_invalid_pies(client: Client) -> None:
    for kind in ("pie", "doughnut"):
        path = f"/plot/{kind}.png"
        assert problems(client, path, {"y": "1,-2"}) == [("y", "out-of-range")]
        assert problems(client, path, {"y": "0,0"}) == [("y", "out-of-range")]
        assert problems(client, path, {"y": ["1,2", "3,4"]}) == [("y", "repeated-parameter")]
        assert problems(client, path, {"y": "1", "xlabel": "a"}) == [
            ("xlabel", "unknown-parameter")
        ]


def test_values_of_small_slices_are_beside_them_or_none_is_written() -> None:
    assert annotations_of(axes_of("pie", y="90,9,1")) == ["90%", "9%", "1%"]
    figure = figure_of("pie", y="1000,1,1,1")
    assert annotations_of(figure.axes[0]) == []
    assert notes_of(figure) == (
        "The values are not written, because there is no room for all of them.",
    )
