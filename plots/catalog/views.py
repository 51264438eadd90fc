"""Pages about kinds: the catalogue, and the reference and playground of each kind."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.binding import as_parameters, read_query
from plots.forms.plot_form import PlotForm
from plots.http import preset_provider
from plots.http.plot_links import Plot
from plots.permissions import User, is_staff, request_user
from plots.spec.registry import FAMILIES, Kind, kinds

from . import attempt, controls, pages, parameter_docs, responsive
from .pages import page_response

EXAMPLE_FORMATS = ("png", "svg", "csv")


@require_safe
def kind_list(request: HttpRequest) -> HttpResponse:
    """Show the catalogue of kinds, each with its example, if there is one."""
    families: dict[str, list[tuple[Kind, Plot | None]]] = {name: [] for name in FAMILIES}
    for kind in kinds:
        example = _example(kind, width=384, height=288)
        families.setdefault(kind.family, []).append((kind, example))
    shown = [(name, found) for name, found in families.items() if found]
    return page_response(request, "plots/kinds.html", families=shown)


@require_safe
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the parameters of a kind, and a form to try them."""
    if kind not in kinds:
        raise Http404(f"There is no plot kind {kind}.")
    found = kinds.get(kind)
    user = request_user(request)
    # On a site that signs its URLs, only staff may choose parameters.
    may_play = is_staff(user) or not conf.SIGNED_URLS
    given = read_query(dict(request.GET.lists()), kind) if may_play else {}
    example = _example(found)
    tried = attempt.attempt(
        user,
        lambda: PlotForm(found, given or as_parameters(found.sample), user=user),
        partial(Plot, trusted=not given or is_staff(user), publishes=False),
    )
    needs_values = not given and example is None
    if needs_values:
        tried = attempt.Attempt(PlotForm(found, {}, user=user))  # the visitor made no mistake
    return page_response(
        request,
        "plots/kind.html",
        kind=found,
        may_play=may_play,
        groups=controls.kind_controls(pages.given_names(given), tried),
        changed=pages.given_names(given),
        errors=tried.errors,
        needs_values=needs_values,
        plot=tried.plot,
        pictures=responsive.candidates(tried.plot, pages.given_names(given)),
        unlinked="link" in pages.given_names(given),
        reference=parameter_docs.parameter_reference(found),
        save=_save_url(user, tried.plot),
        examples=[example.url(name, revision=False) for name in EXAMPLE_FORMATS if example],
        **pages.plot_context(request, tried),
    )


def _save_url(user: User, plot: Plot | None) -> str:
    """Return the URL of a form that saves ``plot`` as a preset, if ``user`` may use one."""
    if plot is None:
        return ""
    return preset_provider.add_url(user, plot.spec.kind, plot.parameters)


def _example(kind: Kind, **frame: int) -> Plot | None:
    """Return the example of ``kind``, or None if it has none that can be drawn."""
    try:
        plot = Plot(PlotForm(kind, as_parameters({**kind.sample, **frame})).spec)
        plot.check()
    except PlotError:
        return None
    return plot
