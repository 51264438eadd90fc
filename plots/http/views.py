"""Views of images."""

from __future__ import annotations

from time import time

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.binding import REVISION, SIGNATURE, query_key
from plots.forms.parameters_to_spec import read_spec
from plots.i18n import override_language
from plots.permissions import SITE, request_user
from plots.spec.plot_spec import PlotSpec

from . import signing
from .response_cache import Url, cached_response
from .responses import error_language, errors_as_images, query_parameters
from .stored_plots import StoredPlot


@errors_as_images
def plot(request: HttpRequest, kind: str, format: str) -> HttpResponseBase:
    """Return the image that the query describes."""
    key = ["plot", kind, format, query_key(request.META["QUERY_STRING"], kind)]
    user = request_user(request)
    url: Url | None = request.path_info, request.META["QUERY_STRING"]
    if conf.SIGNED_URLS or f"{SIGNATURE}=" in request.META["QUERY_STRING"]:
        with override_language(error_language(request)):
            if signing.check(kind, format, query_parameters(request, kind)):
                user = SITE
        key.append(f"{time() // 60}")  # max-age depends on the expiry of the signature
        url = None

    def read() -> PlotSpec:
        return read_spec(kind, query_parameters(request, kind), format, user)

    return cached_response(request, (*key,), read, url=url)


@errors_as_images
def stored(request: HttpRequest, digest: str, format: str) -> HttpResponseBase:
    """Return the image of a stored plot."""
    with override_language(error_language(request)):
        for name in query_parameters(request):
            if name != REVISION:
                message = _("A stored plot cannot be changed. Remove this parameter from the URL.")
                raise PlotError(message, "unknown-parameter", name[:50])
        found = StoredPlot.objects.by_digest(digest, request_user(request))
    key = ("stored", digest, format, query_key(request.META["QUERY_STRING"]))
    return cached_response(request, key, lambda: found.spec(format, request_user(request)))
