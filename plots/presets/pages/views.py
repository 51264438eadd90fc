"""Pages and images of presets."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plots.catalog import attempt, pages, responsive
from plots.catalog.pages import page_response
from plots.errors import PlotError
from plots.forms.binding import Parameters
from plots.forms.frame import PRESENTATION
from plots.http.response_cache import cached_response
from plots.http.responses import error_language, errors_as_images, query_parameters
from plots.i18n import override_language
from plots.permissions import may_change
from plots.presets import usage
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.presets.provider import may
from plots.presets.sharing import cards
from plots.spec.themes import themes

from . import page_context, search
from .related import related


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The gallery: the presets that this visitor may see, searched, filtered, page by page."""
    presets = Preset.objects.visible_to(request.user).listed()
    return page_response(request, "plots/index.html", **search.search_context(presets, request.GET))


@require_safe
def preset(request: HttpRequest, slug: str) -> HttpResponse:
    """One preset: its picture, the controls it allows, downloads, embed codes and its data."""
    found = get_object_or_404(Preset.objects.visible_to(request.user), slug=slug)
    given = dict(request.GET.lists())
    base = _attempt(request, found, {})
    tried = _attempt(request, found, given) if given else base
    # Where what the address asks for cannot be had, the page says so and shows what the preset is.
    shown = tried if tried.plot else base
    asked = pages.given_names(given)
    presets = Preset.objects.visible_to(request.user).listed()
    return page_response(
        request,
        "plots/preset.html",
        preset=found,
        origin=page_context.origin(found, request.user),
        related=related(found, presets),
        card=cards.card(request, shown.plot),
        changed=asked,
        unlinked="link" in asked,
        controls=page_context.preset_controls(found, asked, tried, base),
        errors=tried.errors,
        plot=shown.plot,
        pictures=responsive.candidates(shown.plot, asked if shown is tried else set()),
        sized=asked & {*PRESENTATION},
        may_edit=may(request.user, "change") and may_change(request.user, found),
        **pages.plot_context(request, shown),
    )


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """One preset for a frame in another page: its picture, which says its values, and a link."""
    found = _find(request, slug)
    if found is None:
        raise Http404(f"There is no preset {slug}.")
    plot = cards.shared_plot(found, dict(request.GET.lists()))
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
    """A preset's picture; the query may change what the preset allows."""
    found = _find(request, slug)
    if found is None:
        with override_language(error_language(request)):
            message = _("There is no preset “%(slug)s”.") % {"slug": slug[:50]}
        raise PlotError(message, "unknown-preset", "preset")
    usage.count_picture(request, found.pk)
    return cached_response(
        request,
        ("preset", found.fingerprint, format, request.META["QUERY_STRING"]),
        lambda: found.spec(query_parameters(request), format),
        private=found.is_private,
        never=found.cache == Preset.Cache.NEVER,
        filename=slug,
    )


def _attempt(
    request: HttpRequest, preset: Preset, overrides: Parameters
) -> attempt.Attempt[PresetPlot]:
    return attempt.attempt(
        request.user,
        lambda: preset.form(overrides),
        lambda spec: PresetPlot(spec, preset, overrides, trusted=False),
    )


def _find(request: HttpRequest, slug: str) -> Preset | None:
    # Who asks is looked at only where it matters: a look at the session makes an answer vary.
    named = Preset.objects.filter(slug=slug)
    return named.visible_to(None).first() or named.visible_to(request.user).first()
