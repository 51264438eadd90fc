"""The admin of boards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plots.admin_permissions import PublishPermissionsMixin, VisibilityForm
from plots.presets.models import Preset

from .models import ALWAYS_SHARED, Board, BoardItem

MOST_ITEMS = 24


class ControlsField(forms.MultipleChoiceField):
    """The parameters that visitors may change, in the order in which the presets declare them."""

    widget = forms.CheckboxSelectMultiple


class BoardForm(VisibilityForm):
    controls = ControlsField(
        required=False,
        label=_("Shared controls"),
        help_text=_(
            "Parameters that visitors can change in all charts of the board at once. A chart that "
            "does not allow a parameter keeps its saved value."
        ),
    )

    class Meta:
        model = Board
        fields = (
            "title", "slug", "description", "controls", "refresh", "visibility", "groups", "order",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "controls" in self.fields:
            self.fields["controls"].choices = self._offered()  # type: ignore[attr-defined]  # a MultipleChoiceField

    def _offered(self) -> list[Any]:
        """Return the parameters of this board's presets, then those of other presets."""
        board = self.instance
        own = [*board.items.values_list("preset", flat=True)] if board.pk else []
        named: tuple[dict[str, None], dict[str, None]] = ({}, {})
        for pk, overrides in Preset.objects.values_list("pk", "overrides"):
            named[pk not in own].update(dict.fromkeys(overrides))
        first = dict.fromkeys([*named[0], *ALWAYS_SHARED])
        remaining = [name for name in board.controls if name not in named[1]]
        rest = [name for name in [*remaining, *named[1]] if name not in first]
        offered = [(name, name) for name in first], [(name, name) for name in rest]
        if not own:
            return offered[1] + offered[0]
        return [(_("Presets on this board"), offered[0]), (_("Other presets"), offered[1])]


class TableCell(forms.BoundField):
    """A field in a table row. The column header shows its help text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = ""

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> dict[str, Any]:
        named = {} if self.is_hidden else {"aria-label": self.label}
        return super().build_widget_attrs(attrs, widget) | named


class ItemForm(forms.ModelForm):
    bound_field_class = TableCell

    class Meta:
        # The script lets editors move rows instead of typing numbers.
        widgets = {
            "order": forms.NumberInput({"data-up": _("Move up"), "data-down": _("Move down")})
        }


class ItemFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        remaining = [form for form in self.forms if form not in self.deleted_forms]
        if all(form.is_valid() for form in remaining):
            presets = (form.cleaned_data.get("preset") for form in remaining)
            self.instance.check_controls(filter(None, presets))


class ItemInline(admin.TabularInline):
    """The presets on a board. Users who may change the board may change its items."""

    model = BoardItem
    form = ItemForm
    formset = ItemFormSet
    fields = ("preset", "title", "fixed", "width", "order")
    autocomplete_fields = ("preset",)
    extra = 0
    max_num = MOST_ITEMS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._boards.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return self._boards.has_add_permission(request)
        return self._boards.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    @property
    def _boards(self) -> Any:
        return self.admin_site.get_model_admin(Board)


@admin.register(Board)
class BoardAdmin(PublishPermissionsMixin, admin.ModelAdmin):
    form = BoardForm
    inlines = (ItemInline,)
    list_display = ("title", "plots", "visibility", "refresh", "order", "updated", "page")
    list_filter = ("visibility", "refresh")
    list_per_page = 50
    search_fields = ("title", "slug", "description")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("author", "created", "updated")
    fieldsets = (
        (None, {"fields": ("title", "slug", "description")}),
        (_("For visitors"), {"fields": ("controls", "refresh")}),
        (_("Publishing"), {"fields": ("visibility", "groups", "order")}),
        (_("Record"), {"fields": ("author", "created", "updated"), "classes": ("collapse",)}),
    )
    save_on_top = True

    class Media:
        css = {"all": ("plots/board_form.css",)}
        js = (forms.Script("plots/inline_order.js", defer=True),)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Board]:
        return super().get_queryset(request).annotate(count=models.Count("items"))

    def get_fieldsets(self, request: HttpRequest, obj: Board | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:-1]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Board.objects.aggregate(last=models.Max("order"))["last"] or 0
        return {"order": last + 10, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Board, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user if request.user.is_authenticated else None
        super().save_model(request, obj, form, change)

    @admin.display(description=_("plots"), ordering="count")
    def plots(self, board: Any) -> int:
        return board.count

    @admin.display(description=_("page"))
    def page(self, board: Board) -> SafeString:
        return format_html('<a href="{}">{}</a>', board.get_absolute_url(), _("View page"))
