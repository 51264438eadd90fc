"""The history of a preset: its revisions, their comparison, and restoring them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plots.errors import PlotError
from plots.http.plot_links import write_srcset
from plots.http.responses import errors_as_images, plot_response, query_parameters
from plots.presets import revisions
from plots.presets.models import Preset
from plots.presets.overlaps import add_summary
from plots.presets.revisions import Revision
from plots.values.timezones import local_time

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Preset]
else:
    Base = object

PAGE_SIZE = 25
THUMBNAIL = (144, 96)


class RevisionsMixin(Base):
    def get_urls(self) -> list[Any]:
        site, name = self.admin_site, "plots_presets_preset_%s"
        return [
            path("deleted/", site.admin_view(self.deleted_view), name=name % "deleted"),
            path(
                "deleted/<int:number>/restore/",
                site.admin_view(require_POST(self.recover_view)),
                name=name % "recover",
            ),
            path(
                "revisions/<int:number>.png",
                site.admin_view(self.revision_image),
                name=name % "revision",
            ),
            path(
                "<path:object_id>/history/compare/",
                site.admin_view(require_safe(self.compare_view)),
                name=name % "compare",
            ),
            path(
                "<path:object_id>/history/<int:number>/restore/",
                site.admin_view(require_POST(self.restore_view)),
                name=name % "restore",
            ),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Preset, form: Any, change: bool) -> None:
        obj.save(by=request.user)

    # Views

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        preset = self._preset(request, object_id)
        versions = revisions.versions_of(Preset, preset.pk)
        page = Paginator(versions, PAGE_SIZE).get_page(request.GET.get("page"))
        return self._page(
            request,
            "history",
            _("History: %(preset)s") % {"preset": preset},
            preset=preset,
            page=page,
            rows=_rows(page),
            may_restore=self.has_change_permission(request, preset),
        )

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Compare the revisions ``from`` and ``to``. The default of ``to`` is the latest."""
        preset = self._preset(request, object_id)
        old, new = (self._requested(request, preset, name) for name in ("from", "to"))
        if old.number > new.number:
            old, new = new, old
        return self._page(
            request,
            "compare",
            _("Compare: %(preset)s") % {"preset": preset},
            preset=preset,
            sides=[(each, revision_html(each)) for each in (old, new)],
            differences=revisions.differences(old.preset, new.preset),
            may_restore=self.has_change_permission(request, preset),
            latest=revisions.versions_of(Preset, preset.pk).values_list("pk", flat=True).first(),
        )

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        page = Paginator(revisions.deleted_versions(Preset), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        title = _("Deleted presets")
        return self._page(request, "deleted", title, page=page, rows=_rows(page))

    def revision_image(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Return the image of a revision."""

        @errors_as_images
        def answer(request: HttpRequest) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied
            revision = _find(revisions.all_versions(Preset), number)
            parameters = {
                name: values for name, values in query_parameters(request).items() if name != "v"
            }
            add_summary(revision.preset)
            return plot_response(request, revision.preset.spec(parameters), private=True)

        return answer(request)

    # Actions

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        preset = self._preset(request, object_id)
        if not self.has_change_permission(request, preset):
            raise PermissionDenied
        revision = _find(revisions.versions_of(Preset, preset.pk), number)
        failed = HttpResponseRedirect(
            reverse("admin:plots_presets_preset_history", args=[preset.pk])
        )
        return self._restore(request, revision) or failed

    def recover_view(self, request: HttpRequest, number: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        revision = _find(revisions.deleted_versions(Preset), number)
        failed = HttpResponseRedirect(reverse("admin:plots_presets_preset_deleted"))
        return self._restore(request, revision) or failed

    def _restore(self, request: HttpRequest, revision: Revision) -> HttpResponse | None:
        date = date_format(local_time(revision.date), "SHORT_DATETIME_FORMAT")
        try:
            preset = revisions.restore(revision, request.user)
        except ValidationError as error:
            message = _(
                "The revision of %(date)s cannot be restored: %(errors)s Nothing was changed."
            )
            values = {"date": date, "errors": " ".join(error.messages)}
            self.message_user(request, message % values, messages.ERROR)
            return None
        change = _("Restored (revision of %(date)s).") % {"date": date}
        self.log_change(request, preset, change)
        message = _("%(preset)s was restored (revision of %(date)s).") % {
            "preset": preset,
            "date": date,
        }
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:plots_presets_preset_change", args=[preset.pk]))

    def _preset(self, request: HttpRequest, object_id: str) -> Preset:
        preset = self.get_object(request, object_id)
        if preset is None:
            raise Http404(_("Preset not found."))
        if not self.has_view_or_change_permission(request, preset):
            raise PermissionDenied
        return preset

    def _requested(self, request: HttpRequest, preset: Preset, name: str) -> Revision:
        versions = revisions.versions_of(Preset, preset.pk)
        given = request.GET.get(name, "")
        return _find(versions, int(given) if given.isdecimal() else None)

    def _page(
        self, request: HttpRequest, template: str, title: str, **context: Any
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(
            request, f"admin/plots_presets/preset/{template}.html", shared | context
        )


@dataclass(frozen=True)
class Row:
    """A revision in a list. ``same_as`` is the date of an earlier revision with the same values."""

    revision: Revision
    picture: SafeString
    changed: str
    same_as: datetime | None


def revision_html(
    revision: Revision, width: int | None = None, height: int | None = None
) -> SafeString:
    """Return an ``<img>`` of a revision, or the error if it can no longer be rendered."""
    try:
        frame = revision.preset.spec().frame
    except PlotError as error:
        return format_html('<span class="help">{}</span>', str(error))
    sized = {"width": width or frame.width, "height": height or frame.height}
    url = reverse("admin:plots_presets_preset_revision", args=[revision.number])
    src, sharp = (f"{url}?{urlencode(sized | more)}" for more in ({}, {"scale": 2}))
    return format_html(
        '<img src="{}" srcset="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        src,
        write_srcset({"1x": src, "2x": sharp}),
        *sized.values(),
        revision.preset.title if width is None else "",
    )


def _rows(page: Page[Any]) -> list[Row]:
    rows: list[Row] = []
    seen: list[tuple[dict[str, Any], datetime]] = []
    found = [*filter(None, map(revisions.read_version, page))]
    is_last = not page.has_next()
    for each in reversed(found):
        values = revisions.field_values(each.preset)
        before = [date for known, date in seen[:-1] if known == values]
        seen.append((values, each.date))
        if each.changed:
            changes = ", ".join(revisions.label_of(Preset, name) for name in each.changed)
        else:
            changes = _("Restored") if rows or not is_last else _("Created")
        rows.append(
            Row(each, revision_html(each, *THUMBNAIL), changes, before[-1] if before else None)
        )
    return rows[::-1]


def _find(versions: Any, number: int | None) -> Revision:
    """Return the revision with this number, or the newest one."""
    version = (versions if number is None else versions.filter(pk=number)).first()
    if version is None or (revision := revisions.read_version(version)) is None:
        raise Http404(_("Revision not found."))
    return revision
