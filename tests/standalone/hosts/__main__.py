"""Runs the checks and the tests of projects, each in a fork, and prints what they say as JSON.

The parent process imports the large packages once for all projects.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

import duckdb  # noqa: F401 - imported once for all projects
import matplotlib.figure  # noqa: F401
import tablib  # noqa: F401
from django.conf import settings

from .projects import HERE, PROJECTS, USUAL, Project


def main(names: list[str]) -> None:
    print(json.dumps({name: in_fork(PROJECTS[name]) for name in names}))


def in_fork(project: Project) -> Any:
    """Return what ``report`` returns in a process of its own."""
    read, write = os.pipe()
    if pid := os.fork():
        os.close(write)
        with open(read) as pipe:
            answer = pipe.read()
        os.waitpid(pid, 0)
        return json.loads(answer)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            found = report(project)
        except BaseException:
            found = {"failed": traceback.format_exc()}
    with open(write, "w") as pipe:
        json.dump(found, pipe)
    os._exit(0)


def report(project: Project) -> dict[str, Any]:
    """Return what each command prints; a traceback is in ``failed``."""
    import django

    settings.configure(**USUAL | dict(project.settings))
    from django.db import connection

    django.setup()
    aliases = list(settings.DATABASES)
    answers = {
        "check": run("check"),
        "check --deploy": run("check", deploy=True),
        "check --database": run("check", databases=aliases or ["default"]),
        "check of one": run("check", databases=aliases[-1:]),
        "kinds": run("kinds"),
        "plot": run("plot", "line", y=["1,2"], format="csv", output="a.csv"),
    }
    if project.serves:
        for alias in aliases if connection.vendor != "unknown" else ():
            answers[f"migrate {alias}"] = run("migrate", database=alias, verbosity=0)
            answers[f"check {alias}"] = run("check", databases=[alias])
        answers["test"] = run("test", f"{HERE}.suite", interactive=False, verbosity=1)
    return answers


def run(*arguments: str, **options: Any) -> list[str]:
    """Return the output of a command and, if it fails, the exception or its traceback."""
    from django.core.management import CommandError, call_command

    output, failure = StringIO(), ""
    with redirect_stdout(output), redirect_stderr(output):
        try:
            call_command(*arguments, **options)
        except CommandError as error:
            failure = str(error) if arguments[0] == "check" else traceback.format_exc()
        except SystemExit as ended:
            failure = f"exit {ended.code}" if ended.code else ""
        except BaseException:
            failure = traceback.format_exc()
    return [output.getvalue(), failure]


if __name__ == "__main__":
    main(sys.argv[1:] or [*PROJECTS])
