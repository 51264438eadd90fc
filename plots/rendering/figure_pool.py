"""A blank figure, made while a render process is idle and used once.

Making the Figure and its Axes is a good part of a picture's time, and the same for all.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from plots.rendering.axes.axes import PlotAxes
from plots.rendering.output.agg import Canvas
from plots.rendering.output.encoders import DPI
from plots.spec.plot_spec import Frame

_ready: list[tuple[Figure, PlotAxes]] = []
_last = Frame()


def prepare() -> None:
    """Have a blank ready, of the size last asked for."""
    if not _ready:
        figure, ax = _make()
        _fit(figure, _last)
        figure.canvas.get_renderer()  # type: ignore[attr-defined]  # Agg's
        _ready.append((figure, ax))


def take(frame: Frame) -> tuple[Figure, PlotAxes]:
    """A Figure of the size of ``frame``, with its canvas and Axes: nobody else's."""
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
