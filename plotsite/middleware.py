"""Middleware of the site."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.deprecation import MiddlewareMixin

COMPRESSIBLE = ("application/javascript", "application/json", "application/xml")
# What no page of the site uses. Features that are not listed stay allowed, such as the clipboard.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
        "xr-spatial-tracking",
    )
)  # fmt: skip


class PermissionsPolicy(MiddlewareMixin):
    """Forbid pages, and the frames in them, to use the devices of a visitor."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class CompressPublicText(GZipMiddleware):
    """Django's GZipMiddleware without padding, so that each copy has the same length.

    The padding hides the length of secrets. Responses that are the same for all users have none.
    """

    max_random_bytes = 0


class CompressText(GZipMiddleware):
    """Django's GZipMiddleware, for text only. Images are compressed already and keep their ETag.

    A client that accepts gzip gets weak ETags of text, also in a 304 and if the text is too short
    for compression.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.has_header("Content-Range"):
            return response  # the range is one of the uncompressed bytes
        is_compressible = response.status_code != 304 and is_text(response.get("Content-Type", ""))
        if is_compressible and "Cookie" not in response.get("Vary", ""):
            response = CompressPublicText(self.get_response).process_response(request, response)
        elif is_compressible:
            response = super().process_response(request, response)
        is_varying = is_compressible or "Accept-Encoding" in response.get("Vary", "")
        etag = response.get("ETag", "")
        if (
            is_varying
            and etag.startswith('"')
            and "gzip" in request.headers.get("Accept-Encoding", "")
        ):
            response["ETag"] = f"W/{etag}"
        return response


def is_text(content_type: str) -> bool:
    """Return whether compression makes a body of this type smaller."""
    media_type = content_type.partition(";")[0]
    return (
        media_type.startswith("text/") or media_type.endswith("+xml") or media_type in COMPRESSIBLE
    )


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp's middleware, which would build a policy for images that have their own."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return response if HEADER in response else super().process_response(request, response)


class PathPrefixMiddleware:
    """Serve the site below ``PATH_PREFIX``, whether a proxy removes it from paths or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.prefix = settings.PATH_PREFIX
        if not self.prefix:
            raise MiddlewareNotUsed

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        inside = request.path_info.removeprefix(self.prefix)
        if inside == "" or inside.startswith("/"):  # and not /chartsetc below /charts
            request.path_info = inside or "/"
        request.path = self.prefix + request.path_info
        return self.get_response(request)
