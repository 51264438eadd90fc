"""The description of a plot, for people who cannot see it: lines of text, the first for ``alt``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plots.data.model import Data
from plots.spec.plot_spec import PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import kinds
from plots.values.columns import to_number, to_numbers

from .headline import headline
from .phrases import end_sentence, ends_of, format_range, format_value, join_facts, join_names
from .series import complete_rows, describe_series

MOST_SERIES = 12  # that are described one by one; the others are only counted
MOST_NAMES = 20  # of the categories of an axis


def describe(spec: PlotSpec, data: Data) -> list[str]:
    """Describe ``spec`` with its ``data``.

    The lines are in the current language, which rendering sets to that of ``spec``.

    Parameters
    ----------
    spec : PlotSpec
    data : Data
        What ``load(spec)`` returns.

    Returns
    -------
    list of str
        A summary in one line, then details. The first line is the author's ``alt``, if there is
        one.

    Examples
    --------
    >>> spec = plot_spec("line", y=[1, 2, 4])
    >>> describe(spec, load(spec))[0]
    'Line chart. 3 points; rises from 1 to 4, highest 4 at 2, lowest 1 at 0.'
    """
    series = list(describe_series(spec, data))
    facts = [_extent(spec, data), *(series if len(series) == 1 else series[:1])]
    name = headline(spec)
    if known := pgettext("between series", "; ").join(filter(None, facts)):
        summary = _("%(plot)s. %(facts)s.") % {"plot": name, "facts": known.removesuffix(".")}
    else:
        summary = end_sentence(name)
    lines = [spec.frame.alt, end_sentence(name)] if spec.frame.alt else [summary]
    lines += [spec.frame.subtitle] if spec.frame.subtitle else []
    lines += [*_axis_lines(spec, data), *_reference_lines(spec, data)]
    lines += [_("Panels: %(names)s.") % {"names": join_names(data.panels)}] if data.panels else []
    lines += [*_series_lines(series), *data.notes, *_outside_lines(spec, data)]
    return [*lines, *filter(None, [omissions(spec, data)])]


def omissions(spec: PlotSpec, data: Data) -> str:
    """Return a sentence about how the rows were reduced, or "" if all of them are drawn."""
    if data.rows is None:
        return ""
    count, rows = (
        number_format(each, force_grouping=True) for each in (data.drawn_rows, data.rows)
    )
    if data.edges:
        message = _("All %(rows)s rows are counted in %(count)s cells.")
    elif kinds.get(spec.kind).downsample == "counts":
        message = _("All %(rows)s rows are counted in %(count)s intervals.")
    else:
        message = _(
            "%(count)s of %(rows)s rows are drawn: the first, last, lowest and highest of each "
            "column of pixels."
        )
    return message % {"count": count, "rows": rows}


def _extent(spec: PlotSpec, data: Data) -> str:
    """Return the numbers of panels, series and points, and the range of dates along x."""
    if not data.series:
        return ""
    rows = data.rows or sum(int(complete_rows(spec, series).sum()) for series in data.series)
    points = ngettext("%(count)s point", "%(count)s points", rows) % {
        "count": number_format(rows, force_grouping=True)
    }
    count, panels = len(next(data.iter_panels()).series), len(data.panels)
    if count > 1:
        series = ngettext("%(count)d series", "%(count)d series", count) % {"count": count}
        points = join_facts([series, points])
    if panels:
        many = ngettext("%(count)d panel", "%(count)d panels", panels) % {"count": panels}
        points = join_facts([many, points])
    axis = data.axis("x")
    if axis.dtype == "date" and (ends := ends_of(data, "x")):
        points = join_facts([points, format_range(axis, *ends)])
    return points


def _axis_lines(spec: PlotSpec, data: Data) -> Iterator[str]:
    for channel, label in (("x", spec.frame.xlabel), ("y", spec.frame.ylabel)):
        axis, ends = data.axis(channel), ends_of(data, channel)
        if ends is None or channel not in dict(data.axes):
            continue
        name = channel
        if label and label != channel:
            name = _("%(axis)s (%(label)s)") % {"axis": channel, "label": label}
        if axis.dtype == "category":
            rest = ["…"] if len(axis.names) > MOST_NAMES else []
            names = join_names([*axis.names[:MOST_NAMES], *rest])
            yield _("%(axis)s: %(names)s.") % {"axis": name, "names": names}
        else:
            yield _("%(axis)s: %(range)s.") % {"axis": name, "range": format_range(axis, *ends)}


def _reference_lines(spec: PlotSpec, data: Data) -> Iterator[str]:
    channels = dict(zip("xy", kinds.get(spec.kind).axis_channels(spec.options), strict=True))
    for name, (axis, _ends) in REFERENCES.items():
        channel = channels[axis]
        for *ends, label in getattr(spec.frame, name):
            values = [
                each if isinstance(each, str) else format_value(data.axis(channel), to_number(each))
                for each in ends
            ]
            parts = {"axis": channel, "value": values[0], "last": values[-1], "label": label}
            if len(values) == 1 and label:
                yield _("Line at %(axis)s %(value)s: %(label)s.") % parts
            elif len(values) == 1:
                yield _("Line at %(axis)s %(value)s.") % parts
            elif label:
                yield _("Band of %(axis)s from %(value)s to %(last)s: %(label)s.") % parts
            else:
                yield _("Band of %(axis)s from %(value)s to %(last)s.") % parts


def _series_lines(series: Sequence[str]) -> Iterator[str]:
    yield from (end_sentence(capfirst(each)) for each in series[:MOST_SERIES])
    if len(series) > MOST_SERIES:
        more = len(series) - MOST_SERIES
        yield ngettext("And %(more)d more series.", "And %(more)d more series.", more) % {
            "more": more
        }


def _outside_lines(spec: PlotSpec, data: Data) -> Iterator[str]:
    """Yield a sentence about the points outside the limits of the axes, if there are any."""
    frame, count = vars(spec.frame), 0
    channels = kinds.get(spec.kind).axis_channels(spec.options)
    for series in data.series:
        outside = np.zeros(complete_rows(spec, series).shape, dtype=bool)
        for axis, channel in zip("xy", channels, strict=True):
            values = series.columns.get(channel)
            low, high = to_numbers((frame[f"{axis}min"],)), to_numbers((frame[f"{axis}max"],))
            if values is not None:
                outside |= (values < low) | (values > high)
        count += int((outside * series.columns.get("count", 1)).sum())
    if count:
        yield ngettext(
            "%(count)s point lies outside the limits of the axes.",
            "%(count)s points lie outside the limits of the axes.",
            count,
        ) % {"count": number_format(count, force_grouping=True)}
