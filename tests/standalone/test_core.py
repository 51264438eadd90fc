"""The core in a project without any optional app, and without their packages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .conftest import Run

OPTIONAL = (
    "reversion", "import_export", "tablib", "duckdb", "narwhals", "whitenoise", "csp", "environ",
    "prometheus_client", "noto_cjk_sans_otc", "redis", "psycopg",
)  # fmt: skip


def test_the_packages_of_optional_apps_are_absent(project: Run) -> None:
    script = f"from importlib.util import find_spec; print([*filter(find_spec, {OPTIONAL})])"
    assert project("-c", script).stdout == "[]\n"


@pytest.mark.parametrize("apps", ["", "shop"])
def test_the_checks_are_clean(project: Run, apps: str) -> None:
    done = project("-m", "django", "check", "--fail-level", "DEBUG", apps=apps)
    assert done.stdout == "System check identified no issues (0 silenced).\n", done.stderr


def test_the_migrations_are_complete(project: Run) -> None:
    done = project("-m", "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_format_is_served(smoke: dict[str, Any]) -> None:
    types = {name: content_type for name, (_, content_type) in smoke["formats"].items()}
    assert {status for status, _ in smoke["formats"].values()} == {200}
    assert types["png"] == "image/png"
    assert types["pdf"] == "application/pdf"
    assert types["csv"].startswith("text/csv")


def test_every_page_is_served(smoke: dict[str, Any]) -> None:
    assert {path: status for path, (status, _) in smoke["pages"].items() if status != 200} == {}


def test_presets_and_boards_have_no_urls(smoke: dict[str, Any]) -> None:
    assert set(smoke["absent"].values()) == {404}
    assert smoke["names"] == {"index": True, "preset": False, "feed": False, "boards": False}


def test_the_index_is_the_catalogue_and_links_only_to_what_is_installed(
    smoke: dict[str, Any],
) -> None:
    links = set(smoke["links"])
    assert "/charts/plot/threshold/" in links
    assert not [url for url in links if re.match(r"/charts/($|boards|presets|feed)", url)]


def test_tags_show_pictures(smoke: dict[str, Any]) -> None:
    served = {url: found for url, found in smoke["urls"].items() if url.startswith("/charts")}
    assert [url for url, (status, _) in served.items() if status != 200] == []
    assert any(url.startswith("/charts/p/") for url in served), "a long plot is stored"
    assert any(url.startswith("/charts/plot/threshold.png") for url in served)
    assert "<svg" in smoke["page"] and "<source" in smoke["page"]


def test_a_data_frame_without_narwhals_names_the_fix(project: Run) -> None:
    command = ("plot", "line", "--source", "frame", "--x", "month", "--y", "month")
    done = project("-m", "django", *command, apps="shop")
    assert "a source returned a DataFrame; install narwhals for data frames" in done.stderr


def test_a_tag_for_a_preset_shows_a_placeholder(smoke: dict[str, Any]) -> None:
    tag = re.search(r"<i>(.*)</i>", smoke["page"])
    assert tag and "unavailable.svg" in tag[1]


def test_a_post_is_stored_or_drawn(smoke: dict[str, Any]) -> None:
    assert smoke["posted"] == [201, [200, "image/png"]]
    assert smoke["drawn"] == [200, "image/png"]


def test_an_error_is_a_picture(smoke: dict[str, Any]) -> None:
    assert smoke["error"] == [400, "image/png"]


def test_a_figure_view_serves_a_figure(smoke: dict[str, Any]) -> None:
    status, content_type, cache_control = smoke["figure"]
    assert status == 200 and content_type.startswith("image/svg+xml")
    assert cache_control.startswith("public, max-age=60")
    assert smoke["cached"] == 304


def test_the_commands_run(project: Run) -> None:
    done = project("-m", "django", "plot", "line", "--y", "1,2", "-f", "csv")
    assert done.stdout.splitlines() == ["y", "1", "2"], done.stderr
    assert "| `line` |" in project("-m", "django", "kinds").stdout


def test_a_preset_on_the_command_line_names_the_fix(project: Run) -> None:
    done = project("-m", "django", "plot", "--preset", "sales")
    assert done.returncode == 1
    assert "Add “plots.presets” to INSTALLED_APPS" in done.stderr
