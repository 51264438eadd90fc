"""The storage of datasets: remote storages, interrupted uploads and abandoned files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management import call_command
from django.test import Client

from plots.datasets import storage
from plots.datasets.models import Dataset, Staged
from plots.permissions import SITE
from tests.datasets.uploads import TOWNS, create_dataset, read, replace_file, stored_files

pytestmark = pytest.mark.django_db


class RemoteStorage(Storage):
    """A storage with the least methods, whose files have no paths on this machine."""

    files: dict[str, bytes] = {}

    def _save(self, name: str, content: Any) -> str:
        self.files[name] = content.read()
        return name

    def _open(self, name: str, mode: str = "rb") -> Any:
        return ContentFile(self.files[name], name)

    def exists(self, name: str) -> bool:
        return name in self.files

    def delete(self, name: str) -> None:
        self.files.pop(name, None)


def test_remote_storage_is_read_through_a_local_copy(
    client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    remote = {"BACKEND": "tests.datasets.test_storage.RemoteStorage"}
    settings.STORAGES = {**settings.STORAGES, "remote": remote}
    settings.PLOTS = {**settings.PLOTS, "STORAGE": "remote"}
    dataset = create_dataset()
    url = "/plot/bar.csv?source=towns&x=town&y=people"
    assert b"A,10" in client.get(url).content
    copies = [path.name for path in tmp_path.rglob("*.parquet")]
    assert copies == [Path(str(dataset.file.name)).name]
    replace_file(dataset, b"town,people\nZ,1\n")
    assert b"Z,1" in client.get(url).content


def test_uploads_that_are_not_accepted_are_deleted(tmp_path: Path) -> None:
    dataset = create_dataset()
    staged, _ = read(TOWNS)
    assert len(stored_files()) == 2
    folder = Path(storage.storage().path(storage.FOLDER))
    for path in folder.glob("*.parquet"):
        os.utime(path, (time.time() - 3 * 86_400,) * 2)
    call_command("import_dataset")
    assert stored_files() == {Path(str(dataset.file.name)).name}
    user = User(pk=1)
    token = staged.token(user, dataset)
    assert Staged.read(token, user, dataset) is None


def test_fresh_uploads_are_kept(tmp_path: Path) -> None:
    """The editor still looks at what was read."""
    staged, _ = read(TOWNS)
    (path,) = Path(storage.storage().path(storage.FOLDER)).glob("*.parquet")
    for age, is_kept in (
        (timedelta(0), True),
        (storage.MAX_AGE - timedelta(minutes=5), True),
        (storage.MAX_AGE + timedelta(minutes=5), False),
    ):
        os.utime(path, (time.time() - age.total_seconds(),) * 2)
        call_command("import_dataset")
        user, dataset = User(pk=1), Dataset()
        found = Staged.read(staged.token(user, dataset), user, dataset)
        assert (found is not None) == is_kept
        assert path.exists() == is_kept


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from pathlib import Path
from plots.datasets import staging
from plots.datasets.ingest.workspace import Workspace
write = Workspace.write
def write_and_die(self, name, *args):
    path = write(self, name, *args)
    if name == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
    return path
Workspace.write = write_and_die
staging.Dataset.objects.clean_up = lambda: 0
staging.stage(Path(sys.argv[2]), "t.csv", "towns")
"""


@pytest.mark.parametrize("step", ["raw", "table"])
def test_killed_upload_leaves_no_files(
    step: str, tmp_path: Path, client: Client, settings: Any
) -> None:
    dataset = create_dataset()
    before = stored_files()
    path = tmp_path / "t.csv"
    path.write_bytes(b"town,people\nZ,1\n")
    script = [sys.executable, "-c", KILLED, str(settings.MEDIA_ROOT), str(path), step]
    assert subprocess.run(script, env={**os.environ}).returncode == -9
    assert stored_files() == before
    work = Path(storage.storage().path(storage.FOLDER), ".work")
    assert [each for each in work.iterdir() if each.is_dir()]
    answer = client.get("/plot/bar.csv?source=towns&x=town&y=people")
    assert answer.content.split() == [b"town,people", b"A,10", b"B,20", b"C,"]
    with storage.temporary_folder() as folder:
        assert [each for each in work.iterdir() if each.is_dir()] == [folder]
    assert not [each for each in work.iterdir() if each.is_dir()]
    replace_file(dataset, b"town,people\nZ,1\n")
    assert Dataset.objects.get().rows == 1


def test_failed_save_keeps_the_previous_revision(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = create_dataset()
    staged, _ = read(b"town,people\nZ,1\n")
    monkeypatch.setattr(Dataset, "save", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dataset.accept(staged, SITE)
    assert Dataset.objects.get().revision == 1
    assert b"A,10" in client.get("/plot/bar.csv?source=towns&x=town&y=people").content
