"""The name of a plot, which does not depend on the values of its data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plots.i18n import translate
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.registry import Kind, kinds

from .phrases import join_names, list_names

MOST_LABELS = 5


def headline(spec: PlotSpec) -> str:
    """Return the name of the plot, such as “Bar chart of Sales by Month, for each Region”."""
    facet = spec.data.columns.get("facet", ()) if isinstance(spec.data, FromSource) else ()
    if not facet:
        return _subject(spec)
    return _("%(plot)s, for each %(facet)s") % {"plot": _subject(spec), "facet": facet[0]}


def _subject(spec: PlotSpec) -> str:
    frame, kind = spec.frame, kinds.get(spec.kind)
    # Labels belong to the axes as they are seen, columns to channels.
    along, value = (frame.xlabel, frame.ylabel)[:: -1 if kind.is_transposed(spec.options) else 1]
    drawn = list_names(spec.labels, MOST_LABELS) or value
    drawn = drawn or list_names(spec.headings("y"), MOST_LABELS)
    along = along or join_names(spec.headings("x")[:1])
    if frame.title:
        return _("%(kind)s: %(title)s") % {"kind": name_of(kind), "title": frame.title}
    if {"z", "dx"} & {channel.name for channel in kind.channels}:
        return _field(spec, kind)
    if drawn and along:
        parts = {"kind": name_of(kind), "drawn": drawn, "along": along}
        return _("%(kind)s of %(drawn)s by %(along)s") % parts
    if drawn or along:
        return _("%(kind)s of %(drawn)s") % {"kind": name_of(kind), "drawn": drawn or along}
    return name_of(kind)


def _field(spec: PlotSpec, kind: Kind) -> str:
    """Return the name of a plot of a number at each x and y."""
    drawn = str(spec.options.get("zlabel", "")) or join_names(spec.headings("z")[:1])
    if drawn:
        return _("%(kind)s of %(drawn)s") % {"kind": name_of(kind), "drawn": drawn}
    ends = [spec.frame.xlabel, spec.frame.ylabel]
    if not all(ends):
        return name_of(kind)
    parts = {"kind": name_of(kind), "x": ends[0], "y": ends[1]}
    return _("%(kind)s over %(x)s and %(y)s") % parts


def name_of(kind: Kind) -> str:
    """Return the name of ``kind`` in the current language, such as “Line chart”."""
    return translate(kind.title)
