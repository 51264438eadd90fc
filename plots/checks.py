"""System checks of the core: mistakes in a project's settings, kinds and sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.util import find_spec
from typing import Any, TypeVar

from django import template
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseFailure
from django.db import connections, models, router
from django.template.backends.django import DjangoTemplates
from django.urls import NoReverseMatch, reverse

from plots.delivery.clients import trusts_header
from plots.forms.binding import ALIASES, RESERVED, as_parameters
from plots.forms.frame import FrameForm
from plots.forms.parameters_to_spec import read_spec
from plots.forms.query import QueryForm
from plots.spec import themes
from plots.spec.registry import kinds, sources

from .conf import SETTINGS, conf
from .errors import PlotError, suggestion
from .permissions import SITE

COLUMNS = ("x", "y", "by", "facet", "label", "source")
# Names of parameters that every plot will have. ``values`` and ``center`` are not: kinds declare
# them.
PLANNED = (
    "join", "compute", "unpivot", "exclude", "spread", "missing", "top", "transform",
    "credit", "highlight", "note", "right", "y2label", "y2min", "y2max", "y2format",
    "trend", "svgtext", "asof",
)  # fmt: skip

Row = TypeVar("Row", bound=models.Model)


def check_rows(
    rows: models.QuerySet[Row, Row],
    databases: Collection[str] | None,
    check: Callable[[Row], Iterable[checks.CheckMessage]],
) -> list[checks.CheckMessage]:
    """Return the messages of ``check`` about ``rows``, if ``databases`` has their table.

    Django passes None, or aliases in any collection: a list in ``check``, a dict in ``test``.
    Without a connection or a table there is nothing to check. Checks also run before ``migrate``.
    """
    alias = router.db_for_write(rows.model)
    if alias not in (databases or ()) or check_themes():
        return []
    try:
        return [message for row in rows.using(alias) for message in check(row)]
    except (DatabaseFailure, ImproperlyConfigured):  # ImproperlyConfigured: no database at all
        return []


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
    """E004: the example of a kind, which the catalogue draws, is invalid. It may be left out."""
    errors: list[checks.CheckMessage] = []
    if check_themes():
        return errors  # with an invalid theme, no plot can be drawn
    for kind in kinds:
        if not kind.example:
            continue
        try:
            read_spec(kind.name, as_parameters(kind.example), user=SITE)
        except (DatabaseFailure, ImproperlyConfigured):
            continue  # of a dataset, before ``migrate``
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


@checks.register("plots", checks.Tags.database)
def check_groups(databases: Collection[str] | None = None, **kwargs: Any) -> list[Any]:
    """W005: a source is for a group that does not exist."""
    named = {(group, source.name) for source in sources for group in source.groups}
    if not named or not apps.is_installed("django.contrib.auth"):
        return []
    groups = apps.get_model("auth", "Group")._default_manager
    alias = router.db_for_read(groups.model)
    if alias not in (databases or ()):
        return []
    try:
        known = {*groups.using(alias).values_list("name", flat=True)}
    except (DatabaseFailure, ImproperlyConfigured):
        return []
    return [
        checks.Warning(
            f"The source {source!r} is for the group {group!r}, which does not exist.",
            hint="Create the group in the admin, or change groups in @plots.source.",
            id="plots.W005",
        )
        for group, source in sorted(named)
        if group not in known
    ]


@checks.register("plots", deploy=True)
def check_client_address(**kwargs: Any) -> list[checks.CheckMessage]:
    """W007: a proxy is in front, but no header with the client's address is trusted."""
    proxied = ("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT")
    given = [name for name in proxied if getattr(settings, name)]
    if not given or trusts_header():
        return []
    return [
        checks.Warning(
            f"{given[0]} says that there is a proxy, but PLOTS['CLIENT_IP_HEADER'] is not set. All "
            "visitors count as one client.",
            hint="Name the header in which the proxy passes the address, such as X-Forwarded-For.",
            id="plots.W007",
        )
    ]


@checks.register("plots")
def check_metrics(**kwargs: Any) -> list[checks.CheckMessage]:
    """E006: PLOTS["METRICS"] is on without the package that counts."""
    if not conf.METRICS or find_spec("prometheus_client"):
        return []
    message = "PLOTS['METRICS'] is on, but prometheus-client is not installed."
    return [checks.Error(message, hint="Install prometheus-client.", id="plots.E006")]


@checks.register("plots")
def check_urls(**kwargs: Any) -> list[checks.CheckMessage]:
    """W009: the URLs of plots are not mounted. W012: no template engine finds its pages."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    try:
        reverse("plots:index")
    except NoReverseMatch:
        message = "The URLs of plots are not included, so template tags cannot show plots."
        hint = (
            "Add path('charts/', include('plots.urls')) to the URLconf. Silence this check if "
            "views of your own draw all plots."
        )
        return [checks.Warning(message, hint=hint, id="plots.W009")]
    if any(map(_has_pages, template.engines.all())):
        return []
    message = "No engine in TEMPLATES finds the templates of plots, so its pages fail."
    hint = "Set APP_DIRS to True for the backend DjangoTemplates."
    return [checks.Warning(message, hint=hint, id="plots.W012")]


def _has_pages(engine: Any) -> bool:
    if not isinstance(engine, DjangoTemplates):
        return False
    try:
        engine.get_template("plots/kinds.html")
    except template.TemplateDoesNotExist:
        return False
    return True


@checks.register("plots")
def check_databases(**kwargs: Any) -> list[checks.CheckMessage]:
    """E011: tables that refer to each other are in two databases. E012: there is no database."""
    found: list[checks.CheckMessage] = []
    for model in apps.get_models():
        if not model.__module__.startswith("plots."):
            continue
        own = router.db_for_write(model)
        fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
        related: set[Any] = {field.related_model for field in fields}
        for other in filter(None, related):
            if (alias := router.db_for_write(other)) != own:
                message = (
                    f"{model._meta.label} is in the database {own!r} and refers to "
                    f"{other._meta.label}, which is in {alias!r}."
                )
                hint = "Foreign keys need both tables in one database: change DATABASE_ROUTERS."
                found.append(checks.Error(message, hint=hint, obj=model, id="plots.E011"))
        # Without any database, the core works, but it stores no plots.
        is_there = own in connections.settings
        needs_none = is_there and model._meta.app_label == "plots"
        if not needs_none and not (is_there and connections[own].vendor != "unknown"):
            message = f"{model._meta.label} needs a database, and DATABASES has no {own!r}."
            found.append(checks.Error(message, obj=model, id="plots.E012"))
    return found
