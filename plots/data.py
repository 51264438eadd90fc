"""From a spec's columns to the series a kind draws: loaded, checked, split and placed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .channels import Columns, check, close
from .clocks import on_the_clock
from .columns import Column, from_values, is_date, is_text, to_numbers
from .conf import conf
from .errors import PlotError
from .facets import count_within, rows_by_name, rows_by_panel
from .grids import unfold
from .numerals import DATE_FORMATS, NUMBER_FORMATS
from .order import Order, reorder
from .references import REFERENCES, misfit
from .registry import COUNT, FACET, XY, Channel, Kind, kinds
from .source_columns import source_columns
from .sources.cells import no_place
from .spec import Inline, PlotSpec

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Axis:
    """What the numbers of a channel stand for.

    ``date`` numbers count days since 1970-01-01, ``category`` numbers index into ``names``.
    ``format`` is how they are written: auto, or one of numerals.py's.
    """

    sort: Literal["number", "date", "category"] = "number"
    names: tuple[str, ...] = ()
    format: str = "auto"

    @property
    def shows(self) -> str:
        """What stands on it, for a message."""
        shown = {"number": _("numbers"), "date": _("dates"), "category": _("names, counted from 0")}
        return shown[self.sort]

    @property
    def formats(self) -> tuple[str, ...]:
        """How what stands on it may be written."""
        return {"number": NUMBER_FORMATS, "date": tuple(DATE_FORMATS)}.get(self.sort, ())


@dataclass(frozen=True)
class Series:
    """One drawn group: its label and, by channel, float64 arrays of one length. Gaps are NaN."""

    label: str
    columns: Mapping[str, Numbers]

    @property
    def numbers(self) -> Mapping[str, Numbers]:
        """The columns that are drawn: without the links, which a row may lack."""
        return {name: column for name, column in self.columns.items() if name != "link"}

    def __getattr__(self, name: str) -> Numbers:
        # Only called for what is not a field: series.x is series.columns["x"].
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(f"this series has no channel {name!r}") from None

    @property
    def is_gap(self) -> bool:
        """Whether there is no number: a panel may have no row of it."""
        import numpy as np

        return all(bool(np.isnan(column).all()) for column in self.numbers.values())


@dataclass(frozen=True)
class Data:
    """All that is drawn. ``table`` keeps the values as given, by heading, for csv and json.

    ``notes`` are sentences about what the picture merges or leaves out of them. ``rows`` is how
    many there are, where fewer are enough for the picture. ``edges`` are those of the cells that
    they were counted in, by channel, within the limits of the axes; names have none.

    Of small multiples, ``panels`` has by title the series of each, all panels the same ones; where
    a panel has no row of a series, that is a lone gap. A kind gets the ``series`` of one panel.
    """

    series: tuple[Series, ...] = ()
    axes: Mapping[str, Axis] = ()  # type: ignore[assignment]  # an empty mapping for those without
    table: Mapping[str, Column] = ()  # type: ignore[assignment]
    notes: tuple[str, ...] = ()
    panels: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    rows: int | None = None
    edges: Mapping[str, Numbers] = field(default_factory=dict)

    @property
    def drawn_rows(self) -> int:
        return max((len(column) for column in self.table.values()), default=0)

    def axis(self, channel: str) -> Axis:
        return dict(self.axes).get(channel, Axis())

    def noting(self, *notes: str) -> Data:
        """This, with further ``notes``; empty ones, and those it has, are none."""
        new = [note for note in dict.fromkeys(notes) if note and note not in self.notes]
        return replace(self, notes=(*self.notes, *new))

    def parts(self) -> Iterator[Data]:
        """What each panel draws; of a plot without panels all."""
        if self.panels:
            yield from (replace(self, series=series) for series in self.panels.values())
        else:
            yield self

    @property
    def every(self) -> tuple[Series, ...]:
        """The series of all panels: what they have in common, such as bins, is made of these."""
        return tuple(chain(*self.panels.values())) or self.series

    def all(self, channel: str) -> Numbers:
        """The numbers of ``channel`` in every series of every panel."""
        import numpy as np

        columns = [series.columns.get(channel) for series in self.every]
        return np.concatenate([each for each in columns if each is not None] or [np.empty(0)])


Names = Mapping[str, Sequence[str]]


def load(spec: PlotSpec) -> Data:
    """The data of ``spec``; a PlotError where its columns cannot be drawn by its kind."""
    kind, zone = kinds.get(spec.kind), spec.frame.tz
    if kind.generate:
        data = assemble(kind, *_made(kind.generate(**spec.options), spec.labels), zone)
    elif isinstance(spec.data, Inline):
        data = assemble(kind, spec.data.columns, spec.labels, {}, zone)
    else:
        names = {name: spec.headings(name) for name in spec.data.columns}
        if spec.data.query.stat:  # may count rows without a column
            names |= {channel.name: spec.headings(channel.name) for channel in kind.channels or XY}
        columns, found = source_columns(spec, kind)
        data = assemble(kind, columns, spec.labels, names, zone)
        data = replace(data, rows=found.rows, edges=found.edges)
    orders = _orders(spec, kind)
    data = _ordered(data, orders)
    if kind.prepare and data.series:
        # Names that it makes can only then be put in order; others already were, by what is given.
        data = _ordered(_prepare(kind.prepare, data, spec.options), orders)
    errors = [*_misfits(spec, kind, data)] if not kind.bare else []
    if errors:
        raise PlotError.of(errors)
    return _formatted(spec, kind, data)


def _orders(spec: PlotSpec, kind: Kind) -> dict[str, tuple[Order, str]]:
    """By channel, the order of its names that is asked for, and by which parameter."""
    asked = {"xorder": spec.frame.xorder, "yorder": spec.frame.yorder}
    channels = zip(kind.shown(spec.options), asked.items(), strict=True)
    return {channel: (order, name) for channel, (name, order) in channels if order != "given"}


def _ordered(data: Data, orders: dict[str, tuple[Order, str]]) -> Data:
    """``data`` with those of ``orders`` that are of names; they are taken out of it."""
    for channel in [each for each in orders if data.axis(each).sort == "category"]:
        data = reorder(data, channel, *orders.pop(channel))
    return data


def _formatted(spec: PlotSpec, kind: Kind, data: Data) -> Data:
    """``data`` whose axes say how their values are written."""
    x, y = kind.shown(spec.options)
    given = {x: spec.frame.xformat, y: spec.frame.yformat, "z": spec.options.get("zformat", "auto")}
    formats = {channel: style for channel, style in given.items() if style != "auto"}
    if not formats:
        return data
    axes = {channel: replace(data.axis(channel), format=each) for channel, each in formats.items()}
    return replace(data, axes={**dict(data.axes), **axes})


def _prepare(prepare: Callable[..., Data], data: Data, options: Mapping[str, Any]) -> Data:
    """What a kind's ``prepare`` makes of each panel, or of all that there is."""
    first, *others = parts = [prepare(part, **options) for part in data.parts()]
    if not data.panels:
        return first
    if any(dict(other.axes) != dict(first.axes) for other in others):
        message = _("This kind places each panel's rows by themselves; panels share their axes.")
        raise PlotError(message, "invalid", "facet")
    panels = {title: part.series for title, part in zip(data.panels, parts, strict=True)}
    first = first.noting(*chain(*(other.notes for other in others)))
    return replace(first, series=tuple(chain(*panels.values())), panels=panels)


def _made(made: Mapping[str, Any], labels: Sequence[str]) -> tuple[Columns, Sequence[str], Names]:
    """What ``assemble`` takes of the columns that a kind made: those with a name bring it."""
    named = {channel: each for channel, each in made.items() if isinstance(each, Mapping)}
    columns = {
        channel: [
            from_values(values, channel) for values in named.get(channel, {"": each}).values()
        ]
        for channel, each in made.items()
    }
    return columns, labels, {channel: list(each) for channel, each in named.items()}


def _misfits(spec: PlotSpec, kind: Kind, data: Data) -> Iterator[PlotError]:
    """What the frame asks of an axis that cannot be done with what the axis shows."""
    frame, axes = vars(spec.frame), dict(data.axes)
    other = Axis() if data.series else None  # a kind counts numbers, unless it draws as it likes
    for name, channel in zip("xy", kind.shown(spec.options), strict=True):
        axis, scale = axes.get(channel, other), frame[f"{name}scale"]
        ends = {end: frame[end] for end in (f"{name}min", f"{name}max") if frame[end] is not None}
        for end, limit in ends.items():
            if axis and isinstance(limit, date) != (axis.sort == "date"):
                message = str(_LIMITS[axis.sort]) % {"axis": name, "limit": end}
                yield PlotError(message, f"not-a-{axis.sort}", end)
            elif scale == "log" and isinstance(limit, float) and limit <= 0:
                yield PlotError(_("A log scale begins above 0."), "out-of-range", end)
        if axis and axis.sort != "number" and scale != "linear":
            message = str(_SCALES[axis.sort]) % {"axis": name, "scale": scale}
            yield PlotError(message, "invalid-scale", f"{name}scale")
        elif scale == "log" and any(_reaches_zero(series, channel) for series in data.series):
            yield no_place(channel, name)
        has_edges = any(each.edges and each.name == channel for each in kind.channels)
        if frame[f"{name}order"] != "given" and (has_edges or not axis or axis.sort != "category"):
            message = _("The %(axis)s axis shows %(shown)s; only names can be ordered.")
            message %= {"axis": name, "shown": _("edges") if has_edges else (axis or Axis()).shows}
            yield PlotError(message, "invalid-order", f"{name}order")
        style, styles = frame[f"{name}format"], (axis or Axis()).formats
        if style not in ("auto", *styles):
            message = _("The %(axis)s axis shows %(shown)s, written as %(formats)s.")
            if not styles:
                message = _("The %(axis)s axis shows %(shown)s; leave the format out.")
            message %= {
                "axis": name, "shown": (axis or Axis()).shows, "formats": ", ".join(styles)
            }  # fmt: skip
            yield PlotError(message, "invalid-format", f"{name}format")
        for given in (given for given, (shown, _n) in REFERENCES.items() if shown == name):
            yield from filter(None, (misfit(given, each, axis, scale) for each in frame[given]))


_LIMITS = {
    "number": gettext_lazy("The %(axis)s axis shows numbers; give %(limit)s as one of them."),
    "date": gettext_lazy("The %(axis)s axis shows dates; give %(limit)s as one of them."),
    "category": gettext_lazy(
        "The %(axis)s axis shows names, counted from 0; give %(limit)s as one of them."
    ),
}
_SCALES = {
    "date": gettext_lazy("The %(axis)s axis shows dates, which have no %(scale)s scale."),
    "category": gettext_lazy(
        "The %(axis)s axis shows names, counted from 0, which have no %(scale)s scale."
    ),
}


def _reaches_zero(series: Series, channel: str) -> bool:
    column = series.columns.get(channel)
    return column is not None and bool((column <= 0).any())


def assemble(
    kind: Kind, columns: Columns, labels: Sequence[str], names: Names, zone: str = ""
) -> Data:
    """The series that ``kind`` draws of ``columns``, their times as clocks in ``zone`` show them.

    ``labels`` name the repeated channel's columns; ``names`` are the columns' own, if they have
    any. Raises PlotError for a missing channel, unequal lengths, or text where numbers belong.
    """
    channels = (*(kind.channels or XY), FACET, *((COUNT,) if kind.reduces == "cells" else ()))
    columns = {
        name: [on_the_clock(column, zone, name) for column in each]
        for name, each in columns.items()
    }
    columns = unfold(columns, (channel.name for channel in channels if channel.sort == "grid"))
    if not columns:
        return Data()
    columns = close(channels, columns)
    main = next((c.name for c in channels if c.repeat and c.name in columns), None)
    check(channels, columns, main)
    length = len(next(iter(columns.values()))[0])
    axes: dict[str, Axis] = {}
    numbers: dict[str, list[Numbers]] = {}
    for channel in channels:
        if channel.sort == "category":
            continue
        given = columns.get(channel.name)
        if given is None and channel.name == "x" and channel.counted:
            facet = columns.get("facet")
            given = [count_within(facet[0]) if facet else tuple(map(float, range(length)))]
        if given is not None:
            axes[channel.name], numbers[channel.name] = _place(given)
    headings = _labels(len(columns[main]) if main else 1, labels, names.get(main or "", ()), main)

    def refused(count: int) -> PlotError:
        message = _("There are %(count)d series; at most %(most)d can be told apart.")
        words = {"count": count * len(headings), "most": conf.MAX_SERIES}
        return PlotError(message % words, "too-many-series", "by" if "by" in columns else main)

    most = conf.MAX_SERIES // len(headings)
    if not most:
        raise refused(1)
    split = rows_by_name(columns["by"][0], most, refused) if "by" in columns else {}
    series: list[Series] = []
    groups: list[Any] = []  # the rows of each series
    for index, label in enumerate(headings):
        drawn = {name: each[index % len(each)] for name, each in numbers.items()}
        series += [Series(name, drawn) for name in split or [label]]
        groups += split.values() or [True]
    table = _table(channels, columns, names, headings, main)
    if "facet" not in columns:
        return Data(tuple(map(_take, series, groups)), axes, table)
    panels = {
        title: tuple(_take(each, rows & within) for each, rows in zip(series, groups, strict=True))
        for title, within in rows_by_panel(columns["facet"][0]).items()
    }
    return Data(tuple(chain(*panels.values())), axes, table, panels=panels)


def _place(columns: Sequence[Column]) -> tuple[Axis, list[Numbers]]:
    """Numbers for each column, and what they stand for; names get places in order of first use."""
    if any(is_text(column) for column in columns):
        places: dict[Any, float] = {}
        for column in columns:
            for value in column:
                if value is not None:
                    places.setdefault(value, float(len(places)))
        placed = [
            to_numbers(tuple(None if value is None else places[value] for value in column))
            for column in columns
        ]
        return Axis("category", tuple(map(str, places))), placed
    sort: Literal["date", "number"] = "date" if any(map(is_date, columns)) else "number"
    return Axis(sort), [to_numbers(column) for column in columns]


def _labels(
    count: int, labels: Sequence[str], names: Sequence[str], channel: str | None
) -> list[str]:
    if len(labels) > count:
        message = _(
            "There are %(count)d labels for %(series)d series; repeat label beside %(name)s."
        )
        words = {"count": len(labels), "series": count, "name": channel}
        raise PlotError(message % words, "too-many-labels", "label")
    default = list(names) or (
        [_("Series %(number)d") % {"number": i} for i in range(1, count + 1)] if count > 1 else [""]
    )
    return [*labels, *default[len(labels) :]]


def _take(series: Series, rows: Any) -> Series:
    """``series`` with some of its rows, or True for all; of none a gap, which all kinds know."""
    if rows is True:
        return series
    import numpy as np

    gap = np.array([np.nan])
    taken = {name: each[rows] if rows.any() else gap for name, each in series.columns.items()}
    return replace(series, columns=taken)


def _table(
    channels: Sequence[Channel],
    columns: Columns,
    names: Names,
    headings: Sequence[str],
    main: str | None,
) -> dict[str, Column]:
    table: dict[str, Column] = {}
    for channel in channels:
        given = columns.get(channel.name, ())
        titles = headings if channel.name == main else names.get(channel.name, ())
        for index, column in enumerate(given):
            title = (titles[index] if index < len(titles) else "") or channel.name
            while title in table:
                title += "_"
            table[title] = column
    return table
