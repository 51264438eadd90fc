"""Errors of pages: 503 while a database cannot be used, and 404."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import db
from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from plots.errors import PlotError, unavailable

View = Callable[..., HttpResponseBase]


def or_unavailable(view: View) -> View:
    """Return ``view`` with a 503 page in place of errors of a database that cannot be used."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (PlotError, db.Error) as error:
            if (response := _response(request, error)) is None:
                raise
            return response

    return guarded


def or_not_found(view: View) -> View:
    """Return ``view`` with the project's 404 page, which no cache stores, in place of Http404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404 as error:
            response = response_for_exception(request, error)
            response["Cache-Control"] = "no-store"
            return response

    return guarded


def server_error(request: HttpRequest) -> HttpResponse:
    """Return a 503 page if a database cannot be used, otherwise Django's 500 page.

    A project names this function in its URL configuration, for the pages that are not of this app:
    ``handler500 = "plots.api.unavailable.server_error"``.
    """
    return _response(request, sys.exc_info()[1]) or defaults.server_error(request)


def _response(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    found = unavailable(error) if isinstance(error, db.Error) else error
    if not isinstance(found, PlotError) or found.code != "unavailable":
        return None
    response: HttpResponse
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse({"errors": [found.as_dict()]})
    else:
        # Without the request, because its user cannot be read.
        response = HttpResponse(render_to_string("plots/503.html"))
    response.status_code = found.status
    response["Retry-After"] = str(found.retry_after)
    response["Cache-Control"] = "no-store"
    return response
