"""A project in an environment of its own, which has only what the core needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
# All that the core imports by itself. What these distributions require comes with them.
CORE = ("Django", "matplotlib", "numpy", "pillow", "cachetools", "font-roboto", "zlib-ng")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def required(names: tuple[str, ...]) -> Iterator[metadata.Distribution]:
    """Yield the installed distributions ``names`` and, recursively, those they require."""
    waiting, seen = [*names], set()
    while waiting:
        name = waiting.pop()
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        distribution = metadata.distribution(name)
        yield distribution
        for each in map(Requirement, distribution.requires or ()):
            if each.marker is None or each.marker.evaluate({"extra": ""}):
                waiting.append(each.name)


def link(distribution: metadata.Distribution, folder: Path) -> None:
    """Link the packages and modules of ``distribution`` into ``folder``."""
    names = {path.parts[0] for path in distribution.files or () if path.parts[0] != ".."}
    for name in names - {"__pycache__"}:
        target = folder / name
        if not target.exists():
            target.symlink_to(Path(str(distribution.locate_file(name))).resolve())


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that runs Python in a new project, with the given arguments and apps."""
    folder = tmp_path_factory.mktemp("standalone")
    venv.create(folder / "env", symlinks=True, with_pip=False)
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    for distribution in required(CORE):
        link(distribution, packages)
    (packages / "plots").symlink_to(ROOT / "plots")
    shutil.copytree(Path(__file__).parent / "project", folder / "project")

    def run(*arguments: str, apps: str = "") -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "settings",
            "OWN_APPS": apps,
            "PYTHONPATH": str(folder / "project"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [str(folder / "env/bin/python"), *arguments],
            cwd=folder / "project", env=environment, capture_output=True, text=True,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def smoke(project: Run) -> dict[str, object]:
    """What ``project/smoke.py`` prints."""
    done = project("smoke.py", apps="shop")
    assert done.returncode == 0, done.stderr
    answers: dict[str, object] = json.loads(done.stdout)
    return answers
