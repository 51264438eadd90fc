"""Pictures of presets in the admin."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..errors import PlotError
from ..history import Kept
from ..models import Preset
from ..shortcuts import Plot


def draft_of(preset: Preset) -> SafeString:
    """The picture of a preset that is not saved yet."""
    return img(preset, draw=lambda: Plot(preset.spec()))


def revision_img(kept: Kept, width: int | None = None, height: int | None = None) -> SafeString:
    """The picture of a revision, or in words why there is none any more."""
    try:
        frame = kept.preset.spec().frame
    except PlotError as error:
        return format_html('<span class="help">{}</span>', str(error))
    sized = {"width": width or frame.width, "height": height or frame.height}
    url = reverse("admin:plots_preset_revision", args=[kept.number])
    once, twice = urlencode(sized), urlencode(sized | {"scale": 2})
    return format_html(
        '<img src="{0}?{1}" srcset="{0}?{1} 1x, {0}?{2} 2x" width="{3}" height="{4}" alt="{5}" '
        'loading="lazy">',
        url,
        once,
        twice,
        *sized.values(),
        kept.preset.title if width is None else "",
    )


def img(
    preset: Preset,
    width: int | None = None,
    height: int | None = None,
    draw: Callable[[], Plot] | None = None,
) -> SafeString:
    try:
        plot = draw() if draw else Plot.of_preset(preset)
    except PlotError as error:
        return format_html('<span class="help">{}</span>', str(error))
    return format_html(
        '<img src="{}" srcset="{}" width="{}" height="{}" alt="" loading="lazy">',
        plot.url(width=width, height=height),
        plot.srcset(width=width, height=height),
        width or plot.spec.frame.width,
        height or plot.spec.frame.height,
    )
