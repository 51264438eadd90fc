"""Whether presets can be drawn, as far as that is known without drawing them all again."""

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
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.registry import sources
from plots.text.font_fallback import character_names

logger = logging.getLogger("plots")


@dataclass(frozen=True)
class Health:
    """``reasons`` say why it fails, or what to look at. ``is_drawn``: it is known from drawing."""

    plot: PresetPlot | None = None
    failure: str = ""
    warnings: tuple[str, ...] = ()
    is_drawn: bool = False

    @property
    def state(self) -> Literal["draws", "warns", "fails"]:
        return "fails" if self.failure else "warns" if self.warnings else "draws"

    @property
    def reasons(self) -> tuple[str, ...]:
        return (self.failure,) if self.failure else self.warnings


def examine(presets: Iterable[Preset]) -> dict[int, Health]:
    """The health of each of ``presets``, by key: its spec is made and nothing is drawn.

    What ``draw`` found stands beside it for as long as that picture is kept.
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


def draw(preset: Preset) -> Health:
    """The health of ``preset``, which is drawn for it, into the cache where it may be kept."""
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
    except Exception:  # a kind may raise whatever it likes
        logger.exception("The preset %s could not be drawn", preset.slug)
        failure = _("Something went wrong here while it was drawn; it has been logged.")
    cache.store_report(spec, (failure, notes))
    return _with(health, failure, notes)


def _with(health: Health, failure: str, notes: Iterable[str]) -> Health:
    warnings = (*health.warnings, *notes)
    return replace(health, failure=failure, warnings=warnings, is_drawn=True)


def _examine(preset: Preset) -> Health:
    try:
        return Health(PresetPlot.of_preset(preset), warnings=(*warnings(preset),))
    except PlotError as error:
        return Health(failure=str(error))


def warnings(preset: Preset) -> Iterable[str]:
    """What to look at in ``preset``, whose source is there: sentences, most often none."""
    if preset.source and sources.get(preset.source).private and not preset.is_private:
        yield _("Its data are for staff only. What it shows of them, others see now, too.")
    for name, characters in preset.missing().items():
        message = _("%(parameter)s: no font here can draw %(characters)s; there will be boxes.")
        yield message % {"parameter": name, "characters": character_names(characters)}
