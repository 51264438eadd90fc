"""Views that the preset form requests while it is edited: previews and fields."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from plots.presets.models import PREFIX, Preset

from .drafts import draft_of, form_of, remark_on
from .fieldsets import PLOT_FIELDS
from .throttle import LatestWinsLock, Superseded
from .thumbnails import Preview, render_draft

_renders = LatestWinsLock()


class DraftViewsMixin(admin.ModelAdmin):
    """The views ``preview/`` and ``fields/``, for users who may submit the form.

    Both take the form data and save nothing.
    """

    def get_urls(self) -> list[URLPattern]:
        views = {"preview": self.preview_view, "fields": self.fields_view}
        return [
            path(
                f"{place}/{name}/",
                self.admin_site.admin_view(view),
                name=f"plots_presets_preset_{name}",
            )
            for name, view in views.items()
            for place in ("add", "<path:object_id>")
        ] + super().get_urls()

    def draft_urls(self, obj: Preset | None) -> dict[str, str]:
        """Return the URLs of the two views, by name."""
        given = [obj.pk] if obj else []
        names = ("preview", "fields")
        return {name: reverse(f"admin:plots_presets_preset_{name}", args=given) for name in names}

    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponseBase:
        """Render the posted form. The response is JSON with ``data:`` URLs, alt text and errors.

        ``_themes`` names the themes to render. Without it the first one is rendered, and ``rest``
        names the others. ``_sharp`` requests a device pixel ratio of 2. ``_page`` identifies a
        page of one user; of each page only the latest draft is rendered.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        draft = draft_of(request, self._editable(request, object_id))
        themes = request.POST.getlist("_themes")
        try:
            with _renders.acquire((request.user.pk, request.POST.get("_page", "")[:40])):
                preview = render_draft(
                    draft,
                    request.user,
                    themes,
                    sharp="_sharp" in request.POST,
                    limit=None if themes else 1,
                )
        except Superseded:
            return JsonResponse({"superseded": True}, status=409)
        return JsonResponse(_as_dict(draft, preview) | _chosen(request, draft))

    def fields_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponseBase:
        """Return the fields of the posted kind and source with the posted values that fit."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        obj = self._editable(request, object_id)
        all_fieldsets: list[Any] = list(self.get_fieldsets(request, obj))
        form_class = self.get_form(request, obj, bool(obj), fields=flatten_fieldsets(all_fieldsets))
        posted = {name: request.POST.get(name, "") for name in ("kind", "source")}
        initial = posted | {"overrides": request.POST.getlist("overrides")}
        form = form_class(initial=initial, instance=obj)
        fieldsets = [
            (name, each) for name, each in all_fieldsets if PLOT_FIELDS in each.get("classes", ())
        ]
        readonly = self.get_readonly_fields(request, obj)
        adminform = AdminForm(form, fieldsets, {}, readonly, model_admin=self)
        template = "admin/plots_presets/preset/fields.html"
        return TemplateResponse(
            request, template, {"adminform": adminform, "fields_of": fields_of(form)}
        )

    def _editable(self, request: HttpRequest, object_id: str | None) -> Preset | None:
        """Return the preset if the user may change it, or None if the user may add one."""
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj


def fields_of(form: Any) -> str:
    """Return the kind and source whose fields ``form`` has."""
    return " ".join(str(form[name].value() or "") for name in ("kind", "source"))


def _chosen(request: HttpRequest, draft: Preset) -> dict[str, Any]:
    """Return the statistic that was chosen for the draft, and why."""
    why = remark_on(request, draft)
    return {"statistic": draft.parameters["stat"][0] if why else "", "remark": why}


def _as_dict(draft: Preset, preview: Preview) -> dict[str, Any]:
    known = {field.name for field in form_of(draft) or ()}
    errors: dict[str, list[dict[str, str]]] = {}
    for error in preview.errors:
        name = error.parameter or ""
        if name in known and name != "source":
            name = PREFIX + name
        if name in ("kind", "source") or name.startswith(PREFIX):
            errors.setdefault(name, []).append({"message": error.message, "code": error.code})
    return {
        "pictures": [vars(each) for each in preview.thumbnails],
        "rest": list(preview.rest),
        "alt": preview.alt,
        "errors": errors,
        "messages": [str(error) for error in preview.errors],
    }
