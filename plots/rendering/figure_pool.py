"""A blank Figure, made while a render process is idle and used once.

Making a Figure and its Axes takes a good part of a render, and is the same for every plot.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from plots.rendering.axes.axes import PlotAxes
from plots.rendering.output.agg import Canvas
from plots.rendering.output.vectors import DPI
from plots.spec.plot_spec import Frame

_ready: list[tuple[Figure, PlotAxes]] = []
_last = Frame()


def prepare() -> None:
    """Make a blank Figure of the size of the last request, if there is none."""
    if not _ready:
        figure, ax = _make()
        _fit(figure, _last)
        figure.canvas.get_renderer()  # type: ignore[attr-defined]  # Agg's
        _ready.append((figure, ax))


def take(frame: Frame) -> tuple[Figure, PlotAxes]:
    """Return a Figure of the size of ``frame``, with its canvas and Axes, for one use."""
    global _last
    _last = frame
    figure, ax = _ready.pop() if _ready else _make()
    _fit(figure, frame)
    return figure, ax


def _make() -> tuple[Figure, PlotAxes]:
    figure = Figure()
    Canvas(figure)
    ax = PlotAxes(figure, (0.1, 0.1, 0.8, 0.8))
    figure.add_axes(ax)
    return figure, ax


def _fit(figure: Figure, frame: Frame) -> None:
    figure.set_size_inches(frame.width / DPI, frame.height / DPI)
    figure.dpi = DPI * frame.scale
