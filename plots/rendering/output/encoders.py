"""Encode a Figure, with one function for each format. The same Figure gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure
from PIL import Image

from .agg import Canvas
from .png import Bytes, drop_alpha, is_opaque, write_png
from .vectors import write_pdf, write_svg


def encode(
    figure: Figure,
    format: str,
    description: Sequence[str] = (),
    timed: Callable[[str], AbstractContextManager[Any]] = nullcontext,
) -> bytes:
    """Return ``figure`` as a png, svg, pdf, webp or jpg. Its canvas and dpi do not change.

    Parameters
    ----------
    figure : Figure
    format : str
    description : sequence of str
        Metadata of a png, svg or pdf. The first line is the title.
    timed : callable
        Returns a context manager for a step, ``draw`` or ``encode``.
    """
    canvas: FigureCanvasBase = figure.canvas
    dpi = figure.dpi
    try:
        with timed("draw"):
            if format in VECTORS:
                return VECTORS[format](figure, description)
            pixels = _pixels(figure)
        with timed("encode"):
            return RASTERS[format](pixels, description)
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi


def _pixels(figure: Figure) -> Bytes:
    """Draw the Figure. Return uint8 of shape (height, width, 4)."""
    canvas = figure.canvas if isinstance(figure.canvas, Canvas) else Canvas(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def _image(pixels: Bytes) -> Image.Image:
    return Image.fromarray(drop_alpha(pixels) if is_opaque(pixels) else pixels)


def _png(pixels: Bytes, description: Sequence[str]) -> bytes:
    return write_png(pixels, description[0] if description else "")


def _webp(pixels: Bytes, description: Sequence[str]) -> bytes:
    out = BytesIO()
    _image(pixels).save(out, "webp", lossless=True)
    return out.getvalue()


def _jpg(pixels: Bytes, description: Sequence[str]) -> bytes:
    out = BytesIO()
    image = _image(pixels)
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    # Full colour resolution: half of it would blur thin coloured lines.
    image.save(out, "jpeg", quality=90, subsampling=0)
    return out.getvalue()


RASTERS: dict[str, Callable[[Bytes, Sequence[str]], bytes]] = {
    "png": _png,
    "webp": _webp,
    "jpg": _jpg,
}
VECTORS: dict[str, Callable[[Figure, Sequence[str]], bytes]] = {"svg": write_svg, "pdf": write_pdf}
