"""System checks: mistakes in a project that would otherwise wait for a visitor to find them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks

from plots.forms.binding import ALIASES, RESERVED, as_parameters
from plots.forms.frame import FrameForm
from plots.forms.parameters_to_spec import read_spec
from plots.forms.query import QueryForm
from plots.spec import themes
from plots.spec.registry import kinds, sources

from .conf import SETTINGS, conf
from .errors import PlotError, suggestion


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
