"""A data folder with its database, and the processes that use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Every table that the upgrade must leave as it is, by model. Two tables change: content types get
# other labels, and saved revisions other names of models.
DUMP = """
from django.apps import apps
def dump(labels):
    found = [apps.get_model(label) for label in labels]
    return {each._meta.db_table: [*each._base_manager.order_by("pk").values()] for each in found}
print(json.dumps(dump(given), default=str))
"""
VISIT = """
from django.contrib.auth import get_user_model
from django.test import Client
answers = []
for user, url, data in given:
    client = Client(SERVER_NAME="localhost")
    if user:
        client.force_login(get_user_model().objects.get(username=user))
    response = client.get(url) if data is None else client.post(url, data)
    body = b"".join(response) if response.streaming else response.content
    text = body.decode("utf-8", "replace")
    answers.append([response.status_code, response.get("Location", ""), text])
print(json.dumps(answers))
"""


@dataclass
class Site:
    """One data folder of the example site."""

    var: Path
    extra: dict[str, str] = field(default_factory=dict)

    def copy(self, var: Path, **extra: str) -> Site:
        """Another site with the same data, for a test that changes them."""
        shutil.copytree(self.var, var)
        return Site(var, {**self.extra, **extra})

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Run Python with ``arguments``; an error shows what the process printed."""
        inherited = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        environment = {**inherited, "RENDER_PROCESSES": "0", "PLOTSITE_VAR": str(self.var)}
        process = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "plotsite.settings", **self.extra},
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def manage(self, *arguments: str) -> str:
        """Run a management command."""
        return self.run("manage.py", *arguments)

    def python(self, code: str, given: Any = None) -> Any:
        """What ``code``, which reads ``given``, prints as JSON."""
        start = "import json, sys, django; django.setup(); given = json.load(sys.stdin)\n"
        return json.loads(self.run("-c", start + code, stdin=json.dumps(given)))

    def dump(self, *labels: str) -> dict[str, list[dict[str, Any]]]:
        """All rows of models, by table."""
        return self.python(DUMP, labels)

    def visit(self, *requests: Sequence[Any]) -> list[tuple[int, str, str]]:
        """Status, Location and text of the response to each (user, URL, POST data or None)."""
        return [tuple(each) for each in self.python(VISIT, requests)]
