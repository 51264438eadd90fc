"""Projects with unusual settings: plots works in them, or a system check says what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from .hosts.projects import PROJECTS, Project

PARTS = 4  # processes, each of which runs the projects of its part one after the other


def ids_of(output: str) -> set[str]:
    """Return the ids of the messages of plots."""
    return set(re.findall(r"plots\.[EW]\d{3}", output))


def problems(name: str, project: Project, answers: dict[str, Any]) -> list[str]:
    """Return what is wrong with the answers of a project."""
    if "failed" in answers:
        return [f"{name} does not start: {answers['failed']}"]
    found = []
    for command, (output, failure) in answers.items():
        said = f"{name}, {command}: {output[-2000:]}{failure}"
        if not command.startswith("check"):
            found += [said] if failure else []
        elif ids_of(output + failure) != set(project.checks) or "Traceback" in failure:
            found.append(said)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_projects_work_or_a_check_says_what_to_do(part: int) -> None:
    names = [*PROJECTS][part::PARTS]
    command = [sys.executable, "-m", "tests.standalone.hosts", *names]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    wrong = [problems(name, PROJECTS[name], answers[name]) for name in names]
    assert not any(wrong), "\n\n".join(sum(wrong, []))
