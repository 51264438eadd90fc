"""Build the series and axes of a plot from its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.spec.channels import COUNT, FACET, XY, Channel
from plots.spec.registry import Kind
from plots.values.columns import Column, is_date, is_text, to_numbers
from plots.values.grids import unfold
from plots.values.timezones import to_local_times

from .grouping import count_within, rows_by_name, rows_by_panel
from .model import Axis, Data, Series
from .validation import Columns, close_edges, validate_columns

if TYPE_CHECKING:
    from .model import Numbers


Names = Mapping[str, Sequence[str]]


def assemble(
    kind: Kind, columns: Columns, labels: Sequence[str], names: Names, zone: str = ""
) -> Data:
    """The series that ``kind`` draws of ``columns``, their times as clocks in ``zone`` show them.

    ``labels`` name the repeated channel's columns; ``names`` are the columns' own, if they have
    any. Raises PlotError for a missing channel, unequal lengths, or text where numbers belong.
    """
    channels = (*(kind.channels or XY), FACET, *((COUNT,) if kind.downsample == "bins" else ()))
    columns = {
        name: [to_local_times(column, zone, name) for column in each]
        for name, each in columns.items()
    }
    columns = unfold(columns, (channel.name for channel in channels if channel.dtype == "grid"))
    if not columns:
        return Data()
    columns = close_edges(channels, columns)
    main = next((c.name for c in channels if c.repeat and c.name in columns), None)
    validate_columns(channels, columns, main)
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
    dtype: Literal["date", "number"] = "date" if any(map(is_date, columns)) else "number"
    return Axis(dtype), [to_numbers(column) for column in columns]


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
