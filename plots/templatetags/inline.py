"""Images embedded in HTML: SVG elements and data URIs.

The markup that is marked as safe here comes from our own renderer. Users cannot choose its elements
and attributes. Their text is in it as escaped text, and their links as escaped ``href`` attributes
with http or https URLs (``columns.check_links``). There is no script, no style and no reference to
other hosts in it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plots.delivery.deliver import deliver, render
from plots.errors import PlotError
from plots.http.plot_links import Plot
from plots.spec.formats import FORMATS
from plots.spec.picture import Picture

INLINE_FORMATS = ("svg", "png", "webp", "jpg")
# Attributes that <img> has and <svg> has not.
IMAGE_ATTRIBUTES = frozenset(("sizes", "loading", "decoding", "fetchpriority"))

_TITLE = re.compile(r"\s*<title>(.*?)</title>", re.DOTALL)
# Ids and references to them in an SVG. Quotes in its text are escaped.
_IDS = re.compile(r'( id="|href="#|="url\(#)')


def picture_of(plot: Plot, format: str) -> Picture:
    """Return the image of ``plot`` in a format that HTML can embed, as its URL returns it."""
    if format not in INLINE_FORMATS:
        message = _("HTML can embed %(formats)s, but not %(format)s. Link to the file instead.")
        message %= {"formats": ", ".join(INLINE_FORMATS), "format": format[:40]}
        raise PlotError(message, "unknown-format", "format")
    spec = replace(plot.spec, format=format)
    return render(spec) if plot.is_never_cached else deliver(spec)


def svg_element(picture: Picture, attributes: Mapping[str, Any], place: int) -> SafeString:
    """Return an SVG image as an element; ``place`` makes its ids unique on the page.

    Its title becomes an aria-label. Browsers would show it as a tooltip of the whole plot.
    """
    wrong = sorted(IMAGE_ATTRIBUTES & attributes.keys())
    if wrong:
        message = _("<svg> has no attribute “%(name)s”. Remove it, or use a format such as png.")
        raise PlotError(message % {"name": wrong[0]}, "invalid", wrong[0])
    values = dict(attributes)
    text = picture.content.decode()
    prefix = f"p{sha256(picture.content).hexdigest()[:8]}-{place}-"
    root, _separator, drawing = _IDS.sub(rf"\g<1>{prefix}", text).partition(">")
    title = _TITLE.match(drawing)
    drawing = _TITLE.sub("", drawing, count=1)
    label = values.pop("alt", mark_safe(title[1]) if title else "")  # already escaped
    values = ({"aria-label": label} if label else {"aria-hidden": "true"}) | values
    names = format_html_join("", ' {}="{}"', values.items())
    return mark_safe(f"{root}{names}>{drawing.strip()}")


def data_uri(picture: Picture) -> SafeString:
    """Return ``picture`` as a data URI, for e-mail."""
    content = b64encode(picture.content).decode()
    return format_html("data:{};base64,{}", FORMATS[picture.format].media_type, content)
