"""Figure to bytes, one function a format. The same Figure always becomes the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.path import Path
from PIL import Image

# CSS pixels to the inch of a Figure: at scale 1 its dpi, as matplotlib's own default.
DPI = 100
POINT = 72
# Agg's time and memory grow faster than a line's length: noise of 100,000 points takes 1.4 s whole
# and 0.2 s in pieces, or is refused. Lines longer than LONG points are drawn PIECE by PIECE.
LONG, PIECE = 20_000, 1000


class Renderer(RendererAgg):
    """Agg, with long lines drawn in pieces that share their ends."""

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        vertices = np.asarray(path.vertices)
        if rgbFace is not None or path.codes is not None or len(vertices) <= LONG:
            super().draw_path(gc, path, transform, rgbFace)
            return
        for start in range(0, len(vertices) - 1, PIECE):
            super().draw_path(gc, Path(vertices[start : start + PIECE + 1]), transform)


class Canvas(FigureCanvasAgg):
    """Where everything is measured and all pixels are drawn."""

    renderer: Renderer
    _key: tuple[float, float, float] | None = None

    def get_renderer(self) -> Renderer:
        width, height = self.get_width_height(physical=True)
        key = (width, height, self.figure.dpi)
        if self._key != key:
            self._key, self.renderer = key, Renderer(*key)
        return self.renderer


def encode(figure: Figure, format: str) -> bytes:
    """``figure`` as a png, svg, pdf, webp or jpg. Its canvas and dpi are left as they were."""
    canvas: FigureCanvasBase = figure.canvas
    dpi = figure.dpi
    try:
        return ENCODERS[format](figure)
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi


def _pixels(figure: Figure) -> Image.Image:
    canvas = figure.canvas if isinstance(figure.canvas, Canvas) else Canvas(figure)
    canvas.draw()
    size, buffer = canvas.get_width_height(physical=True), canvas.buffer_rgba()
    image = Image.frombuffer("RGBA", size, buffer, "raw", "RGBA", 0, 1)
    opaque = image.getchannel("A").getextrema() == (255, 255)
    return image.convert("RGB") if opaque else image


def _png(figure: Figure) -> bytes:
    out = BytesIO()
    # No text chunks: matplotlib's would hold its version.
    _pixels(figure).save(out, "png")
    return out.getvalue()


def _webp(figure: Figure) -> bytes:
    out = BytesIO()
    _pixels(figure).save(out, "webp", lossless=True)
    return out.getvalue()


def _jpg(figure: Figure) -> bytes:
    out = BytesIO()
    pixels = _pixels(figure)
    if pixels.mode == "RGBA":
        ground = Image.new("RGBA", pixels.size, "white")
        pixels = Image.alpha_composite(ground, pixels).convert("RGB")
    # Full colour resolution: thin coloured lines on a plain ground are what halving it spoils.
    pixels.save(out, "jpeg", quality=90, subsampling=0)
    return out.getvalue()


class _StableSVG(RendererSVG):
    """An SVG whose ids come from what they name, where matplotlib salts them at random."""

    def _make_id(self, type: str, content: object) -> str:
        return type + hashlib.sha256(str(content).encode()).hexdigest()[:10]


# Without these there is no block of metadata, which would name matplotlib's version.
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


_SIZE = re.compile(r'width="[\d.]+pt" height="[\d.]+pt"')


def _svg(figure: Figure) -> bytes:
    out = StringIO()
    width, height = figure.get_size_inches()
    dpi = figure.dpi
    figure.dpi = POINT  # matplotlib writes SVG in points
    svg = _StableSVG(width * POINT, height * POINT, out, image_dpi=dpi, metadata=_NO_METADATA)
    renderer: Any = MixedModeRenderer(figure, width, height, dpi, svg)
    figure.draw(renderer)
    renderer.finalize()
    # An <img> without a size of its own takes the root's, which is to be that of the other
    # formats: pixels, not points. The document type before the root would name a file of others.
    _, root, drawing = out.getvalue().partition("<svg ")
    size = f'width="{width * DPI:g}" height="{height * DPI:g}"'
    return (root + _SIZE.sub(size, drawing, count=1)).encode()


def _pdf(figure: Figure) -> bytes:
    out = BytesIO()
    metadata = {"CreationDate": None, "Creator": None, "Producer": None}
    FigureCanvasPdf(figure).print_pdf(out, metadata=metadata)
    return out.getvalue()


ENCODERS: dict[str, Callable[[Figure], bytes]] = {
    "png": _png,
    "svg": _svg,
    "pdf": _pdf,
    "webp": _webp,
    "jpg": _jpg,
}
