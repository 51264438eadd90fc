"""Plots with their URLs."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ImproperlyConfigured, SynchronousOnlyOperation
from django.db import Error as DatabaseFailure
from django.urls import reverse

from plots.conf import conf
from plots.data.loading import load
from plots.delivery.deliver import describe
from plots.description.headline import headline
from plots.forms.binding import REVISION
from plots.forms.spec_to_parameters import write_parameters
from plots.i18n import current_language, override_language
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.references import REFERENCES

from . import responses, signing
from .stored_plots import StoredPlot

logger = logging.getLogger("plots")

# The fields of a frame that the description of a plot depends on.
_DESCRIBED = (
    "alt", "title", "subtitle", "xlabel", "ylabel", "xmin", "xmax", "ymin", "ymax",
    "xscale", "yscale", "xformat", "yformat", "tz",
    "xorder", "yorder", "lang", *REFERENCES,
)  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """A spec with its URLs and its description.

    A subclass overrides ``path_and_query`` and the properties before it to give a saved plot
    URLs of its own.

    Parameters
    ----------
    spec : PlotSpec
        The plot.
    trusted : bool, default True
        Whether the site itself chose the parameters. The URLs of a plot that a visitor
        described are neither signed nor stored: otherwise any visitor could get any URL signed.
    publishes : bool, default True
        Whether the signed URLs of a trusted plot show it to everybody who has them, even if its
        source is not for everybody. Set it to False for pages on which staff choose parameters.

    Examples
    --------
    >>> plot = Plot(plot_spec("line", y=[1, 2, 4]))
    >>> plot.url("svg", revision=False, width=300)
    '/plot/line.svg?y=1,2,4&width=300'
    """

    spec: PlotSpec
    _: KW_ONLY
    trusted: bool = True
    publishes: bool = True

    @property
    def name(self) -> str:
        """The title of a saved plot. It describes the plot where the frame has no title."""
        return ""

    @property
    def frame_url(self) -> str:
        """The path of a page for frames that shows this plot, or an empty string."""
        return ""

    @property
    def tag_argument(self) -> str:
        """The first argument of a template tag that shows this plot."""
        return f'"{self.spec.kind}"'

    @property
    def has_fixed_theme(self) -> bool:
        """Whether the plot must not be shown in the theme of the page."""
        return False

    @property
    def is_never_cached(self) -> bool:
        """Whether every request must draw the plot anew."""
        return False

    @property
    def may_be_stored(self) -> bool:
        """Whether a stored plot, which everybody may request, may replace a long URL."""
        # A stored plot has no signature, which would show a source that is not for everybody.
        return self.trusted and not self.spec.is_private

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters that the plot's URL carries, by name."""
        return write_parameters(self.spec)

    def path_and_query(self, spec: PlotSpec, changed: Iterable[str]) -> tuple[str, signing.Query]:
        """Return the path and the query of ``spec``, which is ``self.spec`` with other values.

        ``changed`` names the fields of the frame that differ. The query is signed if it has to be.
        """
        path = reverse("plots:plot", args=[spec.kind, spec.format])
        query = write_parameters(spec)
        if not self.trusted:
            return path, query
        grants = self.publishes and spec.is_private
        return path, signing.sign(spec.kind, spec.format, query, grants=grants)

    def revision(self, spec: PlotSpec) -> str | None:
        """Return the value of ``v`` in URLs of ``spec``, or None where there is no one revision.

        A random plot has none, and a source that takes a viewer has one for each viewer.
        """
        return None if spec.is_random or spec.is_personal else responses.revision(spec)

    def url(self, format: str | None = None, *, revision: bool = True, **frame: Any) -> str:
        """Return the URL of the plot.

        The current language is part of the URL unless the plot's author chose one. If the URL
        would be longer than ``PLOTS["MAX_URL"]``, the spec is stored and a short URL is returned.

        Parameters
        ----------
        format : str, optional
            The name of a format; by default that of the spec.
        revision : bool, default True
            Whether the URL carries the plot's current revision, which lets caches keep the
            picture for a year. Leave it out of URLs that outlive the current data.
        **frame
            Fields of ``Frame`` with valid values that replace those of the spec. None keeps the
            value of the spec.

        Returns
        -------
        str
            A path with a query, without scheme and host.
        """
        changes = self._language | {name: each for name, each in frame.items() if each is not None}
        changed = replace(self.spec.frame, **changes)
        spec = replace(self.spec, frame=changed, format=format or self.spec.format)
        current = self.revision(spec) if revision else None
        version = {REVISION: [current]} if current else {}
        url = build_url(*self.path_and_query(spec, changes), version)
        if len(url) > conf.MAX_URL and self.may_be_stored:
            stored = _store(spec)
            return build_url(stored, version) if stored else url
        return url

    @property
    def _language(self) -> dict[str, Any]:
        return {} if self.spec.frame.lang or not (lang := current_language()) else {"lang": lang}

    def srcset(self, **frame: Any) -> str:
        """Return a ``srcset`` with the URLs for one and, within the limits, two device pixels."""
        sharp = self.sharp(**frame)
        sizes = {"1x": frame} | ({"2x": frame | sharp} if sharp else {})
        return write_srcset({name: self.url(**size) for name, size in sizes.items()})

    def sharp(self, **frame: Any) -> dict[str, Any]:
        """Return the fields of the frame that double its scale; none if that is too large."""
        changed = replace(self.spec.frame, **{k: v for k, v in frame.items() if v is not None})
        return {"scale": 2 * changed.scale} if changed.may_double else {}

    @property
    def alt(self) -> str:
        """The author's alternative text, or the first line of the description."""
        return self.spec.frame.alt or self.description[0]

    @cached_property
    def description(self) -> list[str]:
        """The lines of text that describe the plot, as the format ``txt`` has them.

        They hold no data of a source that takes a viewer until the spec has a viewer, because a
        cached page may be shown to others.
        """
        spec = self._described
        has_no_viewer = spec.is_personal and spec.viewer is None
        with override_language(spec.frame.lang):
            first = [headline(spec)]
        if spec.is_random or has_no_viewer:
            return first
        try:
            return describe(spec, never=self.is_never_cached)
        except Exception:  # the code of a kind or source may raise anything; the picture shows it
            return first

    def check(self) -> None:
        """Raise PlotError if the data cannot be drawn. A cached description is not read again."""
        if self.spec.is_random:
            load(self.spec)
        else:
            describe(self._described)

    @property
    def _described(self) -> PlotSpec:
        """The spec without size and colours, so that all sizes share one description."""
        frame = self.spec.frame
        if self.name and not frame.title:
            frame = replace(frame, title=self.name)
        described = Frame(**{name: getattr(frame, name) for name in _DESCRIBED} | self._language)
        return replace(self.spec, frame=described, format="txt")


def write_srcset(urls: Mapping[str, str]) -> str:
    """Return the ``srcset`` of ``urls`` by descriptor, such as "2x".

    Commas in a URL are encoded: many programs take each comma for the end of a candidate.
    """
    return ", ".join(f"{url.replace(',', '%2C')} {name}" for name, url in urls.items())


def build_url(path: str, *queries: signing.Query) -> str:
    """Return ``path`` with all of ``queries``, as short and as readable as a URL can be."""
    # Commas and colons are legal in a query.
    written = (urlencode(query, doseq=True, safe=",:;") for query in queries)
    return f"{path}?{'&'.join(filter(None, written))}".rstrip("?")


def _store(spec: PlotSpec) -> str | None:
    """Store ``spec`` and return its short URL; None, and a warning, if the database cannot."""
    try:
        stored = StoredPlot.objects.store(spec.kind, write_parameters(spec))
    except (DatabaseFailure, ImproperlyConfigured, SynchronousOnlyOperation) as error:
        # The page matters more than a short URL in it.
        logger.warning("A plot that is too long for a URL was not stored: %s", error)
        return None
    return stored.url(spec.format)
