"""The visitors' doors: pages and pictures. They translate; nothing is drawn or decided here."""

from __future__ import annotations

from time import time

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from . import gallery, pages, responsive, sharing, signing, uses
from .conf import conf
from .errors import PlotError
from .forms import REVISION, PlotForm, as_parameters, read_spec
from .models import ALWAYS_ALLOWED, Preset
from .pages import page_response
from .recall import recalled_response
from .registry import FAMILIES, Kind, kinds
from .related import related
from .responses import answers_with_a_picture, query_of
from .shortcuts import Plot
from .spec import PlotSpec
from .stored import StoredPlot
from .themes import themes
from .visibility import is_staff, may_change


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The gallery: the presets that this visitor may see, searched, filtered, page by page."""
    presets = Preset.objects.visible_to(request.user).listed()
    return page_response(request, "plots/index.html", **gallery.show(presets, request.GET))


@require_safe
def preset(request: HttpRequest, slug: str) -> HttpResponse:
    """One preset: its picture, the controls it allows, downloads, embed codes and its data."""
    found = get_object_or_404(Preset.objects.visible_to(request.user), slug=slug)
    given = dict(request.GET.lists())
    base = pages.attempt(request.user, found.form, found)
    tried = pages.attempt(request.user, lambda: found.form(given), found, given) if given else base
    # Where what the address asks for cannot be had, the page says so and shows what the preset is.
    shown = tried if tried.plot else base
    asked = pages.asked(given)
    presets = Preset.objects.visible_to(request.user).listed()
    return page_response(
        request,
        "plots/preset.html",
        preset=found,
        origin=pages.origin(found, request.user),
        related=related(found, presets),
        card=sharing.card(request, shown.plot),
        changed=asked,
        unlinked="link" in asked,
        controls=pages.preset_controls(found, asked, tried, base),
        errors=tried.errors,
        plot=shown.plot,
        pictures=responsive.candidates(shown.plot, asked if shown is tried else set()),
        sized=asked & {*ALWAYS_ALLOWED},
        may_edit=_may(request, "change") and may_change(request.user, found),
        **pages.about(request, shown),
    )


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """One preset for a frame in another page: its picture, which says its values, and a link."""
    found = _find(request, slug)
    if found is None:
        raise Http404(f"There is no preset {slug}.")
    plot = sharing.plot_of(found, dict(request.GET.lists()))
    names = {*plot.parameters} if plot else set()
    response = render(
        request,
        "plots/embed.html",
        {
            "preset": found,
            "plot": plot,
            "alt": plot.alt if plot else "",
            "address": sharing.page_address(plot) if plot else found.get_absolute_url(),
            "scheme": themes()[plot.spec.frame.theme].scheme if plot and "theme" in names else "",
            "pictures": responsive.candidates(plot, names),
            "unlinked": "link" in names,
        },
    )
    return sharing.framed(response, private=found.is_private)


@answers_with_a_picture
def preset_image(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """A preset's picture; the query may change what the preset allows."""
    found = _find(request, slug)
    if found is None:
        raise PlotError(f"There is no preset “{slug[:50]}”.", "unknown-preset", "preset")
    uses.count_picture(request, found.pk)
    return recalled_response(
        request,
        ("preset", found.fingerprint, format, request.META["QUERY_STRING"]),
        lambda: found.spec(query_of(request), format),
        private=found.is_private,
        never=found.cache == Preset.Cache.NEVER,
        filename=slug,
    )


@require_safe
def kind_list(request: HttpRequest) -> HttpResponse:
    """The catalogue of kinds, each with its example."""
    families: dict[str, list[tuple[Kind, Plot]]] = {name: [] for name in FAMILIES}
    for kind in kinds:
        example = Plot(_example(kind, width=384, height=288).spec)
        families.setdefault(kind.family, []).append((kind, example))
    shown = [(name, found) for name, found in families.items() if found]
    return page_response(request, "plots/kinds.html", families=shown)


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
        request.user,
        lambda: PlotForm(found, given or as_parameters(found.example), user=request.user),
        trusted=not given or is_staff(request.user),
    )
    example = Plot(_example(found).spec)
    return page_response(
        request,
        "plots/kind.html",
        kind=found,
        may_play=may_play,
        groups=pages.kind_controls(pages.asked(given), tried),
        changed=pages.asked(given),
        errors=tried.errors,
        plot=tried.plot,
        pictures=responsive.candidates(tried.plot, pages.asked(given)),
        unlinked="link" in pages.asked(given),
        reference=pages.reference(found),
        save=pages.save_url(tried.plot) if _may(request, "add") else "",
        examples=[sharing.address(example, name) for name in ("png", "svg", "csv")],
        **pages.about(request, tried),
    )


@answers_with_a_picture
def plot(request: HttpRequest, kind: str, format: str) -> HttpResponseBase:
    """A picture from the query."""
    key = ["plot", kind, format, request.META["QUERY_STRING"]]
    if conf.SIGNED_URLS:
        signing.check(kind, format, query_of(request))
        key.append(f"{time() // 60}")  # the answer says how long the signature is good for

    def read() -> PlotSpec:
        return read_spec(kind, query_of(request), format, getattr(request, "user", None))

    return recalled_response(request, (*key,), read)


@answers_with_a_picture
def stored(request: HttpRequest, digest: str, format: str) -> HttpResponseBase:
    """A picture that a tag or a POST has put away."""
    for name in query_of(request):
        if name != REVISION:
            message = "A stored plot is as it is: nothing of it can be changed in its address."
            raise PlotError(message, "unknown-parameter", name[:50])
    found = StoredPlot.objects.named(digest)
    key = ("stored", digest, format, request.META["QUERY_STRING"])
    return recalled_response(
        request, key, lambda: found.spec(format, getattr(request, "user", None))
    )


def _may(request: HttpRequest, what: str) -> bool:
    return is_staff(request.user) and request.user.has_perm(f"plots.{what}_preset")


def _find(request: HttpRequest, slug: str) -> Preset | None:
    # Who asks is looked at only where it matters: a look at the session makes an answer vary.
    named = Preset.objects.filter(slug=slug)
    return named.visible_to(None).first() or named.visible_to(request.user).first()


def _example(kind: Kind, **frame: int) -> PlotForm:
    return PlotForm(kind, as_parameters({**kind.example, **frame}))
