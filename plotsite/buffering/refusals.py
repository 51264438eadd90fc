"""Responses to requests whose body is too large or too slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

KEY = "plotsite.refusal"  # in the environ; headers of clients are other keys

_TEXTS = {
    400: (
        "incomplete",
        _("Bad request"),
        _("The data are incomplete. Send them again."),
    ),
    408: (
        "too-slow",
        _("The request took too long"),
        _("The data did not arrive in time. Check your connection and send them again."),
    ),
    413: (
        "too-much",
        _("Too much data"),
        _("The request is larger than this site accepts. Send less data, or log in first."),
    ),
    503: (
        "busy",
        _("Temporarily unavailable"),
        _("The site cannot accept the data at the moment. Send them again in half a minute."),
    ),
}
RETRY_AFTER = 30  # seconds


class Refusal(Exception):
    """A request that is answered with an error before its body has arrived."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return the error as a page, or as JSON for programs."""
        code, heading, text = _TEXTS[self.status]
        response: HttpResponse
        is_json = request.content_type == "application/json"
        preferred = request.get_preferred_type(["text/html", "application/json"])
        if is_json or preferred == "application/json":
            error = {"parameter": None, "code": code, "message": str(text)}
            response = JsonResponse({"errors": [error]})
        else:
            context = {"code": self.status, "heading": heading, "text": text}
            response = render(request, "refusal.html", context)
        response.status_code = self.status
        response["Cache-Control"] = "no-store"
        if request.META["SERVER_PROTOCOL"].startswith("HTTP/1"):
            response["Connection"] = "close"
        if self.status == 503:
            response["Retry-After"] = str(RETRY_AFTER)
        return response


def refusals_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer the requests that were refused. Put it last in MIDDLEWARE."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        refusal: Any = request.META.get(KEY)
        return refusal.response(request) if refusal else get_response(request)

    return middleware
