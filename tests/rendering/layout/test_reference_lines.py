"""Reference lines and bands as they are drawn, read back from the Artists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from plots.spec.themes import THEMES
from tests.measure import LONG, axes_of, figure_of, layout_problems, reference_lines_of

ORDERS = {"x": "Mon,Tue,Wed,Thu,Fri", "y": "12,19,9,17,22"}


DAYS = {"x": "2026-01-01,2026-02-01,2026-03-01", "y": "10,30,20"}


def bands_of(ax: Any) -> list[tuple[float, float, float, float]]:
    """x, y, width and height of each band in data coordinates, or in fractions of the axes."""
    return [patch.get_bbox().bounds for patch in ax.patches if patch.get_alpha() == 0.16]


def labels_of(ax: Any) -> dict[str, Any]:
    """The extent of each visible text in pixels."""
    ax.figure.canvas.draw()
    return {text.get_text(): text.get_window_extent() for text in ax.texts if text.get_visible()}


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        ("line", {"y": "1,2", "hline": "1.5"}, ("y", 1.5)),
        ("line", {"y": "1,2", "hline": "1.5,Target"}, ("y", 1.5)),
        ("line", DAYS | {"vline": "2026-02-03,Launch"}, ("x", 20487)),
        ("line", DAYS | {"vline": "2026-02-03T12:00"}, ("x", 20487.5)),
        ("bar", ORDERS | {"vline": "Wed,Today"}, ("x", 2)),
        ("bar", ORDERS | {"vline": "1.5"}, ("x", 1.5)),
        ("bar", ORDERS | {"hline": "15", "orientation": "horizontal"}, ("y", 15)),
        ("bar", ORDERS | {"hline": "Wed", "orientation": "horizontal"}, ("y", 2)),
        ("bar", ORDERS | {"vline": "15", "orientation": "horizontal"}, ("x", 15)),
        ("scatter", {"y": "1,1000", "hline": "50", "yscale": "log"}, ("y", 50)),
        ("hist", {"x": "1,2,3", "hline": "7"}, ("y", 7)),
        ("heatmap", {"z": "1,2;3,4", "x": "a,b", "y": "p,q", "hline": "q"}, ("y", 1)),
        ("line", {"x": '"1","2"', "y": "1,2", "vline": '"2",Two'}, ("x", 1)),
        ("formula", {"expr": "sin(x)", "hline": "3"}, ("y", 3)),
        ("formula", {"expr": "1/x", "hline": "1e6"}, ("y", 1e6)),  # it sets limits of its own
    ],
)
def test_a_line_is_drawn_at_its_value_within_the_limits(
    kind: str, given: dict[str, Any], found: tuple[str, float]
) -> None:
    ax = axes_of(kind, **given)
    assert reference_lines_of(ax) == [found]
    low, high = sorted(ax.get_xlim() if found[0] == "x" else ax.get_ylim())
    assert low <= found[1] <= high


def test_bands_are_in_data_coordinates_and_cover_names() -> None:
    ax = axes_of("bar", **ORDERS, hband="14,10,Low", vband=["Tue,Wed", "Fri,Fri"])
    assert bands_of(ax) == [
        pytest.approx((0, 10, 1, 4)),
        pytest.approx((0.5, 0, 2, 1)),
        pytest.approx((3.5, 0, 1, 1)),
    ]
    (month,) = bands_of(axes_of("line", **DAYS, vband="2026-02-01,2026-03-01"))
    assert month == pytest.approx((20485, 0, 28, 1))


def test_limits_include_references_unless_they_are_given() -> None:
    given = {"y": "1,2,3", "hline": "10", "vband": "5,8"}
    ax = axes_of("line", **given)
    assert ax.get_ylim()[1] > 10 and ax.get_xlim()[1] > 8
    ax = axes_of("line", ymax="4", xmax="2", **given)
    assert (ax.get_ylim()[1], ax.get_xlim()[1]) == (4, 2)


def test_a_label_outside_the_limits_is_not_drawn() -> None:
    given = {"y": "1,2,3", "hline": "10,Target", "vline": ["1,One", "5,Five"]}
    assert set(labels_of(axes_of("line", **given))) == {"Target", "One", "Five"}
    assert set(labels_of(axes_of("line", ymax="4", xmax="2", **given))) == {"One"}


def test_labels_are_at_the_right_end_and_at_the_top() -> None:
    ax = axes_of("line", y="1,9,2,3", hline="6,Target", vline="2,Launch")
    words, area = labels_of(ax), ax.bbox
    _, line = ax.transData.transform((0, 6))
    assert 0 < words["Target"].y0 - line < 8 and area.x1 - 8 < words["Target"].x1 <= area.x1
    line, _ = ax.transData.transform((2, 0))
    assert 0 < words["Launch"].x0 - line < 8 and area.y1 - 8 < words["Launch"].y1 <= area.y1


def test_labels_of_bands_are_inside_them_on_inverted_axes_too() -> None:
    for orientation in ("vertical", "horizontal"):
        band = {"hband": "Mon,Thu,Best"} if orientation == "horizontal" else {"hband": "3,8,Best"}
        ax = axes_of("bar", orientation=orientation, x="Fri,Mon,Tue,Wed,Thu,Sat", y="9,1,1,1,1,1",
                     **band)  # fmt: skip
        (_, low, _, height) = bands_of(ax)[0]
        (_, one), (_, other) = ax.transData.transform([(0, low), (0, low + height)])
        label = labels_of(ax)["Best"]
        assert min(one, other) < label.y0 and label.y1 < max(one, other)


@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
@pytest.mark.parametrize("size", [(240, 150), (343, 257), (640, 480), (900, 300)])
def test_labels_are_not_clipped_and_do_not_overlap(kind: str, size: tuple[int, int]) -> None:
    for orientation in ("vertical", "horizontal")[: 1 + (kind == "bar")]:
        option = {"orientation": orientation, "values": "1"} if kind == "bar" else {}
        given = {
            "hline": [f"{n},Line {n} {LONG[: 9 * n]}" for n in range(5)],
            "vline": [f"{n / 4},Upright {n}" for n in range(5)],
            "hband": ["1,2,Band", "3,3.5,W" + "W" * 150],
            "vband": ["0,1,$5 band", "1,1.2,Narrow one"],
        }
        words = {"width": str(size[0]), "height": str(size[1]), "legend": "upper left"}
        figure = figure_of(kind, y=["3,1,2", "1,1,4"], **given, **words, **option)
        ax = figure.axes[0]
        boxes = labels_of(ax)
        assert boxes, "none found room"
        assert layout_problems(figure) == []
        own = {label: box for label, box in boxes.items() if not label.isdigit()}  # the kind's are
        for box in own.values():
            assert ax.bbox.x0 - 1 <= box.x0 and box.x1 <= ax.bbox.x1 + 1
            assert ax.bbox.y0 - 1 <= box.y0 and box.y1 <= ax.bbox.y1 + 1
        others = [legend.get_window_extent() for legend in [ax.get_legend()] if legend]
        for label, box in own.items():
            for other in [*others, *(each for name, each in boxes.items() if name != label)]:
                assert not box.overlaps(other)


def test_a_label_does_not_cover_the_data() -> None:
    ax = axes_of("line", x="0,1,2,3", y="0,0,5,5", hline="4.9,Target")  # data run there
    box = labels_of(ax)["Target"]
    curve = ax.transData.transform([(n / 100, np.interp(n / 100, [0, 1, 2, 3], [0, 0, 5, 5]))
                                    for n in range(301)])  # fmt: skip
    assert not any(box.contains(x, y) for x, y in curve)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_references_have_the_muted_colour_behind_lines_and_above_meshes(theme: str) -> None:
    drawn = axes_of("line", y="1,2", hline="1.5", theme=theme).lines
    assert to_hex(drawn[-1].get_color()) == THEMES[theme].muted
    assert drawn[-1].get_zorder() < drawn[0].get_zorder()
    with_band = figure_of("mesh", z="1,2;3,4", hband="0,1", vline="1")
    ax = with_band.axes[0]
    (mesh,) = ax.collections
    assert all(each.get_zorder() > mesh.get_zorder() for each in (*ax.patches, *ax.lines))
