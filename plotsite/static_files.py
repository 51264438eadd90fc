"""Static files with versioned URLs, without running collectstatic."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

LENGTH = 12  # hex digits


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
