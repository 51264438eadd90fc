"""The site below a path prefix, with a proxy that removes it from paths and one that keeps it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.processes import start_python

VISIT = ("-m", "tests.plotsite.visit")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a visitor of a site with ``PATH_PREFIX`` finds. All requests are without the prefix."""
    folder = tmp_path_factory.mktemp("prefix")
    process = start_python(folder, *VISIT, PATH_PREFIX="charts/", RENDER_PROCESSES="0")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert "page      http://testserver/charts/admin/" in output
    return json.loads(output.splitlines()[-1])


def test_pages_are_served_with_and_without_the_prefix(visit: Any) -> None:
    assert set(visit["statuses"].values()) == {200}
    assert set(visit["kept"].values()) == {200}


def test_every_link_has_the_prefix(visit: Any) -> None:
    for path, links in visit["links"].items():
        outside = [url for url in links if not (url + "/").startswith("/charts/")]
        # The server in openapi.json is the host; its paths have the prefix.
        assert outside == (["/"] if path == "/plot/openapi.json" else []), path
    assert len(visit["links"]["/"]) > 20


def test_static_files_are_served(visit: Any) -> None:
    assert len(visit["static"]) > 4
    assert set(visit["static"]) == {200}


def test_cookies_are_those_of_the_prefix(visit: Any) -> None:
    assert visit["logged in"] == 302
    assert visit["cookies"] == {"sessionid": "/charts", "csrftoken": "/charts"}


def test_redirects_have_the_prefix(visit: Any) -> None:
    assert visit["login"] == "/charts/admin/login/?next=/charts/admin/plots_presets/preset/"
    assert visit["reset"] == "/charts/presets/carbon-dioxide/"
    assert visit["upload"][2].startswith("/charts/admin/plots_datasets/dataset/")


def test_oembed_reads_urls_with_the_prefix(visit: Any) -> None:
    assert visit["oembed"] == [200, 404]


@pytest.mark.parametrize("prefix", ["/plot", "admin/charts"])
def test_a_page_of_the_site_is_no_prefix(tmp_path: Path, prefix: str) -> None:
    process = start_python(tmp_path, "manage.py", "check", PATH_PREFIX=prefix)
    output, _ = process.communicate()
    assert process.returncode == 1
    assert "is a page of the site itself" in output
