"""The presets in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ..errors import PlotError
from ..forms import PlotForm
from ..language import translated
from ..models import PREFIX, Preset
from .form import REFRESH, PresetForm, as_text
from .health import warnings
from .history import HistoryMixin
from .pictures import draft_of, img
from .table import TableMixin
from .transfer import TransferMixin
from .where import WhereMixin


@admin.register(Preset)
class PresetAdmin(TableMixin, HistoryMixin, TransferMixin, WhereMixin, admin.ModelAdmin):
    form = PresetForm
    actions: Any = (*TableMixin.actions, *TransferMixin.actions)
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("picture", "author", "created", "editor", "updated")
    save_on_top = True

    def get_form(
        self, request: HttpRequest, obj: Preset | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        plot = self._plot_form(request, obj)
        fields = {f"{PREFIX}{field.name}": as_text(field) for field in plot or ()}
        fields.pop(f"{PREFIX}source", None)
        kwargs["form"] = type("PresetForm", (PresetForm,), fields)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Preset | None = None) -> Any:
        plot = self._plot_form(request, obj)
        page: list[Any] = ["title", "slug", "description", "tags", "kind", "source"]
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
                (
                    _("Record"),
                    {"fields": ["author", "created", "editor", "updated"], "classes": ["collapse"]},
                )
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
            context |= {"draft": draft_of(form.instance), "note": form.non_field_errors()}
            if set(form.errors) == {NON_FIELD_ERRORS}:
                context["errors"] = None  # there is none to correct
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Preset, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data != ["order"]:
            for warning in warnings(obj):
                self.message_user(request, warning, messages.WARNING)

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

    @admin.display(description=_("picture as saved"))
    def picture(self, preset: Preset) -> SafeString | str:
        return img(preset)
