"""Output formats: names, media types and limits. ``rendering.output`` writes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion


@dataclass(frozen=True)
class Format:
    """An output format.

    Attributes
    ----------
    name : str
        Its name in URLs.
    content_type : str
        The Content-Type header of a response.
    max_side : int
        The largest width or height in device pixels.
    is_picture : bool
        False for the formats of data and text.
    """

    name: str
    content_type: str
    max_side: int = 32_767
    is_picture: bool = True

    @property
    def media_type(self) -> str:
        """The Content-Type without parameters."""
        return self.content_type.partition(";")[0]

    @property
    def is_text(self) -> bool:
        """Whether compression makes the output smaller."""
        return self.media_type.startswith("text/") or self.name in ("svg", "json")


FORMATS = {
    format.name: format
    for format in (
        Format("png", "image/png"),
        Format("svg", "image/svg+xml; charset=utf-8"),
        Format("pdf", "application/pdf"),
        # The WebP container stores a side in 14 bits.
        Format("webp", "image/webp", max_side=16_383),
        Format("jpg", "image/jpeg"),
        Format("csv", "text/csv; charset=utf-8", is_picture=False),
        Format("json", "application/json", is_picture=False),
        Format("txt", "text/plain; charset=utf-8", is_picture=False),
    )
}


def get_format(name: str) -> Format:
    """Return the format called ``name``.

    Raises
    ------
    PlotError
        (404) If there is no such format.
    """
    try:
        return FORMATS[name]
    except KeyError:
        message = _("There is no format “%(name)s”.") % {"name": name[:40]}
        raise PlotError(message + suggestion(name, FORMATS), "unknown-format", "format") from None
