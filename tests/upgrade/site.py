"""A data folder with its database, and the processes that use it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import ROOT, inherited

DUMP = """
from django.apps import apps
models = [apps.get_model(label) for label in given]
rows = {model._meta.db_table: [*model._base_manager.order_by("pk").values()] for model in models}
print(json.dumps(rows, default=str))
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


# Runs each line of input, which is [code, given] as JSON. The code prints one line of JSON.
WORKER = """
import json, sys, django
django.setup()
for line in sys.stdin:
    code, given = json.loads(line)
    exec(code, {"json": json, "given": given})
    sys.stdout.flush()
"""


@dataclass
class Site:
    """One data folder of the example site."""

    var: Path
    extra: dict[str, str] = field(default_factory=dict)
    _worker: subprocess.Popen[str] | None = None

    def copy(self, var: Path, **extra: str) -> Site:
        """Another site with the same data, for a test that changes them."""
        shutil.copytree(self.var, var)
        return Site(var, {**self.extra, **extra})

    @property
    def environment(self) -> dict[str, str]:
        own = {"RENDER_PROCESSES": "0", "PLOTSITE_VAR": str(self.var)}
        return {**inherited(), **own, "DJANGO_SETTINGS_MODULE": "plotsite.settings", **self.extra}

    def manage(self, *arguments: str) -> str:
        """Run a management command; an error shows what it printed."""
        self.close()
        process = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def python(self, code: str, given: Any = None) -> Any:
        """What ``code``, which reads ``given``, prints as JSON."""
        if self._worker is None:
            self._worker = subprocess.Popen(
                [sys.executable, "-c", WORKER],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._worker.stdin and self._worker.stdout
        print(json.dumps([code, given]), file=self._worker.stdin, flush=True)
        return json.loads(self._worker.stdout.readline())

    def close(self) -> None:
        """End the process that runs code: it may remember what the database was."""
        if self._worker is not None:
            self._worker.communicate()
            self._worker = None

    def dump(self, *labels: str) -> dict[str, list[dict[str, Any]]]:
        """All rows of models, by table."""
        return self.python(DUMP, labels)

    def visit(self, *requests: Sequence[Any]) -> list[tuple[int, str, str]]:
        """Status, Location and text of the response to each (user, URL, POST data or None)."""
        return [tuple(each) for each in self.python(VISIT, requests)]


def is_new(codename: str) -> bool:
    """Whether a permission is newer than the data folder."""
    return codename == "publish_dataset" or "_access" in codename  # those of django-axes
