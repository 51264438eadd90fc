"""The changelist of presets: thumbnails, health, order by drag and drop, and actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from plots.i18n import translate
from plots.permissions import may_publish
from plots.presets.models import Preset
from plots.values.timezones import local_time

from .health import Health, examine, render_preset, warnings

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Preset]
else:
    Base = object

THUMBNAIL: dict[str, Any] = {"width": 96, "height": 64}
RENDER_SECONDS = 20  # before the action "render now" responds
STATES = {"ok": _("OK"), "warning": _("Warning"), "error": _("Error")}


class PresetList(ChangeList):
    """A changelist that finds the health of all presets on the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if request.method == "GET":
            found = examine(self.result_list)
            for preset in self.result_list:
                preset.health = found[preset.pk]


class TagFilter(admin.SimpleListFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Preset.objects.exclude(tags="").only("tags")
        tags = {tag for preset in rows for tag in preset.tag_list}
        return [(tag, tag) for tag in sorted(tags)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.tagged(tag) if (tag := self.value()) else queryset


class SourceFilter(admin.AllValuesFieldListFilter):
    """Filter by source. Presets without a source get a label."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            name, counted, count = str(choice["display"]).partition(" (")
            shown = name or _("Values entered in the preset")
            yield {**choice, "display": f"{shown}{counted}{count}"}


class OrderForm(forms.ModelForm):
    """The position of a preset in the list. Broken presets can be moved, too."""

    may_change: Callable[[Preset], bool]

    class Meta:
        model = Preset
        fields = ("order",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].disabled = not type(self).may_change(self.instance)
        self.fields["order"].help_text = ""  # the table has no room for it
        self.fields["order"].widget.attrs["aria-label"] = _("Order of %(title)s") % {
            "title": self.instance.title
        }

    def _post_clean(self) -> None:
        self.instance.order = self.cleaned_data.get("order", self.instance.order)


class ChangeListMixin(Base):
    list_display = (
        "order", "thumbnail", "title", "kind_and_source", "visibility", "state", "changed",
    )  # fmt: skip
    list_display_links = ("title",)
    list_editable = ("order",)
    list_filter = ("visibility", "kind", ("source", SourceFilter), TagFilter, "cache")
    list_per_page = 50
    list_select_related = ("editor",)
    search_fields = ("title", "slug", "description", "tags", "kind", "source")
    change_list_template = "admin/plots_presets/preset/change_list.html"
    actions: Any = ("publish", "unpublish", "duplicate", "render_now")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may publish presets and change public ones."""
        return may_publish(request.user, Preset) and self.has_change_permission(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PresetList

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        def may_change(preset: Preset) -> bool:
            return self.has_change_permission(request, preset)

        return type("OrderForm", (OrderForm,), {"may_change": staticmethod(may_change)})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and "cl" in (response.context_data or {}):
            context: Any = response.context_data
            context["may_move"] = self._may_move(context["cl"])
        return response

    def _may_move(self, cl: ChangeList) -> bool:
        """Return whether the rows are sorted by their order, so that they can be moved."""
        sorted_by = [*cl.get_ordering_field_columns().items()]
        by_order = [(self.list_display.index("order") + 1, "asc")]
        rows = cl.formset.forms if cl.formset else []
        all_free = not any(form.fields["order"].disabled for form in rows)
        return len(rows) > 1 and all_free and sorted_by[:1] in ([], by_order)

    # Columns

    @admin.display(description=_("image"))
    def thumbnail(self, preset: Preset) -> SafeString | str:
        plot = _health(preset).plot
        if plot is None:
            return "—"
        html = '<img src="{}" srcset="{}" width="{}" height="{}" alt="" loading="lazy">'
        return format_html(
            html, plot.url(**THUMBNAIL), plot.srcset(**THUMBNAIL), *THUMBNAIL.values()
        )

    @admin.display(description=_("chart type and source"), ordering="kind")
    def kind_and_source(self, preset: Preset) -> SafeString | str:
        kind = translate(capfirst(preset.kind))
        if not preset.source:
            return kind
        return format_html('{}<br><span class="quiet">{}</span>', kind, preset.source)

    @admin.display(description=_("health"))
    def state(self, preset: Preset) -> SafeString:
        health = _health(preset)
        reasons = format_html_join("", "<li>{}</li>", ((each,) for each in health.messages))
        return format_html(
            '<span class="health {}">{}</span>{}',
            health.state,
            STATES[health.state],
            format_html('<ul class="reasons">{}</ul>', reasons) if reasons else "",
        )

    @admin.display(description=_("last change"), ordering="updated")
    def changed(self, preset: Preset) -> SafeString:
        when = local_time(preset.updated)
        return format_html(
            '<time datetime="{}" title="{}">{}</time>{}',
            when.isoformat(timespec="seconds"),
            date_format(when, "DATETIME_FORMAT"),
            date_format(when, "SHORT_DATE_FORMAT"),
            format_html('<br><span class="quiet">{}</span>', preset.editor.get_username())
            if preset.editor
            else "",
        )

    # Actions

    @admin.action(description=_("Publish selected presets"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: models.QuerySet[Preset]) -> None:
        count = 0
        for preset in queryset.exclude(visibility=Preset.Visibility.PUBLIC):
            preset.visibility = Preset.Visibility.PUBLIC
            try:
                preset.full_clean()
            except ValidationError as error:
                message = _("%(preset)s was not published: %(errors)s")
                errors = " ".join(error.messages)
                text = message % {"preset": preset, "errors": errors}
                self.message_user(request, text, messages.ERROR)
                continue
            self._save(request, preset)
            count += 1
            for warning in warnings(preset):
                self.message_user(request, f"{preset}: {warning}", messages.WARNING)
        done = ngettext("%d preset was published.", "%d presets were published.", count)
        self._report(request, count, done)

    @admin.action(description=_("Unpublish selected presets"), permissions=["publish"])
    def unpublish(self, request: HttpRequest, queryset: models.QuerySet[Preset]) -> None:
        count = 0
        for preset in queryset.exclude(visibility=Preset.Visibility.STAFF):
            preset.visibility = Preset.Visibility.STAFF
            self._save(request, preset)
            count += 1
        done = ngettext("%d preset is now staff-only.", "%d presets are now staff-only.", count)
        self._report(request, count, done)

    @admin.action(description=_("Duplicate selected presets"), permissions=["add"])
    def duplicate(self, request: HttpRequest, queryset: models.QuerySet[Preset]) -> None:
        count = 0
        for preset in queryset:
            slugs = {*Preset.objects.values_list("slug", flat=True)}
            preset.slug = next(slug for slug in _copy_slugs(preset.slug) if slug not in slugs)
            preset.title = str(_("%(title)s (copy)") % {"title": preset.title})[:200]
            preset.visibility = Preset.Visibility.STAFF
            preset.pk, preset._state.adding = None, True
            preset.save(by=request.user)
            self.log_addition(request, preset, [{"added": {}}])
            count += 1
        done = ngettext(
            "%d staff-only copy was created.", "%d staff-only copies were created.", count
        )
        self._report(request, count, done)

    @admin.action(description=_("Render selected presets now"), permissions=["change"])
    def render_now(self, request: HttpRequest, queryset: models.QuerySet[Preset]) -> None:
        deadline = monotonic() + RENDER_SECONDS
        presets, count = [*queryset], 0
        for number, preset in enumerate(presets):
            if monotonic() > deadline:
                message = _(
                    "%(count)d presets were not rendered yet. Run the action again to continue."
                )
                text = message % {"count": len(presets) - number}
                self.message_user(request, text, messages.WARNING)
                break
            health = render_preset(preset)
            if health.failure:
                self.message_user(request, f"{preset}: {health.failure}", messages.ERROR)
            else:
                count += 1
        done = ngettext("%d preset was rendered.", "%d presets were rendered.", count)
        self._report(request, count, done)

    def _save(self, request: HttpRequest, preset: Preset) -> None:
        preset.save(by=request.user)
        self.log_change(request, preset, [{"changed": {"fields": ["visibility"]}}])

    def _report(self, request: HttpRequest, count: int, message: str) -> None:
        if count:
            self.message_user(request, message % count, messages.SUCCESS)


def _health(preset: Any) -> Health:
    """Return the health that the changelist found, or find it for this preset alone."""
    if not hasattr(preset, "health"):
        preset.health = examine([preset])[preset.pk]
    found: Health = preset.health
    return found


def _copy_slugs(slug: str) -> Iterator[str]:
    yield f"{slug[:45]}-copy"
    number = 2
    while True:
        yield f"{slug[:41]}-copy-{number}"
        number += 1
