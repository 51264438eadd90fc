"""Code to copy that embeds a plot in other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots.http.plot_links import Plot, write_srcset

CAPTION = 48  # CSS pixels of the caption below an embedded picture, as in plots.css
# Characters that would end the alt text of a Markdown image.
_MARKUP, _ESCAPED = re.compile(r"([][\\])"), r"\\\1"


@dataclass(frozen=True)
class EmbedCode:
    """Labelled code to copy into another page."""

    id: str
    label: str
    text: str


def embed_codes(request: HttpRequest, plot: Plot) -> Iterator[EmbedCode]:
    """Yield the codes that embed ``plot`` as shown; a private preset has no frame."""
    absolute = request.build_absolute_uri
    url = absolute(plot.url(revision=False))
    frame = plot.spec.frame
    yield EmbedCode("code-url", _("Image URL"), url)
    yield EmbedCode("code-html", _("HTML image"), _img(plot, url))
    if not plot.has_fixed_theme:
        yield EmbedCode(
            "code-picture", _("Image that follows light and dark mode"), _picture(request, plot)
        )
    if plot.frame_url:
        frame_code = iframe(request, plot, frame.width, frame.height)
        yield EmbedCode("code-iframe", _("Frame with tooltips"), frame_code)
    yield EmbedCode("code-markdown", "Markdown", f"![{_MARKUP.sub(_ESCAPED, plot.alt)}]({url})")
    if tag := _tag(plot):
        yield EmbedCode("code-tag", _("Django template"), tag)


def _img(plot: Plot, url: str, srcset: str = "") -> SafeString:
    frame = plot.spec.frame
    sharp = format_html(' srcset="{}"', srcset) if srcset else ""
    return format_html(
        '<img src="{}"{} width="{}" height="{}" alt="{}" loading="lazy">',
        url, sharp, frame.width, frame.height, plot.alt,
    )  # fmt: skip


def _picture(request: HttpRequest, plot: Plot) -> SafeString:
    def srcset(theme: str) -> str:
        sharp = plot.sharp(theme=theme)
        sizes: dict[str, dict[str, Any]] = {"1x": {}} | ({"2x": sharp} if sharp else {})
        urls = {name: plot.url(revision=False, theme=theme, **each) for name, each in sizes.items()}
        return write_srcset({name: request.build_absolute_uri(url) for name, url in urls.items()})

    light = request.build_absolute_uri(plot.url(revision=False, theme="light"))
    return format_html(
        '<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="{}">\n  {}\n</picture>',
        srcset("dark"),
        _img(plot, light, srcset("light")),
    )


def iframe(request: HttpRequest, plot: Plot, width: int, height: int) -> SafeString:
    """Return a frame with the embed page of ``plot``, whose picture has this size."""
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"'
        ' style="border: 0; max-width: 100%"></iframe>',
        request.build_absolute_uri(plot.frame_url),
        width, height + CAPTION, plot.name,
    )  # fmt: skip


def _tag(plot: Plot) -> str:
    """Return the template tag of ``plot``, or "" if a tag cannot hold its values."""
    given = plot.parameters
    if any(len(values) > 1 or re.search(r'["\n]|%}', values[0]) for values in given.values()):
        return ""
    arguments = "".join(f' {name}="{values[0]}"' for name, values in given.items())
    return f"{{% plot_img {plot.tag_argument}{arguments} %}}"
