"""Bytes and errors to HttpResponses: every header a picture carries is decided here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from hashlib import sha256
from time import time
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header

from plots import metrics
from plots.conf import DAY, conf
from plots.delivery.deliver import deliver, render
from plots.errors import PlotError
from plots.forms.binding import REVISION
from plots.i18n import resolve_language
from plots.spec.formats import FORMATS
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds

from . import error_image, signing

logger = logging.getLogger("plots")

REVISION_LENGTH = 12  # hex digits of a digest: enough to tell a picture's own revisions apart
# An address that names a revision which has passed: its picture is right, but will be asked less.
SHORT_AGE = 60
LONG_AGE = 365 * DAY


def revision(spec: PlotSpec) -> str:
    """What a URL of ``spec`` carries as ``v``, to say which picture it means."""
    return spec.digest[:REVISION_LENGTH]


def plot_response(
    request: HttpRequest,
    spec: PlotSpec,
    *,
    private: bool | None = None,
    never: bool = False,
    filename: str = "",
) -> HttpResponseBase:
    """The picture of ``spec``, or a 304 that is decided before anything is drawn.

    ``private`` keeps it to those who ask; where it is not said, the source decides. Of a source
    that asks who is looking, it is who asks here, and the picture is theirs alone. ``never`` has
    each answer drawn anew, as it is for a random kind and a live source anyhow.
    """
    filename = filename or spec.kind
    private = spec.is_private if private is None else private
    if spec.is_personal:
        spec, private = spec.seen_by(getattr(request, "user", None)), True
    if never or spec.is_random:
        response = picture_response(render(spec), filename=filename, private=private)
        metrics.count_response(spec.kind, spec.format, "miss")
        add_never_cache_headers(response)
        return response
    # Where a source cannot tell its version, only the drawn bytes say whether they changed.
    picture = None if spec.is_pinned else deliver(spec)
    etag = f'"{spec.digest if picture is None else sha256(picture.content).hexdigest()}"'
    known = HttpResponse(headers={"ETag": etag, "Cache-Control": _cache_control(request, spec)})
    if private:
        known["Cache-Control"] = "private, no-cache"
        patch_vary_headers(known, ["Cookie"])
    answer = get_conditional_response(request, etag, response=known)
    if answer is not None and answer is not known:
        metrics.count_response(spec.kind, spec.format, "not-modified")
        return answer
    picture = picture or deliver(spec)
    response = picture_response(picture, filename=filename, private=private)
    for name, value in known.items():
        response.setdefault(name, value)
    metrics.count_response(spec.kind, spec.format, picture.cache)
    return response


def _cache_control(request: HttpRequest, spec: PlotSpec) -> str:
    query = query_parameters(request)
    given = query.get(REVISION, [None])[-1]
    end = signing.expires(query)
    left = LONG_AGE if end is None else min(LONG_AGE, max(0, int(end - time())))
    if given is not None and given != revision(spec):
        return public_cache_control(min(SHORT_AGE, conf.MAX_AGE, left))
    if given is not None and spec.is_pinned:
        return f"public, max-age={left}, immutable"
    age = conf.MAX_AGE if spec.is_pinned else min(conf.MAX_AGE, int(spec.source_age))
    return public_cache_control(min(age, left))


def public_cache_control(max_age: int) -> str:
    """The Cache-Control of a picture that everybody may keep for ``max_age`` seconds."""
    return f"public, max-age={max_age}, stale-while-revalidate={conf.STALE_WHILE_REVALIDATE}"


def public_response(response: HttpResponse, max_age: int) -> HttpResponse:
    """``response``, which is the same for all visitors and in the language of the site."""
    response["Cache-Control"] = public_cache_control(min(max_age, conf.MAX_AGE))
    response["Content-Language"] = resolve_language("")
    return response


def picture_response(picture: Picture, *, filename: str, private: bool = False) -> HttpResponse:
    """``picture`` with all its headers but those that say who may keep it."""
    response = HttpResponse(picture.content, content_type=picture.content_type)
    name = f"{filename}.{picture.format}"
    response["Content-Disposition"] = str(content_disposition_header(False, name))
    steps = [f"{name};dur={seconds * 1000:.1f}" for name, seconds in picture.seconds.items()]
    response["Server-Timing"] = ", ".join([f"cache;desc={picture.cache}", *steps])
    return _guarded(response, private=private)


def _guarded(response: HttpResponse, *, private: bool = False) -> HttpResponse:
    """What keeps a picture a picture: nothing in it runs, and no private one is embedded."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    if response["Content-Type"].startswith(FORMATS["svg"].media_type):
        policy += "; img-src data:; sandbox"  # its cells, or more marks than it holds one by one
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin" if private else "cross-origin"
    return response


def error_response(request: HttpRequest, error: PlotError, format: str) -> HttpResponse:
    """``error`` as its asker can read it: JSON for programs, else a picture, or plain text."""
    kind = request.resolver_match.kwargs.get("kind", "") if request.resolver_match else ""
    known = FORMATS.get(format, FORMATS["png"])
    metrics.count_response(
        kind if kind in kinds else "unknown",
        format if format in FORMATS else "unknown",
        error.code,
    )
    pictured = known if known.is_picture else None
    media_type = pictured.media_type if pictured else "text/plain"
    preferred = request.get_preferred_type([media_type, "application/json"])
    response: HttpResponse
    if preferred == "application/json" or known.name == "json":
        response = JsonResponse({"errors": [each.as_dict() for each in error.all]})
    elif pictured is None:
        lines = "".join(f"{each}\n" for each in error.all)
        response = HttpResponse(lines, content_type="text/plain; charset=utf-8")
    else:
        content = error_image.draw(_heading(error), str(error), pictured.name)
        response = HttpResponse(content, content_type=pictured.content_type)
    response.status_code = error.status
    # Header values are ASCII; what is not is spelled out, for a developer's eyes.
    response["X-Plot-Error"] = str(error).encode("ascii", "backslashreplace").decode()[:500]
    response["Cache-Control"] = "no-store"
    if error.code == "method-not-allowed":
        response["Allow"] = "GET, HEAD"
    if error.code == "unauthorized":
        response["WWW-Authenticate"] = "Bearer"
    if error.code == "busy":
        response["Retry-After"] = "1"
    return _guarded(response)


def _heading(error: PlotError) -> str:
    return "This plot could not be drawn" if error.status >= 500 else "This plot cannot be drawn"


View = Callable[..., HttpResponseBase]


def errors_as_images(view: View, methods: Sequence[str] = ("GET", "HEAD")) -> View:
    """Turn what ``view`` raises into a picture that an ``<img>`` shows.

    A PlotError says itself what is wrong. Anything else is logged with its traceback and answers
    500 without a word of it. ``view`` may take the format as ``format``.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        format = kwargs.get("format", "png")
        try:
            _check_method(request, methods)
            return view(request, *args, **kwargs)
        except PlotError as error:
            return error_response(request, error, format)
        except Http404 as missing:
            message = str(missing) or "There is nothing here."
            return error_response(request, PlotError(message, "not-found"), format)
        except PermissionDenied as denied:
            message = str(denied) or "This is not for you to see."
            return error_response(request, PlotError(message, "forbidden"), format)
        except Exception:  # a drawing function may raise whatever it likes
            logger.exception("Failed to draw %s", request.get_full_path()[:2000])
            message = "Something went wrong here while it was drawn; it has been logged."
            return error_response(request, PlotError(message, "failed"), format)

    return guarded


def _check_method(request: HttpRequest, methods: Sequence[str]) -> None:
    if request.method not in methods:
        raise PlotError(f"Ask for it with {methods[0]}.", "method-not-allowed")


def query_parameters(request: HttpRequest) -> dict[str, list[str]]:
    """The parameters in the address of ``request``; a PlotError (414) for too much of them."""
    length = len(request.META.get("QUERY_STRING", ""))
    if length > conf.MAX_QUERY:
        message = f"The query is {length:,} characters long; at most {conf.MAX_QUERY:,} are read."
        raise PlotError(message, "too-long")
    try:
        return dict(request.GET.lists())  # parsed on first use
    except SuspiciousOperation:
        raise PlotError("There are too many parameters.", "too-long") from None
