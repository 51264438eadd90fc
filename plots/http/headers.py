"""Headers that decide who may read a response, and responses without a body that keep them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from plots.conf import conf
from plots.i18n import resolve_language
from plots.spec.formats import FORMATS

# Formats that middleware or proxies compress for clients that accept that.
COMPRESSED = {each.content_type for each in FORMATS.values() if each.is_text}
# Headers about the body of a response and about how it was made, which a 304 does not repeat.
_OF_BODY = {"content-type", "content-length", "content-encoding", "server-timing"}
_MAX_AGE_OF_PREFLIGHT = 86_400  # seconds


def secure(response: HttpResponse, *, private: bool = False) -> HttpResponse:
    """Add headers that block scripts in ``response``, and let other sites read a public one."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    if response["Content-Type"].startswith(FORMATS["svg"].media_type):
        policy += "; img-src data:; sandbox"  # heat maps and many marks are embedded as PNG
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    share(response, private=private)
    return response


def share(response: HttpResponse, *, private: bool = False) -> None:
    """Let pages of other sites embed and read ``response`` unless it is private.

    Browsers never give a response to a request with cookies to another site, because
    ``Access-Control-Allow-Credentials`` is missing.
    """
    response["Cross-Origin-Resource-Policy"] = "same-origin" if private else "cross-origin"
    if not private:
        response["Access-Control-Allow-Origin"] = "*"


def preflight(methods: Sequence[str]) -> HttpResponse:
    """Return the response to OPTIONS: what pages of other sites may send to this URL."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(methods)
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match"
    response["Access-Control-Max-Age"] = str(_MAX_AGE_OF_PREFLIGHT)
    response["Cache-Control"] = "no-store"
    share(response)
    return response


def vary_on_encoding(response: HttpResponse) -> None:
    """Announce that middleware may compress ``response``, if it is text.

    The middleware cannot do this for a 304, which has no type.
    """
    if response["Content-Type"] in COMPRESSED:
        patch_vary_headers(response, ["Accept-Encoding"])


def not_modified(request: HttpRequest, headers: Iterable[tuple[str, str]]) -> HttpResponse:
    """Return a 304 for a representation that has these ``headers``."""
    kept = {name: value for name, value in headers if name.lower() not in _OF_BODY}
    # The ETag of a compressed copy is weak, and a cache updates the copy whose ETag it gets.
    is_weak = f"W/{kept['ETag']}" in request.META.get("HTTP_IF_NONE_MATCH", "")
    if is_weak and "Accept-Encoding" in kept.get("Vary", ""):
        kept["ETag"] = f"W/{kept['ETag']}"
    return HttpResponseNotModified(headers=kept)


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return ``response``, or a 304 or 412 if the conditions of ``request`` require that."""
    modified = parse_http_date_safe(response.get("Last-Modified", ""))
    decided = get_conditional_response(request, response["ETag"], modified, response)
    if decided is None or decided is response:
        return response
    if decided.status_code == 304:
        return not_modified(request, response.items())
    return decided


def public_cache_control(max_age: int) -> str:
    """Return the Cache-Control of a response that caches may keep for ``max_age`` seconds."""
    return f"public, max-age={max_age}, stale-while-revalidate={conf.STALE_WHILE_REVALIDATE}"


def public_response(request: HttpRequest, response: HttpResponse, max_age: int) -> HttpResponse:
    """Let everybody read and cache ``response``, which is in the language of the site.

    With a ``max_age`` of zero, caches check for changes before each use.
    """
    age = min(max_age, conf.MAX_AGE)
    response["Cache-Control"] = public_cache_control(age) if max_age else "public, no-cache"
    response["Content-Language"] = resolve_language("")
    response["ETag"] = f'"{sha256(response.content).hexdigest()}"'
    patch_vary_headers(response, ["Accept-Encoding"])
    share(response)
    return conditional(request, response)
