"""Permissions and forms in the admin for models that have a visibility."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models, router, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .permissions import Visibility, may_change, may_publish, require_change


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

    Other rows are read-only for them, and they can choose no other visibility. The rights are
    checked again in the transaction that saves or deletes a row.
    """

    staff_only_help = _(
        "You don't have permission to publish, so only staff can see what you save. Somebody with "
        "this permission can publish it later."
    )
    read_only_message = _(
        "People other than staff can see this, or charts of it. You cannot change it, because you "
        "don't have permission to publish."
    )

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
                "help_text": self.staff_only_help,
                "error_messages": {"invalid_choice": message},
            }
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["disabled"] = not may_publish(request.user, self.model)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        require_change(request.user, obj)
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic(using=router.db_for_write(self.model)):
            require_change(request.user, obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        with transaction.atomic(using=router.db_for_write(self.model)):
            for obj in queryset:
                self.delete_model(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = context["original"]
        if obj and super().has_change_permission(request) and not may_change(request.user, obj):
            self.message_user(request, self.read_only_message, messages.WARNING)
        return super().render_change_form(request, context, *args, **kwargs)
