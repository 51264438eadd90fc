"""Middleware: never-cache headers by default, and the language of pages."""

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
    """Add never-cache headers to responses without Cache-Control. Put it first in MIDDLEWARE."""
    if iscoroutinefunction(get_response):
        get_async = cast(Callable[[HttpRequest], Awaitable[HttpResponseBase]], get_response)

        async def async_middleware(request: HttpRequest) -> HttpResponseBase:
            return _never_cached(await get_async(request))

        return async_middleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return _never_cached(get_response(request))

    return middleware


def _never_cached(response: HttpResponseBase) -> HttpResponseBase:
    if not (response.has_header("Cache-Control") or response.has_header("Expires")):
        add_never_cache_headers(response)
    return response


class LocaleMiddleware(DjangosLocaleMiddleware):
    """Django's LocaleMiddleware, for pages only.

    An image's language depends on its URL alone. Django's middleware would add
    ``Vary: Accept-Language``, so shared caches would store each image once for every language.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.has_header("Content-Language"):
            return response
        return super().process_response(request, response)
