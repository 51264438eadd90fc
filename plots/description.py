"""A plot in words, for those who cannot see it: one line for ``alt``, and more for ``.txt``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .data import Axis, Data, Series
from .registry import Kind, kinds
from .spec import PlotSpec

EPOCH = datetime(1970, 1, 1)
# Which of its channels a series is about, the first that it has.
ABOUT = ("z", "y", "close", "x")
# Series that are told about one by one; more are only counted.
MOST_TOLD = 12


def headline(spec: PlotSpec) -> str:
    """What is known of ``spec`` without its data: the kind, and what it is of."""
    frame, kind = spec.frame, kinds.get(spec.kind)
    drawn = ", ".join(spec.labels[:5]) or frame.ylabel or ", ".join(spec.headings("y")[:5])
    along = frame.xlabel or ", ".join(spec.headings("x")[:1])
    if frame.title:
        return _("%(kind)s: %(title)s") % {"kind": name_of(kind), "title": frame.title}
    if drawn and along:
        words = {"kind": name_of(kind), "drawn": drawn, "along": along}
        return _("%(kind)s of %(drawn)s by %(along)s") % words
    if drawn or along:
        return _("%(kind)s of %(drawn)s") % {"kind": name_of(kind), "drawn": drawn or along}
    return name_of(kind)


def name_of(kind: Kind) -> str:
    """What a plot of ``kind`` is called, such as “Line plot”."""
    return capfirst(_("%(kind)s plot") % {"kind": _(kind.title)})


def describe(spec: PlotSpec, data: Data) -> list[str]:
    """``spec`` with its ``data`` in words: a line that says it all in short, then more of them.

    The author's own words, if there are any, are the first line.
    """
    told = [*_tell_all(spec, data)]
    facts = [_extent(data), *(told if len(told) == 1 else told[:1])]
    short = headline(spec)
    if any(facts):
        short += ". " + "; ".join(filter(None, facts))
    first = spec.frame.alt or f"{short}."
    axes = [*_tell_axes(spec, data)]
    told = [*axes, *_sentences(told), *filter(None, [left_out(data)])]
    return [first, *([f"{headline(spec)}."] if spec.frame.alt else []), *told]


def left_out(data: Data) -> str:
    """Which rows were enough to draw the picture, if they were not all."""
    if data.rows is None:
        return ""
    return _(
        "Drawn from %(drawn)s of %(rows)s rows: the first, last, least and greatest of each column "
        "of pixels."
    ) % {"drawn": f"{data.drawn_rows:,}", "rows": f"{data.rows:,}"}


def _sentences(told: Sequence[str]) -> Iterator[str]:
    yield from (f"{capfirst(each)}." for each in told[:MOST_TOLD])
    if len(told) > MOST_TOLD:
        more = len(told) - MOST_TOLD
        yield ngettext("And %(more)d more series.", "And %(more)d more series.", more) % {
            "more": more
        }


def _extent(data: Data) -> str:
    """How many series and points there are, and from where to where."""
    if not data.series:
        return ""
    rows = data.rows or sum(_known(series).sum() for series in data.series)
    points = ngettext("%(count)s point", "%(count)s points", rows) % {"count": f"{rows:,}"}
    count = len(data.series)
    if count > 1:
        series = ngettext("%(count)d series", "%(count)d series", count) % {"count": count}
        points = f"{series}, {points}"
    axis = data.axis("x")
    if axis.sort == "date" and (ends := _ends(data, "x")):
        points += ", " + _range(axis, *ends)
    return points


def _tell_axes(spec: PlotSpec, data: Data) -> Iterator[str]:
    for name, label in (("x", spec.frame.xlabel), ("y", spec.frame.ylabel)):
        axis, ends = data.axis(name), _ends(data, name)
        if ends is None or name not in dict(data.axes):
            continue
        called = f"{name} ({label})" if label and label != name else name
        if axis.sort == "category":
            shown = ", ".join(axis.names[:20]) + (", …" if len(axis.names) > 20 else "")
            yield _("%(axis)s: %(names)s.") % {"axis": called, "names": shown}
        else:
            yield _("%(axis)s: %(range)s.") % {"axis": called, "range": _range(axis, *ends)}


def _tell_all(spec: PlotSpec, data: Data) -> Iterator[str]:
    for series in data.series:
        about = next((name for name in ABOUT if name in series.columns), None)
        if about is not None and (told := _tell(series, about, data)):
            yield f"{series.label}: {told}" if len(data.series) > 1 and series.label else told


def _tell(series: Series, about: str, data: Data) -> str:
    """How the numbers of ``series`` run, and their greatest and least."""
    import numpy as np

    known = _known(series)
    values = series.columns[about][known]
    if not values.size:
        return _("no data")
    axis = data.axis(about)
    places = series.columns["x"][known] if about == "y" and "x" in series.columns else None
    told = []
    if places is not None and places.size > 2 and bool((np.diff(places) > 0).all()):
        told.append(_course(axis, float(values[0]), float(values[-1]), data.axis("x")))
    high, low = int(values.argmax()), int(values.argmin())
    if values[high] == values[low]:
        told = [_("always %(value)s") % {"value": _value(axis, values[low])}]
    else:
        told.append(_extreme(_("highest"), axis, values, high, places, data.axis("x")))
        told.append(_extreme(_("lowest"), axis, values, low, places, data.axis("x")))
    if places is None and axis.sort == "number":
        told.append(_("median %(value)s") % {"value": _value(axis, np.median(values))})
    gaps = int((~known).sum())
    if gaps:
        told.append(ngettext("%(count)d gap", "%(count)d gaps", gaps) % {"count": gaps})
    return ", ".join(filter(None, told))


def _course(axis: Axis, first: float, last: float, along: Axis) -> str:
    if along.sort == "category":
        return ""  # names have no order to rise in
    words = {"first": _value(axis, first), "last": _value(axis, last)}
    if first == last:
        return _("begins and ends at %(first)s") % words
    if last > first:
        return _("rises from %(first)s to %(last)s") % words
    return _("falls from %(first)s to %(last)s") % words


def _extreme(word: str, axis: Axis, values: Any, row: int, places: Any, along: Axis) -> str:
    told = f"{word} {_value(axis, values[row])}"
    if places is None:
        return told
    return _("%(extreme)s at %(place)s") % {
        "extreme": told,
        "place": _value(along, float(places[row])),
    }


def _known(series: Series) -> Any:
    import numpy as np

    return np.logical_and.reduce([np.isfinite(each) for each in series.columns.values()])


def _ends(data: Data, channel: str) -> tuple[float, float] | None:
    import numpy as np

    found = [each for s in data.series if (each := s.columns.get(channel)) is not None]
    values = np.concatenate(found) if found else np.empty(0)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else None


def _range(axis: Axis, low: float, high: float) -> str:
    if low == high:
        return _value(axis, low)
    words = {"first": _value(axis, low), "last": _value(axis, high)}
    return _("from %(first)s to %(last)s") % words


def _value(axis: Axis, value: float) -> str:
    if axis.sort == "category":
        return axis.names[int(value)] if 0 <= int(value) < len(axis.names) else ""
    if axis.sort == "number":
        return write_number(value)
    # A double cannot tell the last microseconds of the calendar from the end of it.
    since = min(round(value * 86_400e6), (datetime.max - EPOCH) // timedelta(microseconds=1))
    moment = EPOCH + timedelta(microseconds=since)
    is_day = moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return date_format(moment, "DATE_FORMAT" if is_day else "DATETIME_FORMAT")


def write_number(value: float) -> str:
    """``value`` as people say it: four significant digits, or all of a whole number's."""
    size = abs(value)
    if size >= 1e9 or 0 < size < 1e-4:
        return f"{value:.3g}"
    decimals = 0 if value == round(value) else max(0, 4 - len(str(int(size)))) if size >= 1 else 4
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    # Four digits stay together, as on the axes: they are often a year.
    return text if size >= 10_000 else text.replace(",", "")
