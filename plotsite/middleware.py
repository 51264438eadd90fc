"""Middleware of the site."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSIBLE = ("application/javascript", "application/json", "image/svg+xml")


class CompressText(GZipMiddleware):
    """Django's GZipMiddleware, for text only. Images are compressed already and keep their ETag."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        media_type = response.get("Content-Type", "").partition(";")[0]
        if media_type.startswith("text/") or media_type in COMPRESSIBLE:
            return super().process_response(request, response)
        return response
