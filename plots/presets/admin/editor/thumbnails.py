"""Images of presets in the admin: saved presets by URL, drafts as ``data:`` URLs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.i18n import current_language, translate
from plots.permissions import User
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.plot_spec import Frame
from plots.templatetags.inline import data_uri, picture_of

logger = logging.getLogger("plots")


@dataclass(frozen=True)
class Thumbnail:
    """An image of a preset in one theme."""

    theme: str
    title: str
    src: str
    srcset: str
    width: int
    height: int


@dataclass(frozen=True)
class Preview:
    """Images of a preset with their alt text, or the errors.

    ``rest`` names the themes that are not rendered yet.
    """

    thumbnails: Sequence[Thumbnail] = ()
    rest: Sequence[str] = ()
    alt: str = ""
    errors: Sequence[PlotError] = ()


def themes_of(frame: Frame) -> list[str]:
    """Return the themes to preview: that of the preset first, then those visitors can choose."""
    return list(dict.fromkeys((frame.theme, "light", "dark")))


def preview_saved(preset: Preset) -> Preview:
    """Return the images of a saved preset, by URL."""

    def make() -> Preview:
        plot = PresetPlot.of_preset(preset)
        return Preview([_by_url(plot, theme) for theme in themes_of(plot.spec.frame)],
                       alt=plot.alt)  # fmt: skip

    return _catch_errors(make)


def render_draft(
    draft: Preset,
    viewer: User,
    themes: Iterable[str] = (),
    *,
    sharp: bool = True,
    limit: int | None = None,
) -> Preview:
    """Render ``draft`` in ``themes``, or in all themes to preview, at most ``limit`` of them.

    ``viewer`` is the user who looks at it. Nothing is cached. ``sharp`` doubles the scale where
    the limits allow it. The alt text comes with the first theme.
    """

    def make() -> Preview:
        spec = draft.spec().seen_by(viewer)
        frame = replace(spec.frame, lang=spec.frame.lang or current_language())
        plot = PresetPlot(replace(spec, frame=frame), draft)
        all_themes = themes_of(frame)
        selected = [theme for theme in all_themes if theme in themes] or all_themes
        thumbnails = [_by_bytes(plot, theme, sharp) for theme in selected[:limit]]
        alt = plot.alt if all_themes[0] in selected[:limit] else ""
        return Preview(thumbnails, selected[len(thumbnails) :], alt)

    return _catch_errors(make)


def _catch_errors(make: Callable[[], Preview]) -> Preview:
    try:
        return make()
    except PlotError as error:
        return Preview(errors=error.all)
    except Exception:  # kinds and sources may raise anything
        logger.exception("Failed to render a preset in the admin")
        message = _(
            "The image could not be rendered because of a server error. It has been logged."
        )
        return Preview(errors=[PlotError(message, "failed")])


def _by_url(plot: PresetPlot, theme: str) -> Thumbnail:
    return _thumbnail(plot, theme, plot.url(theme=theme), plot.srcset(theme=theme))


def _by_bytes(plot: PresetPlot, theme: str, sharp: bool) -> Thumbnail:
    frame = replace(plot.spec.frame, theme=theme)
    if sharp and frame.may_double:
        frame = replace(frame, scale=2 * frame.scale)
    src = data_uri(picture_of(replace(plot, spec=replace(plot.spec, frame=frame)), "png"))
    return _thumbnail(plot, theme, src)


def _thumbnail(plot: PresetPlot, theme: str, src: str, srcset: str = "") -> Thumbnail:
    frame = plot.spec.frame
    return Thumbnail(theme, translate(theme), src, srcset, frame.width, frame.height)


def thumbnail_html(preset: Preset, width: int, height: int) -> SafeString:
    """Return an ``<img>`` of a saved preset, or the error."""
    frame: dict[str, Any] = {"width": width, "height": height}
    try:
        plot = PresetPlot.of_preset(preset)
        src, srcset = plot.url(**frame), plot.srcset(**frame)
    except PlotError as error:
        return format_html('<span class="help">{}</span>', str(error))
    html = '<img src="{}" srcset="{}" width="{}" height="{}" alt="" loading="lazy">'
    return format_html(html, src, srcset, width, height)
