"""The name of a plot, which does not depend on the values of its data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plots.i18n import translate
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.registry import Kind, kinds

from .phrases import join_names


def headline(spec: PlotSpec) -> str:
    """Return the name of the plot, such as “Bar chart of Sales by Month, for each Region”."""
    facet = spec.data.columns.get("facet", ()) if isinstance(spec.data, FromSource) else ()
    if not facet:
        return _subject(spec)
    return _("%(plot)s, for each %(facet)s") % {"plot": _subject(spec), "facet": facet[0]}


def _subject(spec: PlotSpec) -> str:
    frame, kind = spec.frame, kinds.get(spec.kind)
    drawn = join_names(spec.labels[:5]) or frame.ylabel or join_names(spec.headings("y")[:5])
    along = frame.xlabel or join_names(spec.headings("x")[:1])
    if frame.title:
        return _("%(kind)s: %(title)s") % {"kind": name_of(kind), "title": frame.title}
    if drawn and along:
        parts = {"kind": name_of(kind), "drawn": drawn, "along": along}
        return _("%(kind)s of %(drawn)s by %(along)s") % parts
    if drawn or along:
        return _("%(kind)s of %(drawn)s") % {"kind": name_of(kind), "drawn": drawn or along}
    return name_of(kind)


def name_of(kind: Kind) -> str:
    """Return the name of ``kind`` in the current language, such as “Line chart”."""
    return translate(kind.title)
