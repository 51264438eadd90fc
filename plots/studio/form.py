"""The form of a preset: its fields are those of its plot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..language import translated, translated_choices
from ..models import ALWAYS_ALLOWED, PREFIX, ParameterError, Preset
from ..registry import Entry, kinds, sources
from ..visibility import SITE

REFRESH = "_refresh"


class OverridesField(forms.MultipleChoiceField):
    """The parameters that visitors may change; one that the kind has no more falls away."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [name for name in super().to_python(value) if self.valid_value(name)]


class PresetForm(forms.ModelForm):
    """A preset with its plot's parameters as fields, named ``plot_…``.

    Those fields only carry text: the model validates it, by the same gate as a URL's, and its
    errors come back to them.
    """

    kind = forms.ChoiceField(
        label=_("Kind"), help_text=_("How it is drawn; the fields below are the kind's.")
    )
    source = forms.ChoiceField(
        label=_("Source"),
        required=False,
        help_text=_("Where the data come from; then channels name its columns."),
    )
    overrides = OverridesField(
        required=False,
        label=_("Visitors may change"),
        help_text=format_lazy(_("Besides {names}."), names=", ".join(ALWAYS_ALLOWED)),
    )

    class Meta:
        model = Preset
        fields = ("title", "slug", "description", "tags", "kind", "source", "overrides", "cache",
                  "visibility", "order")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _choices(kinds, self.instance.kind)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["source"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("values given here")),
            *_choices(sources.offered(SITE), self.instance.source),
        ]
        self.fields["overrides"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            (name, name) for name in self._parameters() if name not in ALWAYS_ALLOWED
        ]

    def _parameters(self) -> list[str]:
        return [name.removeprefix(PREFIX) for name in self.fields if name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "kind" in cleaned and "source" in cleaned:  # else there is nothing to hold them against
            self.instance.parameters = {
                name: value if isinstance(value, list) else [value]
                for name in self._parameters()
                if (value := cleaned.get(PREFIX + name)) not in (None, "", [])
            }
        if REFRESH in self.data:
            message = _("The plot with the fields of its kind and source. Nothing is saved yet.")
            raise ValidationError(message, code="refreshed")
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """Bring what the model says of a parameter to that parameter's field."""
        found = getattr(error, "error_dict", {}).get(NON_FIELD_ERRORS, [])
        rest = []
        for each in found:
            name = f"{PREFIX}{each.error.parameter}" if isinstance(each, ParameterError) else ""
            if name in self.fields:
                super().add_error(name, each.error.message)
            elif isinstance(each, ParameterError) and each.error.parameter in self.fields:
                super().add_error(each.error.parameter, each.error.message)
            else:
                rest.append(each)
        if found:
            error.error_dict.pop(NON_FIELD_ERRORS)
            if rest:
                error.error_dict[NON_FIELD_ERRORS] = rest
            if not error.error_dict:
                return
        super().add_error(field, error)


def _choices(entries: Iterable[Entry], current: str) -> list[tuple[str, str]]:
    known = [(entry.name, translated(entry.title)) for entry in entries]
    if current and current not in dict(known):
        known.append((current, gettext("%(name)s (no longer registered)") % {"name": current}))
    return known


def as_text(field: forms.BoundField) -> forms.Field:
    """A field that looks like the parameter's own and carries its text unread."""
    widget = field.field.widget
    if isinstance(widget, forms.TextInput) and not isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("class", "vTextField")
    if isinstance(widget, forms.Select):
        widget.choices = translated_choices(widget.choices)
    value: Any = field.value()
    return forms.Field(
        required=False,
        widget=widget,
        label=translated(field.label),
        help_text=translated(field.help_text),
        initial=value,
    )
