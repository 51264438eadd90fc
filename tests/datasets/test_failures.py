"""Uploads and datasets while the disk or the storage fails: messages without paths."""

from __future__ import annotations

import os
import random
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from plots.datasets.ingest import reader, workspace
from plots.datasets.ingest.failures import site_failures
from plots.datasets.models import Dataset
from plots.errors import PlotError
from plots.sources.parquet.failures import REPORTED, disk_error
from tests.datasets.test_storage import RemoteStorage
from tests.datasets.uploads import ADD, FIELDS, LIST, TOWNS, create_dataset, upload

pytestmark = pytest.mark.django_db


def noise(size: int) -> bytes:
    """Return a table of about ``size`` bytes that cannot be compressed much."""
    numbers = random.Random(1)
    lines = [b"a,b"]
    while size > 0:
        lines.append(b"%r,%r" % (numbers.random(), numbers.random()))
        size -= len(lines[-1]) + 1
    return b"\n".join(lines) + b"\n"


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a small file system at ``folder``. Skip the test if that is not allowed."""
    folder.mkdir()
    size = f"size={kilobytes}k"
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root can mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def check_answer(answer: Any, status: int, message: str, log: str) -> None:
    """Check that the form is shown again with ``message``, and that the log has the details."""
    assert answer.status_code == status
    form = answer.context["adminform"].form
    assert message in form.errors["upload"][0]
    html = answer.content.decode()
    assert message in html and 'value="Towns"' in html and 'value="towns"' in html
    for hidden in ("/tmp", "Errno", "IO Error", ".parquet", ".work"):
        assert hidden not in html, hidden
    assert not Dataset.objects.exists()
    assert "error of this site" in log and "Traceback" in log


@pytest.mark.parametrize(
    ("place", "kilobytes", "size"),
    [
        ("FILE_UPLOAD_TEMP_DIR", 500, 900_000),  # while the request is read
        ("MEDIA_ROOT", 500, 900_000),  # while the file is decoded
        ("MEDIA_ROOT", 1100, 900_000),  # while DuckDB writes
    ],
)
def test_full_disk(
    place: str,
    kilobytes: int,
    size: int,
    admin_client: Client,
    tmp_path: Path,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with small_disk(tmp_path / "small", kilobytes) as small:
        setattr(settings, place, small)
        answer = upload(admin_client, ADD, noise(size), description="Typed")
        check_answer(answer, 507, "Nothing is wrong with your file", caplog.text)
        assert "No space left" in caplog.text and "Typed</textarea>" in answer.content.decode()
        left = [each for each in small.rglob("*") if each.is_file() and each.name != "lock"]
        assert not left
        if place == "MEDIA_ROOT":
            (tmp_path / "t.csv").write_bytes(noise(size))
            with pytest.raises(CommandError, match="no space left") as error:
                call_command("import_dataset", str(tmp_path / "t.csv"))
            assert str(tmp_path) not in str(error.value)
        assert upload(admin_client, ADD, TOWNS).context["staged"]  # a small one still fits


@pytest.mark.parametrize("content", [noise(600_000), noise(300_000)])
def test_limit_of_file_sizes(
    content: bytes, admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        answer = upload(admin_client, ADD, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    check_answer(answer, 507, "no space left", caplog.text)
    assert "File too large" in caplog.text


def test_temporary_files_of_duckdb_do_not_fit(tmp_path: Path) -> None:
    sort = "CREATE TABLE t AS SELECT i, random() AS r FROM range(30000000) t(i) ORDER BY r"
    with (
        small_disk(tmp_path / "small", 4000) as small,
        pytest.raises(PlotError) as error,
        site_failures(),
        workspace.connect(small) as connection,
    ):
        connection.execute(sort)
    assert error.value.code == "storage-full" and "/" not in error.value.message


def test_read_only_storage(
    admin_client: Client, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with small_disk(tmp_path / "small", 500) as small:
        settings.MEDIA_ROOT = small
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        answer = upload(admin_client, ADD, TOWNS)
        check_answer(answer, 503, "The storage of this site is not available", caplog.text)
        assert "Read-only file system" in caplog.text


@pytest.mark.parametrize("number", REPORTED)
def test_error_numbers_in_messages_of_duckdb(number: int) -> None:
    message = f'IO Error: Could not write file "/srv/x": {os.strerror(number)}'
    assert disk_error(duckdb.IOException(message)) == number
    assert disk_error(duckdb.InvalidInputException(message)) is None  # it quotes the file
    assert disk_error(OSError(number, "", "/srv/x")) == number


def test_storage_is_no_folder(
    admin_client: Client, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file"
    answer = upload(admin_client, ADD, TOWNS)
    check_answer(answer, 503, "The storage of this site is not available", caplog.text)


class RemoteError(Exception):
    """An error as those of packages that access remote storages."""


class BrokenStorage(RemoteStorage):
    """A remote storage that raises ``broken[name]`` in the method called ``name``."""

    broken: dict[str, Exception] = {}

    def _save(self, name: str, content: Any) -> str:
        self._fail("save")
        return super()._save(name, content)

    def _open(self, name: str, mode: str = "rb") -> Any:
        self._fail("open")
        return super()._open(name, mode)

    def exists(self, name: str) -> bool:
        self._fail("exists")
        return super().exists(name)

    def delete(self, name: str) -> None:
        self._fail("delete")
        super().delete(name)

    def _fail(self, name: str) -> None:
        if name in self.broken:
            raise self.broken[name]


@pytest.fixture
def remote(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Use a ``BrokenStorage``. Returns what is broken, for tests to fill."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    backend = {"BACKEND": f"{__name__}.BrokenStorage"}
    settings.STORAGES = {**settings.STORAGES, "remote": backend}
    settings.PLOTS = {**settings.PLOTS, "STORAGE": "remote"}
    broken: dict[str, Exception] = {}
    monkeypatch.setattr(BrokenStorage, "broken", broken)
    return broken


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ConnectionError("/tmp/socket"), 503, "The storage of this site is not available"),
        (OSError(28, "No space left on device", "/tmp/x"), 507, "no space left"),
        (RemoteError("s3://bucket/tmp.parquet"), 500, "because of an error of this site"),
    ],
)
def test_remote_storage_fails_to_save(
    error: Exception,
    status: int,
    message: str,
    admin_client: Client,
    remote: dict[str, Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:
    remote["save"] = error
    check_answer(upload(admin_client, ADD, TOWNS), status, message, caplog.text)
    assert str(error) in caplog.text


def test_upload_is_kept_while_the_storage_is_away(
    admin_client: Client,
    remote: dict[str, Exception],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = upload(admin_client, ADD, TOWNS).context["token"]
    next(tmp_path.rglob("*.parquet")).unlink()  # the local copy
    remote["open"] = ConnectionError("/tmp/socket")
    answer = admin_client.post(ADD, {**FIELDS, "title": "", "token": token})
    assert "The data are not available at the moment" in answer.content.decode()
    remote["exists"] = ConnectionError("/tmp/socket")
    answer = admin_client.post(ADD, {**FIELDS, "token": token})
    check_answer(answer, 503, "The storage of this site is not available", caplog.text)
    assert answer.context["token"] == token and f'value="{token}"' in answer.content.decode()
    remote.clear()
    assert admin_client.post(ADD, {**FIELDS, "token": token}).status_code == 302
    assert Dataset.objects.get().rows == 3


def test_old_files_that_cannot_be_deleted(
    admin_client: Client,
    remote: dict[str, Exception],
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    dataset = create_dataset()
    remote["delete"] = RemoteError("denied")
    with django_capture_on_commit_callbacks(execute=True):
        url = f"{LIST}{dataset.pk}/delete/"
        assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not Dataset.objects.exists() and "could not be deleted: denied" in caplog.text


def test_messages_of_duckdb_are_not_shown(
    admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for content, name in (
        (b"PAR1 nothing of the sort PAR1", "t.parquet"),
        (b"PAR1", "t.csv"),
        (b"PAR1" + b"\xff" * 90 + b"\xff\xff\xff\x7fPAR1", "t.parquet"),
    ):
        file = SimpleUploadedFile(name, content)
        answer = admin_client.post(ADD, {**FIELDS, "upload": file})
        message = answer.context["adminform"].form.errors["upload"][0]
        assert message.startswith("The file cannot be read as Parquet. It may be damaged")
        assert answer.status_code == 200
    assert "DuckDB cannot read an upload as Parquet" in caplog.text and "/" in caplog.text


def test_refused_file_does_not_accept_the_previous_one(
    admin_client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    token = upload(admin_client, ADD, TOWNS).context["token"]
    settings.PLOTS = {**settings.PLOTS, "MAX_UPLOAD": 1}
    answer = upload(admin_client, ADD, b"a,b\n" + b"1,2\n" * 300_000, token=token)
    assert "at most 1 MB can be uploaded" in answer.context["adminform"].form.errors["upload"][0]
    assert not Dataset.objects.exists()


def test_bug_in_reading_is_no_fault_of_the_file(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reader, "infer_types", lambda *args: 1 / 0)
    answer = upload(admin_client, ADD, TOWNS)
    check_answer(answer, 500, "because of an error of this site", caplog.text)
    assert "ZeroDivisionError" in caplog.text
