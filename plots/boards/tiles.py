"""The pictures of a board: each preset in its place, as far as it takes what visitors ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import time
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.forms import BoundField

from plots.catalog import responsive
from plots.errors import PlotError
from plots.forms.plot_form import REVISION, PlotForm
from plots.http.plot_links import Plot
from plots.permissions import User
from plots.presets.models import Preset
from plots.spec.plot_spec import Frame
from plots.spec.registry import sources

from .models import ALWAYS_SHARED, Board, BoardItem

Given = Mapping[str, Sequence[str]]

# The picture in each place, by the columns that it spans, in each window: of one column, of two, of
# three. They fill the grid in plots.css at the least width of the window; those of a row are of one
# height.
SIZES = {
    "(max-width: 32rem)": ((343, 290), (343, 290), (343, 290)),
    "(max-width: 40rem)": ((446, 330), (446, 330), (446, 330)),
    "(max-width: 48rem)": ((564, 340), (564, 340), (564, 340)),
    "(max-width: 56rem)": ((324, 300), (696, 330), (696, 330)),
    "(max-width: 64rem)": ((388, 320), (824, 340), (824, 340)),
    "(max-width: 71rem)": ((452, 340), (952, 360), (952, 360)),
    "(max-width: 78rem)": ((508, 350), (1064, 370), (1064, 370)),
    "": ((360, 320), (768, 320), (1176, 380)),
}
# On paper, upright: half of its width, or all of it. Wider paper has them larger, or side by side.
PAPER = ((440, 300), (904, 330), (904, 330))
# A board in little, by how many of its pictures are shown.
MOSAIC = (
    ((384, 288),),
    ((384, 143), (384, 143)),
    ((384, 143), (191, 143), (191, 143)),
    ((191, 143), (191, 143), (191, 143), (191, 143)),
)
# What is only right together: where one end of an axis is wrong, neither is taken.
ENDS = {"xmin": "xmax", "xmax": "xmin", "ymin": "ymax", "ymax": "ymin"}


class LivePlot(Plot):
    """One whose picture may become another at the same address: it has one for each moment."""

    def url(self, format: str | None = None, **frame: Any) -> str:
        path, _, query = super().url(format, **frame).partition("?")
        kept = [each for each in query.split("&") if not each.startswith(f"{REVISION}=")]
        return f"{path}?{'&'.join([*filter(None, kept), f'{REVISION}={self._moment}'])}"

    @cached_property
    def _moment(self) -> int:
        """The same for as long as what it shows is taken to be as it was."""
        is_new = self.spec.is_pinned or self.spec.is_random
        return int(time() // (1 if is_new else max(1, self.spec.source_age)))


@dataclass(frozen=True)
class Tile:
    """A preset in its place on a board.

    Of what visitors ask for, ``taken`` are the names that it took, and ``refused`` says why it
    took not those. ``errors`` say why there is no ``plot``.
    """

    item: BoardItem
    form: PlotForm | None = None
    plot: Plot | None = None
    taken: frozenset[str] = frozenset()
    refused: Mapping[str, PlotError] = field(default_factory=dict)
    errors: tuple[PlotError, ...] = ()

    @property
    def preset(self) -> Preset:
        return self.item.preset

    @cached_property
    def fields(self) -> dict[str, BoundField]:
        """Those of its parameters, by name, that visitors may change here."""
        return {each.name: each for each in self.form or () if each.name in open_to(self.item)}

    @property
    def url(self) -> str:
        """Its preset's own page, as it is shown here."""
        query = urlencode(self._named, doseq=True, safe=",:")
        return f"{self.preset.get_absolute_url()}?{query}".rstrip("?")

    @property
    def pictures(self) -> list[responsive.Candidate]:
        """Its picture for every window and colour scheme."""
        columns = self.item.width
        return self._candidates([(window, sizes[columns - 1]) for window, sizes in SIZES.items()])

    def little(self, size: tuple[int, int]) -> list[responsive.Candidate]:
        """Its picture for every colour scheme."""
        return self._candidates([("", size)])

    @property
    def paper(self) -> responsive.Candidate | None:
        """Its picture in print: sharp at any size, and light."""
        if self.plot is None:
            return None
        theme = self.plot.spec.frame.theme if "theme" in self._named else "light"
        theme = "light" if theme == "dark" else theme
        width, height = _allowed(PAPER[self.item.width - 1])
        src = self.plot.url("svg", theme=theme, width=width, height=height)
        return responsive.Candidate("", "", src, width, height)

    @property
    def _named(self) -> Given:
        return self.plot.overrides if self.plot else {}

    def _candidates(
        self, windows: Iterable[tuple[str, tuple[int, int]]]
    ) -> list[responsive.Candidate]:
        sizes = [(window, window, _allowed(size)) for window, size in windows]
        return responsive.candidates(self.plot, {*self._named} & {"theme"}, sizes)


def with_items(boards: Any, user: User) -> Any:
    """The QuerySet ``boards``, each with those of its items whose preset ``user`` may see."""
    seen = Preset.objects.visible_to(user)
    items = BoardItem.objects.filter(preset__in=seen).select_related("preset")
    return boards.prefetch_related(Prefetch("items", items))


def expect(boards: Iterable[Board]) -> None:
    """Look for the sources of all that is on ``boards`` at once."""
    sources.expect(item.preset.source for board in boards for item in board.items.all())


def open_to(item: BoardItem) -> set[str]:
    """The names of what visitors may change of ``item``."""
    return {*ALWAYS_SHARED, *item.preset.overrides} - item.parameters.keys()


def place(item: BoardItem, given: Given | None = None, viewer: User = None) -> Tile:
    """``item`` with as much of what is ``given`` as its preset allows and can be drawn with.

    ``viewer`` is who sees it.
    """
    fixed = item.parameters
    mine = {name: values for name, values in (given or {}).items() if name in open_to(item)}
    refused: dict[str, PlotError] = {}
    while True:
        try:
            form, plot = _drawn(item.preset, fixed | mine, viewer, is_sure=not mine)
            return Tile(item, form, plot, frozenset(mine), refused)
        except PlotError as error:
            wrong = {each.parameter: each for each in error.all if each.parameter in mine}
            if not wrong:
                return Tile(item, refused=refused, errors=error.all)
            refused |= {str(name): each for name, each in wrong.items()}
            left_out = wrong.keys() | {ENDS.get(str(name)) for name in wrong}
            mine = {name: values for name, values in mine.items() if name not in left_out}


def _drawn(preset: Preset, asked: Given, viewer: User, *, is_sure: bool) -> tuple[PlotForm, Plot]:
    form = preset.form(asked)
    spec = form.spec.seen_by(viewer)
    is_live = preset.cache == Preset.Cache.NEVER or spec.is_random or not spec.is_pinned
    plot = (LivePlot if is_live else Plot)(spec, preset, asked, trusted=False)
    if not is_sure:
        try:
            plot.check()
        except PlotError as error:
            if any(each.parameter in asked for each in error.all):
                raise
        except Exception:  # a kind or source may raise whatever it likes: its picture will say so
            pass
    return form, plot


def _allowed(size: tuple[int, int]) -> tuple[int, int]:
    """``size``, or as much of it as this site draws."""
    return responsive.fit_size(Frame(width=size[0], height=size[1]), max(size))


def mosaic(board: Board) -> list[tuple[Tile, list[responsive.Candidate]]]:
    """The first pictures of ``board``, in little."""
    first = [*board.items.all()][: len(MOSAIC)]
    sizes = MOSAIC[len(first) - 1] if first else ()
    placed = map(place, first)
    return [(tile, tile.little(size)) for tile, size in zip(placed, sizes, strict=True)]
