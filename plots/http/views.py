"""The visitors' doors: pages and pictures. They translate; nothing is drawn or decided here."""

from __future__ import annotations

from time import time

from django.http import HttpRequest, HttpResponseBase

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.binding import REVISION
from plots.forms.parameters_to_spec import read_spec
from plots.spec.plot_spec import PlotSpec

from . import signing
from .response_cache import cached_response
from .responses import errors_as_images, query_parameters
from .stored_plots import StoredPlot


@errors_as_images
def plot(request: HttpRequest, kind: str, format: str) -> HttpResponseBase:
    """A picture from the query."""
    key = ["plot", kind, format, request.META["QUERY_STRING"]]
    if conf.SIGNED_URLS:
        signing.check(kind, format, query_parameters(request))
        key.append(f"{time() // 60}")  # the answer says how long the signature is good for

    def read() -> PlotSpec:
        return read_spec(kind, query_parameters(request), format, getattr(request, "user", None))

    return cached_response(request, (*key,), read)


@errors_as_images
def stored(request: HttpRequest, digest: str, format: str) -> HttpResponseBase:
    """A picture that a tag or a POST has put away."""
    for name in query_parameters(request):
        if name != REVISION:
            message = "A stored plot is as it is: nothing of it can be changed in its address."
            raise PlotError(message, "unknown-parameter", name[:50])
    found = StoredPlot.objects.by_digest(digest)
    key = ("stored", digest, format, request.META["QUERY_STRING"])
    return cached_response(request, key, lambda: found.spec(format, getattr(request, "user", None)))
