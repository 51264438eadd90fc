"""Static files under addresses that change when they do, without a step that collects them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

LENGTH = 12  # hex digits


@cache
def version(name: str) -> str:
    """Of what is in the file ``name``; nothing where there is none."""
    path = finders.find(name)
    return sha256(Path(path).read_bytes()).hexdigest()[:LENGTH] if path else ""


class VersionedStorage(StaticFilesStorage):
    """Browsers may keep a file: with other contents it is at another address."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        # What is being worked on is read anew for each page; a folder has no version.
        if settings.DEBUG or not name or not (found := version(name)):
            return address
        return f"{address}?v={found}"
