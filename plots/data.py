"""From a spec's columns to the series a kind draws: loaded, checked, split and placed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from .channels import Columns, check, close
from .columns import Column, from_values, is_date, is_text, to_numbers
from .conf import conf
from .errors import PlotError
from .facets import count_within, rows_by_name, rows_by_panel
from .grids import unfold
from .registry import FACET, XY, Channel, Kind, kinds, sources
from .sources import read
from .spec import FromSource, Inline, PlotSpec

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Axis:
    """What the numbers of a channel stand for.

    ``date`` numbers count days since 1970-01-01, ``category`` numbers index into ``names``.
    """

    sort: Literal["number", "date", "category"] = "number"
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Series:
    """One drawn group: its label and, by channel, float64 arrays of one length. Gaps are NaN."""

    label: str
    columns: Mapping[str, Numbers]

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

        return all(bool(np.isnan(column).all()) for column in self.columns.values())


@dataclass(frozen=True)
class Data:
    """All that is drawn. ``table`` keeps the values as given, by heading, for csv and json.

    Of small multiples, ``panels`` has by title the series of each, all panels the same ones; where
    a panel has no row of a series, that is a lone gap. A kind gets the ``series`` of one panel.
    """

    series: tuple[Series, ...] = ()
    axes: Mapping[str, Axis] = ()  # type: ignore[assignment]  # an empty mapping for those without
    table: Mapping[str, Column] = ()  # type: ignore[assignment]
    panels: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)

    def axis(self, channel: str) -> Axis:
        return dict(self.axes).get(channel, Axis())

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
    kind = kinds.get(spec.kind)
    if kind.generate:
        data = assemble(kind, *_made(kind.generate(**spec.options), spec.labels))
    elif isinstance(spec.data, Inline):
        data = assemble(kind, spec.data.columns, spec.labels, {})
    else:
        data = assemble(kind, read_source(spec.data), spec.labels, spec.data.columns)
    if kind.prepare and data.series:
        data = _prepare(kind.prepare, data, spec.options)
    errors = [*_misfits(spec, kind, data)] if not kind.bare else []
    if errors:
        raise PlotError.of(errors)
    return data


def _prepare(prepare: Callable[..., Data], data: Data, options: Mapping[str, Any]) -> Data:
    """What a kind's ``prepare`` makes of each panel, or of all that there is."""
    first, *others = parts = [prepare(part, **options) for part in data.parts()]
    if not data.panels:
        return first
    if any(dict(other.axes) != dict(first.axes) for other in others):
        message = "This kind places each panel's rows by themselves; panels share their axes."
        raise PlotError(message, "invalid", "facet")
    panels = {title: part.series for title, part in zip(data.panels, parts, strict=True)}
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
    for name, channel in zip("xy", "yx" if kind.is_transposed(spec.options) else "xy", strict=True):
        axis, scale = axes.get(channel, other), frame[f"{name}scale"]
        ends = {end: frame[end] for end in (f"{name}min", f"{name}max") if frame[end] is not None}
        for end, limit in ends.items():
            if axis and isinstance(limit, date) != (axis.sort == "date"):
                message = f"The {name} axis shows {_SHOWN[axis.sort]}; give {end} as one of them."
                yield PlotError(message, f"not-a-{axis.sort}", end)
            elif scale == "log" and isinstance(limit, float) and limit <= 0:
                yield PlotError("A log scale begins above 0.", "out-of-range", end)
        if axis and axis.sort != "number" and scale != "linear":
            message = f"The {name} axis shows {_SHOWN[axis.sort]}, which have no {scale} scale."
            yield PlotError(message, "invalid-scale", f"{name}scale")
        elif scale == "log" and any(_reaches_zero(series, channel) for series in data.series):
            message = f"A log scale has no place for 0 and less, which {channel} has; try symlog."
            yield PlotError(message, "invalid-scale", f"{name}scale")


_SHOWN = {"number": "numbers", "date": "dates", "category": "names, counted from 0"}


def _reaches_zero(series: Series, channel: str) -> bool:
    column = series.columns.get(channel)
    return column is not None and bool((column <= 0).any())


def read_source(data: FromSource) -> Columns:
    """The columns that ``data`` names, by channel."""
    wanted = {name: channel for channel, names in data.columns.items() for name in names}
    if not wanted:
        return {}
    columns = read(sources.get(data.name), data.options, wanted)
    return {channel: [columns[name] for name in names] for channel, names in data.columns.items()}


def assemble(kind: Kind, columns: Columns, labels: Sequence[str], names: Names) -> Data:
    """The series that ``kind`` draws of ``columns``.

    ``labels`` name the repeated channel's columns; ``names`` are the columns' own, if they have
    any. Raises PlotError for a missing channel, unequal lengths, or text where numbers belong.
    """
    channels = (*(kind.channels or XY), FACET)
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
    series: list[Series] = []
    groups: list[Any] = []  # the rows of each series
    for index, label in enumerate(headings):
        drawn = {name: each[index % len(each)] for name, each in numbers.items()}
        split = rows_by_name(columns["by"][0]) if "by" in columns else {label: True}
        series += [Series(name, drawn) for name in split]
        groups += split.values()
    if len(series) > conf.MAX_SERIES:
        raise PlotError(
            f"There are {len(series)} series; at most {conf.MAX_SERIES} can be told apart.",
            "too-many-series",
            "by" if "by" in columns else main,
        )
    table = _table(channels, columns, names, headings, main)
    if "facet" not in columns:
        return Data(tuple(map(_take, series, groups)), axes, table)
    panels = {
        title: tuple(_take(each, rows & within) for each, rows in zip(series, groups, strict=True))
        for title, within in rows_by_panel(columns["facet"][0]).items()
    }
    return Data(tuple(chain(*panels.values())), axes, table, panels)


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
        raise PlotError(
            f"There are {len(labels)} labels for {count} series; repeat label beside {channel}.",
            "too-many-labels",
            "label",
        )
    default = list(names) or ([f"Series {i}" for i in range(1, count + 1)] if count > 1 else [""])
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
