"""What a kind may use of the Axes it draws on. ``plots.Axes`` is the public name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from plots.data.model import Numbers, Series
from plots.spec.themes import Theme

from .styles import SeriesStyle

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes as MatplotlibAxes
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path


# The label of the Annotations that are values: of a chart, all are written or none.
VALUE = "_value"


@dataclass(frozen=True)
class PanelGrid:
    """The panels of a figure, and which of them this one is.

    Attributes
    ----------
    columns, rows : int
        The size of the grid. A figure without panels has one of each.
    index : int
        The position of this panel, counted from 0 in reading order.
    """

    columns: int = 1
    rows: int = 1
    index: int = 0


@runtime_checkable
class KindAxes(Protocol):
    """What the Axes of a kind have besides the methods of matplotlib's Axes.

    Attributes
    ----------
    theme : Theme
        The colours and the type scale of the figure.
    palette : tuple of str
        The colours of series: those of the parameter ``colors``, or of the theme.
    sizes : mapping of str to float
        What sizes of markers mean: diameters in points by text. A kind sets it to have a legend of
        sizes.
    ink : str
        The colour of text that is to be read, as ``#rrggbb``.
    lang : str
        The language of the figure, such as ``"ko"``. Texts that a kind translates with gettext are
        in this language.
    panels : PanelGrid
        The panels of the figure, and which of them this is.
    panel_size : tuple of float
        The width and height of the panel in points, labels included.
    marker_scale : float
        What sizes of markers are multiplied by: 1, or down to 0.5 in a small picture.
    tick_font : matplotlib.font_manager.FontProperties
        The font of the tick labels. Its size is final only when an Artist is drawn.
    """

    theme: Theme
    palette: tuple[str, ...]
    sizes: Mapping[str, float]
    lang: str
    panels: PanelGrid

    @property
    def ink(self) -> str: ...

    @property
    def panel_size(self) -> tuple[float, float]: ...

    @property
    def marker_scale(self) -> float: ...

    @property
    def tick_font(self) -> FontProperties: ...

    def next_color(self) -> Any:
        """Return the colour of the next series, and count it as used.

        No two series have the same: further ones have tints. See ``next_style``.
        """

    def next_style(self) -> SeriesStyle:
        """Return the colour, line, marker and hatch of the next series, and count it as used.

        Series beyond the colours of the theme repeat these with another line, marker or hatch.
        """
        ...

    def styles(self, names: Sequence[str]) -> Sequence[SeriesStyle]:
        """Return a style for each of ``names`` that are no series, such as nodes."""
        ...

    def hatch(
        self,
        artist: Artist,
        style: SeriesStyle,
        color: Any = None,
        parts: Iterable[int] | None = None,
    ) -> None:
        """Draw the hatch of ``style``, if it has one, over the shapes of ``artist``.

        The lines are in the colour of the background unless ``color`` is given. ``parts`` are the
        indices of the shapes of a collection, by default all.
        """

    def name_positions(self, positions: Numbers, *, horizontal: bool = False) -> None:
        """Ask for a tick at each of ``positions`` along x, such as the years of bars.

        They have ticks if all labels fit; otherwise ticks are at round numbers or dates. Positions
        of names need no call. If ``horizontal``, they are along y.
        """

    def text_path(self, text: str) -> Path:
        """Return the outline of ``text`` in the figure's font, one unit large."""
        ...

    def show_zeros(self, artist: Artist, rows: Any = True) -> None:
        """Draw a line for those boxes of ``artist`` that have no extent, such as bars of 0.

        Parameters
        ----------
        artist : matplotlib.collections.PolyCollection
            Boxes on these Axes, one for each row.
        rows : mask, optional
            The boxes that leave a line. By default all do.
        """

    def join_layers(self, areas: Sequence[Artist]) -> None:
        """Let areas on top of each other, from ``fill_between``, be drawn as one stack.

        Where a pixel column has many rows, all areas show the same one.
        """

    def set_tooltips(
        self, artist: Artist, series: Series, rows: Any = slice(None), at: Any = None
    ) -> None:
        """Give the parts of ``artist`` tooltips, and links if the series has a channel ``link``.

        Lines and markers at the x and y of a series have tooltips without this.

        Parameters
        ----------
        artist : matplotlib.artist.Artist
            An Artist on these Axes with one part (point, bar, cell) for each row.
        series : Series
            The values in the tooltips, by channel.
        rows : slice, mask or array of int, optional
            The rows of ``series`` that the parts show, in the order of the parts.
        at : array of float, optional
            Where the parts are, in data coordinates, if they are not parts of the Artist: points of
            shape (n, 2) or outlines of shape (n, corners, 2).
        """

    def set_point_tooltips(self, artist: Artist, series: Series, rows: Any = slice(None)) -> None:
        """Give ``artist`` tooltips at the x and y of ``rows`` of ``series``."""

    def set_cell_tooltips(
        self,
        artist: Artist,
        x: Numbers,
        y: Numbers,
        z: Numbers,
        edges: Sequence[Numbers] | None = None,
    ) -> None:
        """Give the cells of a grid tooltips.

        Parameters
        ----------
        artist : matplotlib.artist.Artist
            The Artist that shows the grid; its parts are the cells unless ``edges`` are given.
        x, y : array of float, shapes (columns,) and (rows,)
            The positions of the cells.
        z : array of float, shape (rows, columns)
            The numbers of the cells.
        edges : pair of arrays, optional
            The edges along x, of shape (columns + 1,), and along y, of shape (rows + 1,).
        """


if TYPE_CHECKING:

    class Axes(MatplotlibAxes, KindAxes):
        """A matplotlib Axes with the attributes and methods of ``KindAxes``."""

else:
    Axes = KindAxes
