"""Result of a render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .formats import FORMATS


@dataclass(frozen=True)
class Picture:
    """A rendered image, table or description.

    Attributes
    ----------
    content : bytes
        The encoded output.
    format : str
        Name of its format.
    seconds : mapping of str to float
        Duration of each step in seconds.
    cache : str
        "hit" or "stale" if it comes from the cache, "waited" if another request rendered it at the
        same time, or "miss" if it was rendered.
    """

    content: bytes
    format: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    cache: str = "miss"

    @property
    def content_type(self) -> str:
        """The Content-Type header of a response."""
        return FORMATS[self.format].content_type
