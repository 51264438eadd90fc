"""A plot in words, for those who cannot see it: one line for ``alt``, and more for ``.txt``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format, get_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from plots.data.model import Axis, Data, Series
from plots.i18n import translate
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import Kind, kinds
from plots.values.columns import to_number, to_numbers
from plots.values.formatting import format_number

EPOCH = datetime(1970, 1, 1)
# Which of its columns a series is about, the first that it has and that is not of names. ``own``
# is no channel: a kind may add it to its data, to be spoken of and not drawn.
ABOUT = ("own", "z", "y", "close", "value", "x")
# Series that are told about one by one; more are only counted.
MOST_TOLD = 12
MOST_FLOWS = 3
_FLOW = ("x", "y", "value")


def headline(spec: PlotSpec) -> str:
    """What is known of ``spec`` without its data: the kind, and what it is of."""
    split = spec.data.columns.get("facet", ()) if isinstance(spec.data, FromSource) else ()
    if not split:
        return _subject(spec)
    return _("%(plot)s, for each %(facet)s") % {"plot": _subject(spec), "facet": split[0]}


def _subject(spec: PlotSpec) -> str:
    frame, kind = spec.frame, kinds.get(spec.kind)
    drawn = _listed(spec.labels[:5]) or frame.ylabel or _listed(spec.headings("y")[:5])
    along = frame.xlabel or _listed(spec.headings("x")[:1])
    if frame.title:
        return _("%(kind)s: %(title)s") % {"kind": name_of(kind), "title": frame.title}
    if drawn and along:
        words = {"kind": name_of(kind), "drawn": drawn, "along": along}
        return _("%(kind)s of %(drawn)s by %(along)s") % words
    if drawn or along:
        return _("%(kind)s of %(drawn)s") % {"kind": name_of(kind), "drawn": drawn or along}
    return name_of(kind)


def name_of(kind: Kind) -> str:
    """Return what a plot of ``kind`` is called, such as “Line chart”."""
    return translate(kind.title)


def describe(spec: PlotSpec, data: Data) -> list[str]:
    """``spec`` with its ``data`` in words: a line that says it all in short, then more of them.

    The author's own words, if there are any, are the first line; all others are in the language
    of now, which `rendering` has made that of ``spec``.
    """
    told = [*_tell_all(spec, data)]
    facts = [_extent(spec, data), *(told if len(told) == 1 else told[:1])]
    short = headline(spec)
    if known := pgettext("between series", "; ").join(filter(None, facts)):
        first = _("%(plot)s. %(facts)s.") % {"plot": short, "facts": known.removesuffix(".")}
    else:
        first = _sentence(short)
    heads = [spec.frame.alt, _sentence(short)] if spec.frame.alt else [first]
    heads += [spec.frame.subtitle] if spec.frame.subtitle else []
    heads += [*_tell_axes(spec, data), *_tell_references(spec, data)]
    heads += [_("Panels: %(names)s.") % {"names": _listed(data.panels)}] if data.panels else []
    ends = [*data.notes, *_outside(spec, data), omissions(spec, data)]
    return [*heads, *_sentences(told), *filter(None, ends)]


def omissions(spec: PlotSpec, data: Data) -> str:
    """Which rows were enough to draw the picture, if they were not all."""
    if data.rows is None:
        return ""
    count, rows = (
        number_format(each, force_grouping=True) for each in (data.drawn_rows, data.rows)
    )
    if data.edges:
        return _("Counted in %(count)s cells of all %(rows)s rows.") % {
            "count": count, "rows": rows
        }  # fmt: skip
    if kinds.get(spec.kind).downsample == "counts":
        return _("Counted in %(count)s parts of all %(rows)s rows.") % {
            "count": count, "rows": rows
        }  # fmt: skip
    return _(
        "Drawn from %(count)s of %(rows)s rows: the first, last, least and greatest of each "
        "column of pixels."
    ) % {"count": count, "rows": rows}


def _sentence(text: str) -> str:
    return _("%(sentence)s.") % {"sentence": text.removesuffix(".")}  # of 10 a.m., say


def _listed(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(names)


def _joined(facts: Iterable[str]) -> str:
    return pgettext("between facts", ", ").join(filter(None, facts))


def _sentences(told: Sequence[str]) -> Iterator[str]:
    yield from (_sentence(capfirst(each)) for each in told[:MOST_TOLD])
    if len(told) > MOST_TOLD:
        more = len(told) - MOST_TOLD
        yield ngettext("And %(more)d more series.", "And %(more)d more series.", more) % {
            "more": more
        }


def _extent(spec: PlotSpec, data: Data) -> str:
    """How many panels, series and points there are, and from where to where."""
    if not data.series:
        return ""
    rows = data.rows or sum(int(_known(spec, series).sum()) for series in data.series)
    points = ngettext("%(count)s point", "%(count)s points", rows) % {
        "count": number_format(rows, force_grouping=True)
    }
    count, panels = len(next(data.iter_panels()).series), len(data.panels)
    if count > 1:
        series = ngettext("%(count)d series", "%(count)d series", count) % {"count": count}
        points = _joined([series, points])
    if panels:
        many = ngettext("%(count)d panel", "%(count)d panels", panels) % {"count": panels}
        points = _joined([many, points])
    axis = data.axis("x")
    if axis.dtype == "date" and (ends := _ends(data, "x")):
        points = _joined([points, _range(axis, *ends)])
    return points


def _tell_axes(spec: PlotSpec, data: Data) -> Iterator[str]:
    for name, label in (("x", spec.frame.xlabel), ("y", spec.frame.ylabel)):
        axis, ends = data.axis(name), _ends(data, name)
        if ends is None or name not in dict(data.axes):
            continue
        called = name
        if label and label != name:
            called = _("%(axis)s (%(label)s)") % {"axis": name, "label": label}
        if axis.dtype == "category":
            shown = _listed([*axis.names[:20], *(["…"] if len(axis.names) > 20 else [])])
            yield _("%(axis)s: %(names)s.") % {"axis": called, "names": shown}
        else:
            yield _("%(axis)s: %(range)s.") % {"axis": called, "range": _range(axis, *ends)}


def _tell_references(spec: PlotSpec, data: Data) -> Iterator[str]:
    seen = dict(zip("xy", kinds.get(spec.kind).axis_channels(spec.options), strict=True))
    for name, (shown, _ends) in REFERENCES.items():
        channel = seen[shown]
        for *ends, label in getattr(spec.frame, name):
            told = [
                each if isinstance(each, str) else _value(data.axis(channel), to_number(each))
                for each in ends
            ]
            words = {"axis": channel, "value": told[0], "last": told[-1], "label": label}
            if len(told) == 1 and label:
                yield _("Line at %(axis)s %(value)s: %(label)s.") % words
            elif len(told) == 1:
                yield _("Line at %(axis)s %(value)s.") % words
            elif label:
                yield _("Band of %(axis)s from %(value)s to %(last)s: %(label)s.") % words
            else:
                yield _("Band of %(axis)s from %(value)s to %(last)s.") % words


def _outside(spec: PlotSpec, data: Data) -> Iterator[str]:
    """How much the limits of the axes leave out."""
    import numpy as np

    frame, count = vars(spec.frame), 0
    channels = kinds.get(spec.kind).axis_channels(spec.options)
    for series in data.series:
        outside = np.zeros(_known(spec, series).shape, dtype=bool)
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


def _tell_all(spec: PlotSpec, data: Data) -> Iterator[str]:
    for panel, part in zip(data.panels or [""], data.iter_panels(), strict=True):
        for series in part.series:
            columns = (name for name in ABOUT if name in series.columns)
            about = next((name for name in columns if data.axis(name).dtype != "category"), None)
            is_left_out = panel and len(part.series) > 1 and series.is_gap
            if about is None or is_left_out or not (told := _tell(spec, series, about, data)):
                continue
            called = _joined([panel, series.label if len(part.series) > 1 else ""])
            words = {"series": called, "facts": told}
            yield _("%(series)s: %(facts)s") % words if called else told


def _tell_flows(series: Series, data: Data) -> str:
    """How much flows from where nothing comes in, and the largest flows."""
    starts, ends = data.axis("x").names, data.axis("y").names
    first = [starts[int(row)] not in ends for row in series.x]
    words = {"value": _value(data.axis("value"), series.value[first].sum())}
    rows = (-series.value).argsort(kind="stable")[:MOST_FLOWS].tolist()
    flows = ({name: float(series.columns[name][row]) for name in _FLOW} for row in rows)
    told = [_("total %(value)s") % words, *(describe_row(data, "", flow) for flow in flows)]
    return pgettext("between series", "; ").join(told)


def _tell_cells(series: Series, data: Data) -> str:
    """Where within the limits most rows are: the middle of a cell is nobody's highest or lowest."""
    import numpy as np

    counts = np.where(np.isfinite(series.x) & np.isfinite(series.y), series.count, 0)
    for channel, edges in data.edges.items():
        at = series.columns[channel]
        counts = np.where((edges[0] <= at) & (at <= edges[-1]), counts, 0)
    if not (counts > 0).any():
        return _("no data")
    fullest = int(counts.argmax())
    places = [_value(data.axis(name), float(series.columns[name][fullest])) for name in "xy"]
    return _("densest around %(place)s") % {"place": _joined(places)}


def _tell(spec: PlotSpec, series: Series, about: str, data: Data) -> str:
    """How the numbers of ``series`` run, and their greatest and least."""
    import numpy as np

    known = _known(spec, series)
    values = series.columns[about][known]
    if not values.size:
        return _("no data")
    if "count" in series.columns and data.edges:
        return _tell_cells(series, data)
    if about == "value" and set(_FLOW) <= series.columns.keys():
        return _tell_flows(series, data)
    axis = data.axis(about)
    has_places = about in ("own", "y") and "x" in series.columns
    places = series.columns["x"][known] if has_places else None
    told = []
    if places is not None and places.size > 2 and bool((np.diff(places) > 0).all()):
        told.append(_course(axis, float(values[0]), float(values[-1]), data.axis("x")))
    high, low = int(values.argmax()), int(values.argmin())
    is_span = axis.dtype == "date" or values.size == 1 or "end" in series.columns
    if is_span and (ends := _ends(Data((series,)), about)):
        told = [_range(axis, *ends)]
    elif values[high] == values[low]:
        told = [_("always %(value)s") % {"value": _value(axis, values[low])}]
    else:
        alone, placed = _("highest %(value)s"), _("highest %(value)s at %(place)s")
        told.append(_extreme(alone, placed, axis, values, high, places, data.axis("x")))
        alone, placed = _("lowest %(value)s"), _("lowest %(value)s at %(place)s")
        told.append(_extreme(alone, placed, axis, values, low, places, data.axis("x")))
    if places is None and not is_span and "weight" not in series.columns:
        told.append(_("median %(value)s") % {"value": _value(axis, np.median(values))})
    is_closed = any(channel.edges for channel in kinds.get(spec.kind).channels)
    gaps = int((~known).sum()) - is_closed  # the last edge has no value
    if gaps:
        told.append(ngettext("%(count)d gap", "%(count)d gaps", gaps) % {"count": gaps})
    return _joined(told)


def _course(axis: Axis, first: float, last: float, along: Axis) -> str:
    if along.dtype == "category":
        return ""  # names have no order to rise in
    words = {"first": _value(axis, first), "last": _value(axis, last)}
    if first == last:
        return _("begins and ends at %(first)s") % words
    if last > first:
        return _("rises from %(first)s to %(last)s") % words
    return _("falls from %(first)s to %(last)s") % words


def _extreme(
    alone: str, placed: str, axis: Axis, values: Any, row: int, places: Any, along: Axis
) -> str:
    value = _value(axis, values[row])
    if places is None:
        return alone % {"value": value}
    return placed % {"value": value, "place": _value(along, float(places[row]))}


def describe_row(data: Data, label: str, row: Mapping[str, float]) -> str:
    """One row of a series in words, as “Visits, 5 March 2024: 1234; size 3”; a gap has none.

    Of x, y and z it is the last one that is no name that is told of; the others say where.
    """
    if any(value != value for name, value in row.items() if name in _PLACES):
        return ""
    shown = {
        name: _value(_axis(data, name), value) for name, value in row.items() if value == value
    }
    first, last = ("x", "y") if "value" in shown else ("start", "end")  # of a flow, or a span
    if first in shown and last in shown:
        words = {"first": shown.pop(first), "last": shown.pop(last)}
        same = first == "start" and row["start"] == row["end"]
        shown["x"] = words["first"] if same else _("%(first)s to %(last)s") % words
    numbers = [name for name in shown if data.axis(name).dtype != "category"]
    mains = ("z", "y", "value") if "dx" not in numbers else ()
    about: list[str] = [name for name in mains if name in numbers]
    if not about and not set(numbers) - {"x", "start", "end"} and "x" in shown:
        about = ["x"] if data.axis("x").dtype != "category" else []
    told = [shown.pop(about[0])] if about else []
    where = [label, *(shown.pop(name) for name in "xy" if name in shown)]
    for name, text in shown.items():
        if name == "share":
            told.append(f"{row[name]:.1f}%")
        else:
            told.append(text if data.axis(name).dtype == "category" else _word(name, text))
    place, facts = _joined(where), pgettext("between series", "; ").join(told)
    if not (place and facts):
        return place or facts
    return _("%(series)s: %(facts)s") % {"series": place, "facts": facts}


# A row that lacks one of these is a gap.
_PLACES = frozenset(("x", "y", "z", "start", "end"))
# What else a row may have, in words.
_WORDS = {
    "close": gettext_lazy("close %(value)s"),
    "color": gettext_lazy("colour %(value)s"),
    "dx": gettext_lazy("along x %(value)s"),
    "dy": gettext_lazy("along y %(value)s"),
    "error": gettext_lazy("error ± %(value)s"),
    "first": gettext_lazy("first quartile %(value)s"),
    "high": gettext_lazy("high %(value)s"),
    "low": gettext_lazy("low %(value)s"),
    "median": gettext_lazy("median %(value)s"),
    "open": gettext_lazy("open %(value)s"),
    "size": gettext_lazy("size %(value)s"),
    "third": gettext_lazy("third quartile %(value)s"),
    "y2": gettext_lazy("from %(value)s"),
    "z": gettext_lazy("speed %(value)s"),  # of an arrow; else z is what is told of
}


def _word(name: str, value: str) -> str:
    return str(_WORDS[name]) % {"value": value} if name in _WORDS else f"{name} {value}"


def _axis(data: Data, name: str) -> Axis:
    """What the numbers of a channel stand for; edges are on x unless they are channels."""
    is_edge = name in ("start", "end") and name not in dict(data.axes)
    return data.axis("x" if is_edge else name)


def _known(spec: PlotSpec, series: Series) -> Any:
    """Which rows of ``series`` are drawn: those without a gap in what has to be there."""
    import numpy as np

    needed = {channel.name for channel in kinds.get(spec.kind).channels if channel.required}
    columns = [each for name, each in series.columns.items() if name in needed | {"x", "y", "own"}]
    return np.logical_and.reduce([np.isfinite(each) for each in columns])


def _ends(data: Data, channel: str) -> tuple[float, float] | None:
    import numpy as np

    if (edges := data.edges.get(channel)) is not None:
        return float(edges[0]), float(edges[-1])  # the middles of cells are not the ends
    names = ("x", "end") if channel == "x" else (channel,)  # what begins along x ends there too
    found = [s.columns[name] for s in data.series for name in names if name in s.columns]
    values = np.concatenate(found) if found else np.empty(0)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else None


def _range(axis: Axis, low: float, high: float) -> str:
    if low == high:
        return _value(axis, low)
    words = {"first": _value(axis, low), "last": _value(axis, high)}
    return _("from %(first)s to %(last)s") % words


def _value(axis: Axis, value: float) -> str:
    if axis.dtype == "category":
        return axis.names[int(value)] if 0 <= int(value) < len(axis.names) else ""
    if axis.dtype == "number":
        return write_number(value) if axis.format == "auto" else format_number(value, axis.format)
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
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    # Four digits stay together, as on the axes: they are often a year.
    if size >= 10_000:
        return number_format(text, force_grouping=True)
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))
