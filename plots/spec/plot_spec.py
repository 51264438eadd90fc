"""The waist: one plot, wholly described by plain values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from plots.conf import conf
from plots.i18n import resolve_language
from plots.permissions import User, viewer_key
from plots.text import font_fallback
from plots.values.columns import Column

from .ordering import Order
from .query import STATS, Filter, Query
from .references import Reference
from .registry import kinds, sources
from .themes import themes

# Part of every digest. Raise it when the renderer draws the same spec differently.
RENDERER_VERSION = 4
# Which fonts a machine has makes a difference to what is not Latin, Greek, Cyrillic, an arrow or a
# common sign, as JSON writes them.
_FOREIGN = re.compile(rb"\\u(?!0[0-4]|1[ef]|2[0-25])")


@dataclass(frozen=True)
class Inline:
    """Columns that came with the request, by channel; one column for each time it was given."""

    columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FromSource:
    """Columns that a registered source supplies: its options, and column names by channel.

    ``query`` is what is made of its rows. ``revision`` is the version of its data, or None where
    the source cannot tell it cheaply. ``viewer`` is the key of who looks, if the source asks.
    """

    name: str
    options: Mapping[str, Any]
    columns: Mapping[str, tuple[str, ...]]
    revision: str | None = None
    query: Query = Query()
    viewer: Any = None


def is_within_limits(width: int, height: int, scale: float) -> bool:
    """Whether a picture of this size, in CSS pixels, is within the limits."""
    sides = min(width, height) >= conf.MIN_SIDE and max(width, height) <= conf.MAX_SIDE
    return sides and scale <= conf.MAX_SCALE and width * height * scale**2 <= conf.MAX_PIXELS


@dataclass(frozen=True)
class Frame:
    """All around the drawing. Sizes are CSS pixels, 96 to the inch on a screen."""

    width: int = 640
    height: int = 480
    scale: float = 1.0
    theme: str = "light"
    transparent: bool = False
    title: str = ""
    subtitle: str = ""
    xlabel: str = ""
    ylabel: str = ""
    xmin: float | date | None = None
    xmax: float | date | None = None
    ymin: float | date | None = None
    ymax: float | date | None = None
    xscale: str = "linear"
    yscale: str = "linear"
    xformat: str = "auto"
    yformat: str = "auto"
    tz: str = ""
    xorder: Order = "given"
    yorder: Order = "given"
    hline: tuple[Reference, ...] = ()
    vline: tuple[Reference, ...] = ()
    hband: tuple[Reference, ...] = ()
    vband: tuple[Reference, ...] = ()
    grid: bool = True
    legend: str = "auto"
    colors: tuple[str, ...] = ()
    alt: str = ""
    lang: str = ""

    @property
    def may_double(self) -> bool:
        """Whether it may be drawn with twice as many pixels a side, for sharp screens."""
        return is_within_limits(self.width, self.height, 2 * self.scale)


@dataclass(frozen=True)
class PlotSpec:
    """One plot. Equal specs draw equal pictures; ``digest`` names the picture."""

    kind: str
    options: Mapping[str, Any]
    data: Inline | FromSource
    labels: tuple[str, ...] = ()
    frame: Frame = Frame()
    format: str = "png"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON and of the versions of all that draws it."""
        kind = kinds.get(self.kind)
        frame = vars(self.frame) | {"lang": resolve_language(self.frame.lang)}
        described = [self.kind, self.options, self.labels, self.format, frame]
        data = [type(self.data).__name__, vars(self.data)]
        zone = self.frame.tz or timezone.get_default_timezone_name()
        versions = [RENDERER_VERSION, kind.version, vars(themes()[self.frame.theme]), zone]
        canonical = _canonical([described, data, versions])
        # What words a source has is not known yet, and English is the language of our own.
        from_source = isinstance(self.data, FromSource)
        if from_source or frame["lang"] != "en" or _FOREIGN.search(canonical):
            canonical += font_fallback.fonts_version().encode()
        return hashlib.sha256(canonical).hexdigest()

    def headings(self, channel: str) -> tuple[str, ...]:
        """What the source's columns of ``channel`` are called in the picture."""
        if isinstance(self.data, Inline):
            return ()
        named, stat, kind = self.data.columns.get(channel, ()), self.data.query.stat, self.kind
        if not stat or channel in kinds.get(kind).grouped:
            return named
        if stat == "count" and len(named) < 2:
            return (STATS[stat],)
        return tuple(f"{STATS[stat]} of {name}" for name in named)

    @property
    def is_pinned(self) -> bool:
        """Whether the digest changes with the data: not so for a source without a version."""
        return isinstance(self.data, Inline) or self.data.revision is not None

    @property
    def is_private(self) -> bool:
        """Whether its source is for staff; a preset may show of it what it does all the same."""
        return isinstance(self.data, FromSource) and sources.get(self.data.name).private

    @property
    def is_personal(self) -> bool:
        """Whether its source asks who is looking: no one else may see what one does."""
        return isinstance(self.data, FromSource) and sources.get(self.data.name).viewer

    @property
    def viewer(self) -> Any:
        """The key of who looks, if its source asks and somebody does."""
        return self.data.viewer if isinstance(self.data, FromSource) else None

    def seen_by(self, user: User) -> PlotSpec:
        """The plot as ``user`` sees it. Until somebody says who looks, it is nobody."""
        if not (isinstance(self.data, FromSource) and self.is_personal):
            return self
        viewer = viewer_key(user)
        revision = sources.get(self.data.name).revision(self.data.options, viewer)
        return replace(self, data=replace(self.data, viewer=viewer, revision=revision))

    @property
    def source_age(self) -> float:
        """Seconds for which the data of a source without a version are taken to be as they were."""
        age = sources.get(self.data.name).age if isinstance(self.data, FromSource) else None
        return float(conf.SOURCE_AGE if age is None else age)

    @property
    def is_random(self) -> bool:
        """Whether each drawing differs, so that none may be cached."""
        live = isinstance(self.data, FromSource) and sources.get(self.data.name).live
        return live or kinds.get(self.kind).is_random(self.options)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        # Tagged, so that a date never has the digest of the text that looks like it.
        if isinstance(o, Filter | Query):
            return vars(o)
        return {type(o).__name__: o.isoformat() if isinstance(o, date) else super().default(o)}


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), cls=_Encoder).encode()
