"""Settings of the app: the keys of ``PLOTS`` in the project's settings.

They are read live and only here, so ``override_settings`` works everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Setting:
    """A key of ``PLOTS`` that is a number between two bounds."""

    default: int | float
    minimum: int | float
    maximum: int | float
    help: str

    def problem(self, value: object) -> str | None:
        """Return what is wrong with ``value``, or None."""
        is_whole = isinstance(self.default, int)
        if isinstance(value, bool) or not isinstance(value, int if is_whole else int | float):
            return f"must be {'a whole number' if is_whole else 'a number'}"
        if not self.minimum <= value <= self.maximum:
            return f"must be from {self.minimum} to {self.maximum}"
        return None


@dataclass(frozen=True)
class Switch:
    """A key of ``PLOTS`` that is True or False."""

    default: bool
    help: str

    def problem(self, value: object) -> str | None:
        return None if isinstance(value, bool) else "must be True or False"


@dataclass(frozen=True)
class Choice:
    """A key of ``PLOTS`` with a few possible values."""

    default: str
    choices: tuple[str, ...]
    help: str

    def problem(self, value: object) -> str | None:
        return None if value in self.choices else f"must be one of {', '.join(self.choices)}"


@dataclass(frozen=True)
class Name:
    """A key of ``PLOTS`` that is a name defined in the project's settings."""

    default: str
    help: str

    def problem(self, value: object) -> str | None:
        return None if isinstance(value, str) and value else "must be a name"


@dataclass(frozen=True)
class Header:
    """A key of ``PLOTS`` that is the name of an HTTP header."""

    default: str
    help: str

    def problem(self, value: object) -> str | None:
        is_name = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]+", value)
        return None if is_name else "must be the name of a header"


@dataclass(frozen=True)
class Table:
    """A key of ``PLOTS`` that is a dict. The module that reads it checks its contents."""

    help: str
    default: Mapping[str, Any] = field(default_factory=dict)

    def problem(self, value: object) -> str | None:
        return None if isinstance(value, Mapping) else "must be a dict"


DAY = 86_400
SETTINGS: dict[str, Setting | Switch | Choice | Name | Header | Table] = {
    "MAX_AGE": Setting(3600, 0, 365 * DAY, "Seconds for which caches may reuse an image."),
    "STALE_WHILE_REVALIDATE": Setting(
        DAY, 0, 365 * DAY, "Seconds after that in which a cache may reuse it while it revalidates."
    ),
    "CACHE_AGE": Setting(
        7 * DAY, 0, 365 * DAY, "Seconds for which a rendered image stays in Django's cache."
    ),
    "SOURCE_AGE": Setting(60, 0, 365 * DAY, "The same for the data of a source without a version."),
    "RECALL": Setting(64, 0, 65_536, "Megabytes of responses that each process caches in memory."),
    "MIN_SIDE": Setting(16, 1, 4096, "Minimum width and height, in CSS pixels."),
    "MAX_SIDE": Setting(4096, 16, 16_383, "Maximum width and height, in CSS pixels."),
    "MIN_SCALE": Setting(0.5, 0.1, 1.0, "Minimum device pixel ratio."),
    "MAX_SCALE": Setting(4.0, 1.0, 8.0, "Maximum device pixel ratio."),
    "MAX_PIXELS": Setting(
        9_000_000, 10_000, 100_000_000, "Maximum width × height × scale² of an image."
    ),
    "MAX_TEXT": Setting(
        200, 20, 2000, "Maximum number of characters in a title, label or category."
    ),
    "MAX_POINTS": Setting(100_000, 100, 10_000_000, "Maximum number of values in one request."),
    "MAX_ROWS": Setting(
        1_000_000,
        1000,
        100_000_000,
        "Maximum number of rows of a dataset that one plot reads without aggregation.",
    ),
    "MAX_SERIES": Setting(50, 1, 500, "Maximum number of series in one plot."),
    "MAX_QUERY": Setting(
        200_000, 1000, 10_000_000, "Maximum number of characters in the query of a URL."
    ),
    "MAX_URL": Setting(
        2000,
        200,
        100_000,
        "Maximum number of characters in a URL made by a tag; longer ones become stored plots.",
    ),
    "MAX_BODY": Setting(
        4_000_000, 1000, 100_000_000, "Maximum number of bytes in the body of a POST request."
    ),
    "POST": Choice(
        "staff",
        ("staff", "anyone", "nobody"),
        "Who may post plots: staff (and programs with a token), anyone or nobody.",
    ),
    "STORED_DAYS": Setting(
        90, 1, 3650, "Days after the last request until a stored plot is deleted."
    ),
    "SIGNED_URLS": Switch(
        False, "Draw plots only from URLs that this site has signed; presets need no signature."
    ),
    "SIGNED_DAYS": Setting(0, 0, 3650, "Days until a signed URL expires; 0 means never."),
    "PROCESSES": Setting(
        0, 0, 64, "Number of render processes of each web process; with 0, it draws by itself."
    ),
    "TIMEOUT": Setting(10.0, 0.1, 600.0, "Maximum number of seconds to draw a plot."),
    "QUEUE": Setting(32, 0, 10_000, "Maximum number of requests that wait for a render process."),
    "CLIENT_IP_HEADER": Header(
        "REMOTE_ADDR",
        "Header in which a proxy passes the client's IP address, such as X-Forwarded-For. The "
        "proxy must set or extend it. REMOTE_ADDR is the address of the connection.",
    ),
    "TRUSTED_PROXIES": Setting(
        1, 1, 20, "Number of proxies that append an address to `CLIENT_IP_HEADER`."
    ),
    "MEMORY": Setting(2048, 256, 1_000_000, "Maximum memory of a render process, in megabytes."),
    "RENDERS": Setting(
        1000, 1, 1_000_000, "Number of plots after which a render process is replaced."
    ),
    "MAX_UPLOAD": Setting(200, 1, 100_000, "Maximum size of an uploaded file, in megabytes."),
    "MAX_UNPACKED": Setting(
        2000, 1, 1_000_000, "Maximum size of an uploaded file after decompression, in megabytes."
    ),
    "UPLOAD_TIMEOUT": Setting(
        300, 1, 86_400, "Maximum number of seconds to read an uploaded file."
    ),
    "MAX_COLUMNS": Setting(500, 1, 5000, "Maximum number of columns of a dataset."),
    "STORAGE": Name(
        "default",
        "Key of STORAGES for the files of datasets, which must not be publicly accessible.",
    ),
    "PAGE_SIZE": Setting(24, 1, 200, "Number of presets on one page of the gallery."),
    "SYSTEM_FONTS": Switch(
        True,
        "Use fonts of the operating system for characters that the built-in fonts lack.",
    ),
    "THEMES": Table(
        "Additional themes by name, each a dict of what differs from a built-in theme."
    ),
    "METRICS": Switch(
        False, "Count requests and renderings and publish the metrics at `/metrics`."
    ),
}


class Conf:
    """``conf.MAX_AGE`` is the project's ``PLOTS["MAX_AGE"]``, or the default."""

    def __getattr__(self, name: str) -> Any:
        try:
            default = SETTINGS[name].default
        except KeyError:
            raise AttributeError(f"plots has no setting {name!r}") from None
        return self.given().get(name, default)

    @staticmethod
    def given() -> Mapping[str, Any]:
        value = getattr(settings, "PLOTS", {})
        return value if isinstance(value, Mapping) else {}


conf = Conf()
