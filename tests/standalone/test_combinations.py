"""Each combination of the optional apps in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations
from typing import Any

import pytest

from .combination import NAMES, PATHS

OPTIONAL = ("presets", "datasets", "boards")
ALL = [names for count in range(4) for names in combinations(OPTIONAL, count)]
COMPLETE = [names for names in ALL if "presets" in names or "boards" not in names]


def start(names: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.standalone.settings",
        "OPTIONAL_APPS": " ".join(names),
    }
    command = [sys.executable, "-W", "error", "-m", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module", params=COMPLETE, ids="-".join)
def site(request: pytest.FixtureRequest) -> tuple[set[str], dict[str, Any]]:
    """The installed apps, and what ``combination.py`` prints."""
    done = start(request.param, "tests.standalone.combination")
    assert done.returncode == 0, done.stderr
    return set(request.param), json.loads(done.stdout)


def test_the_checks_are_clean(site: tuple[set[str], dict[str, Any]]) -> None:
    _, answers = site
    assert answers["problems"] == []


def test_the_core_works(site: tuple[set[str], dict[str, Any]]) -> None:
    _, answers = site
    assert set(answers["core"].values()) == {200}
    assert answers["stored"].startswith("/p/")
    assert "/plot/line.png?y=1,2,4" in answers["tag"]


def test_an_absent_app_has_no_urls(site: tuple[set[str], dict[str, Any]]) -> None:
    installed, answers = site
    for app, names in NAMES.items():
        assert {answers["names"][name] for name in names} == {app in installed}
    for app, paths in PATHS.items():
        expected = 200 if app in installed else 404
        assert {answers["statuses"][path] for path in paths} == {expected}


def test_an_absent_app_is_not_imported(site: tuple[set[str], dict[str, Any]]) -> None:
    installed, answers = site
    for app in set(OPTIONAL) - installed:
        assert not [name for name in answers["modules"] if name.startswith(f"plots.{app}")]
    assert {name for name in answers["checks"] if name.startswith("plots.")} == {
        "plots.checks",
        *(f"plots.{name}.checks" for name in installed),
    }


def test_the_admin_has_the_models_of_the_installed_apps(
    site: tuple[set[str], dict[str, Any]],
) -> None:
    installed, answers = site
    labels = {url.split("/")[2] for url in answers["admin"]}
    assert labels == {"plots", *(f"plots_{name}" for name in installed)}
    assert set(answers["admin"].values()) == {200}


def test_pages_link_to_what_is_installed(site: tuple[set[str], dict[str, Any]]) -> None:
    installed, answers = site
    assert ('href="/feed.atom"' in answers["index"]) == ("presets" in installed)
    assert ('href="/boards/"' in answers["index"]) == ("boards" in installed)
    assert ("/presets/sales/" in answers["index"]) == ("presets" in installed)
    assert ("Save as a preset" in answers["playground"]) == ("presets" in installed)
    assert "/plot/line/" in answers["sitemap"]
    assert ("/presets/sales/" in answers["sitemap"]) == ("presets" in installed)
    assert ("/boards/week/" in answers["sitemap"]) == ("boards" in installed)


@pytest.mark.parametrize("names", [names for names in ALL if names not in COMPLETE], ids="-".join)
def test_boards_without_presets_name_the_fix(names: tuple[str, ...]) -> None:
    done = start(names, "django", "check")
    assert done.returncode == 1
    assert "plots.boards shows presets: add “plots.presets” to INSTALLED_APPS." in done.stderr
