"""Turn parameters of a plot into text fields of the preset form, with suitable widgets."""

from __future__ import annotations

from typing import Any

from django import forms

from plots.conf import conf
from plots.forms.fields import ColorsField, ScaleField, SideField
from plots.i18n import translate, translate_choices
from plots.spec.themes import LIGHT
from plots.values.scalars import read_number

# The step of a number input, by the size of its range.
STEPS = ((1, "0.05"), (10, "0.1"), (50, "0.5"))


def as_text(bound: forms.BoundField) -> forms.Field:
    """Return a field that looks like the parameter's own field but does not validate its text."""
    value: Any = bound.value()
    widget = _widget(bound.field, value)
    if isinstance(widget, forms.TextInput) and not isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("class", "vTextField")
    if isinstance(widget, forms.Select):
        widget.choices = translate_choices(widget.choices)
    return forms.Field(
        required=False,
        widget=widget,
        label=translate(bound.label),
        help_text=translate(bound.help_text),
        initial=value,
    )


def _widget(field: Any, value: Any) -> forms.Widget:
    widget: forms.Widget = field.widget
    if isinstance(widget, forms.NumberInput):
        if value and read_number(str(value)) is None:
            return forms.TextInput()  # a number input would not show invalid text
        widget.attrs |= _bounds(field)
    elif isinstance(field, ColorsField):
        # A script adds colour swatches; the text input also accepts names.
        widget.attrs |= {"data-colors": ",".join(LIGHT.palette), "spellcheck": "false"}
    elif type(field) is forms.DateField:
        return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return widget


def _bounds(field: Any) -> dict[str, Any]:
    """Return min, max and step of a number input. Limits from settings are read live."""
    if isinstance(field, SideField):
        return {"min": conf.MIN_SIDE, "max": conf.MAX_SIDE, "step": 1}
    low, high = field.min_value, field.max_value
    if isinstance(field, ScaleField):
        low, high = conf.MIN_SCALE, conf.MAX_SCALE
    bounds = {"min": low, "max": high}
    if isinstance(field, (forms.FloatField, forms.DecimalField)) and None not in (low, high):
        bounds["step"] = next((step for far, step in STEPS if high - low <= far), "any")
    return {name: each for name, each in bounds.items() if each is not None}
