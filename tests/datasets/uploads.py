"""Datasets and uploads for tests."""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plots.datasets import staging, storage
from plots.datasets.models import Dataset, Staged
from plots.datasets.staging import stage
from plots.permissions import SITE

LIST = "/admin/plots_datasets/dataset/"


ADD = f"{LIST}add/"


TOWNS = b"town,people,founded\nA,10,1200-01-01\nB,20,1300-01-01\nC,NA,1400-01-01\n"


FIELDS = {"title": "Towns", "name": "towns", "visibility": "public"}


def create_dataset(content: bytes = TOWNS, filename: str = "towns.csv", **fields: Any) -> Dataset:
    dataset = Dataset(**{**FIELDS, **fields})
    return replace_file(dataset, content, filename)


def replace_file(dataset: Dataset, content: bytes, filename: str = "towns.csv") -> Dataset:
    with storage.temporary_folder() as folder:
        path = Path(folder, "given")
        path.write_bytes(content)
        dataset.accept(stage(path, filename, dataset.name), SITE)
    return dataset


def stored_files() -> set[str]:
    return {path.name for path in Path(storage.storage().path(storage.FOLDER)).iterdir()} - {
        ".work"
    }


def upload(client: Client, url: str, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("towns.csv", content, "text/csv")
    return client.post(url, {**FIELDS, **fields, "upload": file})


packed = partial(gzip.compress, mtime=0)  # without the time, so that bytes are always the same


def read(content: bytes, filename: str = "t.csv") -> tuple[Staged, list[tuple[Any, ...]]]:
    """Stage a file. Returns what was staged, and the first 100 rows."""
    with storage.temporary_folder() as folder:
        path = folder / "given"
        path.write_bytes(content)
        staged = staging.stage(path, filename, "t")
    table = staged.table()
    return staged, table.head(100)


def parquet(sql: str, tmp_path: Path) -> bytes:
    import duckdb

    path = tmp_path / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()
