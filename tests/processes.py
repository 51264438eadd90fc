"""Processes of the site, each with a data folder of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Seconds after which a test that waits for an event fails. Only code that hangs takes so long,
# however busy the machine is.
FAR = 600


def environment(var: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a plain shell, with ``var`` as data folder."""
    return {**inherited(), "PLOTSITE_VAR": str(var), **extra}


def inherited() -> dict[str, str]:
    """Return what every process takes from this one. The last measures its coverage."""
    names = ("HOME", "PATH", "COVERAGE_PROCESS_CONFIG")
    return {name: os.environ[name] for name in names if name in os.environ}


def start_python(var: Path, *arguments: str, **extra: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(var, **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def make_run(var: Path, port: int, **extra: str) -> subprocess.Popen[str]:
    """Run `make run` with the installed packages, in a process group of its own."""
    return subprocess.Popen(
        [
            "make",
            "--old-file=.venv/run.stamp",  # installs nothing
            f"BIN={Path(sys.executable).parent}",
            f"PORT={port}",
            "run",
        ],
        cwd=ROOT,
        env=environment(var, **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + FAR
    while not condition():
        assert time.monotonic() < deadline, f"timed out after {FAR} s"
        time.sleep(0.05)
