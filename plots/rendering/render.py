"""Render a spec to bytes. Neither pyplot nor rcParams are used."""

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
from plots.rendering.layout.no_data import is_blank
from plots.rendering.output.encoders import encode
from plots.rendering.output.tables import write_table
from plots.spec.formats import FORMATS
from plots.spec.picture import Picture
from plots.spec.plot_spec import Frame, Inline, PlotSpec
from plots.spec.registry import kinds

from . import figure_pool
from .figure import build, is_partial, notes_of

# matplotlib's caches of texts and fonts are shared by a process and not made for several threads.
# Drawing holds the interpreter anyway, so that one Figure at a time costs nothing.
_drawing = Lock()


def render(spec: PlotSpec) -> Picture:
    """Render ``spec``, in its language.

    Raises
    ------
    PlotError
        If its data cannot be loaded or drawn.
    """
    with override_language(spec.frame.lang):
        return _render(spec)


def _render(spec: PlotSpec) -> Picture:
    seconds: dict[str, float] = {}
    with _timed(seconds, "data"):
        data = load(spec)
    is_picture, blank = FORMATS[spec.format].is_picture, False
    if is_picture or (spec.format == "txt" and is_partial(spec, data)):
        with _timed(seconds, "queue"):
            _drawing.acquire()
        try:
            with _timed(seconds, "build"):
                figure = build(spec, data)
            data, blank = data.with_notes(*notes_of(figure)), is_blank(figure)
            if is_picture:
                description = describe(spec, data, is_blank=blank)
                content = encode(figure, spec.format, description, partial(_timed, seconds))
                return Picture(content, spec.format, seconds)
        finally:
            _drawing.release()
    with _timed(seconds, "encode"):
        return Picture(write_table(spec, data, is_blank=blank), spec.format, seconds)


def render_figure(figure: Figure, format: str) -> Picture:
    """Render a Figure that was built elsewhere."""
    seconds: dict[str, float] = {}
    with _drawing:
        return Picture(encode(figure, format, timed=partial(_timed, seconds)), format, seconds)


def prepare_blank() -> None:
    """Make a blank Figure for the next render. A render process calls this while it is idle."""
    with _drawing:
        figure_pool.prepare()


def warm() -> None:
    """Fill the caches of fonts and modules before the first request.

    The process that render processes are forked from calls this last: all objects that exist
    afterwards are excluded from garbage collection.
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
