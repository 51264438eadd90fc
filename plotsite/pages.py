"""What all pages of the site know, and the page for what is missing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views import defaults

from plots.errors import PlotError
from plots.forms.binding import read_query
from plots.http.plot_links import build_url


def login_url(request: HttpRequest) -> dict[str, Any]:
    """Return the URL of the login page, which leads back to the page of ``request``."""

    def build() -> str:
        here = build_url(request.path, read_query(dict(request.GET.lists())))
        return build_url(reverse("login"), {"next": [here]})

    return {"login_url": SimpleLazyObject(build)}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the 404 page, or JSON to a client that prefers it, whatever is missing."""
    if request.get_preferred_type(["text/html", "application/json"]) != "application/json":
        return defaults.page_not_found(request, exception)
    error = PlotError(_("There is nothing at this URL."), "not-found")
    return JsonResponse({"errors": [error.as_dict()]}, status=error.status)
