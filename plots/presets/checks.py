"""System checks of presets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.core import checks

from plots.checks import check_rows
from plots.errors import PlotError
from plots.text.font_fallback import character_names

from .overlaps import Budget, find_summary

# Apps that store revisions of presets, and import and export them.
NEEDED = ("django.contrib.contenttypes", "reversion", "import_export")


@checks.register("plots")
def check_apps(**kwargs: Any) -> list[checks.CheckMessage]:
    """E009: an app that presets depend on is not installed."""
    missing = [name for name in NEEDED if not apps.is_installed(name)]
    if not missing:
        return []
    message = (
        f"INSTALLED_APPS has no {' and no '.join(map(repr, missing))}, which plots.presets needs."
    )
    return [checks.Error(message, hint="Add it, then migrate.", id="plots.E009")]


@checks.register("plots", checks.Tags.database)
def check_presets(databases: Collection[str] | None = None, **kwargs: Any) -> list[Any]:
    """W001: a preset that cannot be drawn any more. W002: a preset with text that no font has."""
    from .models import Preset

    return check_rows(Preset.objects.all(), databases, _warnings)


@checks.register("plots", checks.Tags.database)
def check_overlaps(databases: Collection[str] | None = None, **kwargs: Any) -> list[Any]:
    """W013: a preset whose rows would hide each other, so that it cannot be drawn."""
    from .models import Preset

    check = partial(_overlaps, Budget())
    return check_rows(Preset.objects.exclude(source=""), databases, check)


def _overlaps(budget: Budget, preset: Any) -> Iterator[checks.Warning]:
    stat = budget.call(preset, find_summary)
    if stat == "":
        return
    message = f"Several rows of the preset {preset.slug!r} would be drawn at the same place."
    hint = f"Set its statistic in the admin, for example to {stat!r}."
    if stat is None:
        message = f"The rows of the preset {preset.slug!r} could not be examined in time."
        hint = "Run the check again when its source is available."
    yield checks.Warning(message, hint, preset, id="plots.W013")


def _warnings(preset: Any) -> Iterator[checks.Warning]:
    try:
        preset.spec()
    except PlotError as error:
        message = f"The preset {preset.slug!r} cannot be drawn: {error}"
        yield checks.Warning(message, obj=preset, id="plots.W001")
        return
    if missing := preset.missing():
        listed = "; ".join(f"{name}: {character_names(each)}" for name, each in missing.items())
        message = f"The preset {preset.slug!r} has text that no installed font can draw: {listed}"
        hint = "Install a font that has these characters, such as Noto Sans for their script."
        yield checks.Warning(message, hint, preset, id="plots.W002")
