"""What drawing a plot yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .formats import FORMATS


@dataclass(frozen=True)
class Picture:
    """The bytes of one picture or table, and the seconds that each step to it took.

    ``cache`` says where they come from: ``hit``, ``stale``, ``waited`` if somebody else drew them
    just now, or ``miss`` if they were drawn.
    """

    content: bytes
    format: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    cache: str = "miss"

    @property
    def content_type(self) -> str:
        return FORMATS[self.format].content_type
