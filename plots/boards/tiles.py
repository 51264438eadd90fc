"""The charts of a board: each preset with the shared parameters that it accepts."""

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
from plots.forms.plot_form import PlotForm
from plots.permissions import User
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.registry import sources

from .models import ALWAYS_SHARED, Board, BoardItem

Given = Mapping[str, Sequence[str]]

# Image sizes in CSS pixels for tiles of one, two and three columns, by media query. They fill the
# grid in plots.css at the smallest width that the query matches. Tiles in a row have one height.
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
# Image sizes in print: half of an upright page, or its full width.
PRINT_SIZES = ((440, 300), (904, 330), (904, 330))
# Image sizes in the preview of a board, by the number of charts shown.
PREVIEW_SIZES = (
    ((384, 288),),
    ((384, 143), (384, 143)),
    ((384, 143), (191, 143), (191, 143)),
    ((191, 143), (191, 143), (191, 143), (191, 143)),
)
# Limits that are validated together: if one is invalid, neither is applied.
PAIRED_LIMITS = {"xmin": "xmax", "xmax": "xmin", "ymin": "ymax", "ymax": "ymin"}


class LivePlot(PresetPlot):
    """A plot whose picture may change at the same URL. Its revision is a time stamp."""

    def revision(self, spec: PlotSpec) -> str:
        return self._time_stamp

    @cached_property
    def _time_stamp(self) -> str:
        """A number that changes when the cached data expire."""
        is_new = self.spec.is_pinned or self.spec.is_random
        return str(int(time() // (1 if is_new else max(1, self.spec.source_age))))


@dataclass(frozen=True)
class Tile:
    """A preset in its place on a board.

    ``applied`` are the names of the requested parameters that the preset accepts. ``rejected`` has
    an error for each of the others. ``errors`` explain why there is no ``plot``.
    """

    item: BoardItem
    form: PlotForm | None = None
    plot: PresetPlot | None = None
    applied: frozenset[str] = frozenset()
    rejected: Mapping[str, PlotError] = field(default_factory=dict)
    errors: tuple[PlotError, ...] = ()

    @property
    def preset(self) -> Preset:
        return self.item.preset

    @cached_property
    def fields(self) -> dict[str, BoundField]:
        """The parameters that visitors may change here, by name."""
        return {each.name: each for each in self.form or () if each.name in changeable(self.item)}

    @property
    def url(self) -> str:
        """The URL of the preset's page with the parameters of this tile."""
        query = urlencode(self._overrides, doseq=True, safe=",:")
        return f"{self.preset.get_absolute_url()}?{query}".rstrip("?")

    @property
    def pictures(self) -> list[responsive.Candidate]:
        """The image for each window size and colour scheme."""
        columns = self.item.width
        return self._candidates([(window, sizes[columns - 1]) for window, sizes in SIZES.items()])

    def preview(self, size: tuple[int, int]) -> list[responsive.Candidate]:
        """Return the image for each colour scheme, of one size in CSS pixels."""
        return self._candidates([("", size)])

    @property
    def print_image(self) -> responsive.Candidate | None:
        """The image in print: an SVG in a light theme."""
        if self.plot is None:
            return None
        theme = self.plot.spec.frame.theme if "theme" in self._overrides else "light"
        theme = "light" if theme == "dark" else theme
        width, height = _within_limits(PRINT_SIZES[self.item.width - 1])
        src = self.plot.url("svg", theme=theme, width=width, height=height)
        return responsive.Candidate("", "", src, width, height)

    @property
    def _overrides(self) -> Given:
        return self.plot.overrides if self.plot else {}

    def _candidates(
        self, windows: Iterable[tuple[str, tuple[int, int]]]
    ) -> list[responsive.Candidate]:
        sizes = [(window, window, _within_limits(size)) for window, size in windows]
        return responsive.candidates(self.plot, {*self._overrides} & {"theme"}, sizes)


def with_items(boards: Any, user: User) -> Any:
    """Prefetch the items of ``boards`` whose preset ``user`` may see."""
    seen = Preset.objects.visible_to(user)
    items = BoardItem.objects.filter(preset__in=seen).select_related("preset")
    return boards.prefetch_related(Prefetch("items", items))


def prefetch_sources(boards: Iterable[Board]) -> None:
    """Find the sources of all items of ``boards`` in one query."""
    sources.expect(item.preset.source for board in boards for item in board.items.all())


def changeable(item: BoardItem) -> set[str]:
    """Return the names of the parameters that visitors may change in ``item``."""
    return {*ALWAYS_SHARED, *item.preset.overrides} - item.parameters.keys()


def build_tile(item: BoardItem, given: Given | None = None, viewer: User = None) -> Tile:
    """Build the tile of ``item`` with those parameters of ``given`` that its preset accepts.

    ``viewer`` is the user who looks at the board.
    """
    fixed = item.parameters
    mine = {name: values for name, values in (given or {}).items() if name in changeable(item)}
    rejected: dict[str, PlotError] = {}
    while True:
        try:
            form, plot = _build_plot(item.preset, fixed | mine, viewer, validate=bool(mine))
            return Tile(item, form, plot, frozenset(mine), rejected)
        except PlotError as error:
            wrong = {each.parameter: each for each in error.all if each.parameter in mine}
            if not wrong:
                return Tile(item, rejected=rejected, errors=error.all)
            rejected |= {str(name): each for name, each in wrong.items()}
            rejected_names = wrong.keys() | {PAIRED_LIMITS.get(str(name)) for name in wrong}
            mine = {name: values for name, values in mine.items() if name not in rejected_names}


def _build_plot(
    preset: Preset, parameters: Given, viewer: User, *, validate: bool
) -> tuple[PlotForm, PresetPlot]:
    form = preset.form(parameters)
    spec = form.spec.seen_by(viewer)
    is_live = preset.cache == Preset.Cache.NEVER or spec.is_random or not spec.is_pinned
    plot = (LivePlot if is_live else PresetPlot)(spec, preset, parameters, trusted=False)
    if validate:
        try:
            plot.check()
        except PlotError as error:
            if any(each.parameter in parameters for each in error.all):
                raise
        except Exception:  # kinds and sources may raise anything; the image shows the error
            pass
    return form, plot


def _within_limits(size: tuple[int, int]) -> tuple[int, int]:
    """Return ``size``, scaled down to the largest size that this site renders."""
    return responsive.fit_size(Frame(width=size[0], height=size[1]), max(size))


def board_preview(board: Board) -> list[tuple[Tile, list[responsive.Candidate]]]:
    """Return the first charts of ``board`` as small images."""
    first = [*board.items.all()][: len(PREVIEW_SIZES)]
    sizes = PREVIEW_SIZES[len(first) - 1] if first else ()
    placed = map(build_tile, first)
    return [(tile, tile.preview(size)) for tile, size in zip(placed, sizes, strict=True)]
