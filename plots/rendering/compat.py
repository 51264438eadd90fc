"""Matplotlib's private names. No other module of this project uses any.

They save most of the time of a render: ticks and glyphs are laid out once and reused. Private names
may change with any release, so they are used with the releases in ``TESTED`` only, and only if all
of them exist. ``STOCK`` is true otherwise: matplotlib's own Axes and Agg classes then draw, which
takes longer and may move a pixel. Everything is decided once, at import.
"""

from __future__ import annotations

import inspect
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager, ft2font
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontEntry, FontManager, FontProperties, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

TESTED = ("3.11",)
# What is used of each class, or by name in one of its methods: the latter are set on instances.
ATTRIBUTES: tuple[tuple[Any, str], ...] = (
    (Text, "_get_layout"),
    (Text, "_preprocess_math"),
    (Axis, "_update_ticks"),
    (Axis, "_get_ticks_position"),
    (Axis, "_update_label_position"),
    (Axes, "_init_axis"),
    (Axes, "_shared_axes"),
    (FontManager, "_find_fonts_by_props"),
    (FT2Font, "_layout"),
    (FT2Font, "_set_transform"),
    (FT2Font, "_render_glyph"),
    (font_manager, "FontPath"),
    (ft2font, "RenderMode"),
    (backend_agg, "get_hinting_flag"),
    (RendererSVG, "_make_id"),
    (RendererSVG, "_write_default_style"),
)
MENTIONED: tuple[tuple[Any, str], ...] = (
    (Text.set_x, "_x"),
    (Text.set_y, "_y"),
    (Text.set_text, "_text"),
    (Axis.set_tick_params, "_major_tick_kw"),
    (RendererAgg.__init__, "_renderer"),
    (Axes.set_prop_cycle, "_get_lines"),
)


def missing() -> list[str]:
    """List the private names that this matplotlib does not have."""
    names = [name for owner, name in ATTRIBUTES if not hasattr(owner, name)]
    return names + [
        name for method, name in MENTIONED if name not in inspect.unwrap(method).__code__.co_names
    ]


def is_tested(version: str) -> bool:
    return ".".join(version.split(".")[:2]) in TESTED


STOCK = not is_tested(matplotlib.__version__) or bool(missing())


class PlacedText(Text):
    """Text that is moved and reworded without marking its Figure as changed.

    The setters of ``Text`` do the same, and tell every Artist above.
    """

    def place(self, x: float, y: float, text: str) -> None:
        """Set the anchor, in the units of the transform, and the text."""
        self._x, self._y, self._text = x, y, text

    def lay_out(self, renderer: Any) -> Any:
        """Return the layout that the text has at the origin. Subclasses cache it."""
        return super()._get_layout(renderer)  # type: ignore[misc]

    def parse(self, line: str) -> tuple[str, Any]:
        """Return ``line`` as it is drawn, and whether it is maths."""
        parsed: tuple[str, Any] = self._preprocess_math(line)  # type: ignore[attr-defined]
        return parsed

    def _get_layout(self, renderer: Any) -> Any:
        return self.lay_out(renderer)


class HookedAxis(Axis):
    """An Axis whose subclass finds, measures and draws all ticks at once, without Tick objects."""

    @property
    def major_style(self) -> dict[str, Any]:
        """The tick parameters that were set. ``get_tick_params`` renames and copies them."""
        style: dict[str, Any] = self._major_tick_kw  # type: ignore[attr-defined]
        return style

    def find_ticks(self) -> None:
        """Find the ticks within the limits, and their labels."""
        raise NotImplementedError

    def move_label(self, renderer: Any) -> None:
        """Place the label of the axis beside those of its ticks."""
        raise NotImplementedError

    def _update_ticks(self) -> list[Any]:
        self.find_ticks()
        return []

    def _get_ticks_position(self) -> int:
        return 1  # below and at the left

    def _update_label_position(self, renderer: Any) -> None:
        self.move_label(renderer)


class HookedAxes(Axes):
    """Axes whose subclass makes the two Axis objects."""

    def make_axis(self) -> None:
        """Set ``xaxis`` and ``yaxis``, and register both with the spines."""
        raise NotImplementedError

    if not STOCK:

        def _init_axis(self) -> None:
            self.make_axis()


def join_limits(ax: Axes, other: Axes, name: str) -> None:
    """Let ``other`` share the x or y limits of ``ax`` before ``sharex`` or ``sharey`` sets them.

    Those compute the limits anew for each Axes that joins. Joined first, they compute them once.
    """
    if not STOCK:
        ax._shared_axes[name].join(ax, other)  # type: ignore[attr-defined]


def advance_colors(ax: Any) -> Any:
    """Return the next colour of the cycle of ``ax``, which ``ax.plot`` takes from it, too."""
    if not STOCK:
        return ax._get_lines.get_next_color()
    (line,) = ax.plot([], [])
    line.remove()
    return line.get_color()


class HookedAgg(RendererAgg):
    """Agg with the heights of fonts from ``font_heights``, and bitmaps of glyphs."""

    def font_heights(self, prop: FontProperties) -> tuple[float | None, ...]:
        """Return ascent, descent and line gap in pixels; three Nones for a font without them."""
        raise NotImplementedError

    def draw_bitmap(self, bitmap: Any, x: int, y: int, gc: Any) -> None:
        """Draw ``bitmap``, uint8 of shape (height, width), in the colour of ``gc``."""
        self._renderer.draw_text_image(bitmap, x, y, 0, gc)

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float | None, ...]:
        # Text reads the font's file otherwise, for each layout of each text.
        return self.font_heights(prop)


def hinting() -> Any:
    """Return the hinting that matplotlib's Agg uses."""
    return backend_agg.get_hinting_flag()


def font_files(prop: FontProperties) -> tuple[str, ...]:
    """Return the files of the fonts that ``prop`` names, in their order."""
    return tuple(fontManager._find_fonts_by_props(prop))


def file_of(font: Any) -> str:
    """Return the file of ``font``, with its index unless that is 0: plain strings hash faster."""
    if font.face_index:
        return font_manager.FontPath(font.fname, font.face_index)
    return str(font.fname)


def lay_out_glyphs(font: Any, text: str) -> Any:
    """Return the glyphs of ``text``, with the font that has each and its place from the start."""
    return font._layout(text, flags=hinting(), features=None, language=None)


def render_glyph(font: Any, index: int, matrix: np.ndarray, offset: tuple[int, int]) -> Any:
    """Return the bitmap of a glyph, transformed by ``matrix`` and moved by 64ths of a pixel."""
    font._set_transform(matrix, list(offset))
    return font._render_glyph(index, hinting(), ft2font.RenderMode.NORMAL)


class HookedSVG(RendererSVG):
    """An SVG renderer with ids from ``id_of``, and no style sheet."""

    def id_of(self, type: str, content: object) -> str:
        """Return the id of an element of ``type`` with ``content``."""
        raise NotImplementedError

    if not STOCK:

        def _make_id(self, type: str, content: object) -> str:
            return self.id_of(type, content)

        def _write_default_style(self) -> None:
            """Write nothing. A style sheet would hold for the whole page with the SVG in it."""


def font_entry(path: str, index: int, name: str) -> FontEntry:
    """Return the entry of the font ``index`` in the file at ``path``.

    Before 3.11, matplotlib only reads the first font of a file.
    """
    place: dict[str, Any] = {"index": index} if "index" in FontEntry.__dataclass_fields__ else {}
    return FontEntry(
        fname=path, name=name, style="normal", variant="normal", weight=400, stretch="normal",
        size="scalable", **place,
    )  # fmt: skip
