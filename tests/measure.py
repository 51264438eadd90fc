"""Measure the layout of a built Figure on its Artists."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.axes.axes import PlotAxes
from plots.rendering.figure import build
from plots.rendering.render import render
from plots.spec.registry import Kind
from tests.references import pixels_of

# Sizes in CSS pixels, from the smallest that is allowed, and a title that fits into none of them.
SIZES = [(16, 16), (80, 40), (160, 100), (320, 240), (640, 480), (1200, 400), (400, 1200)]
TICK = 9 * 0.72  # points, the smallest type of tick labels
LONG = "The quick brown fox jumps over the lazy dog " * 4


def figure_of(kind: str, **parameters: Any) -> Figure:
    """Build the Figure of a URL with these parameters."""
    spec = read_spec(kind, as_parameters(parameters))
    return build(spec, load(spec))


def axes_of(kind: str, **parameters: Any) -> Any:
    return figure_of(kind, **parameters).axes[0]


def panels_of(figure: Figure) -> list[Any]:
    """Return the Axes of the kind."""
    return [ax for ax in figure.axes if isinstance(ax, PlotAxes)]


def tick_labels(axis: Any) -> list[Text]:
    """Return the visible tick labels: those within the limits."""
    if not axis.get_visible():
        return []
    place = axis.get_transform().transform
    low, high = sorted(place(axis.get_view_interval()))
    room = (high - low) * 1e-9
    return [
        tick.label1
        for tick in axis.get_major_ticks()
        if tick.label1.get_text() and low - room <= place([tick.get_loc()])[0] <= high + room
    ]


def tick_texts(axis: Any) -> list[str]:
    axis.figure.canvas.draw()
    return [label.get_text() for label in tick_labels(axis)]


def layout_problems(figure: Figure) -> list[str]:
    """Return what is cut off, overlaps, or is too small to read."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # Agg's
    panels = panels_of(figure)
    ticks = {axis: tick_labels(axis) for ax in panels for axis in (ax.xaxis, ax.yaxis)}
    around = [*figure.texts, *(axis.label for axis in ticks), *(ax._left_title for ax in panels)]
    legends = [each for each in (*figure.legends, *(ax.get_legend() for ax in panels)) if each]
    boxes: list[tuple[str, Any, float]] = [
        (text.get_text(), text.get_window_extent(renderer), _tilt(text))
        for text in [*around, *(label for labels in ticks.values() for label in labels)]
        if text.get_visible() and text.get_text()
    ]
    boxes += [("the legend", legend.get_window_extent(renderer), 0) for legend in legends]
    width, height = figure.bbox.size
    problems = [
        f"{name!r} is cut off: {box.extents.round(1)} of {width:.0f} × {height:.0f}"
        for name, box, _ in boxes
        if min(box.x0, box.y0) < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]
    apart = [item for item in boxes if item[0] != "the legend" or figure.legends]
    problems += [
        f"{a!r} overlaps {b!r}"
        for (a, one, tilt), (b, other, also) in combinations(apart, 2)
        if not (tilt and also and _are_apart(one, other, renderer))
        and min(one.x1, other.x1) - max(one.x0, other.x0) > 0.5
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5
    ]
    problems += [f"{len(labels)} labels" for labels in ticks.values() if len(labels) > MOST_LABELS]
    return problems


MOST_LABELS = 50


def _tilt(text: Text) -> float:
    return text.get_rotation() % 90


def _are_apart(one: Any, other: Any, renderer: Any) -> bool:
    """Return whether two lines at 45°, of the same type, are apart although their boxes overlap.

    Both end at the upper right corners of their boxes, so that the distance of these is measured.
    """
    height = renderer.points_to_pixels(TICK)
    return float(abs((one.x1 - other.x1) - (one.y1 - other.y1))) / 2**0.5 > height


def described(each: object) -> str:
    return str(getattr(each, "name", each))


def drawn(kind: Kind, parameters: dict[str, Any]) -> bytes:
    """Return the pixels of a small image. Raises PlotError for invalid parameters."""
    small = {"width": "320", "height": "240"}
    spec = read_spec(kind.name, as_parameters(small | parameters))
    return pixels_of(render(spec).content).tobytes()


def words_of(ax: Any) -> list[str]:
    """Return the visible texts."""
    return [text.get_text() for text in ax.texts if text.get_visible()]


def words_apart(figure: Any) -> bool:
    """Return whether no texts overlap or leave the image."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    seen = [text for text in figure.axes[0].texts if text.get_visible() and text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in seen]
    width, height = figure.bbox.size
    inside = all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= width and b.y1 <= height for b in boxes)
    return inside and not any(
        a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[place + 1 :]
    )


def reference_lines_of(ax: Any) -> list[tuple[str, float]]:
    """The axis and the position of each reference line."""
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    ends = [(line.get_xdata(), line.get_ydata()) for line in dashed]
    return [("x", x[0]) if x[0] == x[1] else ("y", y[0]) for x, y in ends]
