"""From a spec's columns to the series a kind draws: loaded, checked, split and placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from .columns import Column, from_values, is_date, is_text, to_numbers
from .conf import conf
from .errors import PlotError
from .grids import unfold
from .registry import XY, Channel, Kind, kinds, sources
from .sources import read
from .sources.selection import PARTS, Reduction, Selection, Tally
from .spec import Inline, PlotSpec

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


@dataclass(frozen=True)
class Data:
    """All that is drawn. ``table`` keeps the values as given, by heading, for csv and json.

    ``rows`` is how many there are, where fewer are enough for the picture.
    """

    series: tuple[Series, ...] = ()
    axes: Mapping[str, Axis] = ()  # type: ignore[assignment]  # an empty mapping for those without
    table: Mapping[str, Column] = ()  # type: ignore[assignment]
    rows: int | None = None

    @property
    def drawn_rows(self) -> int:
        return max((len(column) for column in self.table.values()), default=0)

    def axis(self, channel: str) -> Axis:
        return dict(self.axes).get(channel, Axis())


Columns = Mapping[str, Sequence[Column]]
Names = Mapping[str, Sequence[str]]


def load(spec: PlotSpec) -> Data:
    """The data of ``spec``; a PlotError where its columns cannot be drawn by its kind."""
    kind = kinds.get(spec.kind)
    if kind.generate:
        data = assemble(kind, *_made(kind.generate(**spec.options), spec.labels))
    elif isinstance(spec.data, Inline):
        data = assemble(kind, spec.data.columns, spec.labels, {})
    else:
        names = {channel.name: spec.headings(channel.name) for channel in kind.channels or XY}
        columns, count = _of_source(spec, kind)
        data = replace(assemble(kind, columns, spec.labels, names), rows=count)
    if kind.prepare and data.series:
        data = kind.prepare(data, **spec.options)
    errors = [*_misfits(spec, kind, data)] if not kind.bare else []
    if errors:
        raise PlotError.of(errors)
    return data


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


def _of_source(spec: PlotSpec, kind: Kind) -> tuple[Columns, int | None]:
    """The columns that ``spec`` names of its source, by channel, and of how many rows they are."""
    data: Any = spec.data
    wanted = {name: channel for channel, names in data.columns.items() for name in names}
    stat = data.query.stat
    if not wanted and not stat:
        return {}, None
    keys = {c: names for c, names in data.columns.items() if not stat or c in kind.grouped}
    values = {c: names for c, names in data.columns.items() if c not in keys}
    main = next((c.name for c in kind.channels or XY if c.name not in kind.grouped), None)
    if stat and (main is None or not (values or stat == "count")):
        raise PlotError(f"A {kind.name} plot shows rows one by one.", "invalid-stat", "stat")
    if stat and not keys:
        raise PlotError("Name the column whose equal values are one group.", "required", "x")
    asked = Selection(
        data.name,
        tuple(dict.fromkeys(chain(*keys.values()))),
        tuple(dict.fromkeys(chain(*values.values()))),
        data.query,
        "".join(data.columns.get("x", ())[:1]),
        wanted,
        _reduction(spec, kind),
    )
    source = sources.get(data.name)
    if isinstance(source.version, str) and source.version != data.revision:
        # What is drawn now would be kept under the name of what was there before.
        raise PlotError("The data have been replaced just now; ask again.", "busy", "source")
    selected = read(source, data.options, asked)
    found: dict[str, Sequence[Column]] = {
        **{channel: [selected.keys[name] for name in names] for channel, names in keys.items()},
        **{channel: [selected.values[name] for name in names] for channel, names in values.items()},
    }
    if "" in selected.keys:
        found[COUNTED[kind.reduces]] = [selected.keys[""]]
    if "" in selected.values:
        found[str(main)] = [selected.values[""]]
    return found, selected.rows


# The channel that says what a reduction counted, by what it reduces to.
COUNTED = {"lines": "x", "counts": "weight"}


def _reduction(spec: PlotSpec, kind: Kind) -> Reduction | Tally | None:
    """What is enough of the source's rows for the picture, if it is known to be."""
    data: Any = spec.data
    query, frame = data.query, spec.frame
    if not kind.reduces or query.stat or query.order or query.limit:
        return None
    xs = data.columns.get("x", ())
    if kind.reduces == "counts":
        has_weight = "weight" in data.columns
        return None if has_weight else Tally(xs, spec.options.get("bins") or PARTS)
    drawn = (names for channel, names in data.columns.items() if channel not in kind.grouped)
    y = tuple(dict.fromkeys(chain(*drawn)))
    if frame.xscale != "linear" or set(xs) & set(y):
        return None
    low, high = (None if end is None else _number(end) for end in (frame.xmin, frame.xmax))
    return Reduction("".join(xs[:1]), y, round(frame.width * frame.scale), low, high)


def _number(limit: float | date) -> float:
    return float(to_numbers((limit,))[0])


def assemble(kind: Kind, columns: Columns, labels: Sequence[str], names: Names) -> Data:
    """The series that ``kind`` draws of ``columns``.

    ``labels`` name the repeated channel's columns; ``names`` are the columns' own, if they have
    any. Raises PlotError for a missing channel, unequal lengths, or text where numbers belong.
    """
    channels = kind.channels or XY
    columns = unfold(columns, (channel.name for channel in channels if channel.sort == "grid"))
    if not columns:
        return Data()
    columns = _close(channels, columns)
    main = next((c.name for c in channels if c.repeat and c.name in columns), None)
    _check(channels, columns, main)
    length = len(next(iter(columns.values()))[0])
    axes: dict[str, Axis] = {}
    numbers: dict[str, list[Numbers]] = {}
    for channel in channels:
        if channel.sort == "category":
            continue
        given = columns.get(channel.name)
        if given is None and channel.name == "x" and channel.counted:
            given = [tuple(float(i) for i in range(length))]
        if given is not None:
            axes[channel.name], numbers[channel.name] = _place(given)
    headings = _labels(len(columns[main]) if main else 1, labels, names.get(main or "", ()), main)
    series = []
    for index, label in enumerate(headings):
        drawn = {name: each[index % len(each)] for name, each in numbers.items()}
        series += list(_split(label, drawn, columns["by"][0] if "by" in columns else None))
    if len(series) > conf.MAX_SERIES:
        raise PlotError(
            f"There are {len(series)} series; at most {conf.MAX_SERIES} can be told apart.",
            "too-many-series",
            "by" if "by" in columns else main,
        )
    return Data(tuple(series), axes, _table(channels, columns, names, headings, main))


def _close(channels: Sequence[Channel], columns: Columns) -> Columns:
    """``columns`` as long as their edges: behind the last edge there is a gap."""
    edges = next((channel.name for channel in channels if channel.edges), None)
    if edges is None:
        return columns
    others = {name: each for name, each in columns.items() if name != edges}
    longest = max((len(column) for each in others.values() for column in each), default=0)
    counted = tuple(float(place) for place in range(longest + 1))
    given = columns.get(edges, [counted])
    length = len(given[0])
    closed: dict[str, Sequence[Column]] = {edges: given}
    for name, each in others.items():
        closed[name] = [(*c, None) if len(c) == length - 1 else c for c in each]
        if any(len(column) != length or column[-1] is not None for column in closed[name]):
            message = f"There are {length} edges for {longest} values; give {longest + 1}."
            raise PlotError(message, "unequal-lengths", edges)
    return closed


def _check(channels: Sequence[Channel], columns: Columns, main: str | None) -> None:
    errors = []
    first = next(iter(columns))
    length = len(columns[first][0])
    for channel in channels:
        given = columns.get(channel.name, ())
        if channel.required and not given:
            errors.append(PlotError("This is needed: " + channel.help, "required", channel.name))
        if main and len(given) not in (0, 1, len(columns[main])):
            message = f"This is given {len(given)} times and {main} {len(columns[main])} times."
            errors.append(PlotError(message, "unequal-lengths", channel.name))
        for column in given:
            if len(column) != length:
                message = f"This has {len(column)} values, and {first} has {length}."
                errors.append(PlotError(message, "unequal-lengths", channel.name))
            if channel.sort in ("number", "grid") and (is_text(column) or is_date(column)):
                odd = next(value for value in column if value is not None)
                message = f"“{odd}” is not a number; {channel.name} takes numbers."
                errors.append(PlotError(message, "not-a-number", channel.name))
    if errors:
        raise PlotError.of(errors)


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


def _split(label: str, drawn: Mapping[str, Numbers], by: Column | None) -> Iterator[Series]:
    if by is None:
        yield Series(label, drawn)
        return
    import numpy as np

    groups = np.array(["" if name is None else str(name) for name in by], dtype=object)
    for group in dict.fromkeys(groups):
        rows = groups == group
        yield Series(str(group) or "(none)", {name: each[rows] for name, each in drawn.items()})


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
