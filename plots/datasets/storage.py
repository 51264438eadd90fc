"""Where datasets are kept: one file for each revision, and nothing else that stays."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils import timezone

from plots.conf import conf

logger = logging.getLogger("plots")

FOLDER = "datasets"
# How long an upload that nobody accepted is kept.
PATIENCE = timedelta(days=1)


def storage() -> Storage:
    return storages[conf.STORAGE]


class _Movable(File):
    """A local file that a storage on the same disk takes as it is."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def keep(path: Path, name: str) -> str:
    """Put the file at ``path`` into the storage, whole; what it is called there."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return storage().save(f"{FOLDER}/{name}-{uuid4().hex}.parquet", _Movable(file, str(path)))


def discard(name: str) -> None:
    """Delete a file that no row names any more; one that stays is swept later."""
    try:
        storage().delete(name)
    except OSError as error:
        logger.warning("The file %s could not be deleted: %s", name, error)


def local_path(name: str) -> Path:
    """A file of the storage as one that can be opened, if need be as a copy."""
    with suppress(NotImplementedError):
        return Path(storage().path(name)).resolve()
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
    """Remove old copies, of whatever revision: one that is asked for again is copied again."""
    before = (timezone.now() - PATIENCE).timestamp()
    for copy in _copies().glob("*.parquet"):
        with suppress(OSError):
            if copy.stat().st_mtime < before:
                copy.unlink()


def _copies() -> Path:
    folder = Path(tempfile.gettempdir(), f"plots-datasets-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder.resolve()


def _work_root() -> Path:
    """On the storage's own disk, if it has one: what is made there is moved, not copied."""
    try:
        root = Path(storage().path(FOLDER), ".work")
    except NotImplementedError:
        root = _copies() / "work"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root.resolve()


@contextmanager
def workshop() -> Iterator[Path]:
    """An empty folder for as long as it is worked in; whoever was killed in one leaves it behind,
    and the next to come clears it away.
    """
    root = _work_root()
    with _locked(root / "lock"):
        _clear(root)
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


def _clear(root: Path) -> int:
    """Remove the folders whose owner is gone: a lock ends with its process."""
    cleared = 0
    for folder in root.iterdir():
        if not folder.is_dir():
            continue
        try:
            with (folder / "lock").open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                cleared += 1
        except OSError:
            continue
    return cleared


def sweep(used: Collection[str]) -> int:
    """Delete what no row names: folders of the killed, and files that were never accepted."""
    root = _work_root()
    with _locked(root / "lock"):
        swept = _clear(root)
    try:
        _, names = storage().listdir(FOLDER)
    except (NotImplementedError, OSError):
        return swept
    before = timezone.now() - PATIENCE
    for name in (f"{FOLDER}/{each}" for each in names):
        if name in used or not name.endswith(".parquet"):
            continue
        with suppress(OSError, NotImplementedError):
            modified = storage().get_modified_time(name)
            if timezone.is_naive(modified):
                modified = timezone.make_aware(modified)
            if modified < before:
                storage().delete(name)
                swept += 1
    return swept
