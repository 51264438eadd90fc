"""Storage of datasets: one file for each dataset, and temporary folders for uploads."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import InMemoryStorage, InvalidStorageError, Storage, storages

from plots.conf import conf
from plots.sources.parquet.failures import file_unavailable

logger = logging.getLogger("plots")

FOLDER = "datasets"
# Uploads that are not accepted, and local copies of files, are deleted after this time.
MAX_AGE = timedelta(days=1)


def storage() -> Storage:
    """Return the storage of datasets, ``PLOTS["STORAGE"]``.

    Without that storage, the model must still be importable for the check ``plots.E008``. A plain
    ``Storage`` then raises NotImplementedError for all that is done with it.
    """
    try:
        return storages[conf.STORAGE]
    except InvalidStorageError:
        return Storage()


class _MovableFile(File):
    """A local file that a storage on the same disk moves instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def store(path: Path, name: str) -> str:
    """Move the file at ``path`` into the storage. Returns its name there."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return storage().save(
            f"{FOLDER}/{name}-{uuid4().hex}.parquet", _MovableFile(file, str(path))
        )


def discard(name: str) -> None:
    """Delete a file that no dataset uses any more. If that fails, ``clean_up`` deletes it later."""
    try:
        storage().delete(name)
    except Exception as error:  # each storage raises its own
        logger.warning("The file %s could not be deleted: %s", name, error)


def _path_in_storage(name: str) -> Path | None:
    """Return the path of a file of the storage, or None if the storage is not on a disk here."""
    # An InMemoryStorage has paths, but there are no files at them.
    if isinstance(storage(), InMemoryStorage):
        return None
    with suppress(NotImplementedError):
        return Path(storage().path(name)).resolve()
    return None


def local_path(name: str) -> Path:
    """Return the path of a file of the storage, or of a local copy if it is not on a disk here.

    Raises
    ------
    PlotError
        If the file cannot be copied.
    """
    if found := _path_in_storage(name):
        return found
    try:
        return _copy(name)
    except Exception as error:  # each storage raises its own
        raise file_unavailable(name, error) from error


def _copy(name: str) -> Path:
    """Return the path of a local copy, which is made if there is none."""
    path = _copies() / Path(name).name
    if not path.exists():
        _prune_copies()
        with storage().open(name) as source, tempfile.NamedTemporaryFile(dir=path.parent) as copy:
            shutil.copyfileobj(source, copy, 2**20)
            copy.flush()
            with suppress(FileExistsError):
                os.link(copy.name, path)
    return path


def _prune_copies() -> None:
    """Delete old local copies of all files. They are copied again when they are needed."""
    before = _oldest()
    for copy in _copies().glob("*.parquet"):
        with suppress(OSError):
            if copy.stat().st_mtime < before:
                copy.unlink()


def _oldest() -> float:
    """Return the time, as a file system has it, before which files are deleted."""
    return time.time() - MAX_AGE.total_seconds()


def _copies() -> Path:
    folder = Path(tempfile.gettempdir(), f"plots-datasets-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    return folder.resolve()


def _work_root() -> Path:
    """The parent of temporary folders, on the disk of the storage if it has one.

    Files are then moved into the storage and not copied.
    """
    folder = _path_in_storage(FOLDER)
    root = folder / ".work" if folder else _copies() / "work"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root.resolve()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Create an empty folder, and delete it afterwards.

    If a process is killed, its folder remains. The next call deletes it.
    """
    root = _work_root()
    with _locked(root / "lock"):
        _delete_abandoned(root)
        folder = Path(tempfile.mkdtemp(dir=root))
        lock = (folder / "lock").open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX)
    with lock:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
        yield


def _delete_abandoned(root: Path) -> int:
    """Delete the folders of processes that have ended, which no longer hold a lock."""
    count = 0
    for folder in root.iterdir():
        if not folder.is_dir():
            continue
        try:
            with (folder / "lock").open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                count += 1
        except OSError:
            continue
    return count


def clean_up(used: Collection[str]) -> int:
    """Delete abandoned folders and old files that are not ``used``. Returns their number."""
    root = _work_root()
    with _locked(root / "lock"):
        count = _delete_abandoned(root)
    try:
        _, names = storage().listdir(FOLDER)
    except (NotImplementedError, OSError):
        return count
    before = _oldest()
    for name in (f"{FOLDER}/{each}" for each in names):
        if name in used or not name.endswith(".parquet"):
            continue
        with suppress(OSError, NotImplementedError):
            # A storage may return a time without a zone: local time, if USE_TZ is off.
            if storage().get_modified_time(name).timestamp() < before:
                storage().delete(name)
                count += 1
    return count
