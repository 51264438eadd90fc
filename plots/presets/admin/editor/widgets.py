"""Parameters of a plot as fields of a preset's form, each with the control that fits it."""

from __future__ import annotations

from typing import Any

from django import forms

from plots.conf import conf
from plots.forms.fields import ColorsField, ScaleField, SideField
from plots.i18n import translate, translate_choices
from plots.spec.themes import LIGHT
from plots.values.scalars import read_number

# How far a click on a number's arrows goes, by how far its ends lie apart.
STEPS = ((1, "0.05"), (10, "0.1"), (50, "0.5"))


def as_text(bound: forms.BoundField) -> forms.Field:
    """A field that looks like the parameter's own and carries its text unread."""
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
            return forms.TextInput()  # the other would not show what is no number
        widget.attrs |= _bounds(field)
    elif isinstance(field, ColorsField):
        # Swatches stand beside it; the text takes names, too.
        widget.attrs |= {"data-colors": ",".join(LIGHT.palette), "spellcheck": "false"}
    elif type(field) is forms.DateField:
        return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return widget


def _bounds(field: Any) -> dict[str, Any]:
    """What a number field may be told of its ends and steps; those of settings are read live."""
    if isinstance(field, SideField):
        return {"min": conf.MIN_SIDE, "max": conf.MAX_SIDE, "step": 1}
    low, high = field.min_value, field.max_value
    if isinstance(field, ScaleField):
        low, high = conf.MIN_SCALE, conf.MAX_SCALE
    told = {"min": low, "max": high}
    if isinstance(field, (forms.FloatField, forms.DecimalField)) and None not in (low, high):
        told["step"] = next((step for far, step in STEPS if high - low <= far), "any")
    return {name: each for name, each in told.items() if each is not None}
