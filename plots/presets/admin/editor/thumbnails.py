"""Pictures of presets in the admin: of the saved ones by address, of drafts their bytes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.http.inline import data_uri, picture_of
from plots.i18n import current_language, translate
from plots.permissions import User
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.plot_spec import Frame

logger = logging.getLogger("plots")


@dataclass(frozen=True)
class Shot:
    """One picture of a preset, in one theme."""

    theme: str
    title: str
    src: str
    srcset: str
    width: int
    height: int


@dataclass(frozen=True)
class Preview:
    """What there is to see of a preset: pictures and their words, or why there are none.

    ``rest`` names the themes that are still to be drawn.
    """

    shots: Sequence[Shot] = ()
    rest: Sequence[str] = ()
    alt: str = ""
    errors: Sequence[PlotError] = ()


def themes_of(frame: Frame) -> list[str]:
    """In which themes a preset is looked at: its own first, and those that its visitors choose."""
    return list(dict.fromkeys((frame.theme, "light", "dark")))


def saved(preset: Preset) -> Preview:
    """A preset as its visitors get it."""

    def look() -> Preview:
        plot = PresetPlot.of_preset(preset)
        return Preview([_by_address(plot, theme) for theme in themes_of(plot.spec.frame)],
                       alt=plot.alt)  # fmt: skip

    return _tried(look)


def drawn(
    draft: Preset,
    viewer: User,
    themes: Iterable[str] = (),
    *,
    sharp: bool = True,
    most: int | None = None,
) -> Preview:
    """``draft`` drawn now, in ``themes`` or in all that matter, of which the first ``most``.

    ``viewer`` is who sees it. Nothing of it is kept anywhere. ``sharp`` pictures have two pixels
    a point, where that many may be drawn. The words come with the first theme.
    """

    def look() -> Preview:
        spec = draft.spec().seen_by(viewer)
        frame = replace(spec.frame, lang=spec.frame.lang or current_language())
        plot = PresetPlot(replace(spec, frame=frame), draft)
        known = themes_of(frame)
        wanted = [theme for theme in known if theme in themes] or known
        shots = [_by_bytes(plot, theme, sharp) for theme in wanted[:most]]
        alt = plot.alt if known[0] in wanted[:most] else ""
        return Preview(shots, wanted[len(shots) :], alt)

    return _tried(look)


def _tried(look: Callable[[], Preview]) -> Preview:
    try:
        return look()
    except PlotError as error:
        return Preview(errors=error.all)
    except Exception:  # a kind or source may raise whatever it likes
        logger.exception("Failed to draw a preset in the admin")
        message = _("Something went wrong here while it was drawn; it has been logged.")
        return Preview(errors=[PlotError(message, "failed")])


def _by_address(plot: PresetPlot, theme: str) -> Shot:
    return _shot(plot, theme, plot.url(theme=theme), plot.srcset(theme=theme))


def _by_bytes(plot: PresetPlot, theme: str, sharp: bool) -> Shot:
    frame = replace(plot.spec.frame, theme=theme)
    if sharp and frame.may_double:
        frame = replace(frame, scale=2 * frame.scale)
    src = data_uri(picture_of(replace(plot, spec=replace(plot.spec, frame=frame)), "png"))
    return _shot(plot, theme, src)


def _shot(plot: PresetPlot, theme: str, src: str, srcset: str = "") -> Shot:
    frame = plot.spec.frame
    return Shot(theme, translate(theme), src, srcset, frame.width, frame.height)


def img(preset: Preset, width: int, height: int) -> SafeString:
    """A small picture of a saved preset, or why there is none."""
    frame: dict[str, Any] = {"width": width, "height": height}
    try:
        plot = PresetPlot.of_preset(preset)
        src, srcset = plot.url(**frame), plot.srcset(**frame)
    except PlotError as error:
        return format_html('<span class="help">{}</span>', str(error))
    html = '<img src="{}" srcset="{}" width="{}" height="{}" alt="" loading="lazy">'
    return format_html(html, src, srcset, width, height)
