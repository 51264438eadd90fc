"""Form fields of a plot's parameters that Django has not: columns, labels, colours, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from numbers import Number
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ImageColor

from .clocks import zones
from .columns import (
    LARGEST,
    Column,
    check_text,
    from_items,
    from_values,
    read_column,
    read_date,
    read_number,
    split,
    write_column,
    write_value,
)
from .conf import conf
from .errors import PlotError, suggestion
from .grids import read_grid
from .numerals import DATE_FORMATS, NUMBER_FORMATS
from .options import TextField as TextField
from .options import as_validation_error, choices
from .order import ORDERS, Order
from .query import Filter, read_bin, read_filter
from .references import Reference
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


def drawable(channel: Channel, columns: Mapping[str, str]) -> dict[str, str]:
    """Those of a source's ``columns``, with what they hold, that ``channel`` can draw."""
    is_numeric = channel.sort in ("number", "grid")
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
                _("“%(value)s” is neither a number nor a date such as 2026-01-31."),
                code="invalid",
                params={"value": text},
            )
        return found

    def run_validators(self, value: Any) -> None:
        """The length is bounded by the syntax; the value is no longer text."""


class FormatField(forms.ChoiceField):
    """How the numbers or dates of an axis are written."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        super().__init__(
            label=f"{axis} format",
            choices=choices(("auto", *NUMBER_FORMATS, *DATE_FORMATS)),
            initial="auto",
            required=False,
            help_text=f"How the numbers or dates of {axis} are written; percent: 0.25 is 25%, "
            "of-100: 25 is.",
            **kwargs,
        )


class ZoneField(forms.CharField):
    """A time zone of the closed list, by its IANA name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        if name and name not in zones():
            message = _("“%(name)s” is not a time zone.") % {"name": name}
            raise ValidationError(message + suggestion(name, zones()), code="invalid_choice")
        return name


class OrderField(forms.CharField):
    """The order of an axis' names: one of ORDERS, or the names themselves, comma-separated."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        super().__init__(
            label=f"{axis} order",
            initial="given",
            required=False,
            help_text=f"The order of names along {axis}, rising or falling by the sum of their "
            "numbers; or names, which the others follow.",
            **kwargs,
        )

    def clean(self, value: Any) -> Order:
        text: str = super().clean(value)
        if text in ORDERS:
            return text
        try:
            names = read_column(text, "", sort="category")
        except PlotError as error:
            raise as_validation_error(error) from None
        if None in names or len(set(names)) < len(names):
            raise ValidationError(
                _("Write each name once, with a comma between two."), code="invalid"
            )
        return tuple(map(str, names))


class ReferenceField(RepeatedField):
    """A line at a value of an axis, or a band between two, and a label: ``100,Target``."""

    def __init__(self, ends: int, **kwargs: Any) -> None:
        super().__init__(rows=1, **kwargs)
        self.ends = ends

    def read(self, values: Iterable[Any]) -> Iterable[Reference]:
        return (self._reference(value) for value in values if not _is_empty(value))

    def _reference(self, value: Any) -> Reference:
        if not isinstance(value, str):
            given = value if isinstance(value, (list, tuple)) else [value]
            value = write_column([v if isinstance(v, (str, date)) else float(v) for v in given])
        items = split(value, "")
        *ends, label = items if len(items) > self.ends else [*items, ""]
        if len(ends) != self.ends or not all(ends):
            line = _("Write a value, and a label if there is one, such as 100,Target.")
            band = _("Write two values, and a label if there is one, such as 10,20,Normal.")
            raise PlotError(band if self.ends == 2 else line, "invalid")
        read = tuple(from_items([end], "")[0] for end in ends)
        if None in read:
            raise PlotError(_("A reference stands at a value, not at a gap."), "invalid")
        if self.ends == 2 and read[0] == read[1] and not isinstance(read[0], str):
            raise PlotError(_("A band lies between two different values."), "invalid")
        return (*read, check_text(str(label), ""))


def write_reference(reference: Reference) -> str:
    """The text that a ReferenceField turns into ``reference`` again."""
    return write_column(reference if reference[-1] else reference[:-1])


class SideField(forms.IntegerField):
    """A side of the picture in CSS pixels; the bounds are settings, so they are read live."""

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SIDE <= value <= conf.MAX_SIDE:
            raise ValidationError(
                _("A side is from %(low)d to %(high)d pixels long."),
                code="out-of-range",
                params={"low": conf.MIN_SIDE, "high": conf.MAX_SIDE},
            )


class ScaleField(forms.FloatField):
    """The device pixel ratio, with bounds read live as a side's."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SCALE <= value <= conf.MAX_SCALE:
            raise ValidationError(
                _("The scale is from %(low)s to %(high)s."),
                code="out-of-range",
                params={"low": f"{conf.MIN_SCALE:g}", "high": f"{conf.MAX_SCALE:g}"},
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
            message = _("At most %(most)d colours can be given.") % {"most": self.MOST}
            raise ValidationError(message, code="too-many")
        return colors

    def _color(self, text: str) -> str:
        named = ImageColor.colormap.get(text.lower())
        if isinstance(named, str):
            return named
        match = self._HEX.fullmatch(text)
        if not match:
            raise ValidationError(
                _(
                    "“%(color)s” is no colour: "
                    "write a CSS name such as teal, or hex such as 0a7d6c."
                ),
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
