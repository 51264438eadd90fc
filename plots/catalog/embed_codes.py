"""Code that embeds a plot in other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots.forms.binding import REVISION
from plots.http.plot_links import Plot, build_url

CAPTION = 48  # CSS pixels below the picture of an embedded page, as in plots.css
_MARKUP, _ESCAPED = re.compile(r"([][\\])"), r"\\\1"  # what ends the alt of a Markdown image


def share_url(plot: Plot, format: str | None = None, **frame: Any) -> str:
    """The address to hand on. Without a revision, or the picture would be kept for a year."""
    path, _, query = plot.url(format, **frame).partition("?")
    kept = "&".join(each for each in query.split("&") if not each.startswith(f"{REVISION}="))
    return f"{path}?{kept}".rstrip("?")


def page_url(plot: Plot, name: str = "preset") -> str:
    """A page of the preset that ``plot`` is a view of, as this view of it."""
    assert plot.preset is not None
    return build_url(reverse(f"plots:{name}", args=[plot.preset.slug]), plot.parameters)


@dataclass(frozen=True)
class EmbedCode:
    """Something to copy into another page."""

    id: str
    label: str
    text: str


def embed_codes(request: HttpRequest, plot: Plot) -> Iterator[EmbedCode]:
    """All that embeds ``plot`` as it is shown; of one for staff, what works without a stranger."""
    absolute = request.build_absolute_uri
    url = absolute(share_url(plot))
    preset, frame = plot.preset, plot.spec.frame
    yield EmbedCode("code-address", _("Address of the picture"), url)
    yield EmbedCode("code-html", _("Image"), _img(plot, url))
    if preset is None or "theme" not in plot.parameters:
        yield EmbedCode(
            "code-picture", _("Image for light and dark pages"), _picture(request, plot)
        )
    if preset is not None and not preset.is_private:
        frame_code = iframe(request, plot, frame.width, frame.height)
        yield EmbedCode("code-iframe", _("Frame, with values under the pointer"), frame_code)
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
        sizes = [("1x", {}), *([("2x", sharp)] if sharp else [])]
        written = ((share_url(plot, theme=theme, **each), name) for name, each in sizes)
        return ", ".join(f"{request.build_absolute_uri(url)} {name}" for url, name in written)

    light = request.build_absolute_uri(share_url(plot, theme="light"))
    return format_html(
        '<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="{}">\n  {}\n</picture>',
        srcset("dark"),
        _img(plot, light, srcset("light")),
    )


def iframe(request: HttpRequest, plot: Plot, width: int, height: int) -> SafeString:
    """A frame with the page of ``plot``'s preset for such, whose picture has this size."""
    assert plot.preset is not None
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"'
        ' style="border: 0; max-width: 100%"></iframe>',
        request.build_absolute_uri(page_url(plot, "embed")),
        width, height + CAPTION, plot.preset.title,
    )  # fmt: skip


def _tag(plot: Plot) -> str:
    """The template tag of ``plot``, or nothing for one whose values only fit an address."""
    named = f'preset="{plot.preset.slug}"' if plot.preset else f'"{plot.spec.kind}"'
    given = plot.parameters
    if any(len(values) > 1 or re.search(r'["\n]|%}', values[0]) for values in given.values()):
        return ""
    arguments = "".join(f' {name}="{values[0]}"' for name, values in given.items())
    return f"{{% plot_img {named}{arguments} %}}"
