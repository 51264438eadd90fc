"""Form controls for a plot's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.forms.fields import SwitchField
from plots.forms.frame import PRESENTATION
from plots.i18n import translate, translate_choices

from .attempt import Attempt
from .widgets import widget_for


@dataclass(frozen=True)
class Control:
    """Form control of one parameter, with its value, its default and its errors."""

    field: forms.BoundField
    value: Any
    default: str
    errors: tuple[str, ...] = ()
    automatic: bool = False
    shown: Attempt = Attempt()

    @property
    def is_group(self) -> bool:
        """Whether the control has several inputs, each with its own label."""
        return isinstance(self.field.field, SwitchField)

    @property
    def id(self) -> str:
        return self.field.id_for_label

    @property
    def label(self) -> str:
        return translate(self.field.label)

    @property
    def widget(self) -> SafeString:
        spec = self.shown.plot.spec if self.shown.plot else None
        widget, fit = widget_for(
            self.field.field, self.field.name, self.value, spec, self.shown.data
        )
        if self.errors and isinstance(widget, forms.NumberInput):
            widget, fit = forms.TextInput(), {}  # a number input does not show invalid text
        attrs = fit | {
            "id": self.id,
            "aria-describedby": f"{self.id}_help {self.id}_error",
            "data-default": self.default,
        }
        if not self.is_group:
            attrs["autocomplete"] = "off"  # the URL decides what the controls show
        if self.errors:
            attrs["aria-invalid"] = "true"
        if isinstance(widget, forms.widgets.ChoiceWidget):
            known = translate_choices(widget.choices)
            if self.automatic:
                known = [("", _("automatic")), *(each for each in known if each[0] != "")]
            widget.choices = known
        elif self.automatic:
            attrs["placeholder"] = _("automatic")
        return widget.render(self.field.html_name, self.value, attrs)


def kind_controls(names: set[str], tried: Attempt) -> Iterator[tuple[str, list[Control], bool]]:
    """Yield each heading of a kind, its controls, and whether one of them has an error."""
    for heading, fields in tried.form.groups() if tried.form else ():
        made = [
            make_control(each, names, each.field.initial, tried.errors, tried) for each in fields
        ]
        yield heading, made, any(control.errors for control in made)


def make_control(
    field: forms.BoundField,
    names: set[str],
    default: Any,
    errors: Iterable[PlotError],
    shown: Attempt,
) -> Control:
    """Return the control of ``field``; ``names`` are the parameters that the URL has."""
    # The page chooses size, theme and language until the URL names one.
    automatic = field.name in PRESENTATION
    value = "" if automatic and field.name not in names else field.value()
    if isinstance(field.field, SwitchField) and value:
        value = field.field.to_python(value)  # from "true", "on" and other words
    return Control(
        field,
        value,
        "" if automatic else as_text(default),
        tuple(error.message for error in errors if error.parameter == field.name),
        automatic,
        shown,
    )


def as_text(value: Any) -> str:
    """Return a default as the text of its control."""
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
