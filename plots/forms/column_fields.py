"""Form fields of columns, labels and queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Number
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.channels import Channel
from plots.spec.query import Filter, read_bin, read_filter
from plots.values.column_text import read_column, split_items, write_column
from plots.values.columns import Column, from_values
from plots.values.grids import read_grid
from plots.values.scalars import check_text, write_value

from .options import TextField as TextField
from .options import as_validation_error


class Lines(forms.Textarea):
    """One textarea for a parameter that repeats: a line for each time."""

    def __init__(self, rows: int = 2) -> None:
        super().__init__({"rows": rows, "spellcheck": "false"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [line for value in given for line in self._lines(value)]

    @staticmethod
    def _lines(value: Any) -> Sequence[Any]:
        # Not splitlines: it also breaks at separators that are to be refused as characters.
        return value.replace("\r\n", "\n").split("\n") if isinstance(value, str) else [value]

    def format_value(self, value: Any) -> str:
        return "\n".join(value) if isinstance(value, (list, tuple)) else str(value or "")


class RepeatedField(forms.Field):
    """A parameter that may be given more than once; ``clean`` returns a tuple.

    ``most`` bounds how often: 1 for a channel that takes but one column.
    """

    def __init__(self, *, rows: int = 2, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(required=False, widget=Lines(rows), **kwargs)
        self.most = most

    def clean(self, value: Iterable[Any] | None) -> tuple[Any, ...]:
        try:
            values = tuple(self.read(value or ()))
        except PlotError as error:
            raise as_validation_error(error) from None
        if self.most is not None and len(values) > self.most:
            message = _("This is given %(count)d times; give it once.") % {"count": len(values)}
            raise ValidationError(message, code="repeated-parameter")
        return values

    def read(self, values: Iterable[Any]) -> Iterable[Any]:
        raise NotImplementedError


class LabelsField(RepeatedField):
    def read(self, values: Iterable[Any]) -> Iterable[str]:
        return (check_text(str(label).strip(), "label") for label in values)


class ColumnsField(RepeatedField):
    """A channel's own values: for each time it is given, one column (``columns.read_column``)."""

    def __init__(self, channel: str, sort: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.channel, self.dtype = channel, sort

    def read(self, values: Iterable[Any]) -> Iterable[Any]:
        given = [value for value in values if not is_empty(value)]
        if self.dtype == "grid":
            return [read_grid(given, self.channel)] if given else []
        return map(self._column, given)

    def _column(self, value: Any) -> Column:
        if isinstance(value, str):
            return read_column(value, self.channel, dtype=self.dtype)
        # A number alone is a column of one, as for a gauge.
        column = from_values([value] if isinstance(value, Number) else value, self.channel)
        if self.dtype == "category":
            return tuple(None if item is None else write_value(item) for item in column)
        return column


class ColumnNamesField(RepeatedField):
    """A channel's columns of a source, by name, comma-separated or repeated."""

    def read(self, values: Iterable[Any]) -> Iterable[str]:
        return (str(name) for value in values for name in split_items(str(value), "") if name)


class ColumnChoice(forms.Select):
    """One column of a source whose columns are known."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in given if value]


class ColumnChoices(forms.SelectMultiple):
    """Several of them."""


def drawable(channel: Channel, columns: Mapping[str, str]) -> dict[str, str]:
    """Those of a source's ``columns``, with what they hold, that ``channel`` can draw."""
    is_numeric = channel.dtype in ("number", "grid")
    return {
        name: sort
        for name, sort in columns.items()
        if not is_numeric or sort in ("number", "boolean")
    }


def column_widget(channel: Channel, columns: Mapping[str, str], given: Sequence[str]) -> Any:
    """The list of the ``columns`` that ``channel`` can draw; None if what is ``given`` is not it.

    A list has an order of its own, so that another is left to text.
    """
    offered = [
        (write_column((name,)), f"{name} ({sort})")
        for name, sort in drawable(channel, columns).items()
    ]
    places = [name for name, _ in offered if name in given]
    if places != [*given]:
        return None
    if channel.repeat:
        return ColumnChoices({"size": min(max(3, len(offered)), 8)}, choices=offered)
    return ColumnChoice(choices=[("", "choose" if channel.required else "none"), *offered])


class FiltersField(RepeatedField):
    """Which rows of a source are drawn: ``query.read_filter``, repeated for more conditions."""

    def read(self, values: Iterable[Any]) -> Iterable[Filter]:
        texts = (check_text(str(value).strip(), "filter") for value in values)
        return (read_filter(text) for text in texts if text)


class BinField(forms.CharField):
    """The width of the bins of x: a number, or a unit of time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_bin(text) if text else ""
        except PlotError as error:
            raise as_validation_error(error) from None


def is_empty(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()
