"""The visitors' doors: pages and pictures. They translate; nothing is drawn or decided here."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from . import pages, signing
from .conf import conf
from .errors import PlotError
from .forms import REVISION, PlotForm, as_parameters, read_spec
from .models import ALWAYS_ALLOWED, Preset, is_staff
from .registry import Kind, kinds
from .responses import answers_with_a_picture, plot_response
from .shortcuts import Plot, plot_view
from .spec import PlotSpec
from .stored import StoredPlot


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The gallery: the presets that this visitor may see, searched, by kind, page by page."""
    query, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    presets = Preset.objects.visible_to(request.user).listed()
    found = presets.matching(query)
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found, conf.PAGE_SIZE).get_page(request.GET.get("page"))
    used = presets.order_by("kind").values_list("kind", flat=True).distinct()
    return _page(request, "plots/index.html", page=page, query=query, kind=kind, used=[*used])


@require_safe
def preset(request: HttpRequest, slug: str) -> HttpResponse:
    """One preset: its picture, the controls it allows, downloads, embed codes and its data."""
    found = get_object_or_404(Preset.objects.visible_to(request.user), slug=slug)
    given = dict(request.GET.lists())
    base = pages.attempt(found.form, found)
    tried = pages.attempt(lambda: found.form(given), found, given) if given else base
    # Where what the address asks for cannot be had, the page says so and shows what the preset is.
    shown = tried if tried.plot else base
    asked = pages.asked(given)
    return _page(
        request,
        "plots/preset.html",
        preset=found,
        controls=pages.preset_controls(found, asked, tried, base),
        errors=tried.errors,
        plot=shown.plot,
        pictures=pages.candidates(shown.plot, asked if shown is tried else set()),
        sized=asked & {*ALWAYS_ALLOWED},
        may_edit=request.user.is_staff and request.user.has_perm("plots.change_preset"),
        **pages.about(request, shown),
    )


@answers_with_a_picture
def preset_image(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """A preset's picture; the query may change what the preset allows."""
    # Who asks is looked at only where it matters: a look at the session makes an answer vary.
    named = Preset.objects.filter(slug=slug)
    found = named.visible_to(None).first() or named.visible_to(request.user).first()
    if found is None:
        raise PlotError(f"There is no preset “{slug[:50]}”.", "unknown-preset", "preset")
    spec = found.spec(dict(request.GET.lists()), format)
    never = found.cache == Preset.Cache.NEVER
    return plot_response(request, spec, private=found.is_private, never=never, filename=slug)


@require_safe
def kind_list(request: HttpRequest) -> HttpResponse:
    """The catalogue of kinds, each with its example."""
    shown = [(kind, Plot(_example(kind, width=384, height=288).spec)) for kind in kinds]
    return _page(request, "plots/kinds.html", kinds=shown)


@require_safe
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's parameters, and a playground: a form whose fields are those parameters."""
    if kind not in kinds:
        raise Http404(f"There is no plot kind {kind}.")
    found = kinds.get(kind)
    # What a visitor thinks up is theirs: on a site that signs its addresses, only staff may.
    may_play = is_staff(request.user) or not conf.SIGNED_URLS
    given = dict(request.GET.lists()) if may_play else {}
    tried = pages.attempt(
        lambda: PlotForm(found, given) if given else _example(found),
        trusted=not given or is_staff(request.user),
    )
    example = Plot(_example(found).spec)
    return _page(
        request,
        "plots/kind.html",
        kind=found,
        may_play=may_play,
        groups=pages.kind_controls(pages.asked(given), tried),
        errors=tried.errors,
        plot=tried.plot,
        pictures=pages.candidates(tried.plot, pages.asked(given)),
        reference=pages.reference(found),
        examples=[pages.address(example, name) for name in ("png", "svg", "csv")],
        **pages.about(request, tried),
    )


@plot_view
def plot(request: HttpRequest, kind: str, format: str) -> PlotSpec:
    """A picture from the query."""
    signing.check(kind, format, request.GET)
    return read_spec(kind, dict(request.GET.lists()), format)


@plot_view
def stored(request: HttpRequest, digest: str, format: str) -> PlotSpec:
    """A picture that a tag or a POST has put away."""
    for name in request.GET:
        if name != REVISION:
            message = "A stored plot is as it is: nothing of it can be changed in its address."
            raise PlotError(message, "unknown-parameter", name[:50])
    return StoredPlot.objects.named(digest).spec(format)


def _example(kind: Kind, **frame: int) -> PlotForm:
    return PlotForm(kind, as_parameters({**kind.example, **frame}))


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page is never shared: it shows what its visitor may see, with the revisions of now."""
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response
