"""Pictures of presets in the admin."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..errors import PlotError
from ..models import Preset
from ..shortcuts import Plot


def draft_of(preset: Preset) -> SafeString:
    """The picture of a preset that is not saved yet."""
    return img(preset, draw=lambda: Plot(preset.spec()))


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
