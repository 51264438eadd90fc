"""Pictures as parts of a page: an SVG's own elements, or all bytes in an address.

What is marked as safe here is markup of our own renderer, whose elements and attributes no stranger
chooses. Their words are in it as escaped text, and their links as escaped ``href``s of http and
https (``columns.check_links``). It holds no script, no style and nothing from other hosts.
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

from plots.delivery.deliver import deliver, render
from plots.errors import PlotError
from plots.spec.formats import FORMATS
from plots.spec.picture import Picture

from .plot_links import Plot

FORMATS_OF_PAGES = ("svg", "png", "webp", "jpg")
# What an <img> has and an <svg> has not.
OF_IMAGES = frozenset(("sizes", "loading", "decoding", "fetchpriority"))

_TITLE = re.compile(r"\s*<title>(.*?)</title>", re.DOTALL)
# Where an SVG names its own parts. Words in it have no bare quotes.
_NAMES = re.compile(r'( id="|href="#|="url\(#)')


def picture_of(plot: Plot, format: str) -> Picture:
    """``plot`` in a format that a page can hold, as its address would answer."""
    if format not in FORMATS_OF_PAGES:
        message = f"A page holds {', '.join(FORMATS_OF_PAGES)}; link to a {format[:40]} instead."
        raise PlotError(message, "unknown-format", "format")
    spec = replace(plot.spec, format=format)
    return render(spec) if plot.is_never_cached else deliver(spec)


def svg_element(picture: Picture, attributes: Mapping[str, Any], place: int) -> SafeString:
    """An SVG as an element of a page; ``place`` tells those of one page apart.

    Its title becomes its label, or the page would show it wherever no mark is under the pointer.
    """
    wrong = sorted(OF_IMAGES & attributes.keys())
    if wrong:
        message = f"An SVG in the page has no {wrong[0]}; give a format such as png for an image."
        raise PlotError(message, "invalid", wrong[0])
    given = dict(attributes)
    text = picture.content.decode()
    prefix = f"p{sha256(picture.content).hexdigest()[:8]}-{place}-"
    root, _, drawing = _NAMES.sub(rf"\g<1>{prefix}", text).partition(">")
    title = _TITLE.match(drawing)
    drawing = _TITLE.sub("", drawing, count=1)
    label = given.pop("alt", mark_safe(title[1]) if title else "")  # escaped, as it was
    given = ({"aria-label": label} if label else {"aria-hidden": "true"}) | given
    names = format_html_join("", ' {}="{}"', given.items())
    return mark_safe(f"{root}{names}>{drawing.strip()}")


def data_uri(picture: Picture) -> SafeString:
    """An address that holds the picture itself, as mail needs it."""
    content = b64encode(picture.content).decode()
    return format_html("data:{};base64,{}", FORMATS[picture.format].media_type, content)
