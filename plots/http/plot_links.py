"""Plots with their URLs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import SynchronousOnlyOperation
from django.db import Error as DatabaseFailure
from django.urls import reverse

from plots.conf import conf
from plots.data.loading import load
from plots.delivery.deliver import describe
from plots.description.alt_text import headline
from plots.forms.binding import REVISION, Parameters, resolve_aliases
from plots.forms.spec_to_parameters import write_parameters
from plots.i18n import current_language, override_language
from plots.presets.models import Preset
from plots.shortcuts import logger
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.references import REFERENCES

from . import signing
from .responses import revision
from .stored_plots import StoredPlot

if TYPE_CHECKING:
    pass

# The parts of a frame that the words about a plot depend on.
_TOLD = (
    "alt", "title", "subtitle", "xlabel", "ylabel", "xmin", "xmax", "ymin", "ymax",
    "xscale", "yscale", "xformat", "yformat", "tz",
    "xorder", "yorder", "lang", *REFERENCES,
)  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """A spec with its address: of its own, or below the preset that it is a view of.

    ``trusted`` is False for what a visitor thought up: this site then signs nothing, or whoever
    asks its pages could have any address signed, and puts nothing away.
    """

    spec: PlotSpec
    preset: Preset | None = None
    overrides: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    trusted: bool = True

    @classmethod
    def of_preset(
        cls, preset: Preset, overrides: Parameters | None = None, format: str = "png"
    ) -> Plot:
        """``preset`` with ``overrides``; a PlotError for what its address would refuse."""
        return cls(preset.spec(overrides, format), preset, overrides or {})

    def url(self, format: str | None = None, **frame: Any) -> str:
        """The picture's address with the revision it has now, some of its frame changed.

        Its language is that of now, unless its author chose one. ``frame`` takes fields of
        ``Frame`` with values that are known to be valid. What makes the
        address longer than ``MAX_URL`` is put away, and the address is that of the stored plot.
        """
        frame = self._speaking | {name: each for name, each in frame.items() if each is not None}
        changed = replace(self.spec.frame, **frame)
        spec = replace(self.spec, frame=changed, format=format or self.spec.format)
        # Of a source that asks who is looking, each has a revision of their own.
        has_one = not (spec.is_random or spec.is_personal)
        version = {REVISION: [revision(spec)]} if has_one else {}
        query = self._query(spec, frame)
        address = build_url(*self._signed(spec, query), version)
        if len(address) > conf.MAX_URL and self._may_be_stored:
            stored = _put_away(spec, query if self.preset is None else write_parameters(spec))
            return build_url(stored, version) if stored else address
        return address

    @property
    def _speaking(self) -> dict[str, Any]:
        return {} if self.spec.frame.lang or not (lang := current_language()) else {"lang": lang}

    def _signed(self, spec: PlotSpec, query: dict[str, list[str]]) -> tuple[str, signing.Query]:
        """The path of ``spec`` and its query, signed where it has to be."""
        if self.preset is not None:
            return reverse("plots:preset-image", args=[self.preset.slug, spec.format]), query
        path = reverse("plots:plot", args=[spec.kind, spec.format])
        return path, signing.sign(spec.kind, spec.format, query) if self.trusted else query

    @property
    def parameters(self) -> dict[str, list[str]]:
        """What its address says of it: all, or of a preset's plot what differs from the preset."""
        return self._query(self.spec, ())

    def _query(self, spec: PlotSpec, changed: Iterable[str]) -> dict[str, list[str]]:
        if self.preset is None:
            return write_parameters(spec)
        named = {*resolve_aliases(self.overrides), *changed}
        written = write_parameters(spec, keep=named)
        return {name: values for name, values in written.items() if name in named}

    @property
    def never(self) -> bool:
        """Whether its author wants it drawn anew for everybody, and kept nowhere."""
        return self.preset is not None and self.preset.cache == Preset.Cache.NEVER

    @property
    def _may_be_stored(self) -> bool:
        # A stored plot is for everybody who knows its address, and kept as its kind allows.
        preset = self.preset
        plain = preset is None or not (preset.is_private or self.never)
        return self.trusted and plain

    def srcset(self, **frame: Any) -> str:
        """The addresses for screens of one and of two pixels a point, where both may be drawn."""
        once, sharp = f"{self.url(**frame)} 1x", self.sharp(**frame)
        return f"{once}, {self.url(**frame | sharp)} 2x" if sharp else once

    def sharp(self, **frame: Any) -> dict[str, Any]:
        """What of the frame makes the picture one for two pixels a point; {} if it is too large."""
        changed = replace(self.spec.frame, **{k: v for k, v in frame.items() if v is not None})
        return {"scale": 2 * changed.scale} if changed.may_double else {}

    @property
    def alt(self) -> str:
        """The picture in one line of words: its author's, else made of its data."""
        return self.spec.frame.alt or self.words[0]

    @cached_property
    def words(self) -> list[str]:
        """The picture in words, line by line, as its ``txt`` has them.

        Of a source that asks who is looking, no more than is known without its data, until they
        are somebody's: a page may be kept that others see.
        """
        spec = self._told
        is_nobodys = spec.is_personal and spec.viewer is None
        with override_language(spec.frame.lang):
            known = [headline(spec)]
        try:
            unsaid = spec.is_random or is_nobodys
            return known if unsaid else describe(spec, never=self.never)
        except Exception:  # a kind or source may raise whatever it likes: its picture will say so
            return known

    def check(self) -> None:
        """A PlotError where its data cannot be drawn so; known of what was told in words before."""
        if self.spec.is_random:
            load(self.spec)
        else:
            describe(self._told)

    @property
    def _told(self) -> PlotSpec:
        """What is told in words. Neither size nor colours are, so all sizes share the words."""
        frame = self.spec.frame
        if self.preset and not frame.title:
            frame = replace(frame, title=self.preset.title)
        told = Frame(**{name: getattr(frame, name) for name in _TOLD} | self._speaking)
        return replace(self.spec, frame=told, format="txt")


def build_url(path: str, *queries: signing.Query) -> str:
    """``path`` with all of ``queries``, as short and as readable as an address can be."""
    # Commas and colons are legal in a query.
    written = (urlencode(query, doseq=True, safe=",:;") for query in queries)
    return f"{path}?{'&'.join(filter(None, written))}".rstrip("?")


def _put_away(spec: PlotSpec, parameters: signing.Query) -> str | None:
    """The address of ``spec`` as a stored plot; None, and a warning, where none can be stored."""
    try:
        stored = StoredPlot.objects.keep(spec.kind, parameters)
    except (DatabaseFailure, SynchronousOnlyOperation) as error:
        # The page is worth more than a short address in it.
        logger.warning("A plot too long for an address was not put away: %s", error)
        return None
    return stored.url(spec.format)
