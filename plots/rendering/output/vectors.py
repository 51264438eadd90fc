"""SVG and PDF. The same Figure always gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import get_language
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.figure import Figure

from plots.rendering.compat import STOCK, HookedSVG
from plots.rendering.marks.strokes import VisibleStrokes
from plots.rendering.text.matplotlib_fonts import AnyScript

from .agg import LongLines
from .svg_tooltips import LINK, escape, write_targets

# CSS pixels per inch of a Figure: its dpi at scale 1, and matplotlib's default.
DPI = 100
POINT = 72
END = "</svg>\n"
# Without these, matplotlib writes no metadata, which would contain its version.
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_SIZE = re.compile(r'width="[\d.]+pt" height="[\d.]+pt"')
# An id that matplotlib salts at random, where it is set or referred to; the style sheet.
_SALTED = re.compile(r'(?<=["#])(h|p|m|image|C[\da-f]+_[\da-f]+_)([\da-f]{10})(?=[")])')
_STYLE_SHEET = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)


def write_svg(figure: Figure, description: Sequence[str]) -> bytes:
    """Return an SVG with the lines of ``description`` as its title and desc, and with tooltips."""
    out = StringIO()
    width, height = figure.get_size_inches()
    dpi = figure.dpi
    svg = _StableSVG(width * POINT, height * POINT, out, image_dpi=dpi, metadata=_NO_METADATA)
    _draw(figure, svg, dpi)
    targets = write_targets(figure, height * POINT)
    # An <img> without a size has that of the root element: pixels, as in other formats, not points.
    # The document type before the root element is left out: it names an external file.
    text = _stabilize(out.getvalue()) if STOCK else out.getvalue()
    _, root, drawing = text.partition("<svg ")
    size = f'width="{width * DPI:g}" height="{height * DPI:g}"'
    root, drawing = (root + _SIZE.sub(size, drawing, count=1)).split(">", 1)
    root += ' stroke-linejoin="round"'
    if description:
        role = "group" if LINK in targets else "img"
        root += f' role="{role}" xml:lang="{get_language()}"'
        title, *rest = map(escape, description)
        drawing = f"\n<title>{title}</title>\n<desc>{' '.join(rest)}</desc>{drawing}"
    return f"{root}>{drawing.removesuffix(END)}{targets}{END}".encode()


def write_pdf(figure: Figure, description: Sequence[str]) -> bytes:
    """Return a PDF with the lines of ``description`` as its title and subject."""
    out = BytesIO()
    metadata: dict[str, str | None] = {"CreationDate": None, "Creator": None, "Producer": None}
    if description:
        metadata |= {"Title": description[0], "Subject": " ".join(description[1:])}
    width, height = figure.get_size_inches()
    file = PdfFile(out, metadata=metadata)
    file.newPage(width, height)
    _draw(figure, _PDF(file, figure.dpi, height, width), figure.dpi)
    file.finalize()
    file.close()
    return out.getvalue()


class _StableSVG(AnyScript, VisibleStrokes, HookedSVG):
    """An SVG with ids from hashes of their content, where matplotlib salts them at random.

    Styles are written as attributes, since the policy of a page with the SVG in it may forbid
    ``style``. There are neither a style sheet, which would hold for the whole page, nor comments.
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


class _PDF(AnyScript, VisibleStrokes, RendererPdf):
    pass


def _stabilize(svg: str) -> str:
    """Replace random ids and remove the style sheet, for versions without ``HookedSVG``."""
    svg = _STYLE_SHEET.sub("", svg, count=1)
    salted = dict.fromkeys(match[2] for match in _SALTED.finditer(svg))
    places = {old: place for place, old in enumerate(salted)}
    content = _SALTED.sub(lambda match: f"{match[1]}{places[match[2]]}", svg)
    names = {
        old: hashlib.sha256(f"{place} {content}".encode()).hexdigest()[:10]
        for old, place in places.items()
    }
    return _SALTED.sub(lambda match: match[1] + names[match[2]], svg)


def _draw(figure: Figure, vectors: AnyScript, dpi: float) -> None:
    """Draw with ``vectors``, in points. Rasterized Artists have ``dpi``."""
    vectors.language = getattr(figure.canvas, "language", "")
    width, height = figure.get_size_inches()
    figure.dpi = POINT
    renderer: Any = MixedModeRenderer(
        figure, width, height, dpi, vectors, raster_renderer_class=LongLines
    )
    figure.draw(renderer)
    renderer.finalize()
