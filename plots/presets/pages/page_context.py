"""Template context of a preset's page."""

from __future__ import annotations

from plots.catalog.attempt import Attempt
from plots.catalog.controls import Control, make_control
from plots.errors import PlotError
from plots.forms.frame import PRESENTATION
from plots.permissions import User
from plots.presets.models import Preset
from plots.spec.registry import Source, sources


def preset_controls(
    preset: Preset, names: set[str], tried: Attempt, base: Attempt
) -> list[Control]:
    """Return the controls of the parameters that visitors may change.

    ``tried`` is the preset with the overrides called ``names``, ``base`` the preset without them.
    """
    # If an override is not allowed, there is no form with the overrides.
    form, names = (tried.form, names) if tried.form else (base.form, set())
    fields = {each.name: each for each in form or ()}
    saved = {each.name: each.value() for each in base.form or ()}
    shown = tried if tried.plot else base
    return [
        make_control(
            fields[name], names, saved.get(name, fields[name].initial), tried.errors, shown
        )
        for name in dict.fromkeys([*preset.overrides, *PRESENTATION])
        if name in fields
    ]


def origin(preset: Preset, user: User) -> Source | None:
    """Return the source of ``preset`` if ``user`` may see it."""
    try:
        return sources.get_for(user, preset.source) if preset.source else None
    except PlotError:
        return None
