"""Build the series, panels and axes of a plot from its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.channels import COUNT, FACET, XY, Channel
from plots.spec.registry import Kind
from plots.values.columns import Column, dtype_of_column, to_numbers
from plots.values.grids import unfold
from plots.values.scalars import write_value
from plots.values.timezones import on_clock

from .grouping import count_within, rows_by_name, rows_by_panel, sort_choices
from .model import Axis, Data, Numbers, Series
from .validation import Columns, pad_to_edges, validate_columns

Names = Mapping[str, Sequence[str]]
ALL_ROWS = True
NUMERIC = ("number", "grid", "ordered")  # channels in which booleans are 0 and 1


def assemble(
    kind: Kind, columns: Columns, labels: Sequence[str], names: Names, zone: str = ""
) -> Data:
    """Build the data that ``kind`` draws from ``columns``.

    Parameters
    ----------
    kind : Kind
        The kind of plot, which declares the channels.
    columns : mapping of str to sequence of Column
        The columns of each channel, all of one length.
    labels : sequence of str
        Labels of the series, one for each column of the repeated channel.
    names : mapping of str to sequence of str
        Names of the columns by channel, for columns that have names.
    zone : str
        IANA name of the time zone in which times are drawn. Empty for the site's own.

    Raises
    ------
    PlotError
        If a required channel is missing, lengths differ, or a number channel holds text.
    """
    channels = (*(kind.channels or XY), FACET, *((COUNT,) if kind.downsample == "bins" else ()))
    names_only = [channel.name for channel in channels if channel.dtype == "category"]
    columns, shown, clock = on_clock(columns, zone, names_only)
    columns = unfold(columns, (channel.name for channel in channels if channel.dtype == "grid"))
    if not columns:
        return Data()
    if not any(value is not None for some in columns.values() for each in some for value in each):
        return _blank(channels, columns, labels, names)
    columns = pad_to_edges(channels, columns)
    repeated = next((c.name for c in channels if c.repeat and c.name in columns), None)
    validate_columns(channels, columns, repeated)
    axes, numbers = _to_numbers(channels, columns)
    if clock:
        dated = {name: axis for name, axis in axes.items() if axis.dtype == "date"}
        axes |= {name: replace(axis, clock=clock) for name, axis in dated.items()}
    count = len(columns[repeated]) if repeated else 1
    headings = _series_labels(count, labels, names.get(repeated or "", ()), repeated)
    series, groups = _split_by_name(headings, numbers, columns, repeated)
    table = _table(channels, {**columns, **shown}, names, headings, repeated)
    if "facet" not in columns:
        return Data(tuple(map(_take_rows, series, groups)), axes, table)
    panels = _split_into_panels(columns["facet"][0], series, groups)
    return Data(tuple(chain(*panels.values())), axes, table, panels=panels)


def _blank(
    channels: Sequence[Channel], columns: Columns, labels: Sequence[str], names: Names
) -> Data:
    """The data of columns without values: one series of gaps, and their table."""
    repeated = next((c.name for c in channels if c.repeat and c.name in columns), None)
    validate_columns(channels, columns, repeated)
    count = len(columns[repeated]) if repeated else 1
    headings = _series_labels(count, labels, names.get(repeated or "", ()), repeated)
    axes = {channel.name: Axis() for channel in channels if channel.dtype != "category"}
    gaps = {name: np.array([np.nan]) for name in axes}
    series = tuple(Series(label, gaps) for label in headings)
    return Data(series, axes, _table(channels, columns, names, headings, repeated))


def _split_into_panels(
    facet: Column, series: Sequence[Series], groups: Sequence[Any]
) -> dict[str, tuple[Series, ...]]:
    """The series of each panel by its title."""
    return {
        title: tuple(
            _take_rows(each, rows & within) for each, rows in zip(series, groups, strict=True)
        )
        for title, within in rows_by_panel(facet).items()
    }


def _to_numbers(
    channels: Sequence[Channel], columns: Columns
) -> tuple[dict[str, Axis], dict[str, list[Numbers]]]:
    """The axis and the arrays of each channel that is not a category."""
    length = len(next(iter(columns.values()))[0])
    axes: dict[str, Axis] = {}
    numbers: dict[str, list[Numbers]] = {}
    for channel in channels:
        if channel.dtype == "category":
            continue
        given = columns.get(channel.name)
        if given is None and channel.name == "x" and channel.default_index:
            facet = columns.get("facet")
            given = [count_within(facet[0]) if facet else tuple(map(float, range(length)))]
        if given is not None:
            axes[channel.name], numbers[channel.name] = _to_axis(channel, given)
    return axes, numbers


def _to_axis(channel: Channel, columns: Sequence[Column]) -> tuple[Axis, list[Numbers]]:
    """The axis that ``columns`` share, and their numbers. Names are numbered by first use."""
    dtypes = {dtype_of_column(column) for column in columns} - {""}
    if "boolean" in dtypes and ("number" in dtypes or channel.dtype in NUMERIC):
        dtypes = dtypes - {"boolean"} | {"number"}
    if len(dtypes) > 1:
        message = _("The columns of %(name)s hold different types of values. Convert them to one.")
        raise PlotError(message % {"name": channel.name}, "mixed", channel.name)
    (dtype,) = dtypes or {"number"}
    if dtype not in ("text", "boolean"):
        return Axis(dtype), [to_numbers(column) for column in columns]  # type: ignore[arg-type]  # a str
    values = dict.fromkeys(value for column in columns for value in column if value is not None)
    names = sorted(values) if dtype == "boolean" else sort_choices([*values]) or [*values]
    places: dict[Any, float] = {value: float(place) for place, value in enumerate(names)}
    placed = [
        to_numbers(tuple(None if value is None else places[value] for value in column))
        for column in columns
    ]
    return Axis("category", tuple(map(write_value, names))), placed


def _split_by_name(
    headings: Sequence[str],
    numbers: Mapping[str, Sequence[Numbers]],
    columns: Columns,
    repeated: str | None,
) -> tuple[list[Series], list[Any]]:
    """The series with all rows, and beside each the rows that belong to it."""

    def too_many(count: int) -> PlotError:
        message = _("There are %(count)d series; at most %(most)d are drawn.")
        message %= {"count": count * len(headings), "most": conf.MAX_SERIES}
        return PlotError(message, "too-many-series", "by" if "by" in columns else repeated)

    most = conf.MAX_SERIES // len(headings)
    if not most:
        raise too_many(1)
    split = rows_by_name(columns["by"][0], most, too_many) if "by" in columns else {}
    series: list[Series] = []
    groups: list[Any] = []
    for index, label in enumerate(headings):
        drawn = {name: each[index % len(each)] for name, each in numbers.items()}
        series += [Series(name, drawn) for name in split or [label]]
        groups += split.values() or [ALL_ROWS]
    return series, groups


def _series_labels(
    count: int, labels: Sequence[str], names: Sequence[str], channel: str | None
) -> list[str]:
    """The given labels, completed by names of columns or by numbers."""
    if len(labels) > count:
        message = _(
            "There are %(count)d labels for %(series)d series; repeat label beside %(name)s."
        )
        message %= {"count": len(labels), "series": count, "name": channel}
        raise PlotError(message, "too-many-labels", "label")
    default = list(names) or (
        [_("Series %(number)d") % {"number": i} for i in range(1, count + 1)] if count > 1 else [""]
    )
    return [*labels, *default[len(labels) :]]


def _take_rows(series: Series, rows: Any) -> Series:
    """``series`` with a mask of its rows. Without any row it is a single gap."""
    if rows is ALL_ROWS:
        return series
    gap = np.array([np.nan])
    taken = {name: each[rows] if rows.any() else gap for name, each in series.columns.items()}
    return replace(series, columns=taken)


def _table(
    channels: Sequence[Channel],
    columns: Columns,
    names: Names,
    headings: Sequence[str],
    repeated: str | None,
) -> dict[str, Column]:
    """The columns by unique headings, in the order of the channels."""
    table: dict[str, Column] = {}
    for channel in channels:
        given = columns.get(channel.name, ())
        titles = headings if channel.name == repeated else names.get(channel.name, ())
        for index, column in enumerate(given):
            title = (titles[index] if index < len(titles) else "") or channel.name
            while title in table:
                title += "_"
            table[title] = column
    return table
