"""Read the columns that a spec names from its source, downsampled to what the picture can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.reading import columns_of, read_source
from plots.sources.selection import (
    AxisBinning,
    Bins,
    Downsampling,
    Histogram,
    Selected,
    Selection,
)
from plots.spec.channels import COUNT, GROUPED
from plots.spec.plot_spec import FromSource, Inline, PlotSpec
from plots.spec.query import OVERLAP
from plots.spec.registry import Kind, Source, sources
from plots.values.columns import Column, to_number

from .assembling import NUMERIC
from .validation import Columns

# Default diameter of a marker in points.
MARKER = 6.0
# Shortest and longest side of a bin of a scatter in CSS pixels.
SIDES = (2.0, 6.0)
# Columns that may split rows into series: their data types, how many are tried, the number of their
# names, and the number of rows in which they are compared.
NAMES = ("text", "boolean")
MAX_SUGGESTED, MAX_SEPARATED, MAX_COMPARED = 8, 12, 10_000

Names = Mapping[str, tuple[str, ...]]


def source_columns(spec: PlotSpec, kind: Kind) -> tuple[Columns, Selected]:
    """Read the columns that ``spec`` names.

    Returns
    -------
    columns : mapping of str to sequence of Column
        The columns by channel.
    selected : Selected
        What the source returned, with the number of rows and the edges of bins.

    Raises
    ------
    PlotError
        If the source has no such column, has too many rows, or was replaced meanwhile.
    """
    data: Any = spec.data
    stat = data.query.stat
    if not any(data.columns.values()) and not stat:
        return {}, Selected({})
    keys = {c: names for c, names in data.columns.items() if not stat or c in kind.grouped}
    values = {c: names for c, names in data.columns.items() if c not in keys}
    if stat:
        _check_stat(kind, stat, keys, values)
    source = sources.get(data.name)
    _check_current(source, data)
    try:
        selection = _selection(spec, kind, keys, values)
        selected = read_source(source, data.options, selection, data.viewer)
    except PlotError as error:
        raise _explain(error, kind, data.columns) from error.__cause__
    counts = COUNT.name if kind.downsample == "bins" and not stat else str(kind.measured)
    return _by_channel(selected, kind, keys, values, counts), selected


def _by_channel(
    selected: Selected, kind: Kind, keys: Names, values: Names, counts: str
) -> dict[str, Sequence[Column]]:
    """The selected columns by channel. ``counts`` is the channel of counted rows."""
    columns: dict[str, Sequence[Column]] = {
        **{channel: [selected.keys[name] for name in names] for channel, names in keys.items()},
        **{channel: [selected.values[name] for name in names] for channel, names in values.items()},
    }
    # The name "" stands for a column that the source made: numbers of rows, or counts.
    if "" in selected.keys:
        columns["weight" if kind.downsample == "counts" else "x"] = [selected.keys[""]]
    if "" in selected.values:
        columns[counts] = [selected.values[""]]
    return columns


def _check_stat(kind: Kind, stat: str, keys: Names, values: Names) -> None:
    if kind.measured is None or not (values or stat == "count"):
        message = _("A %(kind)s plot shows rows one by one.") % {"kind": kind.name}
        raise PlotError(message, "invalid-stat", "stat")
    if not keys:
        message = _("Name the column whose equal values are one group.")
        raise PlotError(message, "required", "x")


def _check_current(source: Source, data: FromSource) -> None:
    if isinstance(source.version, str) and source.version != data.revision:
        # The digest of the spec names the previous version: a picture of this one must not be
        # cached under it.
        message = _("The data have just been replaced. Please try again.")
        raise PlotError(message, "busy", "source")


def _selection(spec: PlotSpec, kind: Kind, keys: Names, values: Names) -> Selection:
    data: Any = spec.data
    return Selection(
        data.name,
        tuple(dict.fromkeys(chain(*keys.values()))),
        tuple(dict.fromkeys(chain(*values.values()))),
        data.query,
        "".join(data.columns.get("x", ())[:1]),
        {name: channel for channel, names in data.columns.items() for name in names},
        _downsampling(spec, kind),
        spec.frame.tz,
        _colored(spec, kind),
        _named(kind, keys),
    )


def _named(kind: Kind, keys: Names) -> tuple[str, ...]:
    """The columns that no channel draws as numbers."""
    channels = {channel.name: channel.dtype for channel in kind.accepted_channels}
    numeric = {
        name
        for channel, names in keys.items()
        if channels.get(channel) in NUMERIC
        for name in names
    }
    return tuple(name for name in dict.fromkeys(chain(*keys.values())) if name not in numeric)


def _colored(spec: PlotSpec, kind: Kind) -> tuple[str, ...]:
    """The columns whose names have the same colours in all plots of the source."""
    columns: Any = spec.data.columns
    channels = (each.name for each in kind.accepted_channels if each.colored)
    return tuple(dict.fromkeys(chain(*(columns.get(channel, ()) for channel in channels))))


def _explain(error: PlotError, kind: Kind, columns: Names) -> PlotError:
    """Add to the error of too many rows which channels prevent that they are counted in bins."""
    blocking = _unbinned(kind, columns)
    if error.code != "too-much" or error.parameter != "source" or not blocking:
        return error
    message = _("%(error)s Without %(names)s they could be counted, and drawn as a density.")
    message %= {"error": error.message, "names": ", ".join(blocking)}
    return PlotError(message, error.code, blocking[0])


@contextmanager
def explained(spec: PlotSpec, kind: Kind) -> Iterator[None]:
    """Add to errors about the rows of a source which other parameters would help."""
    try:
        yield
    except PlotError as error:
        if isinstance(spec.data, Inline) or spec.data.query.stat or error.also:
            raise
        hint = ""
        if error.code == OVERLAP and (settings.DEBUG or not spec.is_private):
            # A preset shows its errors to visitors, who need not see the source.
            if name := separating_column(spec, kind):
                hint = _("Or add by=%(name)s to draw them as series.") % {"name": name}
        elif error.code == "not-a-number" and error.parameter == kind.measured:
            hint = _("To count the rows instead, add stat=count.")
        if not hint:
            raise
        raise PlotError(f"{error.message} {hint}", error.code, error.parameter) from None


def separating_column(spec: PlotSpec, kind: Kind) -> str:
    """Return a column of the source that would split rows that overlap into series, or ""."""
    data: Any = spec.data
    if "by" in data.columns or "by" not in {each.name for each in kind.accepted_channels}:
        return ""
    source = sources.get(data.name)
    places = dict.fromkeys(chain(*(data.columns.get(name, ()) for name in kind.grouped)))
    dtypes = columns_of(source, data.options, data.viewer) or {}
    others = [name for name, dtype in dtypes.items() if dtype in NAMES and name not in places]
    others = others[:MAX_SUGGESTED]
    if not places or not others:
        return ""
    query = replace(data.query, limit=min(data.query.limit or MAX_COMPARED, MAX_COMPARED))
    selection = Selection(source.name, (*places, *others), (), query, zone=spec.frame.tz)
    found = read_source(source, data.options, selection, data.viewer).keys
    if len(found[others[0]]) == MAX_COMPARED:
        return ""
    for name in others:
        rows = [*zip(*(found[each] for each in (*places, name)), strict=True)]
        if len({*found[name]}) <= MAX_SEPARATED and len({*rows}) == len(rows):
            return name
    return ""


def _unbinned(kind: Kind, columns: Names) -> list[str]:
    """The given channels that need every row, of a kind that otherwise counts rows in bins."""
    binned = {"x", "y", *GROUPED}
    return [name for name in columns if name not in binned] if kind.downsample == "bins" else []


def _downsampling(spec: PlotSpec, kind: Kind) -> Downsampling | Histogram | Bins | None:
    """How the rows may be reduced without a visible change, or None."""
    data: Any = spec.data
    query, frame = data.query, spec.frame
    if not kind.downsample or query.stat or query.order or query.limit:
        return None
    xs = data.columns.get("x", ())
    if kind.downsample == "counts":
        has_weight = "weight" in data.columns
        return None if has_weight else histogram_of(spec, xs)
    if kind.downsample == "bins":
        return None if _unbinned(kind, data.columns) else _bins(spec, kind)
    drawn = (names for channel, names in data.columns.items() if channel not in kind.grouped)
    y = tuple(dict.fromkeys(chain(*drawn)))
    if frame.xscale != "linear" or set(xs) & set(y):
        return None
    low, high = (None if end is None else to_number(end) for end in (frame.xmin, frame.xmax))
    return Downsampling("".join(xs[:1]), y, round(frame.width * frame.scale), low, high)


def histogram_of(spec: PlotSpec, xs: Sequence[str] = ()) -> Histogram:
    """Return the histogram that ``spec`` requests of the columns ``xs``."""
    frame = spec.frame
    low, high = (None if end is None else to_number(end) for end in (frame.xmin, frame.xmax))
    return Histogram(tuple(xs), spec.options.get("bins"), low, high, frame.xscale)


def _bins(spec: PlotSpec, kind: Kind) -> Bins | None:
    """Bins half as wide as a marker, within the limits of the axes."""
    columns: Any = spec.data.columns
    frame = vars(spec.frame)
    side = (spec.options.get("markersize") or MARKER) * 96 / 72 / 2
    side = min(max(side, SIDES[0]), SIDES[1])

    def along(axis: str, length: int) -> AxisBinning:
        ends = (frame[f"{axis}min"], frame[f"{axis}max"])
        low, high = (None if end is None else to_number(end) for end in ends)
        return AxisBinning(axis, max(1, round(length / side)), low, high, frame[f"{axis}scale"])

    axes = {"x": along("x", spec.frame.width), "y": along("y", spec.frame.height)}
    across, up = (axes[seen] for seen in kind.axis_channels(spec.options))
    x, y = "".join(columns.get("x", ())[:1]), tuple(dict.fromkeys(columns.get("y", ())))
    groups = tuple(dict.fromkeys(chain(columns.get("by", ()), columns.get("facet", ()))))
    if not y or {x, *groups} & {*y}:
        return None
    return Bins(x, y, groups, across, up)
