"""Form fields of a plot's parameters that Django has not: columns, labels, colours, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Number
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from PIL import ImageColor

from .columns import (
    LARGEST,
    Column,
    check_text,
    from_values,
    read_column,
    read_date,
    read_number,
    split,
    write_column,
    write_value,
)
from .conf import conf
from .errors import PlotError
from .grids import read_grid
from .options import TextField as TextField
from .options import as_validation_error
from .query import Filter, read_bin, read_filter
from .registry import Channel


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
            message = f"This is given {len(values)} times; give it once."
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
        self.channel, self.sort = channel, sort

    def read(self, values: Iterable[Any]) -> Iterable[Any]:
        given = [value for value in values if not _is_empty(value)]
        if self.sort == "grid":
            return [read_grid(given, self.channel)] if given else []
        return map(self._column, given)

    def _column(self, value: Any) -> Column:
        if isinstance(value, str):
            return read_column(value, self.channel, sort=self.sort)
        # A number alone is a column of one, as for a gauge.
        column = from_values([value] if isinstance(value, Number) else value, self.channel)
        if self.sort == "category":
            return tuple(None if item is None else write_value(item) for item in column)
        return column


class ColumnNamesField(RepeatedField):
    """A channel's columns of a source, by name, comma-separated or repeated."""

    def read(self, values: Iterable[Any]) -> Iterable[str]:
        return (str(name) for value in values for name in split(str(value), "") if name)


class ColumnChoice(forms.Select):
    """One column of a source whose columns are known."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in given if value]


class ColumnChoices(forms.SelectMultiple):
    """Several of them."""


def column_widget(channel: Channel, columns: Mapping[str, str], given: Sequence[str]) -> Any:
    """The list of the ``columns`` that ``channel`` can draw; None if what is ``given`` is not it.

    A list has an order of its own, so that another is left to text.
    """
    is_numeric = channel.sort in ("number", "grid")
    offered = [
        (write_column((name,)), f"{name} ({sort})")
        for name, sort in columns.items()
        if not is_numeric or sort in ("number", "boolean")
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


def _is_empty(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


class LimitField(forms.CharField):
    """An end of an axis: a number, or an ISO date where the axis shows dates."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, empty_value=None, max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text is None:
            return None
        number = read_number(text)
        if number is not None and abs(number) <= LARGEST:
            return number
        try:
            found = read_date(text)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise ValidationError(
                "“%(value)s” is neither a number nor a date such as 2026-01-31.",
                code="invalid",
                params={"value": text},
            )
        return found

    def run_validators(self, value: Any) -> None:
        """The length is bounded by the syntax; the value is no longer text."""


class SideField(forms.IntegerField):
    """A side of the picture in CSS pixels; the bounds are settings, so they are read live."""

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SIDE <= value <= conf.MAX_SIDE:
            raise ValidationError(
                f"A side is from {conf.MIN_SIDE} to {conf.MAX_SIDE} pixels long.",
                code="out-of-range",
            )


class ScaleField(forms.FloatField):
    """The device pixel ratio, with bounds read live as a side's."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SCALE <= value <= conf.MAX_SCALE:
            raise ValidationError(
                f"The scale is from {conf.MIN_SCALE:g} to {conf.MAX_SCALE:g}.", code="out-of-range"
            )


class ColorsField(forms.CharField):
    """Comma-separated CSS names or hex colours, as ``#rrggbb`` or ``#rrggbbaa``."""

    _HEX = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", re.ASCII)
    MOST = 50

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=600, **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        colors = tuple(self._color(item.strip()) for item in text.split(",")) if text else ()
        if len(colors) > self.MOST:
            raise ValidationError(f"At most {self.MOST} colours can be given.", code="too-many")
        return colors

    def _color(self, text: str) -> str:
        named = ImageColor.colormap.get(text.lower())
        if isinstance(named, str):
            return named
        match = self._HEX.fullmatch(text)
        if not match:
            raise ValidationError(
                "“%(color)s” is no colour: write a CSS name such as teal, or hex such as 0a7d6c.",
                code="invalid-color",
                params={"color": text[:40]},
            )
        digits = match[1].lower()
        return "#" + ("".join(2 * digit for digit in digits) if len(digits) < 6 else digits)


YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


class SwitchField(forms.TypedChoiceField):
    """Yes or no. Unlike a checkbox's, its absence is not a no but the default."""

    def __init__(self, *, initial: bool = False, **kwargs: Any) -> None:
        super().__init__(
            choices=[("1", "yes"), ("0", "no")],
            coerce=lambda value: value == "1",
            initial="1" if initial else "0",
            required=False,
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        text = str(value).lower()
        return "1" if text in YES else "0" if text in NO else super().to_python(value)
