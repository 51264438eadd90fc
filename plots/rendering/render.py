"""Spec to bytes: the only code that draws. It never touches pyplot or rcParams."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from string import ascii_letters
from threading import Lock
from time import perf_counter

from matplotlib.figure import Figure

from plots.data.loading import load
from plots.description.alt_text import describe
from plots.i18n import override_language
from plots.rendering.output.encoders import encode
from plots.rendering.output.tables import write_table
from plots.spec.formats import FORMATS
from plots.spec.picture import Picture
from plots.spec.plot_spec import Frame, Inline, PlotSpec
from plots.spec.registry import kinds

from . import figure_pool
from .figure import build

# matplotlib's text and font machinery is shared by a process and not made for several threads;
# drawing holds the interpreter anyway, so one figure at a time costs nothing.
_drawing = Lock()


def render(spec: PlotSpec) -> Picture:
    """Draw ``spec``, in its language. Raises PlotError where its data cannot be drawn as asked."""
    with override_language(spec.frame.lang):
        return _render(spec)


def _render(spec: PlotSpec) -> Picture:
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
        words = describe(spec, data)
        content = encode(figure, spec.format, words, partial(_timed, seconds))
        return Picture(content, spec.format, seconds)
    finally:
        _drawing.release()


def render_figure(figure: Figure, format: str) -> Picture:
    """Draw a Figure that somebody else built."""
    seconds: dict[str, float] = {}
    with _drawing:
        return Picture(encode(figure, format, timed=partial(_timed, seconds)), format, seconds)


def prepare_blank() -> None:
    """Have the next figure half made. For a render process to call while it is idle."""
    with _drawing:
        figure_pool.prepare()


def warm() -> None:
    """Draw what is thrown away, so that fonts and caches are there for the first who asks.

    For the process that render processes are forked from to call, at its end: all that it has
    made until now is no garbage, and is not looked through for any again.
    """
    if "line" not in kinds:
        return
    declared = kinds.get("line").options.base_fields
    options = {name: field.initial for name, field in declared.items()}
    numbers = tuple(n * 0.37 for n in range(-30, 70))
    frame = Frame(title=ascii_letters, xlabel=ascii_letters, ylabel=ascii_letters)
    for columns in ((numbers,), (numbers, numbers[::-1])):
        data = Inline({"y": columns})
        spec = PlotSpec("line", options, data, frame=frame)
        for format in ("png", "svg"):
            render(replace(spec, format=format))
    prepare_blank()
    gc.collect()
    gc.freeze()


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    start = perf_counter()
    try:
        yield
    finally:
        seconds[name] = perf_counter() - start
