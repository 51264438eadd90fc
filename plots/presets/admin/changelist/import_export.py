"""Export and import of presets in the admin. An import starts with a dry run."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from plots.errors import PlotError
from plots.presets.models import Preset
from plots.values.timezones import local_time

from .resource import FORMATS, MAX_BYTES, MEDIA_TYPES, Row, import_rows, read, write

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Preset]
else:
    Base = object

SALT = "plots.presets.import"
MAX_AGE = 3600  # seconds in which the user can confirm the dry run


class ImportForm(forms.Form):
    """The upload of a file. After the dry run, a signed token stands for the file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A JSON or CSV file that was exported here. Presets are matched by their slugs."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        content = file.read(MAX_BYTES + 1)
        try:
            read(content, file.name)
        except PlotError as error:
            raise forms.ValidationError(str(error)) from None
        return file.name, content


class ImportExportMixin(Base):
    actions: Any = ("export_json", "export_csv")

    def get_urls(self) -> list[Any]:
        site = self.admin_site
        return [
            path(
                "import/",
                site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.import_view)),
                name="plots_presets_preset_import",
            ),
            path(
                "export/presets.<str:format>",
                site.admin_view(require_safe(self.export_view)),
                name="plots_presets_preset_export",
            ),
            *super().get_urls(),
        ]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        may = {"may_import": self.has_import_permission(request), "export_formats": FORMATS}
        return super().changelist_view(request, may | (extra_context or {}))

    # Export

    def export_view(self, request: HttpRequest, format: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if format not in FORMATS:
            raise Http404(_("Presets cannot be exported as %(format)s.") % {"format": format})
        return _file(self.get_queryset(request), format)

    @admin.action(description=_("Export selected presets as JSON"), permissions=["view"])
    def export_json(self, request: HttpRequest, queryset: models.QuerySet[Preset]) -> HttpResponse:
        return _file(queryset, "json")

    @admin.action(description=_("Export selected presets as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: models.QuerySet[Preset]) -> HttpResponse:
        return _file(queryset, "csv")

    # Import

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show a dry run of the uploaded file. Posted with its token, import the file."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "token" in request.POST:
            return self._accept(request)
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._show(request, *form.cleaned_data["file"])
        return self._import_page(request, form=form)

    def _show(self, request: HttpRequest, name: str, content: bytes) -> TemplateResponse:
        rows = import_rows(read(content, name), request.user, dry_run=True)
        message = (name, content.decode("utf-8-sig"), _digest(rows))
        return self._import_page(
            request,
            form=ImportForm(),
            name=name,
            rows=rows,
            unchanged=[row.slug for row in rows if row.state == "unchanged"],
            invalid=[row for row in rows if row.state == "invalid"],
            counts=_counts(rows),
            has_changes=any(row.state in ("new", "changed") for row in rows),
            token=signing.dumps(message, salt=SALT, compress=True),
        )

    def _accept(self, request: HttpRequest) -> HttpResponse:
        try:
            name, text, shown = signing.loads(request.POST["token"], salt=SALT, max_age=MAX_AGE)
        except signing.BadSignature:
            message = _("The uploaded file has expired. Choose the file again.")
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:plots_presets_preset_import"))
        content = text.encode()
        with transaction.atomic():
            rows = import_rows(read(content, name), request.user)
            is_as_shown = _digest(rows) == shown
            transaction.set_rollback(not is_as_shown)
        if not is_as_shown:
            message = _("Presets have changed since the preview. Check the changes again.")
            self.message_user(request, message, messages.WARNING)
        if not is_as_shown or any(row.state == "invalid" for row in rows):
            return self._show(request, name, content)
        changed = sum(row.state in ("new", "changed") for row in rows)
        done = ngettext("%d preset was imported.", "%d presets were imported.", changed)
        self.message_user(request, done % changed, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:plots_presets_preset_changelist"))

    def _import_page(self, request: HttpRequest, **context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        shared["title"] = _("Import presets")
        return TemplateResponse(request, "admin/plots_presets/preset/import.html", shared | context)


def _digest(rows: list[Row]) -> str:
    """Return a digest of the dry run that the user has seen."""
    return sha256(repr(rows).encode()).hexdigest()


def _counts(rows: list[Row]) -> str:
    states = [row.state for row in rows]
    texts = {
        "new": ngettext("%d new", "%d new", states.count("new")),
        "changed": ngettext("%d changed", "%d changed", states.count("changed")),
        "unchanged": ngettext("%d unchanged", "%d unchanged", states.count("unchanged")),
        "invalid": ngettext("%d invalid", "%d invalid", states.count("invalid")),
    }
    return ", ".join(text % states.count(name) for name, text in texts.items() if name in states)


def _file(presets: models.QuerySet[Preset], format: str) -> HttpResponse:
    response = HttpResponse(write(presets, format), content_type=MEDIA_TYPES[format])
    name = f"presets-{local_time(timezone.now()).date().isoformat()}.{format}"
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    return response
