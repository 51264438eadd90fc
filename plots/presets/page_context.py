"""Template context of a preset's page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from plots.catalog.attempt import Attempt
from plots.catalog.controls import Control, make_control
from plots.errors import PlotError
from plots.http.plot_links import Plot
from plots.permissions import User
from plots.spec.registry import Source, sources

from .models import ALWAYS_ALLOWED, PREFIX, Preset

LONGEST = 6000  # characters of an address that every server takes


def preset_controls(
    preset: Preset, names: set[str], tried: Attempt, base: Attempt
) -> list[Control]:
    """The controls of what visitors may change of ``preset``; ``base`` is what it is by itself."""
    # An address that asks for what may not be changed is shown beside the preset as it is.
    form, names = (tried.form, names) if tried.form else (base.form, set())
    fields = {each.name: each for each in form or ()}
    saved = {each.name: each.value() for each in base.form or ()}
    shown = tried if tried.plot else base
    return [
        make_control(
            fields[name], names, saved.get(name, fields[name].initial), tried.errors, shown
        )
        for name in dict.fromkeys([*preset.overrides, *ALWAYS_ALLOWED])
        if name in fields
    ]


def origin(preset: Preset, user: User) -> Source | None:
    """Where the data of ``preset`` come from, if that is for ``user`` to know."""
    try:
        return sources.get_for(user, preset.source) if preset.source else None
    except PlotError:
        return None


def save_url(plot: Plot | None) -> str:
    """Where the admin would save ``plot`` as a preset; nothing where there is no such page."""
    if plot is None or plot.preset:
        return ""
    given = {PREFIX + name: values for name, values in plot.parameters.items() if name != "source"}
    source = plot.parameters.get("source", [])
    query = urlencode({"kind": plot.spec.kind, "source": source, **given}, doseq=True)
    try:
        return f"{reverse('admin:plots_preset_add')}?{query}" if len(query) < LONGEST else ""
    except NoReverseMatch:
        return ""
