"""HTTP responses for images and errors, with all their headers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache, wraps
from hashlib import sha256
from time import time
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from plots import metrics
from plots.conf import DAY, conf
from plots.delivery.clients import View, draw_for_client
from plots.delivery.deliver import deliver, render
from plots.errors import PlotError, unavailable
from plots.forms.binding import REVISION, read_query
from plots.i18n import override_language, resolve_language
from plots.spec.formats import FORMATS
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.text.font_fallback import missing_characters

from . import error_image, signing
from .headers import conditional, preflight, public_cache_control, secure, vary_on_encoding

logger = logging.getLogger("plots")

REVISION_LENGTH = 12  # hex digits of a digest, enough to distinguish the revisions of one plot
# Maximum age in seconds for URLs of an older revision, which are rarely requested again.
SHORT_AGE = 60
LONG_AGE = 365 * DAY


def revision(spec: PlotSpec) -> str:
    """Return the value of the URL parameter ``v`` for ``spec``."""
    return spec.digest[:REVISION_LENGTH]


def privacy_headers(response: HttpResponse) -> None:
    """Let only the browser of one user cache ``response``."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])


def plot_response(
    request: HttpRequest,
    spec: PlotSpec,
    *,
    private: bool | None = None,
    never: bool = False,
    filename: str = "",
) -> HttpResponseBase:
    """Return the image of ``spec``, or a 304 without rendering it.

    Parameters
    ----------
    request : HttpRequest
        The request, with its conditional headers and its user.
    spec : PlotSpec
        The plot. If its source depends on the user, the response is private to them.
    private : bool, optional
        Keep the response out of shared caches. The default depends on the source.
    never : bool
        Never cache the response. Random kinds and live sources are never cached anyway.
    filename : str
        File name for downloads, without suffix. The default is the kind's name.

    Raises
    ------
    PlotError
        If the plot cannot be drawn.
    """
    filename = filename or spec.kind
    private = spec.is_private if private is None else private
    if spec.is_personal:
        spec, private = spec.seen_by(getattr(request, "user", None)), True
    if never or spec.is_random:
        response = picture_response(render(spec), filename=filename, private=private)
        metrics.count_response(spec.kind, spec.format, "miss")
        add_never_cache_headers(response)
        if private:
            patch_vary_headers(response, ["Cookie"])
        return response
    return _conditional_response(request, spec, filename, private)


def _conditional_response(
    request: HttpRequest, spec: PlotSpec, filename: str, private: bool
) -> HttpResponseBase:
    # If a source has no version, only the rendered bytes show whether its data changed.
    picture = None if spec.is_pinned else deliver(spec)
    etag = f'"{spec.digest if picture is None else sha256(picture.content).hexdigest()}"'
    unrendered = picture_response(Picture(b"", spec.format), filename=filename, private=private)
    unrendered["ETag"] = etag
    unrendered["Cache-Control"] = _cache_control(request, spec)
    if private:
        privacy_headers(unrendered)
    if (decided := conditional(request, unrendered)) is not unrendered:
        metrics.count_response(spec.kind, spec.format, "not-modified")
        return decided
    picture = picture or deliver(spec)
    response = picture_response(picture, filename=filename, private=private)
    for name, value in unrendered.items():
        response.setdefault(name, value)
    metrics.count_response(spec.kind, spec.format, picture.cache)
    return response


def _cache_control(request: HttpRequest, spec: PlotSpec) -> str:
    query = query_parameters(request)
    requested = query.get(REVISION, [None])[-1]
    end = signing.expires(query)
    left = LONG_AGE if end is None else min(LONG_AGE, max(0, int(end - time())))
    if requested is not None and requested != revision(spec):
        return public_cache_control(min(SHORT_AGE, conf.MAX_AGE, left))
    if requested is not None and spec.is_pinned:
        return f"public, max-age={left}, immutable"
    age = conf.MAX_AGE if spec.is_pinned else min(conf.MAX_AGE, int(spec.source_age))
    return public_cache_control(min(age, left))


def picture_response(picture: Picture, *, filename: str, private: bool = False) -> HttpResponse:
    """Return ``picture`` with all headers except those for caches."""
    response = HttpResponse(picture.content, content_type=picture.content_type)
    name = f"{filename}.{picture.format}"
    response["Content-Disposition"] = str(content_disposition_header(False, name))
    steps = [f"{name};dur={seconds * 1000:.1f}" for name, seconds in picture.seconds.items()]
    response["Server-Timing"] = ", ".join([f"cache;desc={picture.cache}", *steps])
    vary_on_encoding(response)
    return secure(response, private=private)


def error_response(request: HttpRequest, error: PlotError, format: str) -> HttpResponse:
    """Return ``error`` as JSON, image or plain text, in the active language.

    The Accept header and ``format``, the format of the requested plot, decide.
    """
    kind = request.resolver_match.kwargs.get("kind", "") if request.resolver_match else ""
    requested = FORMATS.get(format, FORMATS["png"])
    metrics.count_response(
        kind if kind in kinds else "unknown",
        format if format in FORMATS else "unknown",
        error.code,
    )
    image = requested if requested.is_picture else None
    media_type = image.media_type if image else "text/plain"
    preferred = request.get_preferred_type([media_type, "application/json"])
    response: HttpResponse
    if preferred == "application/json" or requested.name == "json":
        response = JsonResponse({"errors": [each.as_dict() for each in error.all]})
    elif image is None:
        lines = "".join(f"{each}\n" for each in error.all)
        response = HttpResponse(lines, content_type="text/plain; charset=utf-8")
    else:
        content = error_image.draw(_heading(error), str(error), image.name)
        response = HttpResponse(content, content_type=image.content_type)
    response.status_code = error.status
    # Header values are ASCII; other characters are escaped.
    response["X-Plot-Error"] = str(error).encode("ascii", "backslashreplace").decode()[:500]
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = get_language() or resolve_language("")
    if error.code == "method-not-allowed":
        response["Allow"] = "GET, HEAD"
    if error.code == "unauthorized":
        response["WWW-Authenticate"] = "Bearer"
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return secure(response)


def _heading(error: PlotError) -> str:
    if error.status >= 500 or error.retry_after is not None:
        return _("This plot could not be drawn")
    return _("This plot cannot be drawn")


def errors_as_images(view: View, methods: Sequence[str] = ("GET", "HEAD")) -> View:
    """Return ``view`` with exceptions as responses that an ``<img>`` can show.

    The message of a PlotError is shown. Any other exception is logged with its traceback, and the
    response (500) contains no details. ``view`` may take the format of the image as ``format``.
    """

    @draw_for_client
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        format = kwargs.get("format", "png")
        if request.method == "OPTIONS":
            return preflight(methods)
        try:
            _check_method(request, methods)
            return view(request, *args, **kwargs)
        except Exception as error:  # a kind may raise anything
            with override_language(error_language(request)):
                return error_response(request, _plot_error(request, error), format)

    return guarded


def _plot_error(request: HttpRequest, error: Exception) -> PlotError:
    if isinstance(error, PlotError):
        return error
    if isinstance(error, Http404):
        return PlotError(str(error) or _("There is no plot at this URL."), "not-found")
    if isinstance(error, PermissionDenied):
        message = str(error) or _("You don't have permission to view this plot.")
        return PlotError(message, "forbidden")
    if outage := unavailable(error):
        return outage
    logger.error("Failed to draw %s", request.get_full_path()[:2000], exc_info=error)
    message = _("Something went wrong while drawing this plot. The error has been logged.")
    return PlotError(message, "failed")


def error_language(request: HttpRequest) -> str:
    """Return the language for error messages: the URL's ``lang``, else that of the site.

    As images, error messages are the same for all visitors. If no font has the letters of that
    language, they are in English.
    """
    try:
        requested = query_parameters(request).get("lang", [""])[-1]
    except PlotError:
        requested = ""
    code = requested if requested in dict(settings.LANGUAGES) else resolve_language("")
    return code if _has_font(code, conf.SYSTEM_FONTS) else "en"


@lru_cache(maxsize=64)
def _has_font(code: str, system_fonts: bool) -> bool:
    """Return whether the name of a language can be drawn in that language."""
    try:
        return not missing_characters(get_language_info(code)["name_local"])
    except KeyError:
        return True


def _check_method(request: HttpRequest, methods: Sequence[str]) -> None:
    if request.method not in methods:
        message = _("This URL does not accept %(method)s requests. Use %(allowed)s.")
        message %= {"method": str(request.method)[:20], "allowed": methods[0]}
        raise PlotError(message, "method-not-allowed")


def query_parameters(
    request: HttpRequest, kind: str = "", source: str = ""
) -> dict[str, list[str]]:
    """Return the parameters in the URL of ``request``; raise PlotError (414) if too long.

    ``kind`` and ``source`` are as in ``read_query``.
    """
    length = len(request.META.get("QUERY_STRING", ""))
    if length > conf.MAX_QUERY:
        message = _("The URL has %(count)s characters of parameters. At most %(most)s are allowed.")
        message %= {"count": f"{length:,}", "most": f"{conf.MAX_QUERY:,}"}
        raise PlotError(message, "too-long")
    try:
        return read_query(dict(request.GET.lists()), kind, source)  # parsed on first use
    except SuspiciousOperation:
        raise PlotError(_("The URL has too many parameters."), "too-long") from None
