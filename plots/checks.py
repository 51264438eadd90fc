"""System checks: mistakes in a project that would otherwise wait for a visitor to find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from . import themes
from .conf import SETTINGS, conf
from .errors import PlotError, suggestion
from .faces import name_all
from .forms import ALIASES, RESERVED, as_parameters, read_spec
from .frame_form import FrameForm
from .query_form import QueryForm
from .registry import kinds, sources

# The history of presets, and moving them from one site to another.
NEEDED = ("django.contrib.contenttypes", "reversion", "import_export")


@checks.register("plots")
def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    """E001 PLOTS is no dict, E002 a key nobody knows, E003 a value out of its bounds."""
    given = getattr(settings, "PLOTS", {})
    if not isinstance(given, Mapping):
        return [checks.Error("PLOTS must be a dict.", id="plots.E001")]
    errors: list[checks.CheckMessage] = []
    for name, value in given.items():
        if name not in SETTINGS:
            message = f"PLOTS has no setting {name!r}.{suggestion(str(name), SETTINGS)}"
            errors.append(checks.Error(message, id="plots.E002"))
        elif problem := SETTINGS[name].problem(value):
            errors.append(checks.Error(f"PLOTS[{name!r}] {problem}.", id="plots.E003"))
    return errors


@checks.register("plots")
def check_themes(**kwargs: Any) -> list[checks.CheckMessage]:
    """E007: a theme of the site's own is not one."""
    problem = themes.problem(conf.THEMES)
    return [checks.Error(f"PLOTS['THEMES'] {problem}.", id="plots.E007")] if problem else []


@checks.register("plots")
def check_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """E008: there is no storage of the name that is to keep datasets."""
    if conf.STORAGE in settings.STORAGES:
        return []
    message = f"PLOTS['STORAGE'] is {conf.STORAGE!r}, which STORAGES has not."
    hint = suggestion(str(conf.STORAGE), settings.STORAGES).strip()
    return [checks.Error(message, hint=hint, id="plots.E008")]


@checks.register("plots")
def check_examples(**kwargs: Any) -> list[checks.CheckMessage]:
    """E004: a kind's example, which the catalogue draws, is not valid."""
    errors: list[checks.CheckMessage] = []
    if check_themes():
        return errors  # of which no plot can be drawn
    for kind in kinds:
        try:
            read_spec(kind.name, as_parameters(kind.example))
        except PlotError as error:
            message = f"The example of the plot kind {kind.name!r} is not valid: {error}"
            errors.append(checks.Error(message, id="plots.E004"))
    return errors


@checks.register("plots")
def check_options(**kwargs: Any) -> list[checks.CheckMessage]:
    """E005: an option of a kind or source that hides what every plot has."""
    asked = {*FrameForm.base_fields, *QueryForm.base_fields}
    own = {*asked, *ALIASES, *RESERVED, "x", "y", "by", "facet", "label", "source"}
    return [
        checks.Error(
            f"The {registry.noun} {entry.name!r} calls an option {name!r}, "
            "which every plot has; name it otherwise.",
            id="plots.E005",
        )
        for registry in (kinds, sources)
        for entry in registry
        for name in sorted(own & set(entry.options.base_fields))
    ]


@checks.register("plots")
def check_metrics(**kwargs: Any) -> list[checks.CheckMessage]:
    """E006: what is to be counted cannot be, for want of a package."""
    if not conf.METRICS or find_spec("prometheus_client"):
        return []
    message = "PLOTS['METRICS'] is on, but prometheus-client is not installed; install it."
    return [checks.Error(message, id="plots.E006")]


@checks.register("plots")
def check_apps(**kwargs: Any) -> list[checks.CheckMessage]:
    """E009: an app that keeps or moves presets is not installed in the project."""
    missing = [name for name in NEEDED if not apps.is_installed(name)]
    if not missing:
        return []
    message = f"INSTALLED_APPS has no {' and no '.join(map(repr, missing))}, which plots needs."
    return [checks.Error(message, hint="Add it, then migrate.", id="plots.E009")]


@checks.register("plots", checks.Tags.database)
def check_presets(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """W001: a preset that can no longer be drawn, and why; W002: one with text that no font has."""
    from .models import Preset

    try:
        presets = list(Preset.objects.using(databases[0])) if databases else []
    except DatabaseError:
        return []  # not migrated yet: this very check runs before ``migrate`` does
    warnings = []
    for preset in [] if check_themes() else presets:
        try:
            preset.spec()
        except PlotError as error:
            message = f"The preset {preset.slug!r} cannot be drawn: {error}"
            warnings.append(checks.Warning(message, obj=preset, id="plots.W001"))
            continue
        if missing := preset.missing():
            named = "; ".join(f"{name}: {name_all(each)}" for name, each in missing.items())
            message = f"The preset {preset.slug!r} has text that no font here can draw: {named}"
            hint = "Install a font that has it, such as Noto Sans for its script."
            warnings.append(checks.Warning(message, hint, preset, id="plots.W002"))
    return warnings


@checks.register("plots", checks.Tags.database)
def check_datasets(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """W003: a dataset that nobody finds, since a registered source has its name."""
    from .models import Dataset

    try:
        hidden = (
            Dataset.objects.using(databases[0]).filter(name__in=[source.name for source in sources])
            if databases
            else []
        )
        return [
            checks.Warning(
                f"The dataset {dataset.name!r} is hidden by a registered source of that name.",
                "Give the source another name; a dataset keeps its own.",
                dataset,
                id="plots.W003",
            )
            for dataset in hidden
        ]
    except DatabaseError:
        return []  # not migrated yet


@checks.register("plots", checks.Tags.database)
def check_boards(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """W004: what is fixed on a board is no longer what its preset allows."""
    from .boards.models import BoardItem

    fixed = BoardItem.objects.exclude(fixed="").select_related("board", "preset")
    try:
        items = list(fixed.using(databases[0])) if databases and not check_themes() else []
    except DatabaseError:
        return []  # not migrated yet
    warnings = []
    for item in items:
        try:
            item.preset.spec(item.parameters)
        except PlotError as error:
            message = f"The board {item.board.slug!r} cannot show {item.shown_title!r}: {error}"
            hint = "Change what is fixed there, or what the preset lets visitors change."
            warnings.append(checks.Warning(message, hint, item, id="plots.W004"))
    return warnings
