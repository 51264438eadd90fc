"""The admin form of a preset, with the fields of its plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.admin_permissions import VisibilityForm
from plots.errors import PlotError
from plots.forms.frame import PRESENTATION
from plots.i18n import translate
from plots.permissions import SITE
from plots.presets.models import PREFIX, ParameterError, Preset
from plots.presets.overlaps import find_summary
from plots.spec.query import OVERLAP, STATS
from plots.spec.registry import FAMILIES, Entry, kinds, sources

from .conflicts import Difference, saved_since
from .drafts import REFRESH


class OverridesField(forms.MultipleChoiceField):
    """The parameters that visitors may change. Those that the kind no longer has are dropped."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [name for name in super().to_python(value) if self.valid_value(name)]


class PresetForm(VisibilityForm):
    """A preset with the parameters of its plot as fields named ``plot_…``.

    These fields carry text only. The model validates it as the parameters of a URL, and its errors
    are added to the fields.
    """

    # The time of the last save when the form was opened.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"))
    source = forms.ChoiceField(
        label=_("Source"),
        required=False,
        help_text=_("Pick a dataset, then choose its columns below."),
    )
    overrides = OverridesField(
        required=False,
        label=_("Visitors may change"),
        help_text=format_lazy(
            _("Visitors can always change {names}."), names=", ".join(PRESENTATION)
        ),
    )

    class Meta:
        model = Preset
        fields = ("title", "slug", "description", "tags", "kind", "source", "overrides", "cache",
                  "visibility", "groups", "order")  # fmt: skip

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.conflict: Sequence[Difference] = ()
        own = self.instance
        if "kind" in self.fields:  # absent if the user may only view
            self._choices("kind", _by_family(own.kind))
            kind = self.initial.get("kind") if data is None else data.get("kind")
            self.fields["kind"].help_text = _kind_help(str(kind))
            offered = _choices_of(sources.offered(SITE), own.source)
            self._choices("source", [("", _("Values entered below")), *offered])
            names = [name for name in self._parameters() if name not in PRESENTATION]
            self._choices("overrides", [(name, name) for name in names])
        if own.pk and "opened" in self.fields:
            self.fields["opened"].initial = own.updated.isoformat()
        if data is not None and REFRESH in data:
            self.data = self._with_valid_values(data)

    def _choices(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _parameters(self) -> list[str]:
        return [name.removeprefix(PREFIX) for name in self.fields if name.startswith(PREFIX)]

    def _with_valid_values(self, data: Any) -> Any:
        """Return ``data`` with the values that the new fields keep."""
        fitted = data.copy()
        for name in self._parameters():
            value = self.fields[PREFIX + name].initial
            fitted.setlist(PREFIX + name, value if isinstance(value, (list, tuple)) else [value])
        return fitted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "kind" in cleaned and "source" in cleaned:  # else the parameters cannot be validated
            self.instance.parameters = {
                name: value if isinstance(value, list) else [value]
                for name in self._parameters()
                if (value := cleaned.get(PREFIX + name)) not in (None, "", [])
            }
        if REFRESH in self.data:
            message = _("The fields of the chosen kind and source are shown. Nothing is saved yet.")
            raise ValidationError(message, code="refreshed")
        self._check_conflict(cleaned)
        return cleaned

    def _check_conflict(self, cleaned: dict[str, Any]) -> None:
        """Report once that another user has saved the preset since the form was opened."""
        other = saved_since(self.instance.pk, cleaned.get("opened", ""))
        self.conflict = other.differences(self) if other else ()
        if other and self.conflict:
            posted: Any = self.data
            self.data = posted = posted.copy()
            posted["opened"] = other.preset.updated.isoformat()
            raise ValidationError(other.message, code="conflict")

    def add_error(self, field: str | None, error: Any) -> None:
        """Add the model's errors about a parameter to the field of the parameter."""
        found = getattr(error, "error_dict", {}).get(NON_FIELD_ERRORS, [])
        rest = []
        for each in found:
            name = f"{PREFIX}{each.error.parameter}" if isinstance(each, ParameterError) else ""
            if name in self.fields:
                super().add_error(name, each.error.message + self._chosen(each.error))
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

    def _chosen(self, error: PlotError) -> str:
        """Select the statistic that an error asks for, and return a sentence about it."""
        stat = find_summary(self.instance) if error.code == OVERLAP else ""
        if not stat:
            return ""
        posted: Any = self.data
        self.data = posted = posted.copy()
        posted[f"{PREFIX}stat"] = stat
        named = {"stat": translate(STATS[stat])}
        return " " + gettext("“%(stat)s” is selected now. Save again to use it.") % named


def _by_family(current: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds as choices, grouped by family."""
    families: dict[str, list[Entry]] = {name: [] for name in FAMILIES}
    for kind in kinds:
        families.setdefault(kind.family, []).append(kind)
    groups = [(translate(name), _choices_of(found)) for name, found in families.items() if found]
    return [*groups, *[("—", _choices_of((), current))] * (current not in ("", *_kind_names()))]


def _kind_names() -> list[str]:
    return [kind.name for kind in kinds]


def _choices_of(entries: Iterable[Entry], current: str = "") -> list[tuple[str, str]]:
    known = [(entry.name, translate(entry.title)) for entry in entries]
    if current and current not in dict(known):
        known.append((current, gettext("%(name)s (no longer registered)") % {"name": current}))
    return known


def _kind_help(name: str) -> str:
    """Return a kind's description with a link to its reference."""
    try:
        kind = kinds.get(name)
        url = reverse("plots:kind", args=[kind.name])
    except (PlotError, NoReverseMatch):
        return ""
    html = '{} <a href="{}" target="_blank">{}</a>'
    return format_html(
        html, translate(kind.description), url, gettext("All parameters of this chart type")
    )
