"""Where legends stand: never on what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from plots.rendering.layout.legends import CORNERS
from plots.spec.themes import LIGHT
from tests.measure import LONG, axes_of, figure_of, layout_problems

LABELS = {"label": ["One", "Two"]}
RISING = {"y": ["1,2,3,5,9", "2,3,4,6,8"], **LABELS}
FALLING = {"y": ["9,5,3,2,1", "8,6,4,3,2"], **LABELS}
FREE: list[tuple[str, dict[str, Any], str]] = [
    ("line", RISING, "upper left"),
    ("line", FALLING, "upper right"),
    ("line", RISING | {"yscale": "log"}, "upper left"),
    ("line", RISING | {"steps": "after"}, "upper left"),
    ("line", {"y": ["1,9", "1,8"], "steps": "before", **LABELS}, "lower right"),
    ("area", RISING, "upper left"),
    ("stack", RISING, "upper left"),
    ("bar", FALLING, "upper right"),
    ("bar", FALLING | {"orientation": "horizontal"}, "lower right"),
    ("stem", RISING, "upper left"),
    ("scatter", FALLING, "upper right"),
    ("errorbar", RISING | {"error": "0.5,0.5,0.5,0.5,0.5"}, "upper left"),
    ("hist", {"x": ["1,1,1,1,2,2,3,9", "1,1,2,2,2,4,9,"], **LABELS}, "upper right"),
    ("ecdf", {"x": ["1,2,3,4,9", "2,3,4,5,9"], **LABELS}, "upper left"),
]
FULL: list[tuple[str, dict[str, Any]]] = [
    ("line", {"y": ["1,9,1,9,1,9,1,9,1", "9,1,9,1,9,1,9,1,9"], **LABELS}),
    ("bar", {"y": ["9,9,9", "9,9,9"], **LABELS}),
    ("stack", {"y": ["9,9,9", "9,9,9"], **LABELS}),
    ("area", {"y": ["5,5,5", "5,5,5"], **LABELS}),
    ("line", {"y": ["1,2", "2,1"], "hline": ["1.05", "1.95"], **LABELS}),
]


def legend_of(figure: Any) -> Any:
    """The legend in the drawing, or None."""
    return figure.axes[0].get_legend()


def marks_below(figure: Any) -> float:
    """The part of the pixels behind the legend in the drawing that something is drawn on."""
    figure.canvas.draw()
    ax, legend = figure.axes[0], legend_of(figure)
    x0, y0, x1, y1 = legend.get_window_extent().extents.round().astype(int)
    legend.remove()
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1][y0:y1, x0:x1, :3]
    ground = np.array(to_rgba(LIGHT.ground)[:3]) * 255
    return float((np.abs(pixels - ground).max(axis=-1) > 8).mean())


@pytest.mark.parametrize(("kind", "given", "corner"), FREE)
def test_inside_is_the_emptiest_corner(kind: str, given: dict[str, Any], corner: str) -> None:
    figure = figure_of(kind, legend="inside", **given)
    legend, area = legend_of(figure), figure.axes[0].bbox
    assert legend, "it stands above"
    figure.canvas.draw()
    box = legend.get_window_extent()
    is_upper, is_right = box.y0 > area.y0 + area.height / 2, box.x0 > area.x0 + area.width / 2
    assert f"{'upper' if is_upper else 'lower'} {'right' if is_right else 'left'}" == corner
    assert marks_below(figure) == 0


@pytest.mark.parametrize("corner", ["inside", *CORNERS])
@pytest.mark.parametrize(("kind", "given"), [*FULL, *((kind, given) for kind, given, _ in FREE)])
def test_a_legend_is_never_on_data(kind: str, given: dict[str, Any], corner: str) -> None:
    for size in ({"width": "640", "height": "480"}, {"width": "343", "height": "200"}):
        figure = figure_of(kind, legend=corner, title="T", ylabel="y", **given, **size)
        assert layout_problems(figure) == []
        if legend_of(figure):
            assert marks_below(figure) == 0
        else:
            (legend,) = figure.legends
            assert {text.get_text() for text in legend.get_texts()} == {"One", "Two"}
            assert legend.get_window_extent().y0 >= figure.axes[0].bbox.y1


@pytest.mark.parametrize(("kind", "given"), FULL)
def test_without_a_free_corner_it_is_above(kind: str, given: dict[str, Any]) -> None:
    figure = figure_of(kind, legend="inside", **given)
    assert not legend_of(figure) and len(figure.legends) == 1


def test_a_moved_legend_equals_one_placed_above() -> None:
    moved, asked = (figure_of("bar", legend=where, title="T", **FULL[1][1])
                    for where in ("upper left", "top"))  # fmt: skip
    assert moved.axes[0].get_position().bounds == asked.axes[0].get_position().bounds
    moved.canvas.draw()
    asked.canvas.draw()
    assert np.array_equal(moved.canvas.buffer_rgba(), asked.canvas.buffer_rgba())  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [(150, 90), (240, 150), (343, 257), (640, 480), (400, 1200)])
@pytest.mark.parametrize("kind", ["line", "bar", "pie", "radar"])
def test_a_bottom_legend_is_below_everything(kind: str, size: tuple[int, int]) -> None:
    given = {"x": "a,b,c", "y": ["1,2,3", "3,2,1"][: 1 + (kind != "pie")], "xlabel": "Day"}
    given |= {} if kind in ("line", "bar") else {"xlabel": ""}
    if kind in ("pie", "radar"):
        del given["xlabel"]
    figure = figure_of(
        kind, legend="bottom", title=LONG, width=str(size[0]), height=str(size[1]), **given
    )
    assert layout_problems(figure) == []
    if size[0] < 240:
        assert not figure.legends
        return
    (legend,) = figure.legends
    box, ax = legend.get_window_extent(), figure.axes[0]
    lowest = [ax.bbox.y0]
    if ax.axison:
        lowest += [box.y0 for box in (ax.xaxis.label.get_window_extent(),)]
    assert box.y0 > 0 and box.y1 <= min(lowest)


def test_many_series_at_the_bottom_leave_room() -> None:
    figure = figure_of("line", y=[f"{i},{i + 1}" for i in range(50)], legend="bottom")
    assert layout_problems(figure) == []
    (legend,) = figure.legends
    assert legend.get_texts()[-1].get_text().startswith("and ")
    assert figure.axes[0].bbox.height > 0.4 * figure.bbox.height


def test_a_gap_is_room() -> None:
    ax = axes_of("line", y=["9,,,,1", "9,,,,1"], legend="upper right", marker="circle", **LABELS)
    assert ax.get_legend()


def test_many_points_are_looked_at_in_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, a question is a few passes over arrays: none is asked one by one."""
    from matplotlib.path import Path

    asked: list[Any] = []
    whole = Path.contains_point

    def counted(*args: Any) -> Any:
        asked.append(args)
        return whole(*args)

    monkeypatch.setattr(Path, "contains_point", counted)
    y = ",".join(str(n * 7919 % 1000) for n in range(50_000))
    assert not figure_of("line", y=[y, y], legend="inside").axes[0].get_legend()
    assert not figure_of("scatter", y=[y, y], legend="inside").axes[0].get_legend()
    assert len(asked) < 100
