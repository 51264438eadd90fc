"""Static files with versioned URLs, without running collectstatic."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

from plots.http.headers import conditional

from .middleware import is_text

LENGTH = 12  # hex digits
# Files that browsers request at the root of a site, whatever its pages say.
ROOT_FILES = {
    "/favicon.ico": "plots/favicon.ico",
    "/apple-touch-icon.png": "plots/apple-touch-icon.png",
    "/apple-touch-icon-precomposed.png": "plots/apple-touch-icon.png",
}
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


@cache
def version(name: str) -> str:
    """Return a hash of the file ``name``; empty if there is no such file."""
    path = finders.find(name)
    return sha256(Path(path).read_bytes()).hexdigest()[:LENGTH] if path else ""


class VersionedStorage(StaticFilesStorage):
    """Storage whose URLs change with the contents of a file, so that browsers may cache it."""

    def url(self, name: str | None) -> str:
        url = super().url(name)
        # In DEBUG mode, files may change at any time. Folders have no version.
        if settings.DEBUG or not name or not (found := version(name)):
            return url
        return f"{url}?v={found}"


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise with the icons of the site, and with all forms of ``If-None-Match``.

    WhiteNoise itself compares the header with its own ETag as text. The ETag of a compressed file
    is weak, and browsers send that.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for url, name in ROOT_FILES.items():
            self.add_file_to_dictionary(url, str(finders.find(name)))

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        """Yield the paths of files that may be at ``url``, for the DEBUG mode."""
        if url in ROOT_FILES:
            yield str(finders.find(ROOT_FILES[url]))
        yield from super().candidate_paths_for_url(url)

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """Return the file, or a 304 with all headers that the file has."""
        meta = {name: value for name, value in request.META.items() if name not in CONDITIONS}
        asked = SimpleNamespace(method=request.method, META=meta)
        response: Any = WhiteNoiseMiddleware.serve(static_file, asked)
        if response.status_code != 200:
            return response
        if is_text(response["Content-Type"]):
            patch_vary_headers(response, ["Accept-Encoding"])
        decided = conditional(request, response)
        if decided is not response:
            response.close()
        return decided
