"""Figure to bytes, one function a format. The same Figure always becomes the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO, StringIO
from typing import Any

import numpy as np
from django.utils.translation import get_language
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.figure import Figure
from PIL import Image

from plots.rendering.compat import STOCK, HookedSVG
from plots.rendering.text.matplotlib_fonts import AnyScript

from .agg import Canvas
from .png import Bytes, drop_alpha, is_opaque, write_png
from .svg_tooltips import LINK, escape, write_targets

# CSS pixels to the inch of a Figure: at scale 1 its dpi, as matplotlib's own default.
DPI = 100
POINT = 72


def encode(
    figure: Figure,
    format: str,
    words: Sequence[str] = (),
    timed: Callable[[str], AbstractContextManager[Any]] = nullcontext,
) -> bytes:
    """``figure`` as a png, svg, pdf, webp or jpg. Its canvas and dpi are left as they were.

    A png, svg or pdf says ``words`` about itself, the first line as its title. The steps, ``draw``
    and ``encode``, are taken within ``timed(step)``.
    """
    canvas: FigureCanvasBase = figure.canvas
    dpi = figure.dpi
    try:
        with timed("draw"):
            if format in VECTORS:
                return VECTORS[format](figure, words)
            pixels = _pixels(figure)
        with timed("encode"):
            return RASTERS[format](pixels, words)
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi


def _pixels(figure: Figure) -> Bytes:
    """The Figure drawn: uint8 of shape (height, width, 4)."""
    canvas = figure.canvas if isinstance(figure.canvas, Canvas) else Canvas(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def _image(pixels: Bytes) -> Image.Image:
    return Image.fromarray(drop_alpha(pixels) if is_opaque(pixels) else pixels)


def _png(pixels: Bytes, words: Sequence[str]) -> bytes:
    return write_png(pixels, words[0] if words else "")


def _webp(pixels: Bytes, words: Sequence[str]) -> bytes:
    out = BytesIO()
    _image(pixels).save(out, "webp", lossless=True)
    return out.getvalue()


def _jpg(pixels: Bytes, words: Sequence[str]) -> bytes:
    out = BytesIO()
    image = _image(pixels)
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    # Full colour resolution: thin coloured lines on a plain ground are what halving it spoils.
    image.save(out, "jpeg", quality=90, subsampling=0)
    return out.getvalue()


class _StableSVG(AnyScript, HookedSVG):
    """An SVG whose ids come from what they name, where matplotlib salts them at random.

    It has attributes for styles, which the policy of a page that holds it may forbid, and no
    style sheet, which would hold for all of that page. Nor does it repeat its texts as comments.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writer: Any = self.writer
        self._start = writer.start
        writer.start = self._start_plain
        writer.comment = lambda text: None

    def _start_plain(self, tag: str, attrib: Any = None, **extra: str) -> int:
        given = {**(attrib or {}), **extra}
        for declaration in filter(None, given.pop("style", "").split(";")):
            name, _, value = declaration.partition(":")
            given[name.strip()] = value.strip()
        return int(self._start(tag, given))

    def id_of(self, type: str, content: object) -> str:
        return type + hashlib.sha256(str(content).encode()).hexdigest()[:10]


# An id that matplotlib salts at random, where it is set or referred to; the style sheet.
_SALTED = re.compile(r'(?<=["#])(h|p|m|image|C[\da-f]+_[\da-f]+_)([\da-f]{10})(?=[")])')
_STYLE_SHEET = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)


def _stabilize(svg: str) -> str:
    """Do to a finished SVG what ``HookedSVG`` does while it is written."""
    svg = _STYLE_SHEET.sub("", svg, count=1)
    salted = dict.fromkeys(match[2] for match in _SALTED.finditer(svg))
    places = {old: place for place, old in enumerate(salted)}
    content = _SALTED.sub(lambda match: f"{match[1]}{places[match[2]]}", svg)
    names = {
        old: hashlib.sha256(f"{place} {content}".encode()).hexdigest()[:10]
        for old, place in places.items()
    }
    return _SALTED.sub(lambda match: match[1] + names[match[2]], svg)


# Without these there is no block of metadata, which would name matplotlib's version.
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


END = "</svg>\n"
_SIZE = re.compile(r'width="[\d.]+pt" height="[\d.]+pt"')


def _svg(figure: Figure, words: Sequence[str]) -> bytes:
    out = StringIO()
    width, height = figure.get_size_inches()
    dpi = figure.dpi
    svg = _StableSVG(width * POINT, height * POINT, out, image_dpi=dpi, metadata=_NO_METADATA)
    _draw(figure, svg, dpi)
    targets = write_targets(figure, height * POINT)
    # An <img> without a size of its own takes the root's, which is to be that of the other
    # formats: pixels, not points. The document type before the root would name a file of others.
    text = _stabilize(out.getvalue()) if STOCK else out.getvalue()
    _, root, drawing = text.partition("<svg ")
    size = f'width="{width * DPI:g}" height="{height * DPI:g}"'
    root, drawing = (root + _SIZE.sub(size, drawing, count=1)).split(">", 1)
    root += ' stroke-linejoin="round"'
    if words:
        role = "group" if LINK in targets else "img"
        root += f' role="{role}" xml:lang="{get_language()}"'
        title, *rest = map(escape, words)
        drawing = f"\n<title>{title}</title>\n<desc>{' '.join(rest)}</desc>{drawing}"
    return f"{root}>{drawing.removesuffix(END)}{targets}{END}".encode()


class _PDF(AnyScript, RendererPdf):
    pass


def _pdf(figure: Figure, words: Sequence[str]) -> bytes:
    out = BytesIO()
    metadata: dict[str, str | None] = {"CreationDate": None, "Creator": None, "Producer": None}
    if words:
        metadata |= {"Title": words[0], "Subject": " ".join(words[1:])}
    width, height = figure.get_size_inches()
    file = PdfFile(out, metadata=metadata)
    file.newPage(width, height)
    _draw(figure, _PDF(file, figure.dpi, height, width), figure.dpi)
    file.finalize()
    file.close()
    return out.getvalue()


def _draw(figure: Figure, vectors: AnyScript, dpi: float) -> None:
    """Draw with ``vectors``, which measures in points; with pixels, of ``dpi``, where told so."""
    vectors.language = getattr(figure.canvas, "language", "")
    width, height = figure.get_size_inches()
    figure.dpi = POINT
    renderer: Any = MixedModeRenderer(figure, width, height, dpi, vectors)
    figure.draw(renderer)
    renderer.finalize()


RASTERS: dict[str, Callable[[Bytes, Sequence[str]], bytes]] = {
    "png": _png,
    "webp": _webp,
    "jpg": _jpg,
}
VECTORS: dict[str, Callable[[Figure, Sequence[str]], bytes]] = {"svg": _svg, "pdf": _pdf}
