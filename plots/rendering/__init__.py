"""Spec to bytes: the only code that draws. It never touches pyplot or rcParams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter

from matplotlib.figure import Figure

from ..data import load
from ..formats import FORMATS
from ..picture import Picture
from ..spec import PlotSpec
from .encoders import encode
from .figure import build
from .tables import write_table

# matplotlib's text and font machinery is shared by a process and not made for several threads;
# drawing holds the interpreter anyway, so one figure at a time costs nothing.
_drawing = Lock()


def render(spec: PlotSpec) -> Picture:
    """Draw ``spec``. Raises PlotError where its data cannot be drawn as asked."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "data"):
        data = load(spec)
    if not FORMATS[spec.format].is_picture:
        with _timed(seconds, "encode"):
            return Picture(write_table(spec, data), spec.format, seconds)
    with _timed(seconds, "queue"):
        _drawing.acquire()
    try:
        with _timed(seconds, "build"):
            figure = build(spec, data)
        with _timed(seconds, "draw"):
            return Picture(encode(figure, spec.format), spec.format, seconds)
    finally:
        _drawing.release()


def render_figure(figure: Figure, format: str) -> Picture:
    """Draw a Figure that somebody else built."""
    seconds: dict[str, float] = {}
    with _drawing, _timed(seconds, "draw"):
        return Picture(encode(figure, format), format, seconds)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    start = perf_counter()
    try:
        yield
    finally:
        seconds[name] = perf_counter() - start
