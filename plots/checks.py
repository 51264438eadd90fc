"""System checks of the core: mistakes in a project's settings, kinds and sources."""

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

COLUMNS = ("x", "y", "by", "facet", "label", "source")
# Names of parameters that every plot will have. ``values`` is not one: kinds declare it.
PLANNED = (
    "join", "compute", "unpivot", "exclude", "spread", "missing", "top", "transform",
    "credit", "highlight", "note", "right", "y2label", "y2min", "y2max", "y2format",
    "trend", "center", "svgtext", "asof",
)  # fmt: skip


@checks.register("plots")
def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    """E001: PLOTS is not a dict. E002: an unknown key. E003: a value out of its bounds."""
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
    """E007: an invalid theme in PLOTS["THEMES"]."""
    problem = themes.problem(conf.THEMES)
    return [checks.Error(f"PLOTS['THEMES'] {problem}.", id="plots.E007")] if problem else []


@checks.register("plots")
def check_examples(**kwargs: Any) -> list[checks.CheckMessage]:
    """E004: the example of a kind, which the catalogue draws, is invalid."""
    errors: list[checks.CheckMessage] = []
    if check_themes():
        return errors  # with an invalid theme, no plot can be drawn
    for kind in kinds:
        try:
            read_spec(kind.name, as_parameters(kind.example))
        except PlotError as error:
            message = f"The example of the kind {kind.name!r} is invalid: {error}"
            errors.append(checks.Error(message, id="plots.E004"))
    return errors


@checks.register("plots")
def check_options(**kwargs: Any) -> list[checks.CheckMessage]:
    """E005: an option of a kind or source has the name of a parameter of every plot."""
    common = {*FrameForm.base_fields, *QueryForm.base_fields, *COLUMNS}
    reserved = {*common, *ALIASES, *RESERVED, *PLANNED}
    return [
        checks.Error(
            f"The {registry.noun} {entry.name!r} has an option {name!r}, a name that is reserved "
            "for a parameter of every plot.",
            hint="Rename the option.",
            id="plots.E005",
        )
        for registry in (kinds, sources)
        for entry in registry
        for name in sorted(reserved & set(entry.options.base_fields))
    ]


@checks.register("plots")
def check_metrics(**kwargs: Any) -> list[checks.CheckMessage]:
    """E006: PLOTS["METRICS"] is on without the package that counts."""
    if not conf.METRICS or find_spec("prometheus_client"):
        return []
    message = "PLOTS['METRICS'] is on, but prometheus-client is not installed."
    return [checks.Error(message, hint="Install prometheus-client.", id="plots.E006")]
