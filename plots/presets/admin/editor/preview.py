"""What a preset's form asks for while it is being filled in: its picture, and other fields."""

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

from .drafts import OF, draft_of, form_of
from .fieldsets import OF_PLOT
from .throttle import Superseded, Turns
from .thumbnails import Preview, drawn

_turns = Turns()


class Drafts(admin.ModelAdmin):
    """Two addresses beside those of a form, for who may send it: ``preview/`` and ``fields/``.

    Both take the form as it stands and save nothing.
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

    def asked_of(self, obj: Preset | None) -> dict[str, str]:
        """The two addresses, by name."""
        given = [obj.pk] if obj else []
        names = ("preview", "fields")
        return {name: reverse(f"admin:plots_presets_preset_{name}", args=given) for name in names}

    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponseBase:
        """The posted form drawn, as JSON: pictures as ``data:``, their words, errors by field.

        ``_themes`` names what is to be drawn; without it the first is, and ``rest`` says what
        there is besides. ``_sharp`` is for screens of two pixels a point. ``_page`` tells the
        pages of one author apart, of each of which one draft is drawn at a time.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        draft = draft_of(request, self._editable(request, object_id))
        themes = request.POST.getlist("_themes")
        try:
            with _turns.take((request.user.pk, request.POST.get("_page", "")[:40])):
                seen = drawn(
                    draft,
                    request.user,
                    themes,
                    sharp="_sharp" in request.POST,
                    most=None if themes else 1,
                )
        except Superseded:
            return JsonResponse({"superseded": True}, status=409)
        return JsonResponse(_as_dict(draft, seen))

    def fields_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponseBase:
        """The fields of the posted kind and source, with what they take over of the posted ones."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        obj = self._editable(request, object_id)
        every: list[Any] = list(self.get_fieldsets(request, obj))
        form_class = self.get_form(request, obj, bool(obj), fields=flatten_fieldsets(every))
        posted = {name: request.POST.get(name, "") for name in ("kind", "source")}
        initial = posted | {"overrides": request.POST.getlist("overrides")}
        form = form_class(initial=initial, instance=obj)
        fieldsets = [(name, each) for name, each in every if OF_PLOT in each.get("classes", ())]
        readonly = self.get_readonly_fields(request, obj)
        adminform = AdminForm(form, fieldsets, {}, readonly, model_admin=self)
        template = "admin/plots_presets/preset/fields.html"
        return TemplateResponse(request, template, {"adminform": adminform, OF[1:]: shown_of(form)})

    def _editable(self, request: HttpRequest, object_id: str | None) -> Preset | None:
        """The preset of ``object_id``, if any, for who may send its form."""
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


def shown_of(form: Any) -> str:
    """The kind and source whose fields ``form`` has, as it posts them with them."""
    return " ".join(str(form[name].value() or "") for name in ("kind", "source"))


def _as_dict(draft: Preset, seen: Preview) -> dict[str, Any]:
    known = {field.name for field in form_of(draft) or ()}
    errors: dict[str, list[dict[str, str]]] = {}
    for error in seen.errors:
        name = error.parameter or ""
        if name in known and name != "source":
            name = PREFIX + name
        if name in ("kind", "source") or name.startswith(PREFIX):
            errors.setdefault(name, []).append({"message": error.message, "code": error.code})
    return {
        "pictures": [vars(shot) for shot in seen.shots],
        "rest": list(seen.rest),
        "alt": seen.alt,
        "errors": errors,
        "why": [str(error) for error in seen.errors],
    }
