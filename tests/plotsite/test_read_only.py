"""The site on a read-only file system, where only its data folder is writable."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import ROOT, environment

# In a mount namespace of its own: everything but the data folder is read-only. Then, in a user
# namespace, a user without a name.
READ_ONLY = """
mount --make-rprivate / && mount --bind "$PLOTSITE_VAR" "$PLOTSITE_VAR" || exit 77
mount -o remount,bind,ro / || exit 77
for folder in /tmp /var/tmp /dev/shm; do
    mountpoint --quiet "$folder" && { mount -o remount,bind,ro "$folder" || exit 77; }
done
! touch /tmp/writable 2>/dev/null || exit 77
exec unshare --map-user=12345 --map-group=12345 "$@"
"""
NOT_POSSIBLE = 77


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What a visitor of such a site finds. There is no home folder, either."""
    folder = tmp_path_factory.mktemp("data")
    variables = environment(folder, RENDER_PROCESSES="1", PYTHONDONTWRITEBYTECODE="1")
    variables |= {"HOME": "/nonexistent"}
    variables.pop("COVERAGE_PROCESS_CONFIG", None)  # it cannot write its file
    enter = (
        ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    )
    command = [*enter, "sh", "-c", READ_ONLY, "sh", sys.executable, "-m", "tests.plotsite.visit"]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    if done.returncode == NOT_POSSIBLE or not shutil.which("unshare"):
        missing = f"no mount namespaces here: {done.stderr}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "matplotlib" not in done.stderr, done.stderr  # it warns about a folder it cannot use
    yield folder, json.loads(done.stdout.splitlines()[-1])


def test_pages_and_pictures_are_served(visit: Any) -> None:
    _, found = visit
    assert set(found["statuses"].values()) == {200}
    assert found["picture"] == "200 image/png"


def test_a_table_is_uploaded_and_drawn(visit: Any) -> None:
    _, found = visit
    assert found["upload"][:2] == [200, 302]
    assert found["dataset"].splitlines()[1:] == ["2026-01-31,3", "2026-02-01,4"]


def test_everything_is_written_to_the_data_folder(visit: Any) -> None:
    folder, found = visit
    assert found["temporary"] == str(folder / "tmp")
    assert any(name.startswith("fontlist") for name in found["matplotlib"])
    assert found["user"] is None
