"""What responses have that have not said otherwise: never-cache headers, and a language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware as DjangosLocaleMiddleware
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import sync_and_async_middleware

GetResponse = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def NeverCacheMiddleware(get_response: GetResponse) -> GetResponse:  # noqa: N802  # named as settings list it
    """Put it early in MIDDLEWARE, so that what other middleware answers passes it too."""
    if iscoroutinefunction(get_response):
        waiting = cast(Callable[[HttpRequest], Awaitable[HttpResponseBase]], get_response)

        async def async_middleware(request: HttpRequest) -> HttpResponseBase:
            return _never_cached(await waiting(request))

        return async_middleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return _never_cached(get_response(request))

    return middleware


def _never_cached(response: HttpResponseBase) -> HttpResponseBase:
    if not (response.has_header("Cache-Control") or response.has_header("Expires")):
        add_never_cache_headers(response)
    return response


class LocaleMiddleware(DjangosLocaleMiddleware):
    """Django's, for pages. A picture's language is in its address, so it has said which it is.

    Django's own would have shared caches keep one of each picture for every ``Accept-Language``.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.has_header("Content-Language"):
            return response
        return super().process_response(request, response)
