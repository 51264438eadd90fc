"""Bind parameters to forms. A missing parameter has its default; each mistake is a PlotError."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.values.scalars import read_number, write_value

from .fields import RepeatedField, SwitchField

Parameters = Mapping[str, Sequence[Any]]

# Names that other chart services use.
ALIASES = {"devicePixelRatio": "scale", "w": "width", "h": "height"}
# Parameters of a URL that do not describe the plot: its revision, its signature, and the time at
# which the signature expires.
REVISION, SIGNATURE, UNTIL = RESERVED = ("v", "sig", "until")


def resolve_aliases(parameters: Parameters) -> dict[str, list[Any]]:
    """Return ``parameters`` under their canonical names, without the reserved ones."""
    given: dict[str, list[Any]] = {}
    for name, values in parameters.items():
        if name not in RESERVED:
            given.setdefault(ALIASES.get(name, name), []).extend(values)
    return given


def as_parameters(given: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """Return parameters from a JSON-like mapping, in which only repeated ones are lists."""
    return {name: value if isinstance(value, list) else [value] for name, value in given.items()}


def bind(form_class: type[forms.Form], given: Parameters) -> forms.Form:
    """Bind ``form_class`` to ``given``. A missing or empty parameter has its initial value."""
    form = form_class(MultiValueDict())
    form.fields = {name: _as_parameter(field) for name, field in form.fields.items()}
    return _fill(form, given)


def bind_shared(form_class: type[forms.Form], given: Parameters) -> forms.Form:
    """Bind like ``bind``, with fields that all such forms share and nobody may change."""
    if form_class.__init__ is not forms.Form.__init__:
        return bind(form_class, given)  # the form may change its fields
    bare, fields = _split_fields(form_class)
    form = bare(MultiValueDict())
    form.fields = fields
    return _fill(form, given)


@lru_cache(maxsize=256)
def _split_fields(form_class: type[forms.Form]) -> tuple[type[forms.Form], dict[str, forms.Field]]:
    """Split ``form_class`` into a form without fields, which Django copies slowly, and them."""
    bare: Any = type(form_class.__name__, (form_class,), {})
    bare.base_fields = {}
    return bare, {name: _as_parameter(field) for name, field in form_class.base_fields.items()}


def _fill(form: forms.Form, given: Parameters) -> forms.Form:
    values: Any = form.data
    fields = form.fields
    for name, field in fields.items():
        own = [value for value in given.get(name, ()) if not _is_blank(value)]
        if not own and field.initial is not None:
            default = field.initial() if callable(field.initial) else field.initial
            own = list(default) if isinstance(default, (list, tuple)) else [default]
        values.setlist(name, own if repeats(field) else [_as_text(value) for value in own])
    form.full_clean()
    for name, field in fields.items():
        if isinstance(field, (forms.IntegerField, forms.DecimalField)):
            text = values.get(name)
            if text is not None and read_number(text) is None:
                form.errors.pop(name, None)  # Django's message does not quote the value
                message = _("“%(value)s” is not a number.") % {"value": text[:40]}
                form.add_error(name, ValidationError(message, code="invalid"))
    return form


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return write_value(value) if isinstance(value, float) else str(value).strip()


def _as_parameter(field: forms.Field) -> forms.Field:
    """Replace a checkbox by a switch: a URL cannot distinguish "off" from "not given"."""
    if type(field) is not forms.BooleanField:
        return field
    return SwitchField(initial=bool(field.initial), label=field.label, help_text=field.help_text)


def repeats(field: forms.Field) -> bool:
    """Whether the parameter of ``field`` may be repeated."""
    return isinstance(field, RepeatedField) or getattr(
        field.widget, "allow_multiple_selected", False
    )


def errors_of(form: forms.Form) -> Iterator[PlotError]:
    """Yield the errors of a bound form as PlotErrors."""
    for name, errors in form.errors.as_data().items():
        field = form.fields.get(name)
        for error in errors:
            message = " ".join(error.messages)
            if error.code == "invalid_choice" and isinstance(field, forms.ChoiceField):
                value = str(form.data.get(name))
                known = [str(key) for key, label in field.widget.choices if key != ""]
                message = _("“%(value)s” is not a choice here.") % {"value": value[:40]}
                message += suggestion(value, known)
            yield PlotError(message, error.code or "invalid", None if field is None else name)
