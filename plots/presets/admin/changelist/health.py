"""The health of presets: whether they can be rendered, without rendering all of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _

from plots.data.loading import load
from plots.delivery import cache
from plots.delivery.deliver import deliver
from plots.description.alt_text import omissions
from plots.errors import PlotError
from plots.permissions import is_wider
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.registry import sources
from plots.text.font_fallback import character_names

logger = logging.getLogger("plots")


@dataclass(frozen=True)
class Health:
    """The health of a preset.

    ``messages`` are the error or the warnings. ``is_rendered`` is True if they come from rendering.
    """

    plot: PresetPlot | None = None
    failure: str = ""
    warnings: tuple[str, ...] = ()
    is_rendered: bool = False

    @property
    def state(self) -> Literal["ok", "warning", "error"]:
        return "error" if self.failure else "warning" if self.warnings else "ok"

    @property
    def messages(self) -> tuple[str, ...]:
        return (self.failure,) if self.failure else self.warnings


def examine(presets: Iterable[Preset]) -> dict[int, Health]:
    """Return the health of ``presets`` by primary key. Specs are validated; nothing is rendered.

    The result of an earlier ``render_preset`` is included while its image is cached.
    """
    presets = [*presets]
    sources.expect(preset.source for preset in presets)
    found = {preset.pk: _examine(preset) for preset in presets}
    specs = [health.plot.spec for health in found.values() if health.plot]
    known = cache.stored_reports(specs)
    for key, health in found.items():
        report = known.get(health.plot.spec.digest) if health.plot else None
        if report:
            found[key] = _with(health, *report)
    return found


def render_preset(preset: Preset) -> Health:
    """Render ``preset`` into the cache, and return its health."""
    health = _examine(preset)
    if health.plot is None:
        return health
    spec, failure, notes = health.plot.spec, "", []
    try:
        deliver(spec)
        data = load(spec)
        notes = [*filter(None, [*data.notes, omissions(spec, data)])]
    except PlotError as error:
        failure = str(error)
        if error.status == 503:  # temporary
            return _with(health, failure, ())
    except Exception:  # kinds and sources may raise anything
        logger.exception("Failed to render the preset %s", preset.slug)
        failure = _(
            "The image could not be rendered because of a server error. It has been logged."
        )
    cache.store_report(spec, (failure, notes))
    return _with(health, failure, notes)


def _with(health: Health, failure: str, notes: Iterable[str]) -> Health:
    warnings = (*health.warnings, *notes)
    return replace(health, failure=failure, warnings=warnings, is_rendered=True)


def _examine(preset: Preset) -> Health:
    try:
        return Health(PresetPlot.of_preset(preset), warnings=(*warnings(preset),))
    except PlotError as error:
        return Health(failure=str(error))


def warnings(preset: Preset) -> Iterable[str]:
    """Yield warnings about ``preset``, whose source must exist."""
    source = sources.get(preset.source) if preset.source else None
    if source and source.is_private and is_wider(preset.visibility, source.visibility):
        yield _("More people can see this chart than its data. It shows them some of the data.")
    for name, characters in preset.missing().items():
        message = _("%(parameter)s: no installed font has %(characters)s. They appear as boxes.")
        yield message % {"parameter": name, "characters": character_names(characters)}
