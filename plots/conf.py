"""The settings of the app: ``PLOTS`` in the project's settings, read live, documented here.

Nobody else reads them, so ``override_settings`` works everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Setting:
    """One key of ``PLOTS``: a number between two bounds, and what it is for."""

    default: int | float
    minimum: int | float
    maximum: int | float
    help: str

    def problem(self, value: object) -> str | None:
        """What is wrong with ``value`` for this setting, or None."""
        wanted = (int,) if isinstance(self.default, int) else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            return f"must be {'a whole number' if wanted == (int,) else 'a number'}"
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
    """A key of ``PLOTS`` that is one of a few words."""

    default: str
    choices: tuple[str, ...]
    help: str

    def problem(self, value: object) -> str | None:
        return None if value in self.choices else f"must be one of {', '.join(self.choices)}"


@dataclass(frozen=True)
class Name:
    """A key of ``PLOTS`` that names something of the project's."""

    default: str
    help: str

    def problem(self, value: object) -> str | None:
        return None if isinstance(value, str) and value else "must be a name"


@dataclass(frozen=True)
class Table:
    """A key of ``PLOTS`` that is a dict, which whoever reads it knows to check."""

    help: str
    default: Mapping[str, Any] = field(default_factory=dict)

    def problem(self, value: object) -> str | None:
        return None if isinstance(value, Mapping) else "must be a dict"


DAY = 86_400
SETTINGS: dict[str, Setting | Switch | Choice | Name | Table] = {
    "MAX_AGE": Setting(3600, 0, 365 * DAY, "Seconds a deterministic picture may be cached."),
    "STALE_WHILE_REVALIDATE": Setting(
        DAY, 0, 365 * DAY, "Seconds after that in which a cache may show it while it asks anew."
    ),
    "CACHE_AGE": Setting(7 * DAY, 0, 365 * DAY, "Seconds a drawn picture is kept in the cache."),
    "SOURCE_AGE": Setting(
        60, 0, 365 * DAY, "The same for a source without a version, before it is read anew."
    ),
    "RECALL": Setting(64, 0, 65_536, "Megabytes of pictures that each process keeps at hand."),
    "MIN_SIDE": Setting(16, 1, 4096, "Least width and height, in CSS pixels."),
    "MAX_SIDE": Setting(4096, 16, 16_383, "Greatest width and height, in CSS pixels."),
    "MIN_SCALE": Setting(0.5, 0.1, 1.0, "Least device pixel ratio."),
    "MAX_SCALE": Setting(4.0, 1.0, 8.0, "Greatest device pixel ratio."),
    "MAX_PIXELS": Setting(
        9_000_000, 10_000, 100_000_000, "Greatest width × height × scale² of a picture."
    ),
    "MAX_TEXT": Setting(200, 20, 2000, "Characters in a title, label or category."),
    "MAX_POINTS": Setting(100_000, 100, 10_000_000, "Values given in one request."),
    "MAX_ROWS": Setting(
        1_000_000, 1000, 100_000_000, "Rows of a dataset that one plot reads as they are."
    ),
    "MAX_SERIES": Setting(50, 1, 500, "Series in one plot."),
    "MAX_QUERY": Setting(200_000, 1000, 10_000_000, "Characters in a URL's query."),
    "MAX_URL": Setting(
        2000, 200, 100_000, "Characters in an address; what a tag makes longer is put away."
    ),
    "MAX_BODY": Setting(4_000_000, 1000, 100_000_000, "Bytes in the body of a POST."),
    "POST": Choice("staff", ("staff", "anyone", "nobody"), "Who may POST; staff: or a token."),
    "STORED_DAYS": Setting(90, 1, 3650, "Days a stored plot is kept after it was last asked for."),
    "SIGNED_URLS": Switch(False, "Whether ad-hoc plots need an address that this site signed."),
    "SIGNED_DAYS": Setting(0, 0, 3650, "Days a signed address is good for; 0: for ever."),
    "PROCESSES": Setting(0, 0, 64, "Render processes of each web process; 0 draws in it."),
    "TIMEOUT": Setting(10.0, 0.1, 600.0, "Seconds a picture may take to draw."),
    "QUEUE": Setting(32, 0, 10_000, "Requests that may wait for a render process."),
    "MEMORY": Setting(2048, 256, 1_000_000, "MB of memory a render process may use."),
    "RENDERS": Setting(1000, 1, 1_000_000, "Pictures after which a render process is replaced."),
    "MAX_UPLOAD": Setting(200, 1, 100_000, "Megabytes of an uploaded file."),
    "MAX_UNPACKED": Setting(2000, 1, 1_000_000, "Megabytes of it once it is unpacked."),
    "UPLOAD_TIMEOUT": Setting(300, 1, 86_400, "Seconds the reading of an uploaded file may take."),
    "MAX_COLUMNS": Setting(500, 1, 5000, "Columns of a dataset."),
    "STORAGE": Name("default", "Which of Django's STORAGES keeps datasets; none that is public."),
    "PAGE_SIZE": Setting(24, 1, 200, "Presets on one page of the gallery."),
    "SYSTEM_FONTS": Switch(
        True,
        "Whether what our fonts lack is drawn in those of the machine, before a package's.",
    ),
    "THEMES": Table("Themes of the site's own, by name: what differs from one of ours."),
    "METRICS": Switch(False, "Whether `/metrics` tells Prometheus what was asked and drawn."),
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
