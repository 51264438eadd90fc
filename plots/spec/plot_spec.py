"""Immutable, hashable description of one plot."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.i18n import resolve_language, translate
from plots.permissions import User, viewer_key
from plots.text import font_fallback
from plots.values.columns import Column

from .ordering import Order
from .query import STATS, Filter, Query
from .references import Reference
from .registry import kinds, sources
from .themes import themes

# Part of every digest. Raise it when the renderer draws the same spec differently.
RENDERER_VERSION = 5
# Characters, as JSON escapes them, other than Latin, Greek, Cyrillic, arrows and common symbols:
# which font draws them depends on the machine.
_FOREIGN = re.compile(rb"\\u(?!0[0-4]|1[ef]|2[0-25])")


@dataclass(frozen=True)
class Inline:
    """Columns that are part of the request.

    Attributes
    ----------
    columns : mapping of str to tuple of Column
        The columns of each channel, one for each repetition of its parameter.
    """

    columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FromSource:
    """Columns of a registered source.

    Attributes
    ----------
    name : str
        Name of the source.
    options : mapping of str to object
        Options of the source.
    columns : mapping of str to tuple of str
        Names of the source's columns by channel.
    revision : str or None
        Version of the source's data, or None if the source has no cheap version.
    query : Query
        How rows are filtered, grouped and ordered.
    viewer : object
        Key of the user for whom the source is read, if its rows depend on the user.
    """

    name: str
    options: Mapping[str, Any]
    columns: Mapping[str, tuple[str, ...]]
    revision: str | None = None
    query: Query = Query()
    viewer: Any = None


def is_within_limits(width: int, height: int, scale: float) -> bool:
    """Whether a picture of this size is within the limits of the settings.

    Parameters
    ----------
    width, height : int
        Sides in CSS pixels.
    scale : float
        Device pixels per CSS pixel.
    """
    sides = min(width, height) >= conf.MIN_SIDE and max(width, height) <= conf.MAX_SIDE
    return sides and scale <= conf.MAX_SCALE and width * height * scale**2 <= conf.MAX_PIXELS


@dataclass(frozen=True)
class Frame:
    """Everything around the drawing: size, theme, texts, axes, references and legend.

    Attributes
    ----------
    width, height : int
        Size in CSS pixels, of which an inch on a screen has 96.
    scale : float
        Device pixels per CSS pixel.
    theme : str
        Name of a theme.
    transparent : bool
        Whether the background is left out.
    title, subtitle, xlabel, ylabel, alt : str
        Texts. ``alt`` describes the picture; empty for a generated description.
    xmin, xmax, ymin, ymax : float, date or None
        Limits of the axes. None for the limits of the data.
    xscale, yscale : str
        "linear", "log" or "symlog".
    xformat, yformat : str
        How ticks are written: "auto" or the name of a number or date format.
    tz : str
        IANA name of the time zone of times. Empty for the site's own.
    xorder, yorder : str or tuple of str
        Order of names on the axes. See ``spec.ordering``.
    hline, vline, hband, vband : tuple of Reference
        Reference lines and bands. See ``spec.references``.
    grid : bool
        Whether there are grid lines.
    legend : str
        Position of the legend.
    colors : tuple of str
        Colours of the series as ``#rrggbb`` or ``#rrggbbaa``. Empty for those of the theme.
    lang : str
        Language code of generated texts. Empty for the site's own.
    """

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
        """Whether the limits allow twice as many device pixels, for sharp screens."""
        return is_within_limits(self.width, self.height, 2 * self.scale)


@dataclass(frozen=True)
class PlotSpec:
    """Immutable, hashable description of one plot. Equal specs draw equal pictures.

    ``forms.parameters_to_spec`` validates parameters and builds specs: ``plot_spec`` from Python
    values, ``read_spec`` from the parameters of a URL.

    Attributes
    ----------
    kind : str
        Name of a registered kind.
    options : mapping of str to object
        Options of the kind.
    data : Inline or FromSource
        The columns.
    labels : tuple of str
        Labels of the series.
    frame : Frame
        Everything around the drawing.
    format : str
        Name of an output format.
    """

    kind: str
    options: Mapping[str, Any]
    data: Inline | FromSource
    labels: tuple[str, ...] = ()
    frame: Frame = Frame()
    format: str = "png"

    def __hash__(self) -> int:
        return hash(self.digest)  # options are mappings, which have no hash

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON and of the versions of renderer, kind, theme and data."""
        kind = kinds.get(self.kind)
        frame = vars(self.frame) | {"lang": resolve_language(self.frame.lang)}
        described = [self.kind, self.options, self.labels, self.format, frame]
        data = [type(self.data).__name__, vars(self.data)]
        zone = self.frame.tz or timezone.get_default_timezone_name()
        versions = [RENDERER_VERSION, kind.version, vars(themes()[self.frame.theme]), zone]
        canonical = _canonical([described, data, versions])
        # The texts of a source are not known here, and other languages may need other fonts.
        from_source = isinstance(self.data, FromSource)
        if from_source or frame["lang"] != "en" or _FOREIGN.search(canonical):
            canonical += font_fallback.fonts_version().encode()
        return hashlib.sha256(canonical).hexdigest()

    def headings(self, channel: str) -> tuple[str, ...]:
        """Return the labels of the source's columns of ``channel``, such as “Sum of total”."""
        if isinstance(self.data, Inline):
            return ()
        named, stat, kind = self.data.columns.get(channel, ()), self.data.query.stat, self.kind
        if not stat or channel in kinds.get(kind).grouped:
            return named
        if stat == "count" and len(named) < 2:
            return (translate(STATS[stat]),)
        words = {"stat": translate(STATS[stat])}
        return tuple(_("%(stat)s of %(name)s") % {**words, "name": name} for name in named)

    @property
    def is_pinned(self) -> bool:
        """Whether the digest changes with the data. A source without a version is not pinned."""
        return isinstance(self.data, Inline) or self.data.revision is not None

    @property
    def is_private(self) -> bool:
        """Whether its source is not for everybody. A preset may publish what it draws of it."""
        return isinstance(self.data, FromSource) and sources.get(self.data.name).is_private

    @property
    def is_personal(self) -> bool:
        """Whether its rows depend on the user, so that other users must not see the picture."""
        return isinstance(self.data, FromSource) and sources.get(self.data.name).viewer

    @property
    def viewer(self) -> Any:
        """Key of the user for whom a personal source is read; None for an anonymous user."""
        return self.data.viewer if isinstance(self.data, FromSource) else None

    def seen_by(self, user: User) -> PlotSpec:
        """Return the plot that ``user`` sees. Without this call it is that of an anonymous user."""
        if not (isinstance(self.data, FromSource) and self.is_personal):
            return self
        viewer = viewer_key(user)
        revision = sources.get(self.data.name).revision(self.data.options, viewer)
        return replace(self, data=replace(self.data, viewer=viewer, revision=revision))

    @property
    def source_age(self) -> float:
        """Seconds for which data of a source without a version may be reused."""
        age = sources.get(self.data.name).age if isinstance(self.data, FromSource) else None
        return float(conf.SOURCE_AGE if age is None else age)

    @property
    def is_random(self) -> bool:
        """Whether every render differs, so that none may be cached."""
        live = isinstance(self.data, FromSource) and sources.get(self.data.name).live
        return live or kinds.get(self.kind).is_random(self.options)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        # Tagged with the type, so that a date and the same text have different digests.
        if isinstance(o, Filter | Query):
            return vars(o)
        if isinstance(o, datetime) and o.fold:  # the second of two hours with the same name
            return {"fold": o.isoformat()}
        return {type(o).__name__: o.isoformat() if isinstance(o, date) else super().default(o)}


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), cls=_Encoder).encode()
