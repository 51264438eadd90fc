"""The admin of presets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plots.admin_permissions import PublishPermissionsMixin
from plots.forms.binding import as_parameters
from plots.presets.admin.changelist.changelist import ChangeListMixin
from plots.presets.admin.changelist.health import warnings
from plots.presets.admin.changelist.import_export import ImportExportMixin
from plots.presets.admin.changelist.revisions import RevisionsMixin
from plots.presets.admin.changelist.usage import UsageMixin
from plots.presets.models import PREFIX, Preset

from .drafts import REFRESH, changed, draft_of, form_of, remark_on
from .fieldsets import PLOT_FIELDS, plot_fieldsets
from .form import PresetForm
from .preview import DraftViewsMixin, fields_of
from .thumbnails import preview_saved, render_draft
from .widgets import as_text


@admin.register(Preset)
class PresetAdmin(
    PublishPermissionsMixin,
    DraftViewsMixin,
    ChangeListMixin,
    RevisionsMixin,
    ImportExportMixin,
    UsageMixin,
    admin.ModelAdmin,
):
    form = PresetForm
    actions: Any = (*ChangeListMixin.actions, *ImportExportMixin.actions)
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("values", "author", "created", "editor", "updated")
    save_on_top = True

    def get_form(
        self, request: HttpRequest, obj: Preset | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        plot = form_of(draft_of(request, obj)) if self._is_form(request, obj) else None
        fields = {PREFIX + field.name: as_text(field) for field in plot or ()}
        fields.pop(f"{PREFIX}source", None)
        kwargs["form"] = type("PresetForm", (PresetForm,), fields)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Preset | None = None) -> Any:
        page = ["title", "slug", "description", "tags"]
        publishing = ["visibility", "groups", "cache", "order"]
        record = ["author", "created", "editor", "updated"]
        if not self._is_form(request, obj):
            return [
                (None, {"fields": [*page, "kind", "source", "values"]}),
                (_("Publishing"), {"fields": [*publishing, "overrides"]}),
                (_("Record"), {"fields": record}),
            ]
        draft = draft_of(request, obj)
        plot = form_of(draft)
        return [
            (None, {"fields": page}),
            (_("Plot"), {"fields": ["kind", "source"], "classes": [PLOT_FIELDS]}),
            *(plot_fieldsets(plot, changed(draft, plot)) if plot else ()),
            (_("Visitors"), {"fields": ["overrides"], "classes": [PLOT_FIELDS]}),
            (_("Publishing"), {"fields": publishing}),
            *[(_("Record"), {"fields": record, "classes": ["collapse"]})] * bool(obj),
        ]

    def _is_form(self, request: HttpRequest, obj: Preset | None) -> bool:
        """Return whether the user may edit the preset, not only view it."""
        return obj is None or self.has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Preset.objects.aggregate(last=models.Max("order"))["last"] or 0
        given = super().get_changeform_initial_data(request)
        plain = {name: text for name, text in given.items() if not name.startswith(PREFIX)}
        return {"kind": "line", "order": last + 10, **plain}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        form, obj = context["adminform"].form, context["original"]
        _open_fieldsets_with_errors(context["adminform"])
        if form.is_bound and REFRESH in form.data:
            context["note"] = form.non_field_errors()
        if (form.conflict or "note" in context) and set(form.errors) == {NON_FIELD_ERRORS}:
            context["errors"] = None  # the note is no error that needs correction
        is_draft = form.is_bound or obj is None
        # Rendered lazily in the template: the transaction of the form has ended by then.
        context["remark"] = SimpleLazyObject(lambda: remark_on(request, draft_of(request, obj)))
        context["preview"] = SimpleLazyObject(
            lambda: (
                render_draft(draft_of(request, obj), request.user)
                if is_draft
                else preview_saved(obj)
            )
        )
        if self._is_form(request, obj):
            context |= {"draft_urls": self.draft_urls(obj), "fields_of": fields_of(form)}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Preset, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data != ["order"]:
            for warning in warnings(obj):
                self.message_user(request, warning, messages.WARNING)

    @admin.display(description=_("values"))
    def values(self, preset: Preset) -> SafeString:
        """The parameters of the plot, for users who may only view it."""
        chosen = as_parameters(preset.parameters).items()
        rows = ((name, "\n".join(map(str, each))) for name, each in chosen)
        cells = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)
        return format_html('<table class="values">{}</table>', cells)


def _open_fieldsets_with_errors(adminform: Any) -> None:
    """Open the fieldsets that have an error. Django ignores lines with several fields."""
    for _name, options in adminform.fieldsets:
        if {*flatten(options["fields"])} & {*adminform.form.errors}:
            options["classes"] = [each for each in options.get("classes", ()) if each != "collapse"]
