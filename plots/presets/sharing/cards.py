"""Cards: metadata of preset pages for other sites, and headers of the embed page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.binding import Parameters
from plots.http.headers import public_cache_control
from plots.http.plot_links import build_url
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.plot_spec import is_within_limits

# Width, height and scale of card images. Services expect 1200 × 630 pixels. The first has larger
# text, which is legible in a thumbnail.
CARD_SIZES = ((600, 315, 2.0), (1200, 630, 1.0))
EMBED_MAX_AGE = 300  # seconds


def shared_plot(preset: Preset, overrides: Parameters) -> PresetPlot | None:
    """Return ``preset`` with ``overrides`` if they are valid. Return None if it is broken."""
    for given in (overrides, {}):
        try:
            return PresetPlot.of_preset(preset, given)
        except PlotError:
            continue
    return None


def embed_response(response: HttpResponse, *, private: bool) -> HttpResponse:
    """Set the headers of an embed page. Other sites may frame it unless it is ``private``.

    Its Content-Security-Policy allows images, the style sheet and the script of this app.
    """
    files = f"'self' {urlsplit(static('plots/plots.css')).netloc}".strip()
    ancestors = "'self'" if private else "*"
    age = min(EMBED_MAX_AGE, conf.MAX_AGE)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {files}; style-src {files}; script-src {files}; "
        f"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
    vars(response)["xframe_options_exempt"] = not private
    response["Cache-Control"] = "private, no-cache" if private else public_cache_control(age)
    # The language may be stored in a cookie.
    patch_vary_headers(response, ["Cookie"])
    return response


@dataclass(frozen=True)
class Card:
    """Metadata that other sites show for a link to a preset. All URLs are absolute."""

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


def card(request: HttpRequest, plot: PresetPlot | None) -> Card | None:
    """Return the card of ``plot``, or None if not everybody may see it."""
    if plot is None or plot.preset.is_private:
        return None
    preset, absolute = plot.preset, request.build_absolute_uri
    width, height, scale = next(
        (size for size in CARD_SIZES if is_within_limits(*size)), (0, 0, 1.0)
    )
    look: dict[str, Any] = {"width": width, "height": height, "scale": scale}
    url = absolute(plot.page_url())
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
        json=absolute(build_url(oembed, {"url": [url], "format": ["json"]})),
        xml=absolute(build_url(oembed, {"url": [url], "format": ["xml"]})),
    )
