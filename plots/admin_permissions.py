"""Permissions and forms in the admin for models that have a visibility."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .permissions import Visibility, may_change, may_publish


class VisibilityForm(forms.ModelForm):
    """A form with the fields ``visibility`` and ``groups``."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_for_groups = cleaned.get("visibility") == Visibility.GROUPS
        if is_for_groups and "groups" in cleaned and not cleaned["groups"]:
            self.add_error("groups", _("Choose at least one group, or another visibility."))
        return cleaned


class PublishPermissionsMixin(admin.ModelAdmin):
    """Restricts users without the permission to publish to staff-only rows.

    Other rows are read-only for them, and they can choose no other visibility.
    """

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or may_change(request.user, obj))

    def formfield_for_choice_field(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "visibility" and not may_publish(request.user, self.model):
            only = Visibility.STAFF
            message = _("You don't have permission to publish. Choose “%(choice)s”.") % {
                "choice": only.label
            }
            kwargs |= {
                "choices": [(only.value, only.label)],
                "initial": only.value,
                "error_messages": {"invalid_choice": message},
            }
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # The changelist saves rows without checking the permission for each.
        if not may_change(request.user, obj):
            raise PermissionDenied
        super().save_model(request, obj, form, change)
