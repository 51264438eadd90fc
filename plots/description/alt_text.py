"""The description of a plot, for people who cannot see it: lines of text, the first for ``alt``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.data.model import Data
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds

from .axes import axis_lines, extent_along_dates, reference_lines
from .headline import MOST_LABELS, headline
from .phrases import (
    about,
    end_sentence,
    ends_sentence,
    format_count,
    join_facts,
    join_names,
    join_parts,
    join_sentences,
    list_names,
    single_stop,
)  # fmt: skip
from .series import Entry, describe_panels, overall_facts
from .wording import Wording

MOST_SERIES = 12  # that are described one by one; the others are only counted
MOST_IN_SUMMARY = 4  # whose main facts are in the summary


def describe(spec: PlotSpec, data: Data, *, is_blank: bool = False) -> list[str]:
    """Describe ``spec`` with its ``data``.

    The lines are in the current language, which rendering sets to that of ``spec``.

    Parameters
    ----------
    spec : PlotSpec
    data : Data
        What ``load(spec)`` returns.
    is_blank : bool, optional
        Whether nothing is drawn within the limits of the axes.

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
    wording = Wording(data, spec)
    if is_blank or (data.series and not _has_rows(data, wording)):
        return _describe_blank(spec, data, wording, is_blank=is_blank)
    entries = [*describe_panels(spec, data)]
    name = end_sentence(headline(spec))
    facts = [*_summary(data, wording, entries)]
    dates = extent_along_dates(data, wording)
    extent = join_facts([_extent(spec, data, wording), "" if _says(facts, dates) else dates])
    found = join_parts([extent, *facts])
    summary = _join_summary(headline(spec), _begin(found, entries))
    lines = [spec.frame.alt, name] if spec.frame.alt else [summary]
    lines += [spec.frame.subtitle] if spec.frame.subtitle else []
    lines += [*axis_lines(spec, data, wording), *reference_lines(spec, wording)]
    lines += [_("Panels: %(names)s.") % {"names": join_names(data.panels)}] if data.panels else []
    lines += [*_entry_lines(spec, entries)]
    lines += [*data.notes, *_outside_lines(data, wording), omissions(spec, data)]
    return [single_stop(line) for line in lines if line]


def _join_summary(name: str, facts: str) -> str:
    """Return the summary: a sentence with the name of the plot, and one with what it shows."""
    if not facts:
        return end_sentence(name)
    if ends_sentence(name):
        return join_sentences([name, end_sentence(facts)])
    return single_stop(_("%(plot)s. %(facts)s.") % {"plot": name, "facts": facts})


def omissions(spec: PlotSpec, data: Data) -> str:
    """Return a sentence about how the rows were reduced, or "" if all of them are drawn."""
    if data.rows is None:
        return ""
    count, rows = format_count(data.drawn_rows), format_count(data.rows)
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


def _has_rows(data: Data, wording: Wording) -> bool:
    return any(wording.complete(series).any() for series in data.series)


def _describe_blank(spec: PlotSpec, data: Data, wording: Wording, *, is_blank: bool) -> list[str]:
    """Describe a plot without anything to see, and say why."""
    name = end_sentence(headline(spec))
    if is_blank and _has_rows(data, wording):
        reason = _("No data within the limits.")
        axes = [*axis_lines(spec, data, wording)]
    else:
        reason, axes = _("No data."), []
    first = [spec.frame.alt, name] if spec.frame.alt else [_join_summary(headline(spec), reason)]
    lines = [
        *first,
        spec.frame.subtitle,
        reason,
        *axes,
        *data.notes,
        *_outside_lines(data, wording),
    ]
    return [single_stop(line) for line in lines if line]


def _extent(spec: PlotSpec, data: Data, wording: Wording) -> str:
    """Return the numbers of panels, series and marks."""
    kind = kinds.get(spec.kind)
    if not data.series:
        return ""
    rows = data.rows or sum(int(wording.drawn(series).sum()) for series in data.series)
    pattern = (kind.marks or _points)(rows)
    parts = []
    if data.panels:
        panels = len(data.panels)
        parts.append(ngettext("%(count)d panel", "%(count)d panels", panels) % {"count": panels})
    first = next(data.iter_panels()).series
    has_rows = any("x" in series.columns for series in first)  # else each is a part of a whole
    if has_rows and len(first) > 1 and len({series.label for series in first} - {""}) > 1:
        parts.append(_series_names(spec, [series.label for series in first]))
    parts.append(pattern % {"count": format_count(rows)} if pattern and rows else "")
    return join_facts(parts)


def _says(facts: Sequence[str], range: str) -> bool:
    """Return whether ``facts`` begin with ``range``, as those of a histogram of dates."""
    return any(fact.startswith(range) for fact in facts)


def _points(count: int) -> str:
    return ngettext("%(count)s point", "%(count)s points", count)


def _series_names(spec: PlotSpec, labels: Sequence[str]) -> str:
    """Return the number of series, with their names if the headline does not list all."""
    count = ngettext("%(count)d series", "%(count)d series", len(labels)) % {"count": len(labels)}
    if not spec.frame.title and spec.labels == tuple(labels) and len(labels) <= MOST_LABELS:
        return count
    if len(labels) <= MOST_IN_SUMMARY:
        return count  # each is described
    names = {"series": count, "names": list_names(labels, MOST_SERIES)}
    return _("%(series)s (%(names)s)") % names


def _summary(data: Data, wording: Wording, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what matters most: all about one entry, or the first fact about each of a few."""
    whole = [facts for name, facts in entries if not name]
    if whole:
        yield join_facts(whole[0])
    elif len(entries) == 1:
        yield about(entries[0][0], join_facts(entries[0][1]))
    elif len(entries) <= MOST_IN_SUMMARY:
        yield from (about(name, facts[0]) for name, facts in entries)
    else:
        yield join_facts(overall_facts(data, wording))


def _begin(text: str, entries: Sequence[Entry]) -> str:
    """Begin a sentence with a capital, unless it begins with a name."""
    is_name = bool(entries) and all(name for name, _ in entries)
    return text if is_name and text.startswith(entries[0][0]) else capfirst(text)


def _entry_lines(spec: PlotSpec, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield a line for each entry. What the summary says of the whole is not repeated."""
    is_alone = len(entries) == 1
    shown = [each for each in entries if each[0] or is_alone or spec.frame.alt]
    for name, facts in shown[:MOST_SERIES]:
        text = join_facts(facts)
        yield end_sentence(about(name, text) if name else capfirst(text))
    if (more := len(shown) - MOST_SERIES) > 0 and kinds.get(spec.kind).describe:
        yield ngettext("And %(more)d more.", "And %(more)d more.", more) % {"more": more}
    elif more > 0:
        yield ngettext("And %(more)d more series.", "And %(more)d more series.", more) % {
            "more": more
        }


def _outside_lines(data: Data, wording: Wording) -> Iterator[str]:
    """Yield a sentence about the points outside the limits of the axes, if there are any."""
    if data.rows is not None and not data.edges:
        return  # rows outside were not even read
    count = 0
    for series in data.series:
        # Of counted rows, also those of a histogram.
        counted = "weight" if data.rows is not None and data.bin_edges is not None else "count"
        weights = np.where(wording.outside(series), series.columns.get(counted, 1), 0)
        count += int(np.nan_to_num(weights).sum())
    if count:
        yield ngettext(
            "%(count)s point lies outside the limits of the axes.",
            "%(count)s points lie outside the limits of the axes.",
            count,
        ) % {"count": format_count(count)}
