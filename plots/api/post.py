"""Plots by POST: a JSON body of parameters is drawn, or stored under a short URL.

``{"x": ["Mon", "Tue"], "y": [[3, 5], [1, 2]], "label": ["Shop", "Web"], "grid": false}``: values
are as in a template tag. A channel takes a list of numbers or names, or a list of such lists.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    UnreadablePostError,
)
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.binding import RESERVED
from plots.forms.parameters_to_spec import from_python, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.http import signing
from plots.http.headers import preflight, secure
from plots.http.responses import View, errors_as_images, plot_response, query_parameters
from plots.http.stored_plots import StoredPlot
from plots.i18n import override_language
from plots.permissions import User, is_staff
from plots.spec.formats import FORMATS
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.values.scalars import MAX_NUMBER

logger = logging.getLogger("plots")

METHODS = ("GET", "HEAD", "POST")
MAX_PARAMETERS = 200
posted: Callable[[View], View] = partial(errors_as_images, methods=("POST",))


def or_post(view: View, post: View) -> View:
    """Return a view that calls ``post`` for POST requests and ``view`` for all others."""

    # Programs send tokens instead of CSRF tokens. ``_check_csrf`` checks requests with a session.
    @csrf_exempt
    @wraps(view)
    def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return preflight(METHODS)
        response = (post if request.method == "POST" else view)(request, *args, **kwargs)
        if response.status_code == 405:
            response["Allow"] = ", ".join(METHODS)
        return response

    return either


@posted
def draw(request: HttpRequest, kind: str, format: str) -> HttpResponseBase:
    """Return the image that the body describes."""
    return plot_response(request, _read(request, kind, format), never=True)


def store(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Store the plot that the body describes, and return its URL in each format."""
    # The format makes errors JSON, too.
    return _store(request, kind=kind, format="json")


@posted
def _store(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    spec = _read(request, kind)
    plot = StoredPlot.objects.store(spec.kind, write_parameters(spec))
    urls = {name: request.build_absolute_uri(plot.url(name)) for name in FORMATS}
    response = JsonResponse({"digest": plot.digest, "urls": urls}, status=201)
    response["Location"] = plot.url()
    add_never_cache_headers(response)
    return secure(response)


def _read(request: HttpRequest, kind: str, format: str = "png") -> PlotSpec:
    """Return the plot in the body of ``request``, if its sender may post.

    Error messages are in the language of the site: programs read them.
    """
    with override_language():
        sender, user = _authorize(request)
        spec = _parse_spec(request, kind, format, user)
    logger.info("%s posted a plot of kind %s", sender, kind)
    return spec


def _parse_spec(request: HttpRequest, kind: str, format: str, user: User) -> PlotSpec:
    for parameter in query_parameters(request):
        message = _("Send the parameters of a POST in its body, not in its URL.")
        raise PlotError(message, "not-allowed", parameter[:50])
    values = _parse(_body(request))
    channels = {channel.name for channel in kinds.get(kind).accepted_channels}
    for parameter, value in values.items():
        if parameter in RESERVED:
            message = _("“%(name)s” is only allowed in URLs. Remove it from the body.")
            raise PlotError(message % {"name": parameter}, "unknown-parameter", parameter)
        _check_value(value, parameter, depth=2 if parameter in channels else 1)
    return read_spec(kind, from_python(kind, values), format, user)


def _authorize(request: HttpRequest) -> tuple[str, User]:
    """Return a name of the sender, and the user who decides which sources can be drawn.

    Only staff who post with their session are a user: a program with a token is a stranger.
    Raises PlotError (401, 403) if the sender may not post.
    """
    if conf.POST == "nobody":
        raise PlotError(_("This site does not accept plots by POST."), "forbidden")
    if conf.POST == "anyone":
        return "anyone", None
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return f"token {signing.read_token(token.strip())}", None
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        message = _(
            "You must authenticate to post plots. Log in as staff, or send “Authorization: "
            "Bearer …” with a token from “manage.py plot_token”."
        )
        raise PlotError(message, "unauthorized")
    if not is_staff(user):
        message = _("Only staff users and programs with a token may post plots.")
        raise PlotError(message, "forbidden")
    _check_csrf(request)
    return str(user), user


def _check_csrf(request: HttpRequest) -> None:
    """Raise PlotError (403) without a CSRF token: other sites can make browsers post here."""
    check = CsrfViewMiddleware(lambda request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, draw, (), {}) is not None:
        message = _(
            "To post with a session, send its CSRF token in the header X-CSRFToken. For programs, "
            "create a token with “manage.py plot_token”."
        )
        raise PlotError(message, "forbidden")


def _body(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        message = _("Send the parameters as JSON, with “Content-Type: application/json”.")
        raise PlotError(message, "unsupported-media-type")
    # request.body has a limit of its own, which is meant for forms.
    length, most = request.headers.get("Content-Length", ""), conf.MAX_BODY
    body = b""
    if not (length.isdecimal() and int(length) > most):
        try:
            body = request.read(most + 1)
        except UnreadablePostError:
            message = _("The body is incomplete. Send the request again.")
            raise PlotError(message, "invalid-json") from None
        if len(body) <= most:
            return body
    message = _("The body has more than %(most)s bytes. Send fewer values.")
    raise PlotError(message % {"most": f"{most:,}"}, "too-much")


def _parse(body: bytes) -> dict[str, Any]:
    if not body:
        message = _("The body is empty. Send JSON, with its Content-Length.")
        raise PlotError(message, "invalid-json")
    try:
        values = json.loads(body, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        details = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        message = _("The body is not valid JSON.") + details
        raise PlotError(message, "invalid-json") from None
    if not isinstance(values, dict):
        message = _("The body is not a JSON object. Send {“parameter”: value, …}.")
        raise PlotError(message, "invalid-json")
    return values


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            message = _("This parameter is repeated. Send it once, with a list of values.")
            raise PlotError(message, "repeated-parameter", name[:50])
        values[name] = value
    if len(values) > MAX_PARAMETERS:
        message = _("The body has more than %(most)s parameters.") % {"most": MAX_PARAMETERS}
        raise PlotError(message, "too-much")
    return values


def _check_value(value: Any, parameter: str, depth: int) -> None:
    """Raise PlotError for JSON values that no parameter accepts.

    ``depth`` is how deeply lists may be nested: 2 for channels, which may have several series.
    """
    if isinstance(value, list) and depth:
        if len(value) > conf.MAX_POINTS:
            message = _("%(count)s values are given; at most %(most)s may be.")
            message %= {"count": f"{len(value):,}", "most": f"{conf.MAX_POINTS:,}"}
            raise PlotError(message, "too-much", parameter[:50])
        for each in value:
            _check_value(each, parameter, depth - 1)
    elif isinstance(value, list):
        message = _("Lists are nested too deeply here. Send a value or a flat list of values.")
        raise PlotError(message, "invalid-value", parameter[:50])
    elif isinstance(value, dict):
        message = _("A JSON object is not allowed here. Send numbers, text or lists of them.")
        raise PlotError(message, "invalid-value", parameter[:50])
    elif isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:  # nor NaN
        message = _("Numbers must be from -1e300 to 1e300. Send null for a gap.")
        raise PlotError(message, "invalid-value", parameter[:50])
