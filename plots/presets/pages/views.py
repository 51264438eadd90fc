"""Views of presets: the gallery, and the page, the frame and the picture of a preset."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from plots.catalog import attempt, pages, responsive
from plots.catalog.pages import page_response
from plots.forms.binding import Parameters, query_key, read_query
from plots.forms.frame import PRESENTATION
from plots.http.response_cache import cached_response
from plots.http.responses import error_language, errors_as_images, query_parameters
from plots.i18n import override_language
from plots.permissions import User, has_permission, is_staff, may_change, request_user
from plots.presets import usage
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.presets.provider import unknown_preset
from plots.presets.sharing import cards
from plots.spec.themes import themes

from . import page_context, search
from .related import related


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Return the gallery: the listed presets that match the query, in pages."""
    user = request_user(request)
    presets = Preset.objects.visible_to(user).listed()
    given = read_query(dict(request.GET.lists()))
    found = search.search_context(presets, given, user)
    return page_response(request, "plots/index.html", **found)


@require_safe
def preset(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the page of a preset, with the overrides in the query."""
    user = request_user(request)
    visible = Preset.objects.visible_to(user)
    found = get_object_or_404(visible, slug=slug)
    overrides = read_query(dict(request.GET.lists()), found.kind, found.source)
    base = _attempt(user, found, {})
    tried = _attempt(user, found, overrides) if overrides else base
    # If the overrides are invalid, the page shows the errors and the preset without them.
    shown = tried if tried.plot else base
    names = pages.given_names(overrides)
    return page_response(
        request,
        "plots/preset.html",
        preset=found,
        origin=page_context.origin(found, user),
        related=related(found, visible.listed()),
        card=cards.card(request, shown.plot),
        changed=names,
        unlinked="link" in names,
        controls=page_context.preset_controls(found, names, tried, base),
        errors=tried.errors,
        plot=shown.plot,
        pictures=responsive.candidates(shown.plot, names if shown is tried else set()),
        sized=names & {*PRESENTATION},
        may_edit=_may_edit(user, found),
        **pages.plot_context(request, shown),
    )


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the page of a preset for a frame: its picture with tooltips, and a link."""
    found = _find(request, slug)
    if found is None:
        raise Http404(f"There is no preset {slug}.")
    given = read_query(dict(request.GET.lists()), found.kind, found.source)
    plot = cards.shared_plot(found, given)
    names = {*plot.parameters} if plot else set()
    response = render(
        request,
        "plots/embed.html",
        {
            "preset": found,
            "plot": plot,
            "alt": plot.alt if plot else "",
            "address": plot.page_url() if plot else found.get_absolute_url(),
            "scheme": themes()[plot.spec.frame.theme].scheme if plot and "theme" in names else "",
            "pictures": responsive.candidates(plot, names),
            "unlinked": "link" in names,
        },
    )
    return cards.embed_response(response, private=found.is_private)


@errors_as_images
def preset_image(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """Return the picture of a preset, with the overrides in the query."""
    found = _find(request, slug)
    if found is None:
        with override_language(error_language(request)):
            raise unknown_preset(slug)
    usage.count_picture(request, found.pk)
    declared = found.kind, found.source
    return cached_response(
        request,
        ("preset", found.fingerprint, format, query_key(request.META["QUERY_STRING"], *declared)),
        lambda: found.spec(query_parameters(request, *declared), format),
        private=found.is_private,
        never=found.cache == Preset.Cache.NEVER,
        filename=slug,
    )


def _may_edit(user: User, preset: Preset) -> bool:
    return is_staff(user) and has_permission(user, "change", Preset) and may_change(user, preset)


def _attempt(user: User, preset: Preset, overrides: Parameters) -> attempt.Attempt[PresetPlot]:
    return attempt.attempt(
        user,
        lambda: preset.form(overrides),
        lambda spec: PresetPlot(spec, preset, overrides, trusted=False),
    )


def _find(request: HttpRequest, slug: str) -> Preset | None:
    # The user is read only if the preset is not public: reading the session adds a Vary header.
    named = Preset.objects.filter(slug=slug)
    return named.visible_to(None).first() or named.visible_to(request_user(request)).first()
