"""What kinds use of the Axes they draw on, besides matplotlib's methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from plots.data.model import Data, Numbers, Series
from plots.description.tooltips import Marks, cell_marks, point_marks
from plots.kinds.axes import PanelGrid
from plots.kinds.styles import SeriesStyle, series_styles
from plots.rendering.compat import advance_colors
from plots.rendering.text.matplotlib_fonts import font, suited
from plots.rendering.text.measuring import literal
from plots.spec.themes import LIGHT, Theme

MOST = 50  # colours of a cycle: as many as a picture has series by default
SMALL = 345.6, 230.4  # width and height in points of a panel whose markers are not smaller


class KindAxesMixin(Axes):
    """The attributes and methods that ``plots.kinds.axes.KindAxes`` documents."""

    theme: Theme = LIGHT
    lang: str = ""
    panels: PanelGrid = PanelGrid()
    data: Data = Data()  # what the kind draws here
    palette: tuple[str, ...] = LIGHT.palette
    sizes: Mapping[str, float] = MappingProxyType({})
    remaining_styles: Iterator[SeriesStyle] = iter(())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.marks: dict[Artist, Marks] = {}  # by the Artist that shows them
        self.drawn: list[Artist] = []  # by the kind; set when it has drawn
        self.is_blank = False  # whether nothing of it is within the limits
        self.hatches: dict[Artist, dict[str, Any]] = {}
        self.named: dict[int, Numbers] = {}  # positions along x (0) or y (1) that want a tick
        self.zeros: dict[Artist, Any] = {}  # rows, by the Artist that shows them
        self.layers: list[Sequence[Artist]] = []
        super().__init__(*args, **kwargs)

    @property
    def ink(self) -> str:
        return self.theme.ink

    @property
    def panel_size(self) -> tuple[float, float]:
        box, dpi = self.figure.bbox, self.figure.dpi
        width, height = box.width / self.panels.columns, box.height / self.panels.rows
        return float(width) * 72 / dpi, float(height) * 72 / dpi

    @property
    def marker_scale(self) -> float:
        width, height = self.panel_size
        return max(0.5, min(1.0, width / SMALL[0], height / SMALL[1]))

    @property
    def tick_font(self) -> FontProperties:
        return font(self.yaxis.get_tick_params().get("labelsize", 10))

    def set_palette(self, palette: tuple[str, ...]) -> None:
        """Give each series its style, before a kind draws ``data`` on these Axes."""
        self.palette = palette
        styles = self._styles([series.name or series.label for series in self.data.series], MOST)
        self.set_prop_cycle(color=[style.tint for style in styles])
        self.remaining_styles = iter(styles)

    def _styles(self, names: Sequence[str], most: int = 0) -> tuple[SeriesStyle, ...]:
        places = tuple(map(self.data.places.get, names))
        return series_styles(places, self.palette, self.theme.ground, most)

    def styles(self, names: Sequence[str]) -> tuple[SeriesStyle, ...]:
        return self._styles(names)

    def next_color(self) -> Any:
        return advance_colors(self)

    def next_style(self) -> SeriesStyle:
        color = advance_colors(self)
        return next(
            (style for style in self.remaining_styles if style.tint == color),
            SeriesStyle(color, color),
        )

    def hatch(
        self,
        artist: Any,
        style: SeriesStyle,
        color: Any = None,
        parts: Iterable[int] | None = None,
    ) -> None:
        if not style.hatch:
            return
        look = {"hatch": style.hatch, "edgecolor": color or self.get_facecolor(), "linewidth": 0}
        self.hatches[artist] = look
        # Agg draws the hatch anew for each path, which takes a millisecond: make them one.
        paths = artist.get_paths() if isinstance(artist, Collection) else [artist.get_path()]
        paths = paths if parts is None else [paths[part] for part in parts]
        if paths:
            whole = Path.make_compound_path(*paths)
            drawn = PathPatch(whole, facecolor="none", zorder=artist.get_zorder(), **look)
            drawn.set_transform(artist.get_transform())
            self.add_artist(drawn).set_clip_path(artist.get_clip_path() or self.patch)

    def name_positions(self, positions: Numbers, *, horizontal: bool = False) -> None:
        self.named[int(horizontal)] = positions[np.isfinite(positions)]

    def text_path(self, text: str) -> Path:
        language = getattr(self.figure.canvas, "language", "")
        return TextPath((0, 0), literal(text), size=1, prop=suited(font(1), text, language))

    def show_zeros(self, artist: Artist, rows: Any = True) -> None:
        self.zeros[artist] = rows

    def join_layers(self, areas: Sequence[Artist]) -> None:
        self.layers.append(areas)

    def set_tooltips(
        self, artist: Artist, series: Series, rows: Any = slice(None), at: Any = None
    ) -> None:
        self.marks[artist] = Marks(self.data, series, rows, at)

    def set_point_tooltips(self, artist: Artist, series: Series, rows: Any = slice(None)) -> None:
        self.marks[artist] = point_marks(self.data, series, rows)

    def set_cell_tooltips(
        self,
        artist: Artist,
        x: Numbers,
        y: Numbers,
        z: Numbers,
        edges: Sequence[Numbers] | None = None,
    ) -> None:
        if marks := cell_marks(self.data, x, y, z, edges):
            self.marks[artist] = marks
