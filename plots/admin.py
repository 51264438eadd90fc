"""The presets' table: a form whose fields are the plot's own parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .datasets_admin import DatasetAdmin as DatasetAdmin  # Django looks for them here
from .errors import PlotError
from .faces import name_all
from .forms import PlotForm
from .language import translated, translated_choices
from .models import ALWAYS_ALLOWED, PREFIX, ParameterError, Preset
from .registry import Entry, kinds, sources
from .shortcuts import Plot
from .stored import StoredPlot
from .visibility import SITE

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
        fields = ("title", "slug", "description", "kind", "source", "overrides", "cache",
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


@admin.register(Preset)
class PresetAdmin(admin.ModelAdmin):
    form = PresetForm
    list_display = ("thumbnail", "title", "kind", "source", "visibility", "order", "updated")
    list_display_links = ("thumbnail", "title")
    list_filter = ("visibility", "kind", "source", "cache")
    list_per_page = 50
    search_fields = ("title", "slug", "description", "kind", "source")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("picture", "author", "created", "updated")
    save_on_top = True

    def get_form(
        self, request: HttpRequest, obj: Preset | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        plot = self._plot_form(request, obj)
        fields = {f"{PREFIX}{field.name}": _as_text(field) for field in plot or ()}
        fields.pop(f"{PREFIX}source", None)
        kwargs["form"] = type("PresetForm", (PresetForm,), fields)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Preset | None = None) -> Any:
        plot = self._plot_form(request, obj)
        page: list[Any] = ["title", "slug", "description", "kind", "source"]
        fieldsets: list[Any] = [(None, {"fields": ["picture", *page] if obj else page})]
        for heading, fields in plot.groups() if plot else ():
            names = [f"{PREFIX}{field.name}" for field in fields if field.name != "source"]
            if names:
                # What most presets leave as it is stays out of the way.
                classes = ["collapse"] if heading == "Frame" else []
                fieldsets.append((translated(heading), {"fields": names, "classes": classes}))
        publishing = ["visibility", "cache", "order", "overrides"]
        fieldsets.append((_("Publishing"), {"fields": publishing}))
        if obj:
            fieldsets.append(
                (_("Record"), {"fields": ["author", "created", "updated"], "classes": ["collapse"]})
            )
        return fieldsets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Preset.objects.aggregate(last=models.Max("order"))["last"] or 0
        given = super().get_changeform_initial_data(request)
        plain = {name: text for name, text in given.items() if not name.startswith(PREFIX)}
        return {"kind": "line", "order": last + 10, **plain}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        form = context["adminform"].form
        if form.is_bound and REFRESH in form.data:
            context |= {"draft": _draft(form.instance), "note": form.non_field_errors()}
            if set(form.errors) == {NON_FIELD_ERRORS}:
                context["errors"] = None  # there is none to correct
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Preset, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user if request.user.is_authenticated else None
        super().save_model(request, obj, form, change)
        if obj.source and sources.get(obj.source).private and not obj.is_private:
            message = _("Its data are for staff only. What it shows of them, others see now, too.")
            self.message_user(request, message, messages.WARNING)
        for name, characters in obj.missing().items():
            message = _("%(parameter)s: no font here can draw %(characters)s; there will be boxes.")
            said = {"parameter": name, "characters": name_all(characters)}
            messages.warning(request, message % said)

    @staticmethod
    def _plot_form(request: HttpRequest, obj: Preset | None) -> PlotForm | None:
        """The form of the kind and source chosen, with the preset's values; None without one."""
        chosen = request.POST if "kind" in request.POST else request.GET
        given = {
            name.removeprefix(PREFIX): values
            for name, values in request.GET.lists()
            if name.startswith(PREFIX)
        }
        preset = Preset(
            kind=chosen.get("kind") or (obj.kind if obj else "line"),
            source=chosen.get("source", obj.source if obj else ""),
            parameters=obj.parameters if obj else given,
        )
        try:
            return preset.form()
        except PlotError:
            return None

    @admin.display(description="")
    def thumbnail(self, preset: Preset) -> SafeString | str:
        return _img(preset, 144, 96)

    @admin.display(description=_("picture as saved"))
    def picture(self, preset: Preset) -> SafeString | str:
        return _img(preset)


def _draft(preset: Preset) -> SafeString:
    """The picture of a preset that is not saved yet."""
    return _img(preset, draw=lambda: Plot(preset.spec()))


def _img(
    preset: Preset,
    width: int | None = None,
    height: int | None = None,
    draw: Callable[[], Plot] | None = None,
) -> SafeString:
    try:
        plot = draw() if draw else Plot.of_preset(preset)
    except PlotError as error:
        return format_html('<span class="help">{}</span>', str(error))
    return format_html(
        '<img src="{}" srcset="{}" width="{}" height="{}" alt="" loading="lazy">',
        plot.url(width=width, height=height),
        plot.srcset(width=width, height=height),
        width or plot.spec.frame.width,
        height or plot.spec.frame.height,
    )


def _as_text(field: forms.BoundField) -> forms.Field:
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


@admin.register(StoredPlot)
class StoredPlotAdmin(admin.ModelAdmin):
    """What tags and POSTs have put away, to look at and to delete: nobody writes one by hand."""

    list_display = ("thumbnail", "__str__", "created", "used")
    list_display_links = ("thumbnail", "__str__")
    list_filter = ("kind", "created", "used")
    list_per_page = 50
    search_fields = ("digest__startswith", "kind")
    fields = ("picture", "address", "kind", "created", "used")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StoredPlot]:
        return super().get_queryset(request).defer("parameters")  # they are long

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: StoredPlot | None = None) -> bool:
        return False

    @admin.display(description="")
    def thumbnail(self, plot: StoredPlot) -> SafeString:
        return format_html('<img src="{}" height="96" alt="" loading="lazy">', plot.url())

    @admin.display(description=_("picture"))
    def picture(self, plot: StoredPlot) -> SafeString:
        return format_html('<img src="{}" alt="" loading="lazy">', plot.url())

    @admin.display(description=_("address"))
    def address(self, plot: StoredPlot) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', plot.url())
