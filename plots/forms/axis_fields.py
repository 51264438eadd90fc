"""Form fields of axis parameters: limits, formats, orders and reference lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.ordering import ORDERS, Order
from plots.spec.references import Reference
from plots.values.column_text import from_items, read_column, split_items, write_column
from plots.values.columns import from_values
from plots.values.formatting import DATE_FORMATS, NUMBER_FORMATS
from plots.values.scalars import (
    MAX_NUMBER,
    Value,
    check_text,
    read_date,
    read_duration,
    read_number,
    read_time,
    write_value,
)
from plots.values.timezones import zone_names

from .columns import is_empty
from .fields import RepeatedField
from .options import as_validation_error, choices

END_OF_DAY = timedelta(hours=24)


class LimitField(forms.CharField):
    """Limit of an axis: a number, an ISO date, a duration or a time of day, as the axis shows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, empty_value=None, max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text is None:
            return None
        number = read_number(text)
        if number is not None and abs(number) <= MAX_NUMBER:
            return number
        found: Value = END_OF_DAY if text.removeprefix("T") == "24:00" else None
        try:
            found = found or read_date(text) or _read_seconds(text)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise ValidationError(
                _(
                    "“%(value)s” is neither a number nor a date such as 2026-01-31, a duration "
                    "such as 01:30:00 or a time of day such as 09:30."
                ),
                code="invalid",
                params={"value": text},
            )
        return found

    def run_validators(self, value: Any) -> None:
        """Do nothing: the value is no longer text, and the syntax limits its length."""


def _read_seconds(text: str) -> Value:
    duration = read_duration(text)
    return read_time(text) if duration is None else duration


class FormatField(forms.ChoiceField):
    """Format of the numbers or dates of an axis."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        super().__init__(
            label=f"{axis} format",
            choices=choices(("auto", *NUMBER_FORMATS, *DATE_FORMATS)),
            initial="auto",
            required=False,
            help_text=f"How numbers or dates on the {axis} axis are written. percent turns 0.25 "
            "into 25%, of-100 turns 25 into 25%.",
            **kwargs,
        )


class ZoneField(forms.CharField):
    """Time zone by its IANA name, from a fixed list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        if name and name not in zone_names():
            message = _("“%(name)s” is not a time zone.") % {"name": name}
            raise ValidationError(message + suggestion(name, zone_names()), code="invalid_choice")
        return name


class OrderField(forms.CharField):
    """Order of the names on an axis: one of ``ORDERS``, or names separated by commas."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        super().__init__(
            label=f"{axis} order",
            initial="given",
            required=False,
            help_text=f"Order of the names on the {axis} axis: as given, by name, or by the sum of "
            "their values, rising or falling. Or list the names that come first.",
            **kwargs,
        )

    def clean(self, value: Any) -> Order:
        text: str = super().clean(value)
        if text in ORDERS:
            return text
        try:
            names = read_column(text, "", dtype="category")
        except PlotError as error:
            raise as_validation_error(error) from None
        if None in names or len(set(names)) < len(names):
            raise ValidationError(_("List each name once, separated by commas."), code="invalid")
        return tuple(map(str, names))


class ReferenceField(RepeatedField):
    """Reference lines or bands with optional labels, such as ``100,Target``.

    ``ends`` is 1 for lines and 2 for bands.
    """

    def __init__(self, ends: int, **kwargs: Any) -> None:
        super().__init__(rows=1, **kwargs)
        self.ends = ends

    def read(self, values: Iterable[Any]) -> Iterable[Reference]:
        return (self._reference(value) for value in values if not is_empty(value))

    def _reference(self, value: Any) -> Reference:
        if not isinstance(value, str):
            given = value if isinstance(value, (list, tuple)) else [value]
            given = [
                each if isinstance(each, str) else from_values([each], "")[0] for each in given
            ]
            value = write_column(given)
        items = split_items(value, "")
        *ends, label = items if len(items) > self.ends else [*items, ""]
        if len(ends) != self.ends or not all(ends):
            line = _("Write a value and an optional label, such as 100,Target.")
            band = _("Write two values and an optional label, such as 10,20,Normal.")
            raise PlotError(band if self.ends == 2 else line, "invalid")
        values = (from_items([end], "")[0] for end in ends)
        # A name on an axis of booleans.
        read = tuple(write_value(v) if isinstance(v, bool) else v for v in values)
        if None in read:
            raise PlotError(_("A reference line needs a value, not a gap."), "invalid")
        if self.ends == 2 and read[0] == read[1] and not isinstance(read[0], str):
            raise PlotError(_("A band needs two different values."), "invalid")
        return (*read, check_text(str(label), ""))


def write_reference(reference: Reference) -> str:
    """Write ``reference`` as a parameter. ReferenceField reads it back."""
    return write_column(reference if reference[-1] else reference[:-1])
