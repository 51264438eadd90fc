"""System checks, one test per id."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

import plots
from plots.conf import SETTINGS, conf
from plots.datasets.models import Dataset
from plots.presets.models import Preset
from plots.spec.registry import kinds, sources


def found(**kwargs: Any) -> dict[str, str]:
    messages = run_checks(tags=["plots"], **kwargs)
    return {str(message.id): message.msg for message in messages}


def test_no_messages_without_mistakes() -> None:
    assert found() == {}


def test_e001_plots_is_not_a_dict() -> None:
    with override_settings(PLOTS=[("MAX_AGE", 3)]):
        assert "must be a dict" in found()["plots.E001"]


def test_e002_an_unknown_key() -> None:
    with override_settings(PLOTS={"MAX_AEG": 3}):
        assert "“MAX_AGE”" in found()["plots.E002"]


def test_e008_an_unknown_storage() -> None:
    with override_settings(PLOTS={"STORAGE": "defualt"}):
        assert "'defualt'" in found()["plots.E008"]


def test_e009_an_app_that_is_not_installed(settings: Any) -> None:
    apps = [name for name in settings.INSTALLED_APPS if name != "import_export"]
    with override_settings(INSTALLED_APPS=apps):
        message = "INSTALLED_APPS has no 'import_export', which plots.presets needs."
        assert found()["plots.E009"] == message


@pytest.mark.parametrize("value", ["3600", None, True, -1, 3.5, 10**12])
def test_e003_a_value_out_of_bounds(value: object) -> None:
    with override_settings(PLOTS={"MAX_AGE": value}):
        assert "PLOTS['MAX_AGE']" in found()["plots.E003"]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SIGNED_URLS", 1, "must be True or False"),
        ("SIGNED_URLS", "yes", "must be True or False"),
        ("SIGNED_DAYS", True, "must be a whole number"),
        ("POST", "everybody", "must be one of staff, anyone, nobody"),
        ("POST", ["staff"], "must be one of staff"),
    ],
)
def test_e003_an_invalid_switch_or_choice(name: str, value: object, problem: str) -> None:
    with override_settings(PLOTS={name: value}):
        assert f"PLOTS['{name}'] {problem}" in found()["plots.E003"]


def test_defaults_are_valid() -> None:
    assert all(setting.problem(setting.default) is None for setting in SETTINGS.values())
    assert SETTINGS["MAX_AGE"].default == conf.MAX_AGE
    with pytest.raises(AttributeError):
        _ = conf.NO_SUCH_SETTING


def test_e004_an_invalid_example() -> None:
    plots.kind("sample", channels=plots.XY, example={"y": "1,b"})(lambda ax, data: None)
    try:
        assert "'sample' is invalid: y: Item 2" in found()["plots.E004"]
    finally:
        kinds.unregister("sample")


@pytest.mark.parametrize(
    "name",
    ["x", "source", "title", "bin", "w", "v", "sig", "until", "join", "top", "y2min", "asof"],
)
def test_e005_an_option_with_a_reserved_name(name: str) -> None:
    options = type("Options", (forms.Form,), {name: forms.CharField()})
    plots.source("hiding", visibility="public", options=options)(lambda **given: {})
    try:
        assert f"'hiding' has an option '{name}'" in found()["plots.E005"]
    finally:
        sources.unregister("hiding")


@pytest.mark.parametrize("name", ["values", "utm_source", "gclid"])
def test_other_option_names_are_free(name: str) -> None:
    options = type("Options", (forms.Form,), {name: forms.CharField()})
    plots.source("own", visibility="public", options=options)(lambda **given: {})
    try:
        assert found() == {}
    finally:
        sources.unregister("own")


def test_e006_metrics_without_prometheus_client(monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(PLOTS={"METRICS": True}):
        assert found() == {}
        monkeypatch.setattr("plots.checks.find_spec", lambda name: None)
        assert "prometheus-client is not installed" in found()["plots.E006"]
    assert found() == {}


@pytest.mark.parametrize("value", [1, "yes", None])
def test_a_switch_is_true_or_false(value: object) -> None:
    with override_settings(PLOTS={"METRICS": value}):
        assert "must be True or False" in found()["plots.E003"]


@pytest.mark.django_db
def test_w001_a_preset_that_cannot_be_drawn() -> None:
    Preset.objects.create(
        visibility="public", slug="ok", title="Ok", kind="line", parameters={"y": "1,2"}
    )
    assert found(databases=["default"]) == {}
    Preset.objects.create(visibility="public", slug="old", title="Old", kind="pie-in-3d")
    message = found(databases=["default"])["plots.W001"]
    assert "'old' cannot be drawn: kind: There is no kind “pie-in-3d”." in message


@pytest.mark.django_db
def test_w003_a_source_that_hides_a_dataset() -> None:
    Dataset.objects.create(name="towns", title="Towns", file="towns.parquet")
    assert found(databases=["default"]) == {}
    plots.source("towns", visibility="public")(lambda: {"n": [1]})
    try:
        assert "'towns' is hidden" in found(databases=["default"])["plots.W003"]
        assert found() == {}
    finally:
        sources.unregister("towns")


@pytest.mark.django_db
def test_a_group_that_does_not_exist() -> None:
    plots.source("sales", visibility="groups", groups=["Editors"])(lambda: {"n": [1]})
    try:
        assert "'Editors', which does not exist" in found(databases=["default"])["plots.W005"]
        assert found() == {}
        Group.objects.create(name="Editors")
        assert found(databases={"default": False}) == {}
    finally:
        sources.unregister("sales")


@pytest.mark.django_db
def test_manage_py_check_runs_them() -> None:
    with override_settings(PLOTS={"MAX_AEG": 3}), pytest.raises(Exception, match="plots.E002"):
        call_command("check")


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [list, tuple, set, dict.fromkeys, frozenset])
def test_databases_are_any_collection(collection: Any) -> None:
    """Django passes a list in `check` and a dict in `test`."""
    Preset.objects.create(slug="old", title="Old", kind="pie-in-3d")
    assert set(found(databases=collection(["default"]))) == {"plots.W001"}
    assert found(databases=collection([])) == found(databases=None) == {}


class Elsewhere:
    """A router that has the tables of plots in the database ``charts``."""

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return "charts" if model._meta.app_label.startswith("plots") else None


def test_e011_tables_and_users_in_two_databases(settings: Any) -> None:
    settings.DATABASE_ROUTERS = ["tests.project.test_checks.Elsewhere"]
    connections.settings["charts"] = connections.settings["default"]
    try:
        message = found()["plots.E011"]
    finally:
        del connections.settings["charts"]
        del connections["charts"]
    assert "is in the database 'charts' and refers to auth." in message


def test_e012_tables_in_a_database_that_is_not_there(settings: Any) -> None:
    settings.DATABASE_ROUTERS = ["tests.project.test_checks.Elsewhere"]
    assert found(databases=["default"]).keys() == {"plots.E011", "plots.E012"}


def test_w009_urls_that_are_not_included(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.standalone.hosts.urls.nothing"
    assert "URLs of plots are not included" in found()["plots.W009"]


def test_w012_no_engine_finds_the_pages(settings: Any) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]
    assert "No engine in TEMPLATES" in found()["plots.W012"]


def test_w010_datasets_in_the_memory_of_one_process(settings: Any) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": memory}
    assert found() == {}
    settings.PLOTS = {"PROCESSES": 2}
    assert "render processes cannot read" in found()["plots.W010"]


def test_w011_datasets_in_the_current_directory(settings: Any) -> None:
    settings.MEDIA_ROOT = ""
    assert "current working directory" in found()["plots.W011"]


def test_an_example_may_draw_a_source_for_staff() -> None:
    """The database is not read: `migrate` runs the checks first."""
    plots.source("own")(lambda: {"n": [1, 2]})
    plots.kind("of-own", channels=plots.XY, example={"source": "own", "y": "n"})(
        lambda ax, data: None
    )
    try:
        assert found() == {}
    finally:
        kinds.unregister("of-own")
        sources.unregister("own")


def test_a_kind_needs_no_example() -> None:
    plots.kind("plain", channels=plots.XY)(lambda ax, data: None)
    try:
        assert found() == {}
    finally:
        kinds.unregister("plain")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")), ("USE_X_FORWARDED_HOST", 1)],
)
def test_w007_a_proxy_without_a_client_address(setting: str, value: Any) -> None:
    with override_settings(**{setting: value}):
        assert setting in found(include_deployment_checks=True)["plots.W007"]
        assert found() == {}  # only for deployments
        with override_settings(PLOTS={"CLIENT_IP_HEADER": "X-Forwarded-For"}):
            assert found(include_deployment_checks=True) == {}


@pytest.mark.parametrize("value", [None, 3, "", "X Forwarded", "X-Real-IP\n"])
def test_e003_a_header_with_an_invalid_name(value: object) -> None:
    with override_settings(PLOTS={"CLIENT_IP_HEADER": value}):
        assert "must be the name of a header" in found()["plots.E003"]
