"""Load the data of a spec: read its columns, validate, group, order and transform them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.histograms.counting import to_times
from plots.sources.histograms.edges import choose_edges, values_of
from plots.sources.selection import Selected
from plots.spec.channels import XY
from plots.spec.ordering import Order
from plots.spec.plot_spec import Frame, Inline, PlotSpec
from plots.spec.registry import Kind, kinds, sources
from plots.spec.themes import LIGHT
from plots.values.columns import dtype_of_column, from_values, to_numbers

from .assembling import Names, assemble
from .axis_checks import axis_errors
from .model import Axis, Data, Numbers
from .ordering import palette_places, reorder
from .request_cache import cached_in_request
from .selecting import explained, histogram_of, source_columns
from .validation import Columns, epoch_note


@cached_in_request
def load(spec: PlotSpec) -> Data:
    """Return the data that ``spec`` draws.

    Raises
    ------
    PlotError
        If its kind cannot draw its columns.
    """
    kind = kinds.get(spec.kind)
    data = _assemble(spec, kind)
    if data.is_blank:
        return _with_types(spec, kind, data)
    if kind.downsample == "counts":
        data = _with_bins(spec, data)
    orders = _orders(spec, kind)
    data = _reorder_names(data, orders)
    if kind.transform and data.series:
        # The remaining orders are of names that the transform makes.
        with kind.reported_errors(), explained(spec, kind):
            data = _transform(kind.transform, data, spec.options)
        data = _reorder_names(data, orders)
    errors = [*axis_errors(spec, kind, data)] if not kind.no_axes else []
    if errors:
        raise PlotError.of(errors)
    if kind.fit and data.series:
        with kind.reported_errors():
            data = kind.fit(data, _pixels(spec.frame), **spec.options)
    _protect(data)
    return _with_formats(spec, kind, data.with_notes(epoch_note(data)))


def _assemble(spec: PlotSpec, kind: Kind) -> Data:
    """The series and axes of the kind's own numbers, of inline columns, or of a source's."""
    zone = spec.frame.tz
    if kind.generate:
        with kind.reported_errors():
            generated = kind.generate(**spec.options)
        return assemble(kind, *_generated(generated, spec.labels), zone)
    if isinstance(spec.data, Inline):
        return assemble(kind, spec.data.columns, spec.labels, {}, zone)
    names = {name: spec.headings(name) for name in spec.data.columns}
    if spec.data.query.stat:  # a count needs no column
        names |= {channel.name: spec.headings(channel.name) for channel in kind.channels or XY}
    columns, selected = source_columns(spec, kind)
    with explained(spec, kind):
        data = assemble(kind, columns, spec.labels, names, zone)
    is_raw = not spec.data.query.stat
    data = replace(data, rows=selected.rows, edges=selected.edges, is_raw=is_raw)
    data = _with_source_formats(spec, kind, data)
    return data if spec.frame.colors else replace(data, places=_places(spec, kind, data, selected))


def _places(spec: PlotSpec, kind: Kind, data: Data, selected: Selected) -> dict[str, int]:
    """The places of the names of series in the palette, the same in all plots of the source."""
    if selected.names:
        return palette_places(selected.names.values())
    repeated = next((each.name for each in kind.accepted_channels if each.repeat), "")
    names = spec.headings(repeated) and spec.data.columns.get(repeated, ())
    if len(names) < 2 or len(selected.numbers) > len(LIGHT.palette):
        return {}
    labels = (series.label for series in next(data.iter_panels()).series)
    places = {name: place for place, name in enumerate(selected.numbers)}
    return {
        label: places[name] for label, name in zip(labels, names, strict=False) if name in places
    }


def _pixels(frame: Frame) -> tuple[float, float]:
    """Return the width and height of a picture in device pixels."""
    return frame.width * frame.scale, frame.height * frame.scale


def _with_source_formats(spec: PlotSpec, kind: Kind, data: Data) -> Data:
    """Set the formats of the axes that show columns which the source has a format for."""
    of_source: Any = spec.data
    formats = sources.get(of_source.name).formats
    if not formats:
        return data
    is_count = of_source.query.stat in ("count", "distinct")
    axes = dict(data.axes)
    for channel, names in of_source.columns.items():
        shown = {formats.get(name, "") for name in names}
        is_counted = is_count and channel not in kind.grouped
        axis = axes.get(channel)
        if axis and axis.dtype == "number" and len(shown) == 1 and not is_counted:
            axes[channel] = replace(axis, format=shown.pop() or axis.format)
    return replace(data, axes=axes)


def _with_bins(spec: PlotSpec, data: Data) -> Data:
    """Set the edges of a histogram's bins: those between which a source counted, or chosen ones."""
    edges: Numbers | None = data.edges.get("x")
    axis = data.axis("x")
    if edges is None and axis.dtype != "category":
        numbers, weights = data.concat("x"), data.concat("weight")
        known = np.isfinite(numbers) & (np.isfinite(weights) if weights.size else True)
        if not known.any():
            return data
        counted = weights[known] if weights.size else None
        values = values_of(numbers[known], counted, axis.dtype)
        if clock := axis.clock:  # bins begin at local times, the axis is elapsed time
            low, high = (clock.local_days(end)[0] for end in (values.low, values.high))
            edges = choose_edges(replace(values, low=low, high=high), histogram_of(spec))
            edges = to_numbers([clock.position(time) for time in to_times(edges).tolist()])
        else:
            edges = choose_edges(values, histogram_of(spec))
    return replace(data, edges={}, bin_edges=edges)


def _orders(spec: PlotSpec, kind: Kind) -> dict[str, tuple[Order, str]]:
    """The order of names that each channel should have, and the parameter that requests it."""
    requested = {"xorder": spec.frame.xorder, "yorder": spec.frame.yorder}
    channels = zip(kind.axis_channels(spec.options), requested.items(), strict=True)
    return {channel: (order, name) for channel, (name, order) in channels if order != "given"}


def _reorder_names(data: Data, orders: dict[str, tuple[Order, str]]) -> Data:
    """Apply those of ``orders`` whose channels hold names, and remove them from ``orders``."""
    for channel in [each for each in orders if data.axis(each).dtype == "category"]:
        data = reorder(data, channel, *orders.pop(channel))
    return data


def _with_types(spec: PlotSpec, kind: Kind, data: Data) -> Data:
    """Set the data types of axes without values to those of their limits."""
    frame, axes = vars(spec.frame), dict(data.axes)
    for name, channel in zip("xy", kind.axis_channels(spec.options), strict=True):
        limits = (frame[f"{name}min"], frame[f"{name}max"])
        dtype: Any = next((dtype_of_column((each,)) for each in limits if each is not None), "")
        axis = Axis(dtype) if dtype else axes.get(channel, Axis())
        is_format = frame[f"{name}format"] in axis.formats
        axes[channel] = replace(axis, format=frame[f"{name}format"] if is_format else "auto")
    return replace(data, axes=axes)


def _with_formats(spec: PlotSpec, kind: Kind, data: Data) -> Data:
    """Set the formats of the axes."""
    x, y = kind.axis_channels(spec.options)
    given = {x: spec.frame.xformat, y: spec.frame.yformat, "z": spec.options.get("zformat", "auto")}
    formats = {channel: style for channel, style in given.items() if style != "auto"}
    if not formats:
        return data
    axes = {channel: replace(data.axis(channel), format=each) for channel, each in formats.items()}
    return replace(data, axes={**dict(data.axes), **axes})


def _protect(data: Data) -> None:
    """Make the arrays read-only: a picture, its description and its table share them."""
    for column in chain(*(series.columns.values() for series in data.all_series)):
        column.flags.writeable = False


def _transform(transform: Callable[..., Data], data: Data, options: Mapping[str, Any]) -> Data:
    """Apply a kind's ``transform`` to each panel, or to the data of a plot without panels."""
    first, *others = parts = [transform(part, **options) for part in data.iter_panels()]
    if not data.panels:
        return first
    if any(dict(other.axes) != dict(first.axes) for other in others):
        message = _("This kind places each panel's rows by themselves; panels share their axes.")
        raise PlotError(message, "invalid", "facet")
    panels = {title: part.series for title, part in zip(data.panels, parts, strict=True)}
    first = first.with_notes(*chain(*(other.notes for other in others)))
    return replace(first, series=tuple(chain(*panels.values())), panels=panels)


def _generated(
    values: Mapping[str, Any], labels: Sequence[str]
) -> tuple[Columns, Sequence[str], Names]:
    """The arguments of ``assemble`` for generated values; a mapping names its columns."""
    named = {channel: each for channel, each in values.items() if isinstance(each, Mapping)}
    columns = {
        channel: [
            from_values(column, channel) for column in named.get(channel, {"": each}).values()
        ]
        for channel, each in values.items()
    }
    return columns, labels, {channel: list(each) for channel, each in named.items()}
