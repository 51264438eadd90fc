"""The form of a kind's channels: columns of values, or names of a source's columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from numbers import Number
from typing import Any

from django import forms

from plots.i18n import translate
from plots.permissions import User
from plots.spec.channels import Channel
from plots.spec.registry import sources
from plots.values.column_text import read_column, split_items, write_column
from plots.values.columns import Column, from_values
from plots.values.grids import read_grid
from plots.values.scalars import check_text, write_value

from .fields import RepeatedField

CHOOSE, NONE = "choose", "none"
# Texts in selects of columns, which pages translate: empty choices and data types.
COLUMN_CHOICES = (CHOOSE, NONE, "number", "date", "datetime", "duration", "time", "text", "boolean")


class LabelsField(RepeatedField):
    """Names of series."""

    def read(self, values: Iterable[Any]) -> Iterable[str]:
        return (check_text(str(label).strip(), "label") for label in values)


class ColumnsField(RepeatedField):
    """Values of a channel. Each repetition is one column; see ``values.columns.read_column``."""

    def __init__(self, channel: str, dtype: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.channel, self.dtype = channel, dtype

    def read(self, values: Iterable[Any]) -> Iterable[Any]:
        given = [value for value in values if not is_empty(value)]
        if self.dtype == "grid":
            return [read_grid(given, self.channel)] if given else []
        return map(self._column, given)

    def _column(self, value: Any) -> Column:
        if isinstance(value, str):
            return read_column(value, self.channel, dtype=self.dtype)
        # A single number is a column of one value, for example of a gauge.
        column = from_values([value] if isinstance(value, Number) else value, self.channel)
        if self.dtype == "category":
            return tuple(None if item is None else write_value(item) for item in column)
        return column


class ColumnNamesField(RepeatedField):
    """Names of a source's columns, comma-separated or repeated."""

    def read(self, values: Iterable[Any]) -> Iterable[str]:
        return (str(name) for value in values for name in split_items(str(value), "") if name)


class ColumnChoice(forms.Select):
    """Select of one column of a source whose columns are known."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in given if value]


class ColumnChoices(forms.SelectMultiple):
    """Select of several columns of a source whose columns are known."""


@lru_cache(maxsize=256)
def data_form(
    channels: tuple[Channel, ...], has_labels: bool, has_source: bool
) -> type[forms.Form]:
    """Return the form class of a kind's channels.

    Parameters
    ----------
    channels : tuple of Channel
        The channels that the kind accepts.
    has_labels : bool
        Whether the kind has a repeated channel, whose series can be labelled.
    has_source : bool
        Whether channels name columns of a source rather than hold values.
    """
    fields: dict[str, forms.Field] = {}
    if channels:
        fields["source"] = forms.CharField(
            required=False,
            help_text="Pick a data source, then choose its columns below.",
        )
    for channel in channels:
        declared: dict[str, Any] = {"help_text": channel.help}
        if not channel.repeat:
            declared["most"] = 1
        fields[channel.name] = (
            ColumnNamesField(rows=1, **declared)
            if has_source
            else ColumnsField(channel.name, channel.dtype, **declared)
        )
    if has_labels:
        fields["label"] = LabelsField(help_text="Names of the series, in order.")
    return type("DataForm", (forms.Form,), fields)


def source_widget(user: User) -> forms.Widget:
    """Return a select of the sources that ``user`` may choose from."""

    def choices() -> list[tuple[str, str]]:  # called when the widget is rendered
        named = ((source.name, source.title) for source in sources.offered(user))
        return [("", "values given here"), *named]

    return forms.Select(choices=choices)  # type: ignore[arg-type]  # Django calls it


def drawable_columns(channel: Channel, columns: Mapping[str, str]) -> dict[str, str]:
    """Filter ``columns``, data types by name, to those that ``channel`` can draw."""
    drawn: Collection[str] = columns.values()
    if channel.dtype in ("number", "grid", "ordered"):
        drawn = {"number", "boolean", "duration", "time"}
        drawn |= {"date", "datetime", "moment"} if channel.dtype == "ordered" else set()
    return {name: dtype for name, dtype in columns.items() if dtype in drawn}


def column_widget(channel: Channel, columns: Mapping[str, str], chosen: Sequence[str]) -> Any:
    """Return a select of the ``columns`` that ``channel`` can draw.

    None if the select could not show the ``chosen`` columns: it lists columns in the order of the
    source, so any other order needs a text field.
    """
    offered = [
        (write_column((name,)), f"{name} ({translate(dtype)})")
        for name, dtype in drawable_columns(channel, columns).items()
    ]
    if [name for name, _ in offered if name in chosen] != [*chosen]:
        return None
    if channel.repeat:
        return ColumnChoices({"size": min(max(3, len(offered)), 8)}, choices=offered)
    return ColumnChoice(choices=[("", CHOOSE if channel.required else NONE), *offered])


def is_empty(value: Any) -> bool:
    """Whether ``value`` is blank text."""
    return isinstance(value, str) and not value.strip()
