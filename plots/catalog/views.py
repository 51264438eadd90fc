"""Pages about kinds: the catalogue, and the reference and playground of one kind."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from plots.conf import conf
from plots.forms.binding import as_parameters
from plots.forms.plot_form import PlotForm
from plots.http.plot_links import Plot
from plots.permissions import is_staff
from plots.presets import page_context
from plots.presets.views import _may
from plots.spec.registry import FAMILIES, Kind, kinds

from . import attempt, controls, embed_codes, pages, parameter_docs, responsive
from .pages import page_response


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
    tried = attempt.attempt(
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
        groups=controls.kind_controls(pages.given_names(given), tried),
        changed=pages.given_names(given),
        errors=tried.errors,
        plot=tried.plot,
        pictures=responsive.candidates(tried.plot, pages.given_names(given)),
        unlinked="link" in pages.given_names(given),
        reference=parameter_docs.parameter_reference(found),
        save=page_context.save_url(tried.plot) if _may(request, "add") else "",
        examples=[embed_codes.share_url(example, name) for name in ("png", "svg", "csv")],
        **pages.plot_context(request, tried),
    )


def _example(kind: Kind, **frame: int) -> PlotForm:
    return PlotForm(kind, as_parameters({**kind.example, **frame}))
