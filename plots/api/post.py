"""Plots by POST: a JSON body of parameters is drawn, or put away for a short address.

``{"x": ["Mon", "Tue"], "y": [[3, 5], [1, 2]], "label": ["Shop", "Web"], "grid": false}``: values
are as in a template tag. A channel takes a list of numbers or names, or several such lists.
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
from django.views.decorators.csrf import csrf_exempt

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.binding import RESERVED
from plots.forms.parameters_to_spec import from_python, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.http import signing
from plots.http.responses import View, errors_as_images, plot_response, query_parameters
from plots.http.stored_plots import StoredPlot
from plots.i18n import override_language
from plots.permissions import is_staff
from plots.spec.formats import FORMATS
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.values.scalars import MAX_NUMBER

logger = logging.getLogger("plots")

METHODS = "GET, HEAD, POST"
MOST_NAMES = 200
posted: Callable[[View], View] = partial(errors_as_images, methods=("POST",))


def or_post(view: View, post: View) -> View:
    """``view``, with ``post`` in its place for a POST."""

    # Django's check of forms is not for the tokens of programs; ``_authorize`` sees to sessions.
    @csrf_exempt
    @wraps(view)
    def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = (post if request.method == "POST" else view)(request, *args, **kwargs)
        if response.status_code == 405:
            response["Allow"] = METHODS
        return response

    return either


@posted
def draw(request: HttpRequest, kind: str, format: str) -> HttpResponseBase:
    """The picture that the body describes."""
    return plot_response(request, _read(request, kind, format), never=True)


def store(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Put the plot that the body describes away, and say where it is now, in each format."""
    # Who posts is a program: with a format of its own, its errors are JSON, too.
    return _store(request, kind=kind, format="json")


@posted
def _store(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    spec = _read(request, kind)
    plot = StoredPlot.objects.keep(spec.kind, write_parameters(spec))
    urls = {name: request.build_absolute_uri(plot.url(name)) for name in FORMATS}
    response = JsonResponse({"digest": plot.digest, "urls": urls}, status=201)
    response["Location"] = plot.url()
    add_never_cache_headers(response)
    return response


def _read(request: HttpRequest, kind: str, format: str = "png") -> PlotSpec:
    """The plot in the body of ``request``, if whoever sent it may post."""
    name = _authorize(request)
    for parameter in query_parameters(request):
        message = "Give the parameters of a POST in its body, not in its address."
        raise PlotError(message, "not-allowed", parameter[:50])
    given = _parse(_body(request))
    channels = {channel.name for channel in kinds.get(kind).accepted_channels}
    for parameter, value in given.items():
        if parameter in RESERVED:
            message = f"“{parameter}” belongs to an address; leave it out of the body."
            raise PlotError(message, "unknown-parameter", parameter)
        _check_value(value, parameter, depth=2 if parameter in channels else 1)
    with override_language():  # as an address is read: the same for everybody
        spec = read_spec(kind, from_python(kind, given), format, getattr(request, "user", None))
    logger.info("A %s plot posted by %s", kind, name)
    return spec


def _authorize(request: HttpRequest) -> str:
    """The name of whoever posts ``request``; a PlotError (401, 403) if they may not."""
    if conf.POST == "nobody":
        raise PlotError("This site takes no plots by POST.", "forbidden")
    if conf.POST == "anyone":
        return "anyone"
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return f"token {signing.read_token(token.strip())}"
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        message = (
            "Who may post plots here has to say who they are: log in as staff, or send "
            "“Authorization: Bearer …” with a token that manage.py plot_token made."
        )
        raise PlotError(message, "unauthorized")
    if not is_staff(user):
        raise PlotError("Only staff, and programs with a token, may post plots here.", "forbidden")
    _check_csrf(request)
    return str(user)


def _check_csrf(request: HttpRequest) -> None:
    """A browser sends its session along with what any other site has it post."""
    check = CsrfViewMiddleware(lambda request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, draw, (), {}) is not None:
        message = (
            "To post with a session, send its CSRF token in the header X-CSRFToken. "
            "Programs had better use a token of their own: manage.py plot_token."
        )
        raise PlotError(message, "forbidden")


def _body(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        message = "Send the parameters as JSON, with “Content-Type: application/json”."
        raise PlotError(message, "unsupported-media-type")
    # Not request.body: Django's own limit for it is meant for forms.
    length, most = request.headers.get("Content-Length", ""), conf.MAX_BODY
    body = b""
    if not (length.isdecimal() and int(length) > most):
        try:
            body = request.read(most + 1)
        except UnreadablePostError:
            raise PlotError("The body broke off; send it again.", "invalid-json") from None
        if len(body) <= most:
            return body
    raise PlotError(f"A body has at most {most:,} bytes; this one has more.", "too-much")


def _parse(body: bytes) -> dict[str, Any]:
    if not body:
        raise PlotError("The body is empty: send JSON, with its Content-Length.", "invalid-json")
    try:
        given = json.loads(body, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        what = f": {error}" if isinstance(error, json.JSONDecodeError) else ""
        raise PlotError(f"The body is not JSON{what}.", "invalid-json") from None
    if not isinstance(given, dict):
        raise PlotError("Send one JSON object: {“parameter”: value, …}.", "invalid-json")
    return given


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            message = "This is given twice; give it once, with a list of its values."
            raise PlotError(message, "repeated-parameter", name[:50])
        made[name] = value
    if len(made) > MOST_NAMES:
        raise PlotError(f"A body has at most {MOST_NAMES} parameters.", "too-much")
    return made


def _check_value(value: Any, parameter: str, depth: int) -> None:
    """Raise a PlotError for what JSON can say and no parameter can mean.

    ``depth`` is how many lists may stand around a value: two for a channel that is repeated.
    """
    if isinstance(value, list) and depth:
        if len(value) > conf.MAX_POINTS:
            message = f"{len(value):,} values are given; at most {conf.MAX_POINTS:,} may be."
            raise PlotError(message, "too-much", parameter[:50])
        for each in value:
            _check_value(each, parameter, depth - 1)
    elif isinstance(value, (list, dict)):
        what = "a list in a list" if isinstance(value, list) else "an object"
        message = f"Give numbers, text or lists of them; there is {what} too much here."
        raise PlotError(message, "invalid-value", parameter[:50])
    elif isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:  # nan is not, either
        message = "Only numbers from -1e300 to 1e300 can be drawn; write null for a gap."
        raise PlotError(message, "invalid-value", parameter[:50])
