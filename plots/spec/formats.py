"""The output formats: their names, media types and bounds. How each is made: ``rendering``."""

from __future__ import annotations

from dataclasses import dataclass

from plots.errors import PlotError, suggestion


@dataclass(frozen=True)
class Format:
    """One output format. ``max_side`` bounds a picture's side in device pixels."""

    name: str
    content_type: str
    max_side: int = 32_767
    is_picture: bool = True

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0]


FORMATS = {
    format.name: format
    for format in (
        Format("png", "image/png"),
        Format("svg", "image/svg+xml; charset=utf-8"),
        Format("pdf", "application/pdf"),
        # The WebP container counts a side in 14 bits; JPEG's count in 16 is never reached.
        Format("webp", "image/webp", max_side=16_383),
        Format("jpg", "image/jpeg"),
        Format("csv", "text/csv; charset=utf-8", is_picture=False),
        Format("json", "application/json", is_picture=False),
        Format("txt", "text/plain; charset=utf-8", is_picture=False),
    )
}


def get_format(name: str) -> Format:
    """The format called ``name``; a PlotError (404) for any other name."""
    try:
        return FORMATS[name]
    except KeyError:
        raise PlotError(
            f"There is no format “{name[:40]}”.{suggestion(name, FORMATS)}",
            "unknown-format",
            "format",
        ) from None
