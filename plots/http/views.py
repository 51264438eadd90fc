"""The visitors' doors: pages and pictures. They translate; nothing is drawn or decided here."""

from __future__ import annotations

from time import time

from django.http import HttpRequest, HttpResponseBase

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.plot_form import REVISION, read_spec
from plots.spec.plot_spec import PlotSpec

from . import signing
from .response_cache import recalled_response
from .responses import answers_with_a_picture, query_of
from .stored_plots import StoredPlot


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
