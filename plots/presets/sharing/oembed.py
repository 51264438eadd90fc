"""The oEmbed provider for pages of presets. See https://oembed.com/."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from plots.catalog import embed_codes
from plots.conf import conf
from plots.forms.binding import last_value, read_query
from plots.http.headers import public_response
from plots.i18n import override_language
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot

from . import cards
from .feeds import without_controls

FORMATS = ("json", "xml")
PAGES = ("plots:preset", "plots:preset-embed")
PLAIN = "text/plain; charset=utf-8"


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Return oEmbed data of the preset at ``url``, within ``maxwidth`` and ``maxheight``.

    The status is 404 if there is no preset that everybody may see, 501 for an unknown format, and
    400 for an invalid limit.
    """
    given = read_query(dict(request.GET.lists()))
    format = last_value(given, "format", "json")
    if format not in FORMATS:
        message = f"Unknown format “{format[:40]}”. Use json or xml."
        return HttpResponse(message, PLAIN, 501)
    url = last_value(given, "url")
    if not url:
        return HttpResponse(
            "The parameter url is required: the URL of a preset's page.", PLAIN, 400
        )
    limits = {}
    for name in ("maxwidth", "maxheight"):
        text = last_value(given, name)
        if text and not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
            message = f"{name} must be a number of pixels, not “{text[:40]}”."
            return HttpResponse(message, PLAIN, 400)
        limits[name] = int(text[:9] or conf.MAX_SIDE)
    # The client is the server of another site: the response depends on no user and language.
    with override_language():
        plot = _find(request, url)
        if plot is None:
            return HttpResponse("There is no public preset at this URL.", PLAIN, 404)
        fields = _fields(request, plot, limits["maxwidth"], limits["maxheight"])
    response = JsonResponse(fields) if format == "json" else _xml(fields)
    return public_response(request, response, conf.MAX_AGE)


def _find(request: HttpRequest, url: str) -> PresetPlot | None:
    """Return the plot of the page at ``url`` if everybody may see that page."""
    try:
        parts = urlsplit(url)
        inside = parts.path.removeprefix(get_script_prefix().rstrip("/"))
        found = resolve(inside)
    except (ValueError, Resolver404):
        return None
    # The project may include the URLs under another instance namespace.
    name = ":".join([*found.app_names, str(found.url_name)])
    if parts.netloc != request.get_host() or name not in PAGES:
        return None
    preset = Preset.objects.visible_to(None).filter(slug=found.kwargs["slug"]).first()
    if preset is None:
        return None
    overrides = dict(QueryDict(parts.query).lists())
    return cards.shared_plot(preset, read_query(overrides, preset.kind, preset.source))


def _fields(
    request: HttpRequest, plot: PresetPlot, maxwidth: int, maxheight: int
) -> dict[str, Any]:
    frame = plot.spec.frame
    image_height = max(1, maxheight - embed_codes.CAPTION)
    factor = min(1, maxwidth / frame.width, image_height / frame.height)
    width, height = max(1, int(frame.width * factor)), max(1, int(frame.height * factor))
    fields = {
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
    if card and card.image and card.width <= maxwidth and card.height <= maxheight:
        fields["thumbnail_url"] = card.image
        fields["thumbnail_width"], fields["thumbnail_height"] = card.width, card.height
    return fields


def _xml(fields: Mapping[str, Any]) -> HttpResponse:
    text = StringIO()
    writer = SimplerXMLGenerator(text, "utf-8", short_empty_elements=True)
    writer.startDocument()
    writer.startElement("oembed", AttributesImpl({}))
    for name, value in fields.items():
        writer.addQuickElement(name, without_controls(str(value)))
    writer.endElement("oembed")
    writer.endDocument()
    return HttpResponse(text.getvalue(), "text/xml; charset=utf-8")
