"""What other sites show of a plot: the codes that embed it, and the card of a link to a preset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .conf import conf
from .errors import PlotError
from .forms import REVISION, Parameters
from .models import Preset
from .responses import public_for
from .shortcuts import Plot, address_of
from .spec import may_be_drawn

# A card is as large as the services want it, 1200 × 630, in letters that a thumbnail can show.
CARDS = ((600, 315, 2.0), (1200, 630, 1.0))
FRAME_AGE = 300  # seconds that a page in a frame may be shown without asking
CAPTION = 48  # CSS pixels below the picture of an embedded page, as in plots.css
_MARKUP, _ESCAPED = re.compile(r"([][\\])"), r"\\\1"  # what ends the alt of a Markdown image


def plot_of(preset: Preset, overrides: Parameters) -> Plot | None:
    """``preset`` with ``overrides``, by itself where it does not allow them, or None if broken."""
    for given in (overrides, {}):
        try:
            return Plot.of_preset(preset, given)
        except PlotError:
            continue
    return None


def address(plot: Plot, format: str | None = None, **frame: Any) -> str:
    """The address to hand on. Without a revision, or the picture would be kept for a year."""
    path, _, query = plot.url(format, **frame).partition("?")
    kept = "&".join(each for each in query.split("&") if not each.startswith(f"{REVISION}="))
    return f"{path}?{kept}".rstrip("?")


def page_address(plot: Plot, name: str = "preset") -> str:
    """A page of the preset that ``plot`` is a view of, as this view of it."""
    assert plot.preset is not None
    return address_of(reverse(f"plots:{name}", args=[plot.preset.slug]), plot.parameters)


@dataclass(frozen=True)
class Code:
    """Something to copy into another page."""

    id: str
    label: str
    text: str


def codes(request: HttpRequest, plot: Plot) -> Iterator[Code]:
    """All that embeds ``plot`` as it is shown; of one for staff, what works without a stranger."""
    absolute = request.build_absolute_uri
    url = absolute(address(plot))
    preset, frame = plot.preset, plot.spec.frame
    yield Code("code-address", _("Address of the picture"), url)
    yield Code("code-html", _("Image"), _img(plot, url))
    if preset is None or "theme" not in plot.parameters:
        yield Code("code-picture", _("Image for light and dark pages"), _picture(request, plot))
    if preset is not None and not preset.is_private:
        frame_code = iframe(request, plot, frame.width, frame.height)
        yield Code("code-iframe", _("Frame, with values under the pointer"), frame_code)
    yield Code("code-markdown", "Markdown", f"![{_MARKUP.sub(_ESCAPED, plot.alt)}]({url})")
    if tag := _tag(plot):
        yield Code("code-tag", _("Django template"), tag)


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
        written = ((address(plot, theme=theme, **each), name) for name, each in sizes)
        return ", ".join(f"{request.build_absolute_uri(url)} {name}" for url, name in written)

    light = request.build_absolute_uri(address(plot, theme="light"))
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
        request.build_absolute_uri(page_address(plot, "embed")),
        width, height + CAPTION, plot.preset.title,
    )  # fmt: skip


def framed(response: HttpResponse, *, private: bool) -> HttpResponse:
    """``response`` as a page that any other may frame, if it is not ``private``.

    Its policy is its own: pictures, a style sheet, and a script of ours.
    """
    files = f"'self' {urlsplit(static('plots/plots.css')).netloc}".strip()
    ancestors = "'self'" if private else "*"
    age = min(FRAME_AGE, conf.MAX_AGE)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {files}; style-src {files}; script-src {files}; "
        f"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
    vars(response)["xframe_options_exempt"] = not private
    response["Cache-Control"] = "private, no-cache" if private else public_for(age)
    # Its language may be one that its visitor has chosen here.
    patch_vary_headers(response, ["Cookie"])
    return response


def _tag(plot: Plot) -> str:
    """The template tag of ``plot``, or nothing for one whose values only fit an address."""
    named = f'preset="{plot.preset.slug}"' if plot.preset else f'"{plot.spec.kind}"'
    given = plot.parameters
    if any(len(values) > 1 or re.search(r'["\n]|%}', values[0]) for values in given.values()):
        return ""
    arguments = "".join(f' {name}="{values[0]}"' for name, values in given.items())
    return f"{{% plot_img {named}{arguments} %}}"


@dataclass(frozen=True)
class Card:
    """What a link to a preset becomes elsewhere. All addresses are absolute."""

    title: str
    description: str
    url: str
    canonical: str
    image: str
    width: int
    height: int
    alt: str
    json: str
    xml: str


def card(request: HttpRequest, plot: Plot | None) -> Card | None:
    """The card of ``plot``; None for what is no preset's or not for everybody."""
    if plot is None or plot.preset is None or plot.preset.is_private:
        return None
    preset, absolute = plot.preset, request.build_absolute_uri
    width, height, scale = next((size for size in CARDS if may_be_drawn(*size)), (0, 0, 1.0))
    look: dict[str, Any] = {"width": width, "height": height, "scale": scale}
    url = absolute(page_address(plot))
    oembed = reverse("plots:oembed")
    return Card(
        title=preset.title,
        description=" ".join(preset.description.split()) or plot.alt,
        url=url,
        canonical=absolute(preset.get_absolute_url()),
        image=absolute(plot.url("png", **look)) if width else "",
        width=round(width * scale),
        height=round(height * scale),
        alt=plot.alt,
        json=absolute(address_of(oembed, {"url": [url], "format": ["json"]})),
        xml=absolute(address_of(oembed, {"url": [url], "format": ["xml"]})),
    )
