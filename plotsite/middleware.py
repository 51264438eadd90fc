"""What the site does to every answer."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED_WELL = ("application/javascript", "application/json", "image/svg+xml")


class CompressText(GZipMiddleware):
    """Django's, for text alone. Pictures are packed as they are, and keep their strong ETag."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        media_type = response.get("Content-Type", "").partition(";")[0]
        if media_type.startswith("text/") or media_type in PACKED_WELL:
            return super().process_response(request, response)
        return response
