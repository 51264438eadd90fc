"""The oEmbed provider (oembed.com): what other sites show where they are given an address here."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe

from plots.catalog import embed_codes
from plots.conf import conf
from plots.http.responses import public_response
from plots.i18n import override_language
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot

from . import cards
from .feeds import without_controls

FORMATS = ("json", "xml")
PAGES = ("plots:preset", "plots:embed")
PLAIN = "text/plain; charset=utf-8"


@require_safe
@conditional_page
def oembed(request: HttpRequest) -> HttpResponse:
    """What embeds the preset at ``url``, no larger than ``maxwidth`` × ``maxheight``.

    404 for what is no preset that everybody may see, 501 for another format, 400 for a bad limit.
    """
    given = request.GET
    format = given.get("format", "json")
    if format not in FORMATS:
        message = f"There is no format “{format[:40]}” here: json and xml are."
        return HttpResponse(message, PLAIN, 501)
    if not given.get("url"):
        return HttpResponse("Give url, the address of a preset's page.", PLAIN, 400)
    limits = {}
    for name in ("maxwidth", "maxheight"):
        text = given.get(name, "")
        if text and not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
            message = f"Give {name} as a number of pixels, not “{text[:40]}”."
            return HttpResponse(message, PLAIN, 400)
        limits[name] = int(text[:9] or conf.MAX_SIDE)
    # Who asks is another site's server: no visitor's language or rights are in the answer.
    with override_language():
        plot = _find(request, given["url"])
        if plot is None:
            return HttpResponse("No preset that everybody may see is at this url.", PLAIN, 404)
        said = _said(request, plot, limits["maxwidth"], limits["maxheight"])
    response = JsonResponse(said) if format == "json" else _xml(said)
    response["Access-Control-Allow-Origin"] = "*"
    return public_response(response, conf.MAX_AGE)


def _find(request: HttpRequest, url: str) -> PresetPlot | None:
    """The plot whose page is at ``url``, if that is a page here for everybody."""
    try:
        asked = urlsplit(url)
        inside = asked.path.removeprefix(get_script_prefix().rstrip("/"))
        found = resolve(inside)
    except (ValueError, Resolver404):
        return None
    if asked.netloc != request.get_host() or found.view_name not in PAGES:
        return None
    preset = Preset.objects.visible_to(None).filter(slug=found.kwargs["slug"]).first()
    if preset is None:
        return None
    return cards.shared_plot(preset, dict(QueryDict(asked.query).lists()))


def _said(request: HttpRequest, plot: PresetPlot, most_wide: int, most_high: int) -> dict[str, Any]:
    frame = plot.spec.frame
    room = max(1, most_high - embed_codes.CAPTION)
    factor = min(1, most_wide / frame.width, room / frame.height)
    width, height = max(1, int(frame.width * factor)), max(1, int(frame.height * factor))
    said = {
        "version": "1.0",
        "type": "rich",
        "title": plot.preset.title,
        "provider_name": request.get_host(),
        "provider_url": request.build_absolute_uri(reverse("plots:index")),
        "cache_age": conf.MAX_AGE,
        "html": embed_codes.iframe(request, plot, width, height),
        "width": width,
        "height": height + embed_codes.CAPTION,
    }
    card = cards.card(request, plot)
    if card and card.image and card.width <= most_wide and card.height <= most_high:
        said["thumbnail_url"] = card.image
        said["thumbnail_width"], said["thumbnail_height"] = card.width, card.height
    return said


def _xml(said: Mapping[str, Any]) -> HttpResponse:
    text = StringIO()
    writer = SimplerXMLGenerator(text, "utf-8", short_empty_elements=True)
    writer.startDocument()
    writer.startElement("oembed", AttributesImpl({}))
    for name, value in said.items():
        writer.addQuickElement(name, without_controls(str(value)))
    writer.endElement("oembed")
    writer.endDocument()
    return HttpResponse(text.getvalue(), "text/xml; charset=utf-8")
