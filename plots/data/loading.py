"""From a spec's columns to the series a kind draws: loaded, checked, split and placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.channels import XY
from plots.spec.ordering import Order
from plots.spec.plot_spec import Inline, PlotSpec
from plots.spec.registry import Kind, kinds
from plots.values.columns import from_values

from .assembling import Names, assemble
from .axis_checks import axis_errors
from .model import Data
from .ordering import reorder
from .selecting import source_columns
from .validation import Columns

if TYPE_CHECKING:
    pass


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
    if kind.transform and data.series:
        # Names that it makes can only then be put in order; others already were, by what is given.
        data = _ordered(_prepare(kind.transform, data, spec.options), orders)
    errors = [*axis_errors(spec, kind, data)] if not kind.no_axes else []
    if errors:
        raise PlotError.of(errors)
    return _formatted(spec, kind, data)


def _orders(spec: PlotSpec, kind: Kind) -> dict[str, tuple[Order, str]]:
    """By channel, the order of its names that is asked for, and by which parameter."""
    asked = {"xorder": spec.frame.xorder, "yorder": spec.frame.yorder}
    channels = zip(kind.axis_channels(spec.options), asked.items(), strict=True)
    return {channel: (order, name) for channel, (name, order) in channels if order != "given"}


def _ordered(data: Data, orders: dict[str, tuple[Order, str]]) -> Data:
    """``data`` with those of ``orders`` that are of names; they are taken out of it."""
    for channel in [each for each in orders if data.axis(each).dtype == "category"]:
        data = reorder(data, channel, *orders.pop(channel))
    return data


def _formatted(spec: PlotSpec, kind: Kind, data: Data) -> Data:
    """``data`` whose axes say how their values are written."""
    x, y = kind.axis_channels(spec.options)
    given = {x: spec.frame.xformat, y: spec.frame.yformat, "z": spec.options.get("zformat", "auto")}
    formats = {channel: style for channel, style in given.items() if style != "auto"}
    if not formats:
        return data
    axes = {channel: replace(data.axis(channel), format=each) for channel, each in formats.items()}
    return replace(data, axes={**dict(data.axes), **axes})


def _prepare(prepare: Callable[..., Data], data: Data, options: Mapping[str, Any]) -> Data:
    """What a kind's ``prepare`` makes of each panel, or of all that there is."""
    first, *others = parts = [prepare(part, **options) for part in data.iter_panels()]
    if not data.panels:
        return first
    if any(dict(other.axes) != dict(first.axes) for other in others):
        message = _("This kind places each panel's rows by themselves; panels share their axes.")
        raise PlotError(message, "invalid", "facet")
    panels = {title: part.series for title, part in zip(data.panels, parts, strict=True)}
    first = first.with_notes(*chain(*(other.notes for other in others)))
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
